"""Checks of the wrap-up quiz of the part Grid: single answers about the fjord, which no chapter uses."""

from tefoundations.exercises.grid._fjord import (
    BESIDE,
    FARM_DIESEL,
    HARBOUR_PRICE,
    ISLAND,
    NIGHT,
    RATING,
    SUN,
    WANTED,
    average_carbon,
    best_order,
    by_count,
    columns,
    cost,
    earned,
    held_back,
    in_turn,
    inverter_earns,
    limit,
    line_rent,
    mean_need,
    own_way,
    redispatch_cost,
    regret,
    rent,
    reserve_price,
    secure_sale,
    send_limits,
    share,
    shed_price,
    shortest,
    smelter_carbon,
    town_flow,
    town_price,
    whole_ring,
    worth_of_chances,
)
from tefoundations.exercises.kit.forms import number, numbers, one
from tefoundations.exercises.kit.quiz import question
from tefoundations.exercises.kit.recipe import almost, wrong
from tefoundations.exercises.kit.values import show


def it_is(words):
    return lambda given: f"it is {show(tuple(given) if isinstance(given, list) else given)}. {words}"


# A price in the ring

PRICE = question(
    "grid_quiz/price", town_price, form=number("one number is asked for, in $/MWh"),
    otherwise=it_is("Draw one megawatt more in the town. Hydro and gas share it so that the full line carries no more than"
                    " before; what do the two cost then"),
    mistakes=(
        wrong("that is what the dearest plant that runs costs. A price may lie above it: gas must make more than the town's"
              " megawatt, and hydro less.", lambda: cost("gas")),
        wrong("that is what hydro costs. Its next megawatt would come into the town by a line that is full.",
              lambda: cost("hydro")),
        wrong("that is the town's own diesel, and it does not run. What can the plants that run do for the town?",
              lambda: cost("diesel")),
        wrong("it adds all that one more megawatt of the line would save. Only a part of what goes from the dam to the"
              " town comes by that line.", part=lambda: 1.0),
        wrong("it takes the part of a megawatt that comes to the town round by smelter and harbour. The full line is the"
              " other way.", part=lambda: 1 - share("town")),
        wrong("that is what one more megawatt of the line would save, and not a price of energy.", rent),
    ),
    hints=("Which two plants have room both ways? The full line fixes how they answer.",
           "Of a megawatt from the dam to the harbour 0.6 comes by the line dam-town, of one to the town 0.8.",
           "If gas makes g more and hydro 1 - g, the full line carries 0.8 - 0.6 g more. That must be 0."),
)  # fmt: skip

# Where power flows

FLOW = question(
    "grid_quiz/flow", town_flow, form=number("one number is asked for, in MW"),
    otherwise=it_is("Take the three deliveries one by one. Each splits between the two ways round: which part of it comes"
                    " by dam-town"),
    mistakes=(
        wrong("it counts lines. What counts is reactance, and the line from smelter to harbour has as much as two others.",
              part=by_count),
        wrong("all goes by the shorter way. Power takes both, less by the longer one.", part=shortest),
        wrong("that is the line from dam to smelter: the longer way takes the smaller part.",
              part=lambda place: 1 - share(place)),
        wrong("that is half of what the dam sends. Half goes each way only where the two ways are equally long.",
              part=lambda place: 0.5),
        wrong("that is the town's delivery alone. What goes to the smelter and the harbour comes by this line too.",
              loads={"town": NIGHT["town"]}),
        wrong("it takes the smelter's part off. What goes the long way to the smelter leaves the dam by this line.",
              part=lambda place: -share(place) if place == "smelter" else share(place)),
    ),
    hints=("The whole ring has a reactance of 0.5. From dam to smelter it is 0.1 one way and 0.4 the other.",
           "A way takes the part that the other way has of the whole reactance."),
)  # fmt: skip

# A price at the end of a cable

SHEDS = question(
    "grid_quiz/sheds", shed_price, form=number("one number is asked for, in $/MWh"),
    otherwise=it_is("One megawatt more at the sheds lowers the squared voltage at the farm; how much more must the diesel"
                    " make to lift it again, and how much less comes from the harbour"),
    mistakes=(
        wrong("it says that only the farm's voltage is at its limit, so only the farm pays. What the sheds draw lowers it"
              " too.", lambda: HARBOUR_PRICE),
        wrong("that is the farm's price. The farm pays for its whole way, the sheds for what they share of it.",
              lambda: FARM_DIESEL),
        wrong("it takes the whole way to the sheds. Their own branch does not lie on the way to the farm.",
              lines=lambda: own_way("sheds")),
        wrong("it goes by reactance. Active power lowers the voltage by resistance.", of="x"),
        wrong("it takes the middle. The two ways share one line of two, but not half of the resistance.",
              lambda: (HARBOUR_PRICE + FARM_DIESEL) / 2),
        almost("that is what the sheds pay beyond the harbour's price.", lambda: shed_price() - HARBOUR_PRICE),
    ),
    hints=("The squared voltage at the farm falls by twice the resistance that both ways share, for each unit drawn."
           " With the package, give both plants a `q_min` and `q_max` of 0.",
           "At the farm itself the price is the diesel's, 90: that says what a unit of voltage is worth."),
)  # fmt: skip

