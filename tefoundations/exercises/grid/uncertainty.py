"""Checks of the chapter on uncertainty."""

from tefoundations import grid, market, strategy
from tefoundations.exercises.kit.forms import number, numbers
from tefoundations.exercises.kit.recipe import almost, exercise, wrong

SLACK = 1e-9


def chances_of(rng, count):
    """So many chances, in twentieths."""
    cuts = sorted(rng.choice(range(1, 20), count - 1, replace=False).tolist())
    return [(b - a) / 20 for a, b in zip([0, *cuts], [*cuts, 20])]


def weighted(chances, values):
    return sum(chance * value for chance, value in zip(chances, values))


def even(chances):
    return [1 / len(chances)] * len(chances)


# uncertainty/commit


def skies(rng):
    """(need, early, late, sun, chances): no two orders cost the same; now and then sun for all, or late power is cheap."""
    while True:
        count = int(rng.integers(2, 6))
        need, early = 5 * int(rng.integers(8, 25)), int(rng.integers(10, 50))
        late = early + int(rng.integers(5, 120)) if rng.random() < 0.85 else early - int(rng.integers(1, 8))
        sun = (5 * rng.choice(26, count, replace=False)).tolist()
        chances = chances_of(rng, count)
        sums = [weighted(chances, [other >= each for other in sun]) for each in sun]
        if min(abs(each - (1 - early / late)) for each in sums) > 0.01:
            return need, early, late, sun, chances


def commit(
    need, early, late, sun, chances, *, level=lambda early, late: 1 - early / late, least=0, cheap=True, order=sorted
):
    """The order that lacks nothing with a chance of `level`; nothing is ordered where late power is `cheap`."""
    if cheap and late <= early:
        return 0
    reached = 0.0
    for lack, chance in order((need - each, chance) for each, chance in zip(sun, chances)):
        reached += chance
        if reached >= level(early, late) - SLACK:
            return max(lack, least)
    return max(lack, least)


def mean_cost(order, need, early, late, sun, chances):
    return early * order + late * weighted(chances, [max(need - each - order, 0) for each in sun])


def one_megawatt_more_or_less(answer, *case):
    for step, words in ((1, "more"), (-1, "less")):
        saved = mean_cost(answer, *case) - mean_cost(answer + step, *case)
        if answer + step >= 0 and saved > 1e-6:
            return f"with an order of {answer:g} MW, one MW {words} would save {saved:g} $ on average"
    return "an order cannot be below 0" if answer < 0 else None


COMMIT = exercise(
    "uncertainty/commit", commit,
    example=((100, 20, 50, [60, 30, 0], [0.5, 0.3, 0.2]), 70.0),
    draw=skies, form=number("one number is asked for, in MW"), properties=(one_megawatt_more_or_less,),
    mistakes=(
        wrong("it orders for the mean of the sun. A MW too many loses its price, a MW too few the dearer one: they do not"
              " balance.",
              lambda need, early, late, sun, chances: max(need - weighted(chances, sun), 0)),
        wrong("it orders for the darkest sky, whatever that costs on all other days.",
              lambda need, early, late, sun, chances: max(need - min(sun), 0)),
        wrong("it orders for the likeliest sky, and does not look at the prices.",
              lambda need, early, late, sun, chances: max(need - sun[chances.index(max(chances))], 0)),
        wrong("it turns the level: the dearer late power is, the more is ordered early.",
              level=lambda early, late: early / late, cheap=False),
        wrong("it takes the median, whatever the prices.", level=lambda *_: 0.5, cheap=False),
        wrong("it compares the two prices. What a MW too few loses is the late price less the early one.",
              level=lambda early, late: late / (early + late), cheap=False),
        wrong("it adds up chances in the order given. Begin with the sky that leaves the least to be ordered.", order=list),
        almost("right, except where the sun alone is enough: less than nothing cannot be ordered.", least=-1e9),
        almost("right, except where late power is the cheaper one: then order nothing.", cheap=False),
    ),
    corners={"when the sun alone may be enough": lambda need, a, b, sun, p: max(sun) >= need,
             "when late power is the cheaper one": lambda need, early, late, sun, p: late <= early and max(sun) < need},
    forbids=(grid.stochastic_opf, grid.worth, strategy.newsvendor, market.best_bid),
    hints=("What does one more MW cost, and with which chance does it save something?",
           "One more MW pays as long as the chance that it is lacking is above early / late.",
           "Sort what each sky leaves to be ordered, and add up chances until the level is reached."),
)  # fmt: skip

# uncertainty/worth


