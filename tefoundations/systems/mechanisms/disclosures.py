"""What is told to whom, and what that promises: of orders to the operator, and of meters to everybody."""

import numpy as np

from tefoundations.market import OrderBook, uniform_price
from tefoundations.privacy import best_attack, laplace, sum_sensitivity
from tefoundations.systems.mechanisms.tables import MechanismBlock
from tefoundations.words import count, say

PRICES = 40.0  # ct/kWh: no order may ask or bid more, so one order's price changes by this at most
LIMIT = 8.0  # kWh in a half hour: no reading is counted above; 16 kW
LEVELS = (10.0, 1.0)
DRAWS = 5  # of each of the 144 books
TELLS = [
    "mechanism", "chapter", "unit", "epsilon", "attack", "lost", "notes", "reader",
]  # fmt: skip
SHOWS = ["mechanism", "chapter", "unit", "epsilon", "attack", "error", "numbers", "reader"]


def order_block(offered):
    """What the operator is told of orders, under the uniform price on the same books."""
    import pandas as pd

    agents = sum(len({*book.bids.agents, *book.asks.agents}) for book in offered)
    known = {"epsilon": np.inf, "attack": 100.0, "lost": 0.0, "unit": "one order's price"}
    rows = [
        known | {"mechanism": "orders in the clear", "chapter": "markets/double_auction", "notes": 2 * agents,
                 "reader": "the operator"},
        known | {"mechanism": "sealed orders, opened together", "chapter": "ledger/smart_contracts", "notes": 3 * agents,
                 "reader": "nobody until the gate closes, then everybody"},
    ]  # fmt: skip
    rows += [
        known | {"mechanism": f"noise on each price, epsilon {say(epsilon)}", "chapter": "strategy/privacy",
                 "notes": 2 * agents, "reader": f"the operator, {say(PRICES / epsilon)} ct off as a rule",
                 "lost": 100 * _lost(offered, epsilon), "epsilon": epsilon, "attack": 100 * best_attack(epsilon)}
        for epsilon in LEVELS
    ]  # fmt: skip
    basis = f"{count(len(offered), 'half-hour book')} of the community under the uniform price."
    remarks = (
        "Epsilon is infinite unless what is told is noised. Sealing hides an order from the other traders while it could be "
        "used against them; it promises nothing afterwards.",
        f"Noise is added at home; welfare is counted at the true values, on average over {DRAWS} draws. The promise is for "
        "one order; those of a day add up.",
    )
    return MechanismBlock("What is told of an order", basis, pd.DataFrame(rows, columns=TELLS), remarks)


def _lost(offered, epsilon):
    """Share of the welfare that noisy prices lose."""
    best = made = 0.0
    for draw in range(DRAWS):
        rng = np.random.default_rng(draw)
        for book in offered:
            cleared = uniform_price(OrderBook.of(*(_noised(side, epsilon, rng) for side in (book.bids, book.asks))))
            made += book.bids.price @ cleared.bid_quantity - book.asks.price @ cleared.ask_quantity
            best += uniform_price(book).welfare if draw == 0 else 0.0
    return 1 - made / (DRAWS * best) if best else 0.0


def _noised(side, epsilon, rng):
    return list(zip(side.agents, laplace(side.price, PRICES, epsilon, rng), side.quantity)) if len(side) else []


def published_block(days):
    """What is made public of the meters: readings, their sums, sums with noise."""
    import pandas as pd

    from tefoundations.data import community

    people = community()
    load = np.concatenate([people.load(day).to_numpy() for day in days])
    total = float(load.sum(axis=1).mean())
    exact = {"unit": "a meter for a day", "chapter": "strategy/privacy", "epsilon": np.inf, "attack": 100.0, "error": 0.0,
             "numbers": len(load), "reader": "everybody"}  # fmt: skip
    rows = [
        exact | {"mechanism": "each reading", "numbers": load.size},
        exact | {"mechanism": "the sum of each half hour"},
        exact | {"mechanism": "the same sum, masked", "reader": "the sum everybody, a reading nobody"},
    ]
    rows += [
        exact | {"mechanism": f"the sum with noise, epsilon {say(epsilon)} a day", "epsilon": epsilon,
                 "attack": 100 * best_attack(epsilon), "error": 100 * noise(epsilon) / total}
        for epsilon in LEVELS
    ]  # fmt: skip
    enough = noise(1.0) / (0.05 * total / load.shape[1])
    basis = (
        f"{count(len(load), 'half hour')} of the community's {load.shape[1]} meters, {say(round(total, 2))} kWh on average."
    )
    remarks = (
        "Who knows all the others takes them off a sum, masked or not, and has the last one: without noise epsilon is "
        "infinite.",
        f"Noise is discrete Laplace in whole Wh for readings counted up to {say(LIMIT)} kWh, 48 a day. It does not grow "
        f"with the crowd: thirteen meters are drowned; {int(np.ceil(enough / 1000)):d},000 such members would be off by 5 % "
        "at epsilon 1.",
    )
    return MechanismBlock("What is published of the meters", basis, pd.DataFrame(rows, columns=SHOWS), remarks)


def noise(epsilon):
    """Mean size of the noise in one half hour's sum, kWh: of a discrete Laplace law in Wh, exactly 1 / sinh(1 / scale)."""
    scale = 1000 * sum_sensitivity(LIMIT) / epsilon
    return 1 / np.sinh(1 / scale) / 1000
