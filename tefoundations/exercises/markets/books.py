"""Random books of orders, in round numbers a learner can follow by hand, and what may be odd about them."""

AGENTS = ("bakery", "school", "home1")
BUYERS, SELLERS = ("bakery", "school", "clinic"), ("home1", "home2", "home3")


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


def kwh_by_price(orders, sign=1):
    """(price, position of its order) of each kWh of orders (..., price, whole kWh).

    The cheapest first, or with sign -1 the dearest; of equal prices the earlier position.
    """
    each = [(price, row) for row, (*_, price, quantity) in enumerate(orders) for _ in range(quantity)]
    return sorted(each, key=lambda kwh: (sign * kwh[0], kwh[1]))


def with_windows(rng):
    """(capacity, orders): whole kWh an hour, and orders (price, energy, first, last), some of which must make way."""
    for _ in range(40):
        prices = rng.permutation(range(4, 40))[: rng.integers(2, 7)]
        yield _hours(rng, rng.integers(2, 5), prices)
    for _ in range(12):
        yield _hours(rng, rng.integers(2, 5), rng.choice([15, 20], rng.integers(3, 7)))
    for _ in range(4):
        yield _hours(rng, 1, rng.permutation(range(4, 40))[: rng.integers(2, 4)])
    for _ in range(6):
        # The last by merit fits only if the first moves, and this one only if the second moves too.
        prices = sorted((int(price) for price in rng.permutation(range(4, 40))[:3]), reverse=True)
        kwh, chain = int(rng.integers(1, 4)), [(0, 1), (1, 2), (0, 0)]
        orders = [(price, kwh, *window) for price, window in zip(prices, chain)]
        yield [kwh] * 3, [orders[i] for i in rng.permutation(3)]
    for hours in (1, 2, 3):
        yield [int(kwh) for kwh in rng.integers(0, 4, hours)], []


def _hours(rng, hours, prices):
    orders = []
    for price in prices:
        first = int(rng.integers(hours))
        orders.append((int(price), int(rng.integers(1, 4)), first, int(rng.integers(first, hours))))
    return [int(kwh) for kwh in rng.integers(0, 5, hours)], orders


def with_blocks(rng):
    """(bids, asks, blocks) of one hour, as lists of (price, quantity) in whole kWh."""
    for _ in range(50):
        bids = _whole(rng, rng.integers(15, 45, rng.integers(1, 4)), 7)
        asks = _whole(rng, rng.integers(3, 25, rng.integers(4)), 6)
        yield bids, asks, _whole(rng, rng.integers(5, 32, rng.integers(1, 5)), 7)
    for number in range(12):
        # A large block is cheapest and keeps out two smaller ones, which together serve more.
        small, price, value = (int(x) for x in rng.integers([3, 5, 30], [5, 12, 45]))
        large = int(rng.integers(small + 2, 2 * small + 1))
        blocks = [(price, large), (price + 1, small), (price + int(rng.integers(1, 4)), small + number % 2)]
        rest = _whole(rng, rng.integers(value - 10, value, rng.integers(3)), 4)
        yield [(value, 2 * small + 1)], rest, [blocks[i] for i in rng.permutation(3)]
    for _ in range(8):
        # An ask names the price; of two blocks one gains at it and one loses, and both are needed.
        cheap, more, value, ask, kwh = (int(x) for x in rng.integers([1, 3, 35, 9, 2], [5, 7, 45, 14, 5]))
        blocks = [(ask - int(rng.integers(1, 6)), cheap), (ask + int(rng.integers(1, 8)), more)]
        yield [(value, cheap + more + kwh - 1)], [(ask, kwh)], [blocks[i] for i in rng.permutation(2)]
    for blocks in (5, 6):
        bids, asks = _whole(rng, rng.integers(20, 45, 3), 9), _whole(rng, rng.integers(3, 20, 2), 6)
        yield bids, asks, _whole(rng, rng.integers(5, 30, blocks), 7)
    for _ in range(4):
        yield _whole(rng, rng.integers(9, 20, 2), 5), _whole(rng, rng.integers(3, 15, 2), 5), []
    for _ in range(4):
        bids, asks = _whole(rng, rng.integers(2, 8, 2), 5), _whole(rng, rng.integers(9, 15, 2), 5)
        yield bids, asks, _whole(rng, rng.integers(9, 20, rng.integers(1, 3)), 5)


def _whole(rng, prices, most):
    return [(int(price), int(rng.integers(1, most))) for price in prices]


def on_one_side(rng):
    """(bids, asks, agents): orders (agent, price, quantity) in whole kWh; each agent buys or sells, often twice."""
    for number in range(40):
        buyers, sellers = rng.integers(2, 4 if number % 4 == 0 else 6, size=2)
        bids = rng.choice(range(8, 30), buyers, replace=False)
        asks = rng.choice(range(3, 22), sellers, replace=False)
        yield _owned(rng, bids, asks, once=number % 4 == 0)
    for _ in range(10):
        yield _owned(rng, rng.choice([8, 10], rng.integers(2, 5)), rng.choice([6, 8], rng.integers(2, 5)))
    for _ in range(6):
        yield _owned(rng, rng.integers(9, 20, 3), rng.integers(3, 12, 2), sellers=1)
        yield _owned(rng, rng.integers(9, 20, 2), rng.integers(3, 12, 3), buyers=1)
    for _ in range(4):
        yield _owned(rng, rng.integers(2, 6, 2), rng.integers(7, 12, 2))
    yield _owned(rng, [9, 7], [])
    yield _owned(rng, [], [5, 6])


def _owned(rng, bid_prices, ask_prices, buyers=3, sellers=3, once=False):
    sides = []
    for names, prices in ((BUYERS[:buyers], bid_prices), (SELLERS[:sellers], ask_prices)):
        owners = rng.choice(names, len(prices), replace=not once)
        sides.append([(str(owner), int(price), int(rng.integers(1, 4))) for owner, price in zip(owners, prices)])
    return *sides, list(dict.fromkeys(agent for side in sides for agent, *_ in side))


def false_names(rng):
    """(bids, asks, seller, false_bid) above zero: a market of `single_units`, a seller, and the bid she invents."""
    for bids, asks in single_units(rng):
        standing = [*bids, *asks]
        if asks and min(standing) > 0:
            false_bid = int(rng.choice(standing)) if rng.random() < 0.3 else int(rng.integers(min(standing), 30))
            first = int(rng.integers(len(asks)))
            yield bids, asks, first if rng.random() < 0.5 else asks.index(min(asks)), false_bid
    for number in range(1, 5):
        asks = rng.integers(3, 20, number).tolist()
        yield [], asks, int(rng.integers(number)), int(rng.integers(8, 25))
