"""Checks of the chapter on market power: offers against a staircase, owners who are needed, and a fringe."""

from operator import le, lt

from tefoundations.exercises.kit.forms import number, numbers
from tefoundations.exercises.kit.recipe import almost, exercise, wrong
from tefoundations.strategy import best_offer as package_offer
from tefoundations.strategy import residual_supply_index

# market_power/best_offer


def rivals_and_plant(rng):
    """(rivals, demand, cap, room, cost): offers of rivals, what is wanted at any price, and the plant."""
    count = int(rng.integers(1, 5))
    apart = rng.integers(4)
    prices = rng.permutation(range(5, 40))[:count] if apart else rng.choice([10, 20, 30], count)
    rivals = [(int(p), int(q)) for p, q in zip(prices, rng.integers(2, 30, count))]
    room = int(rng.integers(5, 60))
    demand = int(rng.integers(1, sum(q for _, q in rivals) + room + 1))
    cap = int(rng.choice([45, 60, 100]))
    cost = int(rng.integers(0, 45))
    if rng.integers(6) == 0:  # who would have to ask more than the cap stays out
        cost = cap + int(rng.integers(1, 15))
    return rivals, demand, cap, room, cost


def too_dear(rng):
    """The same, where the plant is needed at the cap, and its cost is above that: whoever forgets to stay out loses."""
    rivals, _, cap, room, _ = rivals_and_plant(rng)
    return rivals, sum(q for _, q in rivals) + int(rng.integers(1, room + 1)), cap, room, cap + int(rng.integers(1, 15))


def best_offer(
    rivals, demand, cap, room, cost, *, tried=lambda prices, cap: [*prices, cap], before=lt,
    margin=lambda price, cost: price - cost, most=min,
):  # fmt: skip
    """`tried` are the prices it looks at, `before` says which rivals sell first, `most` how much it sells."""
    found = [0.0]
    for price in tried([p for p, _ in rivals], cap):
        left = max(demand - sum(q for p, q in rivals if before(p, price)), 0)
        found.append(margin(price, cost) * most(left, room))
    return float(max(found))


def at_cost(rivals, demand, cap, room, cost):
    """What an offer at cost earns: the price is that of the last offer that is needed, the cap where all are too little."""
    left, price = demand, cap
    for offer, quantity in sorted([*rivals, (cost, room)]):
        left -= quantity
        if left <= 0:
            price = offer
            break
    sold = min(max(demand - sum(q for p, q in rivals if p < cost), 0), room)
    return float(max(price - cost, 0) * sold)


def not_negative(answer, *_):
    return f"it returns {answer:g}, but who stays out loses nothing" if answer < 0 else None


BEST_OFFER = exercise(
    "market_power/best_offer", best_offer,
    example=(([(20, 30), (35, 30)], 70, 100, 50, 10), 1000.0),
    draw=rivals_and_plant, also=(too_dear,),
    form=number("one number is asked for, the most profit in $"), properties=(not_negative,),
    mistakes=(
        wrong("it asks its cost, and takes the price that comes. Could it ask for more?", at_cost),
        wrong("it always asks for the cap. A little less may sell so much more.", tried=lambda prices, cap: [cap]),
        wrong("it never asks for the cap. When all rivals are sold out, the rest of the demand is its own.",
              tried=lambda prices, cap: prices),
        wrong("it counts the whole price as gain. Its MWh cost something.", margin=lambda price, cost: price),
        wrong("it sells more than it has.", most=lambda left, room: left),
        wrong("it forgets what the rivals sell first at a lower price.", before=lambda *_: False),
        wrong("it lets a rival at the same price go first. Just below that price it goes first itself, for the same money.",
              before=le),
        almost("right, except that it takes off a cent for being just below. Give the limit it comes near to.",
               margin=lambda price, cost: price - 0.01 - cost),
    ),
    corners={
        "when its cost is above the cap": lambda rivals, demand, cap, room, cost: cost > cap,
        "when nothing can be earned": lambda *case: best_offer(*case) == 0,
        "when the rivals cannot serve all": lambda rivals, demand, *_: sum(q for _, q in rivals) < demand,
        "when two rivals ask the same": lambda rivals, *_: len({p for p, _ in rivals}) < len(rivals),
        "when the plant alone could serve all": lambda rivals, demand, cap, room, cost: room >= demand,
    },
    forbids=(package_offer,),
    hints=("Between two prices of rivals nothing changes but its own price. So which prices are worth trying?",
           "Just below a price it sells what is wanted less what rivals below that price offer, and no more than it has.",
           "The cap is a price worth trying, too; and it may stay out."),
)  # fmt: skip

# market_power/residual_supply

NAMES = ("east", "north", "south", "west")


def owners(rng):
    """(plants, contracts, demand): plants as (owner, MW), and what each owner has sold, in the order of the alphabet."""
    count = int(rng.integers(2, 5))
    who = rng.permutation(count) if rng.integers(3) == 0 else rng.integers(0, count, count + 2)
    plants = [(NAMES[i], int(q)) for i, q in zip(who, rng.integers(10, 90, len(who)))]
    found = sorted({name for name, _ in plants})
    most = int(rng.choice([1, 60, 120]))  # 1: no contracts
    return plants, [int(c) for c in rng.integers(0, most, len(found))], int(rng.integers(60, 260))


def of_owner(plants, who):
    return sum(mw for name, mw in plants if name == who)


