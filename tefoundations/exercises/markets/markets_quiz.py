"""Checks of the wrap-up quiz of the part Markets: single answers about the harbour, which no chapter uses."""

from functools import cache
from operator import ge, gt

from tefoundations.data import harbour
from tefoundations.exercises.kit.forms import is_flag, number, numbers, one, several
from tefoundations.exercises.kit.quiz import question
from tefoundations.exercises.kit.recipe import wrong
from tefoundations.exercises.kit.values import show
from tefoundations.exercises.markets.clearing_algorithms import WINDOWS, choose, serve
from tefoundations.exercises.markets.double_auction import wanted_and_offered
from tefoundations.exercises.markets.vcg import contribution, harm, one_price, order_by_order
from tefoundations.market import OrderBook, mcafee, uniform_price, vcg

FERRY = (24, 10)  # what the ferry's generator costs (ct/kWh) and sells, whole or not at all (kWh)


@cache
def orders(table):
    """(bids, asks) of a book of the harbour, each (agent, price, quantity)."""
    rows = list(harbour(table).itertuples())
    return tuple([(r.agent, int(r.price), int(r.quantity)) for r in rows if r.side == side] for side in ("buy", "sell"))


def nameless(table):
    return ([order[1:] for order in side] for side in orders(table))


def pier(*more_asks, bids=()):
    own_bids, asks = orders("pier")
    return uniform_price(OrderBook.of([*own_bids, *bids], [*asks, *more_asks]))


def it_is(words):
    return lambda given: f"it is {show(tuple(given) if isinstance(given, list) else given)}. {words}"


# One price


def pier_price(*, of=lambda low, high: (low + high) / 2):
    return of(*pier().price_interval)


def last_pair():
    clearing, (bids, asks) = pier(), nameless("pier")
    bid = min(price for (price, _), kwh in zip(bids, clearing.bid_quantity) if kwh)
    return bid, max(price for (price, _), kwh in zip(asks, clearing.ask_quantity) if kwh)


def stated():
    prices = [price for side in nameless("pier") for price, _ in side]
    return sum(prices) / len(prices)


def at(price):
    wanted, offered = wanted_and_offered(*nameless("pier"), price)
    low, high = pier().price_interval
    if low <= price <= high:
        return f"at {price:g} ct/kWh all goes well, but k = 0.5 names the midpoint of all prices at which it does"
    return f"at {price:g} ct/kWh buyers want {wanted:g} kWh, and sellers offer {offered:g}"


PRICE = question(
    "markets_quiz/price", pier_price, form=number("a single number is asked for"), otherwise=at,
    mistakes=(
        wrong("it is the lowest price that clears. Which k names that one?", of=lambda low, high: low),
        wrong("it is the highest price that clears. Which k names that one?", of=lambda low, high: high),
        wrong("it is halfway between the last bid and the last ask that trade. The orders left out bound the price, too.",
              lambda: sum(last_pair()) / 2),
        wrong("it is the average of what the orders state. A price is where the two curves meet.", stated),
    ),
    hints=("Sort bids and asks. Up to which kWh do they meet?", "Which four orders stand there, and bound the price?"),
)  # fmt: skip

# One kWh more, one kWh less


def one_more():
    free, dear = pier(("gift", 0, 1)).welfare - pier().welfare, 1000
    return free, dear - (pier(bids=[("pump", dear, 1)]).welfare - pier().welfare)


ONE_MORE = question(
    "markets_quiz/one_more", one_more, form=numbers(2, "two numbers are asked for, (gain, loss)"),
    otherwise=it_is("Put an ask of 1 kWh at 0 ct into the book, clear again, and compare the welfares; then a bid of 1"
                    " kWh at a price that always wins, and see what all others lose"),
    mistakes=(
        wrong("it takes the midpoint price for both. One kWh is worth what is done with it: the two ends differ.",
              lambda: [pier_price()] * 2),
        wrong("it has the two the wrong way round: what comes serves the next buyer, what goes costs more.",
              lambda: one_more()[::-1]),
        wrong("it takes one number for both. Nobody sells the kWh that goes at the price that the next buyer would pay.",
              lambda: one_more()[:1] * 2),
        wrong("it takes the last bid and the last ask that trade. They trade already: what changes is at the next ones.",
              last_pair),
    ),
    hints=("Who is the next to be served, if a kWh comes? Who is the next to sell, if one goes?",),
)  # fmt: skip

# Energy that can wait


@cache
def stores():
    rows = [(int(r.price), int(r.energy), int(r.first), int(r.last)) for r in harbour("cold_stores").itertuples()]
    return [int(kwh) for kwh in harbour("spare")["kwh"]], rows


def cold_energies(**slips):
    return serve(*stores(), **slips)


def what_is_wrong(given):
    told = (holds(given, *stores()) for holds in WINDOWS.properties)
    return next(filter(None, told), f"it is {show(given)}: a dearer order could still be served, if others moved")


