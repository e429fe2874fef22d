"""Checks of the chapter on forwards and settlement."""

from itertools import accumulate

from tefoundations import market, strategy
from tefoundations.exercises.kit.forms import number, numbers, several
from tefoundations.exercises.kit.recipe import almost, exercise, wrong

SLACK = 1e-9

# forwards_and_settlement/statement


def day(rng):
    """(day_ahead, sold, real_time, delivered): up to four intervals; now and then a price below zero."""
    n = int(rng.integers(0, 5))
    day_ahead, real_time = (rng.integers(low, 90, n).tolist() for low in (5, -20))
    sold, delivered = (rng.integers(0, 15, n).tolist() for _ in range(2))
    return day_ahead, sold, real_time, delivered


def statement(day_ahead, sold, real_time, delivered, *, of=lambda a, s, r, q: a * s + r * (q - s)):
    return sum(of(*row) for row in zip(day_ahead, sold, real_time, delivered))


STATEMENT = exercise(
    "forwards_and_settlement/statement", statement,
    example=(([20, 20], [10, 10], [30, 12], [8, 11]), 352.0),
    draw=day, form=number("one number is asked for, in ct"),
    mistakes=(
        wrong("it pays both in full: what was sold the day before, and all of the meter at today's price. The meter holds"
              " what was sold, and only the difference is left.", of=lambda a, s, r, q: a * s + r * q),
        wrong("it pays the meter at the price of the day before. That price is for what was sold then.",
              of=lambda a, s, r, q: a * q),
        wrong("it pays all at today's price. The sale of the day before stands.", of=lambda a, s, r, q: r * q),
        wrong("its difference has the wrong sign: who delivers more than it sold is paid for it.",
              of=lambda a, s, r, q: a * s + r * (s - q)),
        wrong("it settles the difference at the spread of the two prices. It is bought or sold at today's price.",
              of=lambda a, s, r, q: a * s + (r - a) * (q - s)),
        almost("right where less is delivered than was sold. What is delivered beyond that is paid too.",
               of=lambda a, s, r, q: a * s + r * min(q - s, 0)),
    ),
    corners={"when there are no intervals": lambda day_ahead, *_: not day_ahead,
             "when more is delivered than was sold": lambda a, sold, r, made: any(q > s for s, q in zip(sold, made)),
             "when nothing was sold": lambda a, sold, *_: 0 in sold,
             "when the price today is below zero": lambda a, s, real_time, q: min(real_time, default=0) < 0},
    forbids=(market.two_settlement,),
    hints=("Take one interval. What was sold brings its own price, whatever the meter reads.",
           "Then the meter: it reads so much more, or less, than was sold. That is paid at today's price."),
)  # fmt: skip

# forwards_and_settlement/imbalances


def misses(rng):
    """(deviation, day_ahead, short, long): now and then they cancel, or somebody keeps to the schedule."""
    deviation = rng.integers(-6, 7, int(rng.integers(1, 6))).tolist()
    if rng.random() < 0.2:
        deviation.append(-sum(deviation))
    day_ahead = int(rng.integers(10, 40))
    return deviation, day_ahead, day_ahead + int(rng.integers(5, 30)), day_ahead - int(rng.integers(5, 30))


def imbalances(
    deviation, day_ahead, short, long, *,
    prices=lambda total, x, a, u, d: u if total < 0 else d if total > 0 else a,
    worse=lambda total, x: x * total > 0, rules=("single", "dual"),
):  # fmt: skip
    total = sum(deviation)
    paid = {
        "single": [x * prices(total, x, day_ahead, short, long) for x in deviation],
        "dual": [x * (prices(total, x, day_ahead, short, long) if worse(total, x) else day_ahead) for x in deviation],
    }
    return [paid[rule] for rule in rules]


def single_leaves_nothing(answer, deviation, day_ahead, short, long):
    total = sum(deviation)
    price = short if total < 0 else long if total > 0 else day_ahead
    if abs(sum(answer[0]) - price * total) > SLACK * (1 + abs(price * total)):
        left = f"the single price passes on what balancing costs, {price:g} * {total:g} = {price * total:g} ct"
        return f"{left}, but your single amounts add up to {sum(answer[0]):g}"
    return None