# What may pass

SECURE = question(
    "grid_quiz/secure", secure_sale, form=number("one number is asked for, in MW"),
    otherwise=it_is("Take the four lines out one after the other. The ring is then a path: which line carries what, and how"
                    " much more could it carry"),
    mistakes=(
        wrong("that is what may pass with all lines in. After the loss of dam-smelter all of it comes from the other side.",
              whole_ring),
        wrong("that is what may pass if the line from dam to town is lost. The loss of dam-smelter is worse.", cuts=(3,)),
        wrong("the town and the harbour draw as well. After a loss they are on the same lines.", loads={}),
        wrong("it leaves the town out, which draws its 40 MW by the same line.", loads={"harbour": BESIDE["harbour"]}),
        wrong("it takes the whole limit of dam-town. Town and harbour draw by it as well.",
              lambda: limit("dam", "town")),
    ),
    hints=("Which loss brings the smelter's power onto the longest way?",
           "Without dam-smelter, the line from dam to town carries the needs of town, harbour and smelter."),
)  # fmt: skip

# Sold beyond the line

RELIEF = question(
    "grid_quiz/redispatch", redispatch_cost, form=number("one number is asked for, in $/h"),
    otherwise=it_is("First find how much too much the line would carry; then how much a megawatt of each plant relieves it,"
                    " and what a megawatt of relief costs"),
    mistakes=(
        wrong("it moves as many megawatts as are too many on the line. One that is moved to the harbour relieves it by 0.6.",
              relief=lambda place: 1.0),
        wrong("it pays for the gas and forgets what hydro saves by making less.", saved=lambda: 0),
        wrong("it asks the town's diesel. It relieves the line more by each megawatt, but a megawatt of relief is dearer.",
              unit="diesel"),
        wrong("that is what the line earns at prices by place: each megawatt on it, at what one more would save.",
              line_rent),
        wrong("that is the triangle under a curve. Here each megawatt moved costs the same, to the last.",
              lambda: redispatch_cost() / 2),
        wrong("it says that nothing need be changed. The market sold more than the line carries.", lambda: 0),
    ),
    hints=("If hydro makes all, the line carries 0.2 of the smelter's power, 0.6 of the harbour's, 0.8 of the town's.",
           "Compare gas and diesel by what each costs for a megawatt less on the line."),
)  # fmt: skip

# Before the wind is known

CHANCES = question(
    "grid_quiz/chances", worth_of_chances, form=number("one number is asked for, in $/h"),
    otherwise=it_is("Compute the mean cost of both orders, all four winds each; or only what each loses against knowing: 30"
                    " for a megawatt missing, 15 for one too many"),
    mistakes=(
        wrong("that is what it is worth to know the wind. Nobody knows it here: chances alone help to order better.",
              lambda: regret(best_order())),
        wrong("it compares the mean's order with one who knows the wind. The best order is made without knowing.", of=None),
        wrong("it says that the mean is the best order. What is missing costs more than what is over.", lambda: 0),
        wrong("it compares with no order at all. Without the chances the mean is ordered.", against=lambda: 0),
        wrong("it compares with an order for calm weather. Without the chances the mean is ordered.",
              against=lambda: WANTED),
        wrong("that is the difference of the orders, in MW. What does it save?", lambda: best_order() - mean_need()),
    ),
    hints=("A megawatt missing costs 30 $ more than one ordered, a megawatt over 15 $.",
           "Order up to where the chance of needing less is 30 parts of 45. The wind leaves 0, 30, 50 or 60 MW."),
)  # fmt: skip

# Held back

HELD_BACK = question(
    "grid_quiz/reserve", reserve_price, form=number("one number is asked for, in $/MWh"),
    otherwise=it_is("Let the operator want one megawatt more. Who can still hold it, what can that plant then no longer"
                    " make, and who makes it"),
    mistakes=(
        wrong("it says that holding costs nothing. Hydro holds what it could sell, and gas makes that.", lambda: 0),
        wrong("that is what the gas costs that is burnt instead. Hydro saves its own cost at the same time.", cheap=None),
        wrong("it says that diesel makes what hydro does not. Gas has room, and is cheaper.", dear="diesel"),
        wrong("that is what hydro costs. It makes less, and saves that.", lambda: cost("hydro")),
        wrong("it lets diesel make what gas holds. Gas gives 20 MW in ten minutes and has room for them anyway.",
              dear="diesel", cheap="gas"),
        wrong("that is what the megawatts that hydro holds cost together. A price is for one of them.",
              lambda: held_back() * reserve_price()),
    ),
    hints=("Gas and diesel hold all they can in ten minutes, 35 MW. The rest is hydro's.",
           "Hydro has 300 MW. If it holds 75, it makes 225, and somebody makes the rest of 260."),
)  # fmt: skip

