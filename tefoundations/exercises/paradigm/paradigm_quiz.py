"""Checks of the wrap-up quiz of the part Paradigm: single answers about a market street, which no chapter uses."""

from tefoundations.exercises.kit.forms import number, numbers, one
from tefoundations.exercises.kit.quiz import question
from tefoundations.exercises.kit.recipe import wrong
from tefoundations.exercises.kit.values import show

SUPPLY, DEMAND, CABLE = (4, 0.1), (40, 0.2), 90  # (ct/kWh, and more or less for each kWh), kWh
COST = (15, 24, 45)  # ct/kWh at night, by day, in the evening
USE = {"bakery": (6, 3, 1), "cafe": (1, 5, 4), "cinema": (0, 2, 8)}  # kWh
METER, HOURS, BUY, SELL, PEAK = (3, 5.5, -4, 2), 0.5, 30, 8, 12  # kWh a step, hours; ct/kWh, ct/kWh, ct/kW
OVENS, RETAIL, LMP = (75, 52, 44, 33), 28, 40  # ct each kWh is worth; ct/kWh
PARTS, FEED_IN, LOCAL = {"energy": 11, "wires": 13, "taxes": 5, "margin": 3}, 9, 20  # ct/kWh
SUPPLIERS, SLEEPERS, WHOLESALE, RESERVATION = 4, 0.5, 20, 44  # suppliers, share; ct/kWh


def it_is(words):
    return lambda given: f"it is {show(tuple(given) if isinstance(given, list) else given)}. {words}"


# Two prices


def two_prices(*, told=lambda free, scarce: (free, scarce), scarce=lambda most: DEMAND[0] - DEMAND[1] * most):
    (low, up), (high, down) = SUPPLY, DEMAND
    met = (high - low) / (up + down)
    return told(low + up * met, scarce(CABLE))


PRICES = question(
    "paradigm_quiz/prices", two_prices, form=numbers(2, "two numbers are asked for, (free, scarce), in ct/kWh"),
    otherwise=it_is("At the first price as much is wanted as is offered. At the second no more than 90 kWh are wanted"),
    mistakes=(
        wrong("where the cable is too thin, the price that both sides would meet at no longer fits: too much is wanted.",
              told=lambda free, scarce: (free, free)),
        wrong("it takes what the 90th kWh costs. It is worth more than that to the last who gets one.",
              scarce=lambda most: SUPPLY[0] + SUPPLY[1] * most),
        wrong("the two are swapped: less can come through the cable, so the second is the dearer.",
              told=lambda free, scarce: (scarce, free)),
    ),
    hints=("Write what is offered and what is wanted at a price p. Where are they equal?",
           "What must a kWh cost so that just 90 are wanted?"),
)  # fmt: skip

# One price for three shops


def spent(who):
    return sum(cost * kwh for cost, kwh in zip(COST, USE[who]))


def flat_price():
    return sum(map(spent, USE)) / sum(map(sum, USE.values()))


def bakery_gives(*, price=flat_price, told=lambda price, pays, costs: (price, pays - costs)):
    return told(price(), price() * sum(USE["bakery"]), spent("bakery"))


FLAT = question(
    "paradigm_quiz/flat", bakery_gives, form=numbers(2, "two numbers are asked for, (price, gift): ct/kWh and ct"),
    otherwise=it_is("All that the street costs, over all that it uses, is the price. The bakery pays it for its 10 kWh, and"
                    " costs less"),
    mistakes=(
        wrong("it is the plain mean of the three costs. In the evening most is used, so that block counts more.",
              price=lambda: sum(COST) / 3),
        wrong("it tells what the bakery costs, and not how much more it pays.",
              told=lambda price, pays, costs: (price, costs)),
        wrong("the sign is turned: the bakery pays more than it costs.",
              told=lambda price, pays, costs: (price, costs - pays)),
        wrong("it tells the gift of each kWh. All of a day are asked for.",
              told=lambda price, pays, costs: (price, (pays - costs) / sum(USE["bakery"]))),
    ),
    hints=("What does each of the three cost in a day? And all together, for each kWh?",),
)  # fmt: skip

# A bill with a peak


def cafe_bill(*, peak=lambda steps: max(steps) / HOURS, export=SELL, rule=None, charge=PEAK):
    energy = rule(METER) if rule else sum(BUY * max(n, 0) - export * max(-n, 0) for n in METER)
    return energy + charge * peak(METER)


BILL = question(
    "paradigm_quiz/bill", cafe_bill, form=number("a single number is asked for"),
    otherwise=it_is("Three parts: what is bought, what is sold, and the highest power that is taken"),
    mistakes=(
        wrong("it takes kWh for kW. In half an hour 5.5 kWh are 11 kW.", peak=max),
        wrong("it lets the meter run backwards. What is sold brings 8 ct, and not 30.", rule=lambda steps: BUY * sum(steps)),
        wrong("it forgets what the roof sells.", export=0),
        wrong("it forgets the charge for the highest power.", charge=0),
    ),
    hints=("How many kWh are bought in all, and how many sold?", "What is the highest power, if a step has half an hour?"),
)  # fmt: skip

# Four ovens