def own_side(total, x, a, u, d):
    return u if x < 0 else d if x > 0 else a


IMBALANCES = exercise(
    "forwards_and_settlement/imbalances", imbalances,
    example=(([2, -3, -4], 20, 35, 12), [[70.0, -105.0, -140.0], [40.0, -105.0, -140.0]]),
    draw=misses,
    form=several("two lists are asked for, (single, dual)",
                 *[numbers(lambda deviation, *_: len(deviation), f"{rule} must be one number for each seller, here {{n}}")
                   for rule in ("single", "dual")]),
    mistakes=(
        wrong("it looks at the sign of each seller's own deviation. The sum of all decides whether the system is short"
              " or long.",
              prices=own_side),
        wrong("its dual amounts are its single ones. Under the dual rule who helps is settled at the price of the day"
              " before.", worse=lambda total, x: True),
        wrong("it has the two rules the wrong way round.", rules=("dual", "single")),
        wrong("it takes the price of a long system where the system is short, and the other way round.",
              prices=lambda total, x, a, u, d: d if total < 0 else u if total > 0 else a),
        wrong("its dual rule settles those who help at the balancing price, and those who make it worse at that of the day"
              " before.",
              worse=lambda total, x: x * total < 0),
        wrong("it settles all at the price of the day before under the single rule.",
              lambda deviation, day_ahead, short, long: [[x * day_ahead for x in deviation],
                                                         imbalances(deviation, day_ahead, short, long)[1]]),
        almost("right, except where the deviations cancel: then no balancing energy is needed, and the price of the day"
               " before holds.", prices=lambda total, x, a, u, d: u if total <= 0 else d,
               worse=lambda total, x: x * total > 0 or not total),
    ),
    properties=(single_leaves_nothing,),
    corners={"when the deviations cancel": lambda deviation, *_: sum(deviation) == 0 and any(deviation),
             "when somebody keeps to the schedule": lambda deviation, *_: 0 in deviation,
             "when all err to the same side": lambda x, *_: len(x) > 1 and (min(x) > 0 or max(x) < 0),
             "when there is one seller": lambda deviation, *_: len(deviation) == 1},
    forbids=(market.imbalance_charges,),
    hints=("Add up all deviations first. Is the system short or long?",
           "Single: one price for everybody. Dual: that price only for those whose deviation has the sign of the sum."),
)  # fmt: skip

# forwards_and_settlement/best_bid


def forecast(rng):
    """(day_ahead, short, long, outputs, levels): quantiles; now and then the best level is one of them, or an end."""
    n = int(rng.integers(2, 7))
    inner = sorted(rng.choice(range(1, 20), n - 2, replace=False).tolist())
    levels = [0.0, *(each / 20 for each in inner), 1.0]
    outputs = [int(y) for y in accumulate(rng.choice([0, 1, 2, 5, 8, 13], n))]
    long = int(rng.integers(0, 30))
    spread = int(rng.choice([10, 20, 40]))
    up = int(rng.integers(0, spread + 1))
    return long + up, long + spread, long, outputs, levels


def at_level(outputs, levels, level, between=True):
    row = next(i for i in range(1, len(levels)) if levels[i] >= level - SLACK)
    part = (level - levels[row - 1]) / (levels[row] - levels[row - 1])
    if not between:
        return outputs[row - 1] if part < SLACK else outputs[row]
    return outputs[row - 1] + part * (outputs[row] - outputs[row - 1])


def best_bid(day_ahead, short, long, outputs, levels, *, level=lambda a, u, d: (a - d) / (u - d), between=True):
    return at_level(outputs, levels, level(day_ahead, short, long), between)


def mean(day_ahead, short, long, outputs, levels):
    return sum((q - p) * (x + y) / 2 for p, q, x, y in zip(levels, levels[1:], outputs, outputs[1:]))