# Water, or gas

CARBON = question(
    "grid_quiz/carbon", smelter_carbon, form=number("one number is asked for, in t/MWh"),
    otherwise=it_is("Draw one megawatt more at the smelter. The full line may not carry more: how much more does gas make"),
    mistakes=(
        wrong("it says that the smelter runs on water, because the dam is next door. A part of what comes from the dam would"
              " come by the full line.", lambda: 0),
        wrong("it says that gas is the marginal plant, and makes the whole megawatt. Hydro makes most of it.",
              gas=lambda: 1.0),
        wrong("that is the average of the fjord. One more megawatt is not made as the others are.", average_carbon),
        wrong("it lets gas make what would come by the full line. One megawatt of gas takes only 0.6 MW off it.",
              gas=lambda: share("smelter")),
        wrong("it is the town's: there gas makes more than the whole megawatt.",
              gas=lambda: share("town") / share("harbour")),
        wrong("diesel does not run.", gas=lambda: 1.0, rate="diesel"),
    ),
    hints=("Hydro and gas share the megawatt so that the full line keeps its flow.",
           "A megawatt from dam to smelter brings 0.2 MW onto dam-town. A megawatt of gas instead of hydro takes 0.6 off."),
)  # fmt: skip

# What each may send


def overloads(given):
    """Which cable such limits overload, or what else they would mean."""
    for line, size in enumerate(columns("feeder")["limit"]):
        sent = sum(mw for place, mw in zip(ISLAND, given) if line in own_way(place))
        if sent > size + 1e-9:
            return f"the cable to the {columns('feeder')['to_bus'][line]} would carry {sent:g} MW, and its limit is {size:g}"
    return it_is("Raise all three limits together. Who has its roof stops, who is behind a full cable stops, and the others"
                 " go on")(given)  # fmt: skip


SEND = question(
    "grid_quiz/send", send_limits, otherwise=overloads,
    form=numbers(3, "three numbers are asked for, in MW: quay, sheds, farm"),
    mistakes=(
        wrong("it splits the cable from the harbour in three. The sheds' own cable carries less.", own=False),
        wrong("all stop when the first cable is full. Only who is behind it must stop.", at_first=True),
        wrong("it gives the farm more than its roof can send. The quay could use it.", roofs=False),
        wrong("it shares by what each could send. The most equal limits in MW are asked for.", grows=lambda roof: roof),
        wrong("who is nearest takes all it can, and the others share what is left.", in_turn),
    ),
    hints=("Raise all three from 0. At 0.4 MW the cable of the sheds is full.", "At 0.5 MW the farm has its roof."),
)  # fmt: skip

# Two products of one inverter

INVERTER = question(
    "grid_quiz/inverter", inverter_earns, form=number("one number is asked for, in $/h"),
    otherwise=it_is("Try another point: P MW, and beside it as many MVAr as the rating leaves room for. Does it earn"
                    " more"),
    mistakes=(
        wrong("it gives all the sun there is, and megavars in the room that is left. A few MW less make room for many"
              " MVAr.", active=lambda: SUN),
        wrong("it sells no megavars. Beside all the sun there is room for some, for nothing.", lambda: earned(SUN, 0)),
        wrong("it gives all the sun in MW, and the whole rating in MVAr. Both together must fit into the rating.",
              lambda: earned(SUN, RATING)),
        wrong("it gives as many MVAr as MW. A megawatt pays more than twice as much.", active=lambda: RATING / 2**0.5),
        wrong("it adds up MW and MVAr to the rating. Their squares add up.",
              active=lambda: SUN, reactive=lambda p: RATING - p),
        almost("that is what the megawatts earn. The megavars earn something too.", reactive=lambda p: 0.0),
    ),
    hints=("P and Q lie on a circle of 1.3 MVA. Where does it point the way of the prices?",
           "The best point has Q to P as the price of Q is to that of P, if there is sun enough for it."),
)  # fmt: skip

# One true sentence


def true_sentence():
    return "d"


SENTENCE = question(
    "grid_quiz/sentence", true_sentence,
    form=one(lambda answer: str(answer).lower() in ("a", "b", "c", "d"), 'one letter is asked for, "a", "b", "c" or "d"'),
    otherwise=lambda given: f"{given} is not true of the fjord",
    mistakes=(
        wrong("after the change of question 5 the same plants make the same power as under prices by place. What it costs to"
              " make is the same; who pays differs.", lambda: "a"),
        wrong("gas is not the only plant that answers. What a roof at the smelter makes, hydro makes less, for the most"
              " part.", lambda: "b"),
        wrong("even if nobody calls, hydro makes less and gas more in each hour in which the power is held.", lambda: "c"),
    ),
    agrees=lambda given, expected, _: isinstance(given, str) and given.lower() == str(expected).lower(),
)  # fmt: skip

EXERCISES = (PRICE, FLOW, SHEDS, SECURE, RELIEF, CHANCES, HELD_BACK, CARBON, SEND, INVERTER, SENTENCE)
