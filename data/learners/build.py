"""Build data/learners: long runs of learners, which the chapter on learning agents draws. Some minutes on one core.

    python data/learners/build.py

Nobody was measured: these are simulations by the package itself, seeded. The same seed on the same numpy gives the same
bytes; on another one a rounding may turn a try, and shares move within their errors.
"""

import csv
import sys
from dataclasses import replace
from pathlib import Path

sys.dont_write_bytecode = True  # data/ travels in the wheel: no __pycache__ in it
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import checksums
import numpy as np

from tefoundations.data import community
from tefoundations.strategy import MarkovDecision, q_learning, repeated_learners
from tefoundations.systems import lane_day

SEED, HERE = 2020, Path(__file__).resolve().parent
PAY = [[18, 15], [20, 16]]  # ct: both sell 3 kWh, or 4
DISCOUNTS = (0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99)
PAIRS = 300
SLOW = {"rate": 0.02, "explore": lambda n: np.exp(-n / 5000), "rounds": 40_000}
FACTORS, LEVELS, KWH = (0.7, 1, 1.3), 5, 3.0
LOOKS = (10, 30, 100, 200, 365, 600, 1000, 1700, 3000)
PRICES, EDGE, SOFT, QUALITY, COST = 15, 0.1, 0.25, 2.0, 1.0  # the duopoly of Calvano et al.
SHORT, LONG = 1_400_000, 2_500_000  # rounds: blind tries fall to 4 in 1,000, and to 5 in 100,000
LETTERS = "abcdefghijklmno"  # a policy is 225 of them, the lowest price "a"


