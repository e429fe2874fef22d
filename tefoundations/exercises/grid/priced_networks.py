"""Random networks for the exercises on prices, in round numbers a learner can follow by hand."""

import numpy as np

# Ends of lines, positions from 0: the triangle, a ring with a diagonal, two loops, a line of two.
SHAPES = (
    ((0, 1), (0, 2), (1, 2)),
    ((0, 1), (1, 2), (2, 3), (3, 0), (0, 2)),
    ((0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 2)),
    ((0, 1),),
)


def triangles(rng):
    """(reactances, supply, demand, limit): shares and megawatts in few digits; b may be 0, trade nothing."""
    for number in range(60):
        reactances, share = _reactances(rng)
        a, b, d = int(rng.integers(2, 20)), int(rng.integers(1, 6)) / 20, int(rng.integers(1, 9)) / 20
        if 44 <= number < 50:
            b = 0
        trade = 20 * int(rng.integers(2, 10))
        parts_at = round(share * trade, 6)
        limit = max(round(parts_at * int(rng.integers(2, 9)) / 10), 1)
        if 30 <= number < 38:
            limit = int(parts_at) + int(rng.integers(1, 40))
        if 38 <= number < 44:
            limit = parts_at
        worth = a - int(rng.integers(0, 3)) if number >= 54 else round(a + trade * (b + d), 6)
        yield reactances, (a, b), (worth, d), limit


def _reactances(rng):
    """Three that add up to 0.4, 0.5 or 1, and the share of line 1-2."""
    total = int(rng.choice([40, 50, 100]))
    x12, x13 = (int(x) for x in rng.integers([total // 10, total // 8], [6 * total // 10, 3 * total // 10]))
    return [x12 / 100, x13 / 100, (total - x12 - x13) / 100], (total - x12) / total


def full_lines(rng):
    """(factors, multipliers, price, slack): most with one full line, whose flow goes either way."""
    for number in range(56):
        ends = SHAPES[3 if number >= 52 else number % 3]
        full = 0 if 44 <= number < 48 else 1 if number % 5 < 3 else 2
        multipliers = [0] * len(ends)
        for line in rng.permutation(len(ends))[:full]:
            multipliers[line] = int(rng.integers(2, 40)) * int(rng.choice([-1, 1]))
        price = -int(rng.integers(1, 20)) if 38 <= number < 44 else int(rng.integers(8, 40))
        buses = max(map(max, ends)) + 1
        yield _factors(rng, ends, buses), multipliers, price, _slack(rng, buses, 3 * number % 7)


def _factors(rng, ends, buses):
    """PTDF of random reactances, the first bus the slack: three digits."""
    incidence = np.zeros((len(ends), buses))
    for line, (start, end) in enumerate(ends):
        incidence[line, start], incidence[line, end] = 1, -1
    weighted = incidence / rng.integers(1, 10, len(ends))[:, None]
    factors = np.zeros_like(incidence)
    factors[:, 1:] = weighted[:, 1:] @ np.linalg.inv(incidence[:, 1:].T @ weighted[:, 1:])
    return (factors.round(3) + 0.0).tolist()


def _slack(rng, buses, kind):
    """Weights: all on the first bus, all on any, shared by two, or by some in tenths."""
    if kind == 0:
        return [1] + [0] * (buses - 1)
    weights = [0] * buses
    if kind == 1:
        weights[rng.integers(buses)] = 1
        return weights
    if kind < 4:
        one, other = rng.permutation(buses)[:2]
        weights[one] = int(rng.integers(1, 4)) / 4
        weights[other] = 1 - weights[one]
        return weights
    return [count / 10 for count in np.bincount(rng.integers(buses, size=10), minlength=buses).tolist()]