def baked(*, paid, kept=lambda payment, gain: payment <= gain, price=LMP):
    """Welfare if `paid` is offered for each kWh not used."""
    return sum(worth - price for worth in OVENS if worth > RETAIL and kept(paid, worth - RETAIL))


def two_payments(*, told=lambda full, less: (full, less), **slips):
    return told(baked(paid=LMP, **slips), baked(paid=LMP - RETAIL, **slips))


OVEN = question(
    "paradigm_quiz/ovens", two_payments, form=numbers(2, "two numbers are asked for, (full, less), in ct"),
    otherwise=it_is("An oven stands still if it is paid more for it than it would gain by running. Welfare counts what the"
                    " running ones are worth, less what their energy costs to make"),
    mistakes=(
        wrong("nobody answers there. An oven that gains 5 ct by running takes 12 ct for standing still.",
              told=lambda full, less: (sum(OVENS) - LMP * len(OVENS),) * 2),
        wrong("the two are swapped. The full price also stops ovens that are worth more than their energy costs.",
              told=lambda full, less: (less, full)),
        wrong("an oven saves its bill, too: compare the payment with what it gains by running, not with what that is worth.",
              kept=lambda payment, gain: payment <= gain + RETAIL),
        wrong("it counts energy at the price on the bill. To make it costs 40 ct.", price=RETAIL),
    ),
    hints=("What does each oven gain by running, after its bill of 28 ct?", "Which of them take 40 ct, which take 12?"),
)  # fmt: skip

# A kWh from next door


def from_next_door(*, supplier=lambda p: FEED_IN - p["energy"] - p["margin"], wires=lambda p: -p["wires"],
                   seller=LOCAL - FEED_IN):  # fmt: skip
    return sum(PARTS.values()) - LOCAL, seller, supplier(PARTS), wires(PARTS), -PARTS["taxes"]


NEXT_DOOR = question(
    "paradigm_quiz/next_door", from_next_door,
    form=numbers(5, "five numbers are asked for, (buyer, seller, supplier, wires, state), in ct"),
    otherwise=lambda given: (
        f"together they gain {sum(given):g} ct, but no electron moves in another way, so what some gain others lose"
        if abs(sum(given)) > 1e-6 else it_is("Ask of each: what did it get before, and what does it get now")(given)
    ),
    mistakes=(
        wrong("the supplier also loses what it earned with the neighbour's roof, bought for 9 ct and sold as energy for 11.",
              supplier=lambda p: -p["margin"]),
        wrong("the supplier need not buy that energy any more, and saves the 9 ct for it.",
              supplier=lambda p: -p["energy"] - p["margin"]),
        wrong("nobody pays for the wires of this kWh any more.", wires=lambda p: 0),
        wrong("the seller got 9 ct before. Only what it gets more is a gain.", seller=LOCAL),
    ),
    hints=("Of the 32 ct on the bill, who got what? And who bought the roof's kWh for 9 ct?",),
)  # fmt: skip

# Four suppliers


def sales(*, told=lambda margin, lowest: (margin, lowest), mine=SLEEPERS / SUPPLIERS):
    """Mean margin, and the lowest price at which serving all shoppers is worth as much as the sleepers alone."""
    most = RESERVATION - WHOLESALE
    return told(SLEEPERS * most, WHOLESALE + most * mine / (mine + 1 - SLEEPERS))


SALES = question(
    "paradigm_quiz/suppliers", sales, form=numbers(2, "two numbers are asked for, (margin, lowest), in ct/kWh"),
    otherwise=it_is("A supplier can always earn its sleepers' 24 ct. No price that it asks may bring it more or less"),
    mistakes=(
        wrong("that holds where all compare. Half of them never do.", told=lambda margin, lowest: (0, WHOLESALE)),
        wrong("that holds where nobody compares.", told=lambda margin, lowest: (RESERVATION - WHOLESALE, RESERVATION)),
        wrong("the margin is that of one supplier. Per kWh of all customers it is four times as much.",
              told=lambda margin, lowest: (margin / SUPPLIERS, lowest)),
        wrong("each supplier has a quarter of the sleepers, not all of them.", mine=SLEEPERS),
    ),
    hints=("What does a supplier earn that asks 44 ct, and sells to its own sleepers alone?",
           "At which price does it earn as much if all shoppers come as well?"),
)  # fmt: skip

# One true sentence


def true_sentence():
    return "c"


SENTENCE = question(
    "paradigm_quiz/sentence", true_sentence,
    form=one(lambda answer: str(answer).lower() in ("a", "b", "c", "d"), 'one letter is asked for, "a", "b", "c" or "d"'),
    otherwise=lambda given: f"{given} is not true of the street",
    mistakes=(
        wrong("then all cars begin in the first cheap minute: the peak moves, and may grow.", lambda: "a"),
        wrong("that is so where all compare. With sleepers the mean margin does not fall by a cent.", lambda: "b"),
        wrong("at 28 ct it takes in 840 ct and spends 930: most is used when it is dear.", lambda: "d"),
    ),
    agrees=lambda given, expected, _: isinstance(given, str) and given.lower() == str(expected).lower(),
)  # fmt: skip

EXERCISES = (PRICES, FLAT, BILL, OVEN, NEXT_DOOR, SALES, SENTENCE)