WAITING = question(
    "markets_quiz/waiting", cold_energies,
    form=numbers(6, "six numbers are asked for, one for each order in the order of the table"), otherwise=what_is_wrong,
    mistakes=(
        wrong("nobody moves. A dearer order may push others into other hours of their windows.", moved=0),
        wrong("it serves the cheapest first. The dearest go first.", rank=lambda row, price: price),
        wrong("it serves the orders as they stand in the table. The dearest go first.", rank=lambda row, price: row),
        wrong("it leaves out the last hour of each window: first and last are both included.", last=lambda last: last - 1),
    ),
    hints=("Begin with the dearest order.", "An order that finds its hours full: who there could go into another hour?"),
)  # fmt: skip

# Whole or not at all


def ferry():
    [runs], _, needed = choose(*nameless("pier"), [FERRY])
    return runs, needed


RUNS = question(
    "markets_quiz/ferry", ferry,
    form=several("two things are asked for, (runs, money): True or False, and ct", one(is_flag), number()),
    otherwise=it_is("Compare the welfare of the pier without the ferry, and with it less its cost; then find the lowest"
                    " price that suits the divisible orders beside it"),
    mistakes=(
        wrong("it leaves the ferry out because it would lose. That is the European rule; here the welfare decides.",
              lambda: (False, 0)),
        wrong("it runs at no loss only at the price before it came. With its energy in the book the price falls.",
              lambda: (True, 0)),
        wrong("it gives the loss of one kWh. What is made whole is the loss of all of them.", lambda: (True, 1)),
        wrong("it pays all of the ferry's cost. Buyers pay for its energy; only what is missing is added.",
              lambda: (True, FERRY[0] * FERRY[1])),
    ),
    hints=("Clear the pier with the ferry's kWh as an ask that always sells. What is it worth, less the ferry's cost?",),
)  # fmt: skip

# Nobody may gain by a lie


def berths():
    return OrderBook.of(*orders("berths"))


def berths_trade(*, more=0, pay=lambda p, g: p, get=lambda p, g: g):
    """`more` trades than McAfee's; `pay` and `get` of what buyers pay and sellers get."""
    c = mcafee(berths())
    prices = c.bid_price[c.bid_quantity > 0][0], c.ask_price[c.ask_quantity > 0][0]
    return c.quantity + more, pay(*prices), get(*prices)


def middle(p, g):
    return (p + g) / 2


REDUCTION = question(
    "markets_quiz/reduction", berths_trade,
    form=numbers(3, "three numbers are asked for, (trades, buyers_pay, sellers_get)"),
    otherwise=it_is("Sort the bids from the highest and the asks from the lowest, count the pairs that gain, and ask who"
                    " is left to name a price"),
    mistakes=(
        wrong("all efficient pairs trade at one price. Is there a pair left, on both sides, to name it?",
              more=1, pay=middle, get=middle),
        wrong("a pair steps back, and all efficient pairs still trade. Who names the price does not trade.", more=1),
        wrong("the others trade halfway between the pair that stepped back. Under the rule each side pays its own price.",
              pay=middle, get=middle),
        wrong("buyers and sellers have changed places: the office would have to add money.",
              pay=lambda p, g: g, get=lambda p, g: p),
    ),
    hints=("How many pairs gain? Is there a next pair, whose midpoint could name a price?",),
)  # fmt: skip

# What honesty costs


def cost_of_honesty(*, told=lambda kept, added, lost: (kept, added, lost)):
    kept = mcafee(berths())
    return told(kept.budget, -vcg(berths()).budget, uniform_price(berths()).welfare - kept.welfare)


HONESTY = question(
    "markets_quiz/honesty", cost_of_honesty, form=numbers(3, "three numbers are asked for, (kept, added, lost)"),
    otherwise=it_is("What buyers pay less what sellers get is the budget of a clearing: under McAfee the office keeps"
                    " it, under VCG it is negative. The welfare lost is that of the best trades less McAfee's"),
    mistakes=(
        wrong("the office adds under VCG: give what it adds as a positive number.", told=lambda k, a, lost: (k, -a, lost)),
        wrong("it says that nothing is lost. A pair that would have gained stepped back.",
              told=lambda k, a, lost: (k, a, 0)),
        wrong("it gives the money of one trade. The office keeps and adds for all of them.",
              told=lambda k, a, lost: (k / 4, a / 5, lost)),
        wrong("it takes the two rules for each other: McAfee leaves money over, VCG wants some.",
              told=lambda k, a, lost: (a, k, lost)),
    ),
    hints=("Clear the berths by each rule, and by uniform_price for the best trades; compare budget and welfare.",),
)  # fmt: skip

# Paying for the harm


def crane_pays(*, rule=harm):
    return rule(*orders("pier"), "crane")


