"""Random books of orders, in round numbers a learner can follow by hand, and what may be odd about them."""

AGENTS = ("bakery", "school", "home1")


def books(rng):
    """(bids, asks) of every kind: plain, with ties, without trade, with an empty side, at negative prices."""
    for _ in range(30):
        prices = [int(price) for price in rng.permutation(range(3, 25))]
        buyers, sellers = rng.integers(1, 6, size=2)
        yield _side(rng, prices[:buyers]), _side(rng, prices[-sellers:])
    for _ in range(15):
        yield _side(rng, rng.choice([6, 8, 10], rng.integers(1, 6))), _side(rng, rng.choice([6, 8], rng.integers(1, 6)))
    for _ in range(6):
        yield _side(rng, rng.integers(2, 6, rng.integers(1, 4))), _side(rng, rng.integers(7, 12, rng.integers(1, 4)))
    for _ in range(6):
        yield _side(rng, rng.integers(-6, 3, rng.integers(1, 4))), _side(rng, rng.integers(-9, 0, rng.integers(1, 4)))
    yield [], []
    yield _side(rng, [9, 7]), []
    yield [], _side(rng, [5, 6])


def _side(rng, prices):
    return [(int(price), int(rng.integers(1, 7)) / 2) for price in prices]


def same_price(bids, asks):
    return any(len({price for price, _ in side}) < len(side) for side in (bids, asks))


def touching(bids, asks):
    return bool({price for price, _ in bids} & {price for price, _ in asks})


def negative(bids, asks):
    return any(price < 0 for price, _ in [*bids, *asks])


def members(rng):
    """(bids, asks, me) with an agent in each order; most books leave room for the price, and `me` is on both sides."""
    for _ in range(45):
        prices = [int(price) for price in rng.permutation(range(3, 25))]
        buyers, sellers = rng.integers(3, 7, size=2)
        # Two agents, so that each buys and sells, and seldom the same.
        yield _with_agents(rng, AGENTS[:2], [(p, 1) for p in prices[:buyers]], [(p, 1) for p in prices[-sellers:]])
    for number, (bids, asks) in enumerate(books(rng)):
        if number % 3 == 0:
            yield _with_agents(rng, AGENTS, bids, asks)


def single_units(rng):
    """(bids, asks) as lists of prices, one kWh an order: those of `books`, longer ones, and pairs at the edge."""
    for bids, asks in books(rng):
        yield [price for price, _ in bids], [price for price, _ in asks]
    for _ in range(20):
        buyers, sellers = rng.integers(2, 6, size=2)
        yield rng.integers(8, 25, buyers).tolist(), rng.integers(3, 19, sellers).tolist()
    for number in range(8):
        # The next pair names a price at which the last pair gains nothing on one side, or on both.
        price, apart, room = (int(x) for x in rng.integers([6, 1, 1], [15, 4, 4]))
        bids = [price + (room if number % 4 == 0 else 0), price - apart]
        asks = [price - (room if number % 4 == 1 else 0), price + apart]
        better = rng.integers(0, 3)
        bids += rng.integers(price + 3, price + 9, better).tolist()
        asks += rng.integers(price - 6, price - 2, better).tolist()
        yield rng.permutation(bids).tolist(), rng.permutation(asks).tolist()


def _with_agents(rng, agents, bids, asks):
    bids, asks = ([(str(rng.choice(agents)), *order) for order in side] for side in (bids, asks))
    return bids, asks, str(rng.choice(agents))
