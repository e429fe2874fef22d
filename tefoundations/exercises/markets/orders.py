"""Random orders in round numbers a learner can follow by hand, and what may be odd about them."""

# Prices of bids and of asks: of all kinds, with ties, without trade, below zero.
RANGES = (((6, 25), (3, 20)), ((7, 10), (6, 9)), ((2, 6), (7, 12)), ((-6, 3), (-9, 0)))
KINDS = (0.5, 0.25, 0.1, 0.15)


def prices(rng, kinds=KINDS, above_zero=False):
    """(prices of bids, prices of asks), up to five each; now and then a side is empty."""
    kind = rng.choice(len(RANGES), p=kinds)
    sides = RANGES[0 if above_zero and kind == 3 else kind]
    return [rng.integers(low, high, rng.integers(1, 6) * (rng.random() > 0.05)).tolist() for low, high in sides]


def book(rng):
    """(bids, asks): lists of (price, quantity), in halves of a kWh."""
    return tuple([(price, int(rng.integers(1, 7)) / 2) for price in side] for side in prices(rng))


def price_of(order):
    return order[-2] if isinstance(order, tuple) else order


def same_price(bids, asks, *_):
    return any(len(set(map(price_of, side))) < len(side) for side in (bids, asks))


def touching(bids, asks, *_):
    return bool(set(map(price_of, bids)) & set(map(price_of, asks)))


def negative(bids, asks, *_):
    return min(map(price_of, [*bids, *asks]), default=0) < 0


def kwh_by_price(orders, sign=1):
    """(price, position of its order) of each kWh of orders (..., price, whole kWh).

    The cheapest first, or with sign -1 the dearest; of equal prices the earlier position.
    """
    each = [(price, row) for row, (*_, price, quantity) in enumerate(orders) for _ in range(quantity)]
    return sorted(each, key=lambda kwh: (sign * kwh[0], kwh[1]))