def residual_supply(
    plants, contracts, demand, *, own=of_owner, free=lambda mine, sold: max(mine - sold, 0),
    index=lambda total, taken, demand: (total - taken) / demand,
):  # fmt: skip
    """`own` is what an owner has, `free` what of it can be held back, `index` what is told of the rest."""
    total = sum(mw for _, mw in plants)
    names = sorted({name for name, _ in plants})
    return [index(total, free(own(plants, who), sold), demand) for who, sold in zip(names, contracts)]


def many(plants, *_):
    return len({name for name, _ in plants})


RESIDUAL_SUPPLY = exercise(
    "market_power/residual_supply", residual_supply,
    example=(([("east", 60), ("west", 50), ("east", 20)], [30, 0], 100), [0.8, 0.8]),
    draw=owners, form=numbers(many, "one index for each owner is asked for, here {n}, owners in the order of the alphabet"),
    mistakes=(
        wrong("it takes away one plant of an owner, the largest. An owner decides about all its plants together.",
              own=lambda plants, who: max(mw for name, mw in plants if name == who)),
        wrong("it gives the share of the owner in all capacity. That says nothing about whether it is needed.",
              index=lambda total, taken, demand: taken / total),
        wrong("it divides what the others have by all capacity, not by what is wanted.",
              index=lambda total, taken, demand: (total - taken) / total),
        wrong("it gives what the others leave of the demand. The index is what they can serve, over the demand.",
              index=lambda total, taken, demand: 1 - (total - taken) / demand),
        wrong("it takes nobody away.", index=lambda total, taken, demand: total / demand),
        wrong("it forgets contracts. What is sold already cannot be held back for a better price.",
              free=lambda mine, sold: mine),
        almost("right, except where an owner has sold more than it has: it cannot add to what the others have.",
               free=lambda mine, sold: mine - sold),
    ),
    corners={
        "when an owner has several plants": lambda plants, *_: many(plants) < len(plants),
        "when nothing is sold beforehand": lambda plants, contracts, _: not any(contracts),
        "when somebody is pivotal": lambda *case: min(residual_supply(*case)) < 1,
        "when nobody is pivotal": lambda *case: min(residual_supply(*case)) >= 1,
    },
    forbids=(residual_supply_index,),
    hints=("Add up the plants of each owner first, and all of them.",
           "What an owner can hold back is what it has less what it has sold, and never below nothing.",
           "The index is all capacity less what the owner can hold back, over the demand."),
)  # fmt: skip

# market_power/fringe_price


def fringes(rng):
    """(a, b, cost, k, start): buyers want a - b p, a fringe offers k (p - start), and the firm's cost lets it sell."""
    while True:
        a, b, k = int(rng.integers(10, 60)), int(rng.integers(1, 4)), int(rng.integers(1, 12))
        cost, start = int(rng.integers(0, 12)), int(rng.integers(1, 25))
        if cost < min(a / b, (a + k * start) / (b + k) if start < a / b else a / b):
            return a, b, cost, k, start


def half_way(top, cost):
    return (top + cost) / 2


def at_the_kink(alone, beside, start):
    """Below its start the fringe is not there; above it is; and between the two answers lies the start itself."""
    return alone if alone <= start else max(beside, start)


def fringe_price(a, b, cost, k, start, *, best=half_way, choice=at_the_kink, begins=lambda start: start, counted=1):
    """`best` is the price between the cost and where nothing is left, `choice` which of the two pieces counts."""
    alone = best(a / b, cost * counted)
    beside = best((a + k * begins(start)) / (b + k), cost * counted)
    return float(choice(alone, beside, start))


def sells(answer, a, b, cost, k, start):
    left = a - b * answer - k * max(answer - start, 0)
    return f"at {answer:g} ct nothing is left for the firm to sell" if left < -1e-9 * a else None


FRINGE_PRICE = exercise(
    "market_power/fringe_price", fringe_price,
    example=((20, 1, 2, 1, 5), 7.25),
    draw=fringes, form=number("one number is asked for, the price in ct/kWh"), properties=(sells,),
    mistakes=(
        wrong("it forgets the fringe: that is the price of a firm with no rivals.",
              choice=lambda alone, beside, start: alone),
        wrong("its fringe sells from a price of zero on. It begins at `start`.", begins=lambda start: 0),
        wrong("its fringe takes energy away from buyers below `start`, where it is simply not there.",
              choice=lambda alone, beside, start: beside),
        wrong("it sells at its cost, and earns nothing.", best=lambda top, cost: cost,
              choice=lambda alone, beside, start: alone),
        wrong("it counts the whole price as gain. Each kWh costs the firm something.", counted=0),
        wrong("it always keeps the fringe out. To share the market at a better price may earn more.",
              choice=lambda alone, beside, start: min(alone, start)),
        wrong("it goes all the way up to the price at which nothing is left for it. Half of the way from the cost is best.",
              best=lambda top, cost: top, choice=lambda alone, beside, start: beside if beside >= start else alone),
    ),
    corners={
        "when the fringe is too dear to matter": lambda a, b, cost, k, start: half_way(a / b, cost) <= start,
        "when keeping the fringe out is best": lambda *case: fringe_price(*case) == case[4],
        "when both sell": lambda *case: fringe_price(*case) > case[4],
        "when the fringe is cheaper than the firm": lambda a, b, cost, k, start: start < cost,
    },
    hints=("Without a fringe what is left falls in a straight line; the best price is half way between the cost and where "
           "nothing is left.",
           "With the fringe the line is another one. From where does it count, and where would its half-way point lie?",
           "If one line says above `start` and the other below, neither is right: the best price is `start` itself."),
)  # fmt: skip

EXERCISES = (BEST_OFFER, RESIDUAL_SUPPLY, FRINGE_PRICE)