PAYMENT = question(
    "markets_quiz/payment", crane_pays, form=number("a single number is asked for"),
    otherwise=it_is("Clear the pier without both orders of the crane: how much better off are the others then, than they"
                    " are with it"),
    mistakes=(
        wrong("it takes the crane's orders away one at a time. An agent's orders leave together.", rule=order_by_order),
        wrong("it is what the crane pays at the midpoint price.", rule=one_price),
        wrong("it is what the crane bids: under VCG nobody pays what it says.",
              rule=lambda bids, asks, me: sum(price * kwh for agent, price, kwh in bids if agent == me)),
        wrong("it is what the whole pier gains by the crane. The crane pays for what the others lose.", rule=contribution),
        wrong("it has the wrong sign: a buyer pays, and paying is positive.", rule=lambda *case: -harm(*case)),
    ),
    hints=("What do the others gain in the market as it is, and what would they gain without the crane?",),
)  # fmt: skip

# Boats that do not wait


def boats_as_they_come(*, first=lambda boats: boats, takes=ge, pays=lambda bid, ask: ask):
    """`first` puts the boats into the order in which they come, `takes` says which bids meet an ask, `pays` the price."""
    boats, waiting = (list(side) for side in nameless("berths"))
    made = []
    waiting = sorted(price for price, _ in waiting)
    for bid, _ in first(boats):
        if waiting and takes(bid, waiting[0]):
            made.append((bid, waiting.pop(0)))
    gained = sum(bid - ask for bid, ask in made)
    return len(made), sum(pays(*pair) for pair in made), uniform_price(berths()).welfare - gained


def at_one_price():
    call = uniform_price(berths())
    return call.quantity, call.price * call.quantity, 0


ARRIVAL = question(
    "markets_quiz/arrival", boats_as_they_come,
    form=numbers(3, "three numbers are asked for, (trades, boats_pay, welfare_lost)"),
    otherwise=it_is("Let the boats come one by one: each looks at the lowest ask that still waits, and takes it if it is"
                    " worth that much to the boat"),
    mistakes=(
        wrong("it waits for all boats and clears at one price. Here each trades when it comes.", at_one_price),
        wrong("the dearest bid goes first. Here boat_a does, then boat_b.",
              first=lambda boats: sorted(boats, reverse=True)),
        wrong("boats pay what they bid. Whoever waits has named the price: the boats pay the asks.",
              pays=lambda bid, ask: bid),
        wrong("boats and sellers meet halfway. The price of a trade is that of the order that waited.", pays=middle),
        wrong("a boat that bids just what is asked does trade.", takes=gt),
    ),
    hints=("Which ask is the lowest when boat_a comes? Which is left when boat_b comes?",),
)  # fmt: skip

# Sold yesterday

SALE = (24, 8, 5)  # price of the day before (ct/kWh), sold, made (kWh)


def engine_gets(*, price=pier_price, income=lambda before, sold, now, made: before * sold + now * (made - sold)):
    before, sold, made = SALE
    return income(before, sold, price(), made)


YESTERDAY = question(
    "markets_quiz/yesterday", engine_gets, form=number("a single number is asked for"),
    otherwise=it_is("It is paid for all that it sold yesterday; what is missing it buys today"),
    mistakes=(
        wrong("it is paid yesterday's price for what it makes today. It has sold 8 kWh, and buys what is missing.",
              income=lambda before, sold, now, made: before * made),
        wrong("it forgets yesterday's sale.", income=lambda before, sold, now, made: now * made),
        wrong("it is paid twice for the same energy.", income=lambda before, sold, now, made: before * sold + now * made),
        wrong("what is missing costs money; here it brings some.",
              income=lambda before, sold, now, made: before * sold + now * (sold - made)),
    ),
    hints=("What does the sale bring? How many kWh are missing today, and what do they cost?",),
)  # fmt: skip

# One true sentence


def true_sentence():
    return "b"


SENTENCE = question(
    "markets_quiz/sentence", true_sentence,
    form=one(lambda answer: str(answer).lower() in ("a", "b", "c", "d"), 'one letter is asked for, "a", "b", "c" or "d"'),
    otherwise=lambda given: f"{given} is not true of the harbour",
    mistakes=(
        wrong("k moves money between buyers and sellers, and VCG knows no k. Its deficit is no slip of the office.",
              lambda: "a"),
        wrong("the pair that steps back would have gained, on this very hour: something is lost.", lambda: "c"),
        wrong("who pays its own bid does better to bid less. Try it with boat_c, at 35 ct.", lambda: "d"),
    ),
    agrees=lambda given, expected, _: isinstance(given, str) and given.lower() == str(expected).lower(),
)  # fmt: skip

EXERCISES = (PRICE, ONE_MORE, WAITING, RUNS, REDUCTION, HONESTY, PAYMENT, ARRIVAL, YESTERDAY, SENTENCE)
