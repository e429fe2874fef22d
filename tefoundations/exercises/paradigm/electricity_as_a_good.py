"""Checks of the chapter on electricity as a good."""

from operator import ge, gt

from tefoundations.exercises.kit.forms import number, numbers, one, or_none, several
from tefoundations.exercises.kit.recipe import almost, exercise, wrong
from tefoundations.exercises.kit.values import is_number
from tefoundations.market import equilibrium, peak_load_prices, scarcity_price

# electricity_as_a_good/demand


def uses(rng):
    """(blocks, price): a few uses in any order; the price is often just what one of them is worth."""
    count = 0 if rng.random() < 0.06 else int(rng.integers(1, 6))
    blocks = [(int(rng.integers(2, 40)), int(rng.integers(1, 5))) for _ in range(count)]
    known = [value for value, _ in blocks]
    return blocks, int(rng.choice(known)) if known and rng.random() < 0.5 else int(rng.integers(0, 42))


def bought(blocks, price, *, holds=ge, gain=lambda value, price: value - price, size=lambda kwh: kwh):
    taken = [(value, kwh) for value, kwh in blocks if holds(value, price)]
    return [sum(size(kwh) for _, kwh in taken), sum(gain(value, price) * kwh for value, kwh in taken)]


def until_the_first_low_one(blocks, price):
    low = [place for place, (value, _) in enumerate(blocks) if value < price]
    return bought(blocks[: low[0]] if low else blocks, price)


def as_if_all_were_the_best(blocks, price):
    kwh = bought(blocks, price)[0]
    return [kwh, (max(value for value, _ in blocks) - price) * kwh if kwh else 0]


DEMAND = exercise(
    "electricity_as_a_good/demand", bought,
    example=(([(60, 1), (12, 1), (40, 1), (25, 1)], 30), [2.0, 40.0]),
    draw=uses, form=numbers(2, "two numbers are asked for, (kWh, surplus)"),
    mistakes=(
        wrong("its surplus is what the kWh are worth. What is paid for them must be taken off.",
              gain=lambda value, price: value),
        wrong("it buys every use, whatever it is worth. A use that is worth less than the price stays off.",
              holds=lambda *_: True),
        wrong("it counts uses. Add up their kWh.", size=lambda kwh: 1),
        wrong("it stops at the first use that is not worth its price. The uses stand in any order, and a better one may"
              " come later.", until_the_first_low_one),
        wrong("it takes all kWh to be worth as much as the best of them. Each use has a value of its own.",
              as_if_all_were_the_best),
        almost("right, except that a use worth just the price is bought too.", holds=gt),
    ),
    corners={"when a use is worth just the price": lambda blocks, price: price in [value for value, _ in blocks],
             "when there are no uses": lambda blocks, price: not blocks,
             "when nothing is worth the price": lambda blocks, price: bool(blocks) and not bought(blocks, price)[0],
             "when the price is 0": lambda blocks, price: price == 0},
    hints=("Which uses are worth the price or more?", "The surplus of a use is (value - price) for each of its kWh."),
)  # fmt: skip

# electricity_as_a_good/scarcity


def shortage(rng):
    """(price, demand, capacity, elasticity); now and then there is enough, or just enough."""
    kind, demand = rng.random(), int(rng.integers(4, 20)) * 10
    share = 1 if kind < 0.1 else float(rng.integers(102, 130)) / 100 if kind < 0.25 else float(rng.integers(70, 99)) / 100
    elasticity = -float(rng.choice([0.05, 0.1, 0.2, 0.3, 0.5, 1, 2]))
    return int(rng.integers(10, 40)), demand, round(demand * share, 2), elasticity


def price_that_fits(price, demand, capacity, elasticity, *, rule=lambda p, share, e: p * share ** (1 / e), enough=1.0):
    return rule(price, min(capacity / demand, enough), elasticity)