def tables(rng):
    """(costs, chances, expected): schedules by scenarios; now and then one is best in all, or that of the mean is best."""
    rows, count = int(rng.integers(2, 5)), int(rng.integers(1, 5))
    costs = rng.integers(50, 250, (rows, count)) * 10
    chances = chances_of(rng, count)
    if rng.random() < 0.15:
        costs[int(rng.integers(rows))] = costs.min(axis=0)
    expected = int(rng.integers(rows))
    if rng.random() < 0.2:
        expected = int((costs @ chances).argmin())
    return costs.tolist(), chances, expected


def worth(
    costs, chances, expected, *, weights=list, known=lambda costs, p: weighted(p, map(min, zip(*costs))),
    given=lambda rp, ws, eev: [rp - ws, eev - rp],
):  # fmt: skip
    p = list(weights(chances))
    means = [weighted(p, row) for row in costs]
    return given(min(means), known(costs, p), means[expected])


def neither_is_negative(answer, *_):
    for value, name in zip(answer, ("the value of information", "the value of scenarios")):
        if value < -1e-6:
            return f"{name} is below zero: who knows more, or plans for all scenarios, does not do worse"
    return None


WORTH = exercise(
    "uncertainty/worth", worth,
    example=(([[1400, 1400, 2900], [1220, 1670, 3170], [2000, 2000, 2000], [800, 2300, 3800]], [0.5, 0.3, 0.2], 1),
             [480.0, 45.0]),
    draw=tables, form=numbers(2, "two numbers are asked for, (evpi, vss), in $"), properties=(neither_is_negative,),
    mistakes=(
        wrong("it gives the two the wrong way round.", given=lambda rp, ws, eev: [eev - rp, rp - ws]),
        wrong("its value of scenarios is measured from perfect knowledge. Compare with the best that can be done without.",
              given=lambda rp, ws, eev: [rp - ws, eev - ws]),
        wrong("it leaves out the chances: a scenario that comes more often counts more.", weights=even),
        wrong("both have the wrong sign: a saving is what the worse plan costs less what the better one costs.",
              given=lambda rp, ws, eev: [ws - rp, rp - eev]),
        wrong("it compares with the cheapest of all numbers. Knowing the weather does not make it.",
              known=lambda costs, p: min(map(min, costs))),
        wrong("its perfect knowledge keeps to one schedule, that of the mean. Who knows chooses for each scenario.",
              given=lambda rp, ws, eev: [eev - ws, eev - rp]),
    ),
    corners={"when the schedule of the mean is the best one": lambda *case: abs(worth(*case)[1]) < SLACK,
             "when one schedule is best in every scenario": lambda c, p, e: len(p) > 1 and abs(worth(c, p, e)[0]) < SLACK,
             "when there is one scenario": lambda costs, chances, expected: len(chances) == 1},
    forbids=(grid.worth, grid.stochastic_opf),
    hints=("First the mean cost of each row, weighted by the chances. The least of them is RP.",
           "Who knows the scenario takes the cheapest row of its column: the mean of these is WS.",
           "EVPI is RP - WS. EEV is the mean cost of row `expected`, and VSS is EEV - RP."),
)  # fmt: skip

# uncertainty/settle


def sales(rng):
    """(position, outputs, prices, chances): now and then nothing was sold, or a price is below zero."""
    count = int(rng.integers(2, 5))
    position = 5 * int(rng.integers(1, 18)) if rng.random() < 0.85 else 0
    outputs, prices = (5 * rng.integers(0, 18, count)).tolist(), rng.integers(-10, 60, count).tolist()
    return position, outputs, prices, chances_of(rng, count)


def settle(position, outputs, prices, chances, *, weights=list, of=lambda a, x, b, q: a * x + b * (q - x)):
    ahead = weighted(list(weights(chances)), prices)
    return [of(ahead, position, price, output) for price, output in zip(prices, outputs)]


def nothing_on_average(answer, position, outputs, prices, chances):
    mean, alone = weighted(chances, answer), weighted(chances, [p * q for p, q in zip(prices, outputs)])
    if abs(mean - alone) > 1e-6 * (1 + abs(alone)):
        said = "A sale ahead at the mean price gains nothing on average"
        return f"{said}: the mean income must be that of selling later, {alone:g} $, and is {mean:g}"
    return None


