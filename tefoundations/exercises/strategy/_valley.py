"""Answers about the valley of the quiz on strategy; keyword-only parameters are the joints at which learners slip."""

from functools import cache
from operator import lt

from tefoundations.data import valley

TURBINES, INTERCEPT, SLOPE, COST = 6, 72, 1, 12  # owners; ct/kWh, and for each kWh; ct/kWh
LAKE, DEMAND, CAP, LAKE_COST = 60, 90, 100, 10  # kWh, kWh; ct/kWh
REFILL, WEIGHT = 3, 0.9  # days; weight of tomorrow
ADVANCE, OVER, MISSING = 20, 12, 50  # ct/kWh
METRE = 6  # EUR
SLOTS, HIGHEST, EPSILON = 6, 5, 0.25  # times a day; kWh; of the whole day


@cache
def columns(table):
    """Columns of a table of the valley as tuples of plain values."""
    frame = valley(table)
    return {name: tuple(frame[name].tolist()) for name in frame}


# Two pumps


def even(same, other_same, cross, other_cross):
    """Chance of dawn at which dawn and noon cost the same: same, other_same where both run at one time."""
    return (other_same - other_cross) / (same - cross + other_same - other_cross)


def pump_chances(*, told=lambda upper, lower: (upper, lower)):
    """Chance of dawn of each, at which the other does not care when it runs."""
    t = columns("pumps")
    by_time = dict(zip(zip(t["upper"], t["lower"]), zip(t["upper_pays"], t["lower_pays"])))
    dd, dn, nd, nn = (by_time[(upper, lower)] for upper in ("dawn", "noon") for lower in ("dawn", "noon"))
    return told(even(dd[1], nn[1], dn[1], nd[1]), even(dd[0], nn[0], nd[0], dn[0]))


# Turbines that merge


def owners_left(merged):
    return TURBINES - merged + 1


def price_of(firms):
    return (INTERCEPT + firms * COST) / (firms + 1)


def profit_of(firms):
    return (price_of(firms) - COST) ** 2 / SLOPE


def paying_merger(*, least=None, left=owners_left, before=lambda merged: merged * profit_of(TURBINES)):
    merged = least or next(m for m in range(2, TURBINES + 1) if profit_of(owners_left(m)) > before(m))
    return merged, price_of(left(merged))


# The lake


def left_below(price, before=lt):
    """What is left for the lake once the rivals before it have sold."""
    offers = zip(columns("offers")["price"], columns("offers")["quantity"])
    return max(DEMAND - sum(kwh for rival, kwh in offers if before(rival, price)), 0)


def lake_offer(*, tried=lambda prices: prices, before=lt, cost=LAKE_COST, most=min):
    """Price just below which the lake asks, and what it earns."""

    def earned(price):
        return (price - cost) * most(left_below(price, before), LAKE)

    best = max(tried([*columns("offers")["price"], CAP]), key=earned)
    return best, earned(best)


def honest(prices):
    """The price where the lake asks its cost: the highest below which it sells all it has."""
    return [max(price for price in prices if left_below(price) >= LAKE)]


def last_sold(prices):
    """The highest price at which anything is left for the lake."""
    return [max(price for price in prices if left_below(price) > 0)]


# The reservoir


def reservoir_worth(*, days=REFILL + 1, sells=None, refilled=True):
    """Lowest price at which a full reservoir sells, and its worth the evening before, by answering until nothing moves."""
    full, prices = 0.0, list(zip(columns("prices")["price"], columns("prices")["chance"]))
    lowest = None
    for _ in range(2000):
        after = WEIGHT**days * full if refilled else 0.0
        taken = [p for p, _ in prices if (p >= sells if sells is not None else p + after >= WEIGHT * full)]
        lowest = min(taken)
        full = sum(c * (p + after if p in taken else WEIGHT * full) for p, c in prices)
    return lowest, full


# The brook


def ordered():
    return sorted(zip(columns("brook")["kwh"], columns("brook")["chance"]))


def quantile(share):
    """The least amount that is not exceeded with this chance."""
    up_to = 0.0
    for kwh, chance in ordered():
        up_to += chance
        if up_to >= share - 1e-9:
            return kwh
    return ordered()[-1][0]


def mean():
    return sum(kwh * chance for kwh, chance in ordered())


def brook_promise(*, share=(ADVANCE - OVER) / (MISSING - OVER)):
    return quantile(share)


def cost_of(promised):
    """What is lost on average against knowing in advance, ct."""
    return sum(
        chance * ((ADVANCE - OVER) * max(kwh - promised, 0) + (MISSING - ADVANCE) * max(promised - kwh, 0))
        for kwh, chance in ordered()
    )


def forecast_worth(*, without=brook_promise):
    return cost_of(without())


# The cable


def cable_shares():
    """Each stretch is shared by those who stand above it."""
    metres = (0, *columns("cable")["metres"])
    stretches = [b - a for a, b in zip(metres, metres[1:])]
    count, paid = len(stretches), 0.0
    found = []
    for k, stretch in enumerate(stretches):
        paid += METRE * stretch / (count - k)
        found.append(paid)
    return found


def all_of_it():
    return METRE * columns("cable")["metres"][-1]


def in_proportion():
    metres = columns("cable")["metres"]
    return [all_of_it() * each / sum(metres) for each in metres]


def own_stretch():
    metres = columns("cable")["metres"]
    return [METRE * (b - a) for a, b in zip((0, *metres), metres)]


# What the huts used


def noise_scale(*, readings=SLOTS, meters=1, by=lambda change: change / EPSILON):
    return by(readings * HIGHEST * meters)