BEST_BID = exercise(
    "forwards_and_settlement/best_bid", best_bid,
    example=((50, 70, 40, [0, 30, 90], [0, 0.25, 1]), 110 / 3),
    draw=forecast, form=number("one number is asked for, in kWh"),
    mistakes=(
        wrong("it bids the mean. A kWh missing and a kWh over do not cost the same.", mean),
        wrong("it bids the median, whatever the prices. How much a miss costs on either side decides.",
              level=lambda a, u, d: 0.5),
        wrong("it takes the other quantile: the dearer a missing kWh is, the less you sell.",
              level=lambda a, u, d: (u - a) / (u - d)),
        wrong("it takes a share of the largest output. The level is a chance; the output that belongs to it is asked for.",
              lambda day_ahead, short, long, outputs, levels: (day_ahead - long) / (short - long) * outputs[-1]),
        wrong("it compares prices instead of losses: what is lost is the difference to the price of the day before.",
              level=lambda a, u, d: min(a / (u + d), 1)),
        almost("right where the level is one of the forecast. Between two of them go on along the straight line.",
               between=False),
    ),
    corners={"when the level is one of the forecast's": lambda a, u, d, y, levels: (a - d) / (u - d) in levels[1:-1],
             "when what is over brings as much as the day before": lambda a, u, d, *_: a == d,
             "when what is missing costs no more than the day before": lambda a, u, d, *_: a == u,
             "when two quantiles are the same output": lambda a, u, d, outputs, levels: len(set(outputs)) < len(outputs)},
    forbids=(market.best_bid, strategy.newsvendor),
    hints=("What is lost by a kWh that is missing, and by one that is over?",
           "The best level is the second loss over the sum of both. Between which two levels of the forecast does it lie?",
           "Go the same part of the way between their outputs. numpy.interp does it too."),
)  # fmt: skip

# forwards_and_settlement/hedge


def cases(rng):
    """(prices, loads, chances): now and then the price is the same in all cases, or the load falls as it rises."""
    n = int(rng.integers(2, 6))
    prices, loads = rng.integers(-10, 60, n).tolist(), rng.integers(0, 9, n).tolist()
    if rng.random() < 0.15:
        prices = [prices[0]] * n
    parts = rng.integers(0, 5, n)
    parts[0] += 1
    return prices, loads, [int(part) / int(parts.sum()) for part in parts]


def weighted(chances, values):
    return sum(w * v for w, v in zip(chances, values))


def hedge(prices, loads, chances, *, paid=lambda p, load: p * load, over=lambda cost, price: price, sign=1, weights=None):
    w = weights(chances) if weights else chances
    cost = [paid(p, load) for p, load in zip(prices, loads)]
    by = [p - weighted(w, prices) for p in prices]
    variance = weighted(w, [x * x for x in by])
    if variance < SLACK:
        return 0.0
    away = [x - weighted(w, cost) for x in cost]
    scale = over((weighted(w, [x * x for x in away])) ** 0.5, variance**0.5)
    return sign * weighted(w, [x * y for x, y in zip(away, by)]) / (variance**0.5 * scale) if scale else 0.0


def equal(chances):
    return [1 / len(chances)] * len(chances)


HEDGE = exercise(
    "forwards_and_settlement/hedge", hedge,
    example=(([10, 50], [1, 3], [0.5, 0.5]), 3.5),
    draw=cases, form=number("one number is asked for, in kWh"),
    mistakes=(
        wrong("it buys the mean load. A load that moves with the price needs more.",
              lambda prices, loads, chances: weighted(chances, loads)),
        wrong("it leaves out the chances: a case that comes more often counts more.", weights=equal),
        wrong("it hedges the load. It is the cost, price times load, that must not swing.", paid=lambda p, load: load),
        wrong("it gives the correlation. The answer is in kWh: divide by the variance of the price.",
              over=lambda cost, price: cost),
        wrong("its sign is turned: who pays more when the price is high buys in advance.", sign=-1),
        wrong("it gives the covariance. Divide it by the variance of the price.", over=lambda cost, price: 1 / price),
    ),
    corners={"when the price is the same in all cases that can come: answer 0":
                 lambda prices, loads, chances: len({price for price, w in zip(prices, chances) if w}) == 1,
             "when the load falls as the price rises": lambda *case: hedge(*case) < -SLACK,
             "when a case never comes": lambda prices, loads, chances: 0 in chances},
    forbids=(market.hedge_ratio,),
    hints=("What does the home pay in each case? Begin with that list.",
           "Means are weighted by the chances: sum(w * x).",
           "Covariance of cost and price, over the variance of the price."),
)  # fmt: skip

EXERCISES = (STATEMENT, IMBALANCES, BEST_BID, HEDGE)
