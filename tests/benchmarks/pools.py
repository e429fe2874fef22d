"""How fast is a trade with a pool? Its class against the bare formula, exact whole numbers against 60 digits.

`make bench` runs this and writes data/measurements/pools.csv. A hundred thousand swaps of a constant product, to and fro, by
the class and by the formula alone, which looks at nothing it is given. Then twenty thousand of a StableSwap by the class; by
the loop of the contracts, which rounds in each step and may not end; and, fewer, in 60 digits. Then a scoring rule, whose
class takes 80 digits where 16 do not tell, against 80 digits each time. Each figure is the median
of some runs, routes in turns; all end with the same reserves, the contracts' within a unit a trade.
"""

import statistics
import sys
import time
from decimal import Decimal, localcontext
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tefoundations.market import ConstantProduct, ScoringRule, StableSwap
from tests.benchmarks.clearing import write

RUNS = 5
PRODUCTS, STABLES, DIGITS = 100_000, 20_000, 200
DEEP, A, GIVEN = 10**12, 100, 10**9


def by_class(pool, count):
    for turn in range(count):
        pool.swap(GIVEN, turn % 2, 1 - turn % 2)
    return pool.reserves


def by_formula(count):
    held = [DEEP, DEEP]
    for turn in range(count):
        give, take = turn % 2, 1 - turn % 2
        kept = GIVEN * 997
        out = kept * held[take] // (held[give] * 1000 + kept)
        held[give] += GIVEN
        held[take] -= out
    return tuple(held)


def by_contract(count):
    """Newton's steps in whole numbers, as the contracts round them; for two assets."""
    held, ann = [DEEP, DEEP], 2 * A
    for turn in range(count):
        give, take = turn % 2, 1 - turn % 2
        total = d = sum(held)
        while True:
            part = d * d // (held[0] * 2) * d // (held[1] * 2)
            before, d = d, (ann * total + 2 * part) * d // ((ann - 1) * d + 3 * part)
            if abs(d - before) <= 1:
                break
        held[give] += GIVEN
        c, b, y = d * d // (held[give] * 2) * d // (ann * 2), held[give] + d // ann, d
        while True:
            before, y = y, (y * y + c) // (2 * y + b - d)
            if abs(y - before) <= 1:
                break
        held[take] = y
    return tuple(held)


def by_digits(count):
    held, ann = [Decimal(DEEP), Decimal(DEEP)], 2 * A
    with localcontext() as context:
        context.prec = 60
        for turn in range(count):
            give, take = turn % 2, 1 - turn % 2
            total, product = sum(held), held[0] * held[1]
            d = total
            for _ in range(100):
                value, slope = (ann - 1) * d + d**3 / (4 * product) - ann * total, ann - 1 + 3 * d**2 / (4 * product)
                d -= value / slope
                if abs(value / slope) < d * Decimal("1e-57"):
                    break
            held[give] += GIVEN
            b, c = held[give] - d + d / ann, d**3 / (4 * ann * held[give])
            y = ((b * b + 4 * c).sqrt() - b) / 2
            held[take] -= int(held[take] - y)
    return tuple(map(int, held))


def by_claims(count, digits=False):
    """Claims of two outcomes in turns; every count ends where the class does."""
    rule = ScoringRule(DEEP)
    if digits:
        rule._brought = rule._digits
    for turn in range(count):
        rule.swap(GIVEN + turn, turn % 2)
    return rule.held, *rule.sold


def medians(routes, slack):
    """Median seconds of one trade by each route, in turns: {name: (function of a count, count)}."""
    seconds = {name: [] for name in routes}
    for _ in range(RUNS):
        for name, (route, count) in routes.items():
            start = time.process_time()
            found = route(count)
            seconds[name].append((time.process_time() - start) / count)
            agreed = next(iter(routes.values()))[0](count)
            assert np.allclose(np.subtract(found, agreed).astype(float), 0, atol=slack * count), name
    return {name: statistics.median(times) for name, times in seconds.items()}


def main():
    product = {
        "class": (lambda count: by_class(ConstantProduct(DEEP, DEEP, fee=3000), count), PRODUCTS),
        "formula alone": (by_formula, PRODUCTS),
    }
    stable = {
        "class": (lambda count: by_class(StableSwap(DEEP, DEEP, amplification=A), count), STABLES),
        "contracts' loop": (by_contract, STABLES),
        "60 digits": (by_digits, DIGITS),
    }
    claims = {"class": (by_claims, STABLES), "80 digits": (lambda count: by_claims(count, digits=True), DIGITS)}
    write("pools", "swaps", [
        ("constant product", PRODUCTS, medians(product, 0)), ("StableSwap", STABLES, medians(stable, 1)),
        ("scoring rule", STABLES, medians(claims, 0)),
    ])  # fmt: skip


if __name__ == "__main__":
    main()