SCARCITY = exercise(
    "electricity_as_a_good/scarcity", price_that_fits,
    example=((20, 100, 80, -0.5), 31.25),
    draw=shortage, form=number("one number is asked for, the price"),
    mistakes=(
        wrong("it follows a straight line: so many per cent less, divided by the elasticity, so many per cent dearer. On a"
              " curve of constant elasticity each further per cent is one of what is left.",
              rule=lambda p, share, e: p * (1 + (share - 1) / e)),
        wrong("it has lost the sign of the elasticity, so that the price falls when energy is short.",
              rule=lambda p, share, e: p * share ** (-1 / e)),
        wrong("it raises to the elasticity. That gives a quantity from a price; here a price is asked for, so raise to one"
              " over the elasticity.", rule=lambda p, share, e: p * share**e),
        wrong("it takes the elasticity for a slope, ct for kWh. It is per cent for per cent.",
              rule=lambda p, share, e: p + (share - 1) / e),
        almost("right, except where there is enough: the price then stays.", enough=float("inf")),
    ),
    corners={"when there is more than enough": lambda price, demand, capacity, elasticity: capacity > demand,
             "when there is just enough": lambda price, demand, capacity, elasticity: capacity == demand},
    forbids=(scarcity_price,),
    hints=("Demand is wanted = demand · (new price / price) ** elasticity. Set it to the capacity.",
           "Solve for the new price. And what if nobody need be kept out?"),
)  # fmt: skip

# electricity_as_a_good/equilibrium


def market(rng):
    """(sellers, buyers): (intercept, slope) each; some are silent at the price, now and then all are."""
    kind = rng.random()

    def side(low, high):
        count = 0 if kind > 0.97 else int(rng.integers(1, 4))
        return [(int(rng.integers(low, high)), int(rng.integers(1, 11)) / 20) for _ in range(count)]

    return (side(20, 40), side(5, 21)) if kind < 0.1 else (side(0, 25), side(12, 50))


def meeting_price(sellers, buyers, *, least=0.0, seen=lambda side: side):
    """The excess rises with the price: halve the span in which it passes 0."""
    sellers, buyers = seen(sellers), seen(buyers)
    if not sellers or not buyers or max(a for a, _ in buyers) <= min(a for a, _ in sellers):
        return None
    low, high = -1000.0, 1000.0
    for _ in range(100):
        price = (low + high) / 2
        sold = sum(max((price - a) / b, least) for a, b in sellers)
        bought_ = sum(max((a - price) / b, least) for a, b in buyers)
        low, high = (low, price) if sold > bought_ else (price, high)
    return low


def mean_curve(side):
    """One curve of mean intercept and mean slope, as often as there are curves."""
    count = max(len(side), 1)
    return [(sum(a for a, _ in side) / count, sum(b for _, b in side) / count)] * len(side)


def sum_of_prices(side):
    return [(sum(a for a, _ in side), sum(b for _, b in side))] if side else []


def silent(sellers, buyers):
    price = meeting_price(sellers, buyers)
    return price is not None and (max(a for a, _ in sellers) > price or min(a for a, _ in buyers) < price)


EQUILIBRIUM = exercise(
    "electricity_as_a_good/equilibrium", meeting_price,
    example=(([(5, 0.05), (10, 0.125)], [(40, 0.4), (18, 0.4)]), 9.8),
    draw=market, form=one(or_none(is_number), "one number is asked for, the price, or None without trade"),
    mistakes=(
        wrong("it lets quantities fall below 0: a seller below its first cost then counts as a buyer, and a buyer above its"
              " first value as a seller. Each quantity is 0 at least.", least=-float("inf")),
        wrong("it looks at the first seller and the first buyer alone. Add up the quantities of all.",
              seen=lambda side: side[:1]),
        wrong("it takes one curve with the mean intercept and the mean slope. What is common is the price: at each price add"
              " up the quantities.", seen=mean_curve),
        wrong("it adds up curves the wrong way, price on price. All see the same price: add up the quantities.",
              seen=sum_of_prices),
    ),
    corners={"when somebody is silent at the price": silent,
             "when nobody trades": lambda *case: meeting_price(*case) is None},
    forbids=(equilibrium,),
    hints=("At a price p a seller (a, b) sells max((p - a) / b, 0), and a buyer buys max((a - p) / b, 0).",
           "What is sold rises with p and what is bought falls. Begin with two prices around the answer, and halve.",
           "If the first unit of every buyer is worth no more than the first of any seller costs, there is no price."),
)  # fmt: skip