def write(name, columns, rows):
    with open(HERE / f"{name}.csv", "w", encoding="ascii", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(columns)
        table.writerows(rows)


def kinds(play):
    """Counts of four kinds of ends, what one gets a round, and what leaving gains."""
    cartel, nash, stays = play.ends_at((0, 0)), play.ends_at((1, 1)), play.is_equilibrium
    counts = [(cartel & stays).sum(), (cartel & ~stays).sum(), nash.sum(), (~cartel & ~nash).sum()]
    return [*map(int, counts), round(play.outcome.mean(), 4), round(play.worth_leaving.mean(), 4)]


def two_learners():
    """Each setting twice: as play goes on where learning stopped, and as it would after a day on which both sold 3."""
    settings = [("quick", discount, memory, learns, {}) for discount in DISCOUNTS for memory in (True, False)
                for learns in ("own action", "all actions")]  # fmt: skip
    for number, (pace, discount, memory, learns, given) in enumerate([*settings, ("slow", 0.9, True, "own action", SLOW)]):
        rng = np.random.default_rng([SEED, number])
        play = repeated_learners(PAY, discount, rng=rng, memory=memory, learns=learns, pairs=PAIRS, **given)
        afresh = replace(play, last=np.zeros_like(play.last))
        for begins, each in (("where learning stopped", play), ("after 3 and 3", afresh)):
            yield pace, discount, "memory" if memory else "none", learns, begins, PAIRS, *kinds(each)


def demand(own, other):
    """Share of buyers who come: logit, with nobody's good as the third choice."""
    here, there = (np.exp((QUALITY - price) / SOFT) for price in (own, other))
    return here / (here + there + 1)


def logit_prices():
    """Prices of one round's equilibrium and of the cartel, by best replies and by a search."""
    fine = np.linspace(1, 3, 200_001)
    nash = 1.5
    for _ in range(100):
        nash = COST + SOFT / (1 - demand(nash, nash))
    cartel = fine[((fine - COST) * demand(fine, fine)).argmax()]
    return nash, cartel


def duopoly_play(rounds, number):
    """Forty pairs that learned for so long; what one round's equilibrium and the cartel bring; and the fifteen prices."""
    nash, cartel = logit_prices()
    low, high = ((price - COST) * demand(price, price) for price in (nash, cartel))
    assert np.allclose([nash, cartel, low, high], [1.4729, 1.9250, 0.22293, 0.33749], atol=5e-5)
    edge = EDGE * (cartel - nash)
    prices = np.linspace(nash - edge, cartel + edge, PRICES)
    pay = (prices[:, None] - COST) * demand(prices[:, None], prices[None])
    play = repeated_learners(pay, 0.95, rng=np.random.default_rng([SEED, number]), rate=0.15, rounds=rounds, pairs=40,
                             explore=lambda n: np.exp(-4e-6 * n))  # fmt: skip
    return play, low, high, prices


def duopoly(play, low, high, prices):
    profit = play.outcome.mean(axis=1)
    for pair, cycle in enumerate(play.cycles):
        yield (pair, round((profit[pair] - low) / (high - low), 4), round(float(np.mean(prices[np.array(cycle)])), 4),
               len(cycle), *play.worth_leaving[pair].round(5).tolist())  # fmt: skip


def duopoly_policies(plays):
    """What each does after each pair of last prices, so that any question can be asked of it later."""
    for rounds, play in plays.items():
        for pair, (both, last) in enumerate(zip(play.policies, play.last.tolist())):
            yield rounds, pair, *("".join(LETTERS[price] for price in one) for one in both), *last


def battery():
    """The largest battery of the lane, its winter prices times one of three factors, drawn anew each half hour."""
    home, outside = community().members.loc["home9"], lane_day("winter").outside
    price = outside[:, None] * np.array(FACTORS)
    gains = [
        (price - home["battery_cost_ct_per_kwh"]) * home["discharge_efficiency"],
        0 * price,
        -price / home["charge_efficiency"],
    ]
    reward = np.repeat(KWH * np.stack(gains, axis=2)[:, None], LEVELS, axis=1)
    reward[:, 0, :, 0] = reward[:, -1, :, 2] = -np.inf
    after = np.zeros((LEVELS, len(FACTORS), 3, LEVELS, len(FACTORS)))
    for level, move in np.ndindex(LEVELS, 3):
        after[level, :, move, min(max(level + move - 1, 0), LEVELS - 1)] = 1 / len(FACTORS)
    states = LEVELS * len(FACTORS)
    return MarkovDecision(reward.reshape(-1, states, 3), after.reshape(states, 3, states), 1)


def battery_days():
    day = battery()
    empty = np.repeat([1.0, 0.0], [len(FACTORS), (LEVELS - 1) * len(FACTORS)]) / len(FACTORS)
    best = day.solve().value[0] @ empty
    ways = (("any level", 1.0, None), ("any level", 0.3, None), ("empty", 0.1, empty))
    for number, (begins, explore, begin) in enumerate(ways):
        found = q_learning(day, LOOKS[-1], rng=np.random.default_rng([SEED, 2000 + number]), explore=explore, begin=begin,
                           learners=8, looks=LOOKS)  # fmt: skip
        for days, share in zip(LOOKS, found.values(empty) / best):
            yield begins, explore, days, 8, round(share.mean(), 4), round(share.std(ddof=1), 4)


if __name__ == "__main__":
    write("battery", ["begins", "explore", "days", "learners", "share", "spread"], battery_days())
    ends = ["cartel_stays", "cartel_leaves", "nash", "other", "pay_ct", "gain_ct"]
    write("two_learners", ["pace", "discount", "memory", "learns", "begins", "pairs", *ends], two_learners())
    short, long = duopoly_play(SHORT, 1000), duopoly_play(LONG, 1001)
    write("duopoly", ["pair", "gain", "price", "cycle", "leaving_first", "leaving_second"], duopoly(*short))
    plays = {SHORT: short[0], LONG: long[0]}
    columns = ["rounds", "pair", "first", "second", "last_first", "last_second"]
    write("duopoly_policies", columns, duopoly_policies(plays))
    checksums.write()