SETTLE = exercise(
    "uncertainty/settle", settle,
    example=((24, [0, 30, 90], [30, 20, 10], [0.2, 0.3, 0.5]), [-312.0, 528.0, 1068.0]),
    draw=sales,
    form=numbers(lambda p, outputs, *_: len(outputs), "one number for each scenario is asked for, here {n}, in $"),
    properties=(nothing_on_average,),
    mistakes=(
        wrong("it pays all output at the price ahead. That price is for what was sold then.", of=lambda a, x, b, q: a * q),
        wrong("it pays all at the price of the scenario. The sale ahead stands.", of=lambda a, x, b, q: b * q),
        wrong("its difference has the wrong sign: who delivers less than it sold buys the rest.",
              of=lambda a, x, b, q: a * x - b * (q - x)),
        wrong("it pays both in full: what was sold ahead, and all of the output once more.",
              of=lambda a, x, b, q: a * x + b * q),
        wrong("it takes the plain average of the prices for the price ahead. A likely scenario counts more.", weights=even),
        almost("right where more is delivered than was sold. What is lacking must be bought.",
               of=lambda a, x, b, q: a * x + b * max(q - x, 0)),
    ),
    corners={"when nothing was sold ahead": lambda position, *_: position == 0,
             "when less is delivered than was sold": lambda position, outputs, *_: min(outputs) < position,
             "when a price is below zero": lambda position, outputs, prices, *_: min(prices) < 0},
    forbids=(grid.stochastic_opf, market.two_settlement),
    hints=("The price ahead is one number: the mean of the prices, weighted by their chances.",
           "In each scenario the sale brings that price for `position` MW, whatever is delivered.",
           "Then the difference, output less position, at the price of the scenario; it may be negative."),
)  # fmt: skip

# uncertainty/tail


def bills(rng):
    """(costs, chances, alpha): now and then all of it, or the dearest scenario alone is more than the tail."""
    count = int(rng.integers(2, 7))
    costs = (10 * rng.choice(range(50, 400), count, replace=False)).tolist()
    alpha = int(rng.integers(1, 97)) / 100 if rng.random() < 0.85 else 0
    return costs, chances_of(rng, count), alpha


def tail(
    costs, chances, alpha, *, weights=list, dearest=True, border=lambda left, chance: min(left, chance),
    over=lambda taken, share: share,
):  # fmt: skip
    """Costs from the dearest down until a share of 1 - alpha is taken; of the one on the `border` a part."""
    left, total, taken = 1 - alpha, 0.0, 0.0
    for cost, chance in sorted(zip(costs, list(weights(chances))), reverse=dearest):
        part = border(left, chance) if left > SLACK else 0.0
        left, total, taken = left - chance, total + part * cost, taken + part
    return total / over(taken, 1 - alpha) if taken else max(costs)


def at_the_border(costs, chances, alpha):
    left = 1 - alpha
    for cost, chance in sorted(zip(costs, chances), reverse=True):
        left -= chance
        if left <= SLACK:
            return cost
    return min(costs)


def between(answer, costs, chances, alpha):
    if answer > max(costs) + 1e-6:
        return f"the mean of the dearest costs is no more than the dearest, {max(costs):g} $, and it is {answer:g}"
    mean = weighted(chances, costs)
    if answer < mean - 1e-6:
        return f"the mean of the dearest costs is at least the mean of all, {mean:g} $, and it is {answer:g}"
    return None


TAIL = exercise(
    "uncertainty/tail", tail,
    example=(([1400, 2000, 2900], [0.5, 0.3, 0.2], 0.6), 2450.0),
    draw=bills, form=number("one number is asked for, in $"), properties=(between,),
    mistakes=(
        wrong("it gives the cost at the border of the tail. Asked for is the mean of what lies beyond.", at_the_border),
        wrong("it gives the dearest cost of all. The tail may hold more scenarios than that.",
              lambda costs, chances, alpha: max(costs)),
        wrong("it adds up the tail and does not divide by its chance, 1 - alpha.", over=lambda taken, share: 1.0),
        wrong("it takes the cheapest scenarios. Begin with the dearest.", dearest=False),
        wrong("it leaves out the chances: a scenario that comes more often fills more of the tail.", weights=even),
        wrong("it counts the scenario on the border whole. Only so much of its chance as is lacking to 1 - alpha belongs to"
              " the tail.", border=lambda left, chance: chance, over=lambda taken, share: taken),
        almost("right where the tail ends between two scenarios. One that lies across the border counts with a part.",
               border=lambda left, chance: chance if chance <= left + SLACK else 0.0, over=lambda taken, share: taken),
    ),
    corners={"when alpha is 0: the mean of all": lambda costs, chances, alpha: alpha == 0,
             "when the dearest scenario is more than the tail": lambda c, p, alpha: p[c.index(max(c))] > 1 - alpha + SLACK},
    forbids=(grid.TwoStage.cvar, grid.stochastic_opf),
    hints=("Sort the scenarios by cost, the dearest first.",
           "Take chance from the top until 1 - alpha is taken. Of the last scenario take only what is lacking.",
           "Add up cost times the chance that was taken, and divide by 1 - alpha."),
)  # fmt: skip

EXERCISES = (COMMIT, WORTH, SETTLE, TAIL)