# electricity_as_a_good/peak_load


def one_capacity(rng):
    """(intercepts, running, building): the first unit of capacity is always worth building."""
    intercepts = [int(a) for a in rng.integers(1 if rng.random() < 0.5 else 10, 25, int(rng.integers(1, 5)))]
    running = int(rng.integers(0, 6))
    worth = sum(max(a - running, 0) for a in intercepts)
    building = 0 if rng.random() < 0.1 else int(rng.integers(1, 30))
    return (intercepts, running, building) if building < worth else one_capacity(rng)


def peak_load(intercepts, running, building):
    """Let the k periods that value it most share the capacity: is there room for all the others?"""
    ranked = sorted((a - running for a in intercepts), reverse=True)
    for k in range(1, len(ranked) + 1):
        capacity = (sum(ranked[:k]) - building) / k
        if k == len(ranked) or capacity >= ranked[k]:
            break
    return [capacity, [max(running, a - capacity) for a in intercepts]]


def peak_pays_all(intercepts, running, building):
    top = max(intercepts)
    first = intercepts.index(top)
    return [top - running - building, [running + building * (place == first) for place in range(len(intercepts))]]


def each_pays(intercepts, running, building, *, part):
    each = part(building, len(intercepts))
    return [max(intercepts) - running - each, [running + each] * len(intercepts)]


def pays_for_itself(answer, intercepts, running, building):
    """Nobody uses more than there is, and what is paid covers what it costs."""
    capacity, prices = answer
    used = [max(a - p, 0) for a, p in zip(intercepts, prices)]
    if max(used) > capacity + 1e-6:
        return f"at its prices a period uses {max(used):g}, and the capacity is {capacity:g}"
    paid, costs = sum(p * q for p, q in zip(prices, used)), running * sum(used) + building * capacity
    return f"all pay {paid:g} ct, and it costs {costs:g} ct" if abs(paid - costs) > 1e-6 * (1 + costs) else None


PEAK_LOAD = exercise(
    "electricity_as_a_good/peak_load", peak_load,
    example=(([20, 16], 2, 10), [11.0, [9.0, 5.0]]),
    draw=one_capacity,
    form=several("two things are asked for, (capacity, prices)", number("the capacity is one number"),
                 numbers(lambda intercepts, *_: len(intercepts), "prices must be a list of {n} numbers, one a period")),
    mistakes=(
        wrong("it charges all capacity to the period that wants most. At those prices another period may want more than is"
              " built: then the two must share.", peak_pays_all),
        wrong("it charges the whole capacity in every period. It is built once, and paid once.",
              each_pays, part=lambda building, n: building),
        wrong("it charges all periods alike. A period for which there is room at the running cost pays nothing for capacity,"
              " and of two that fill it the one that values it more pays more.",
              each_pays, part=lambda building, n: building / n),
        wrong("it charges the running cost alone. Then nobody pays for the capacity.",
              each_pays, part=lambda building, n: 0),
    ),
    properties=(pays_for_itself,),
    corners={"when one period alone fills the capacity": lambda a, running, building:
             sum(p > running for p in peak_load(a, running, building)[1]) == 1 < len(a),
             "when several periods fill it": lambda *case: sum(p > case[1] for p in peak_load(*case)[1]) > 1,
             "when capacity costs nothing": lambda a, running, building: building == 0,
             "when a period wants nothing at the running cost": lambda a, running, building: min(a) <= running,
             "when there is one period": lambda a, running, building: len(a) == 1},
    forbids=(peak_load_prices,),
    hints=("With a capacity K a period that would use more pays what its last kWh is worth, a - K.",
           "One more unit of capacity earns the sum of max(a - K - running, 0). Look for the K at which this is building.",
           "That sum falls as K grows: halve a span, or try how many periods share."),
)  # fmt: skip

EXERCISES = (DEMAND, SCARCITY, EQUILIBRIUM, PEAK_LOAD)
