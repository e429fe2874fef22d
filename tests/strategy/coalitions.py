"""Coalition games, and what follows for them, by the longest way: orders, matchings and vertices one by one."""

from itertools import combinations, permutations

import numpy as np
from scipy.optimize import linprog

from tefoundations.data import community
from tefoundations.strategy import CoalitionGame

ROOF = CoalitionGame.of("PAB", lambda who: {"PA": 40, "PB": 80, "PAB": 80}.get("".join(who), 0))


def random_game(rng, n, superadditive=True):
    """Whole numbers; if superadditive, two groups together are worth what they are apart or more."""
    values = np.r_[0.0, rng.integers(0, 20, 2**n - 1)]
    if superadditive:
        for whole in range(1, 2**n):
            part = (whole - 1) & whole
            while part:
                values[whole] = max(values[whole], values[part] + values[whole ^ part])
                part = (part - 1) & whole
    return CoalitionGame(values)


def random_lane(rng, steps=3, n=5):
    """(net load, tariff, feed-in): round numbers, so that ties and zeros occur."""
    return rng.integers(-4, 5, (steps, n)), rng.integers(20, 26, n), rng.integers(5, 22, n)


def lane(day):
    """The same of the community of the book."""
    people = community()
    return people.net_load(day), people.prices["tariff"], people.prices["feed_in"]


def shapley_by_orders(game):
    """The mean of what each adds, over all n! orders."""
    n, orders = len(game.members), list(permutations(range(len(game.members))))
    found = np.zeros(n)
    for order in orders:
        here = 0
        for i in order:
            found[i] += game.values[here | 1 << i] - game.values[here]
            here |= 1 << i
    return found / len(orders)


def rows_of(n):
    """(2^n - 2, n) float array: the proper coalitions."""
    return np.array([[s >> i & 1 for i in range(n)] for s in range(1, 2**n - 1)], float)


def least_core_by_balance(game):
    """The least largest excess as the dual says it: over weights of coalitions that hold every member alike (Bondareva)."""
    n, values = len(game.members), game.values
    rows = rows_of(n)
    # weights add up to 1 and give each member the same weight, which the whole coalition's worth pays for
    found = linprog(np.r_[-values[1:-1], values[-1]], A_eq=np.vstack([
        np.column_stack([rows.T, -np.ones(n)]), np.r_[np.ones(len(rows)), 0.0],
    ]), b_eq=np.r_[np.zeros(n), 1.0], bounds=[(0, None)] * len(rows) + [(None, None)])  # fmt: skip
    return -found.fun


def least_core_by_vertices(game):
    """The same over all points at which enough excesses are equal."""
    n, values = len(game.members), game.values
    rows, best = rows_of(n), np.inf
    for tight in combinations(range(len(rows)), n):
        matrix = np.vstack([np.column_stack([rows[list(tight)], np.ones(n)]), np.r_[np.ones(n), 0.0]])
        if abs(np.linalg.det(matrix)) > 1e-9:
            shares = np.linalg.solve(matrix, np.r_[values[1:-1][list(tight)], values[-1]])[:-1]
            best = min(best, (values[1:-1] - rows @ shares).max())
    return best


def kohlberg(game, shares):
    """Whether shares are the nucleolus: at every level the coalitions with as large an excess are balanced (Kohlberg 1971).

    Members who get no more than they have alone may help to balance.
    """
    n, rows = len(game.members), rows_of(len(game.members))
    excess = game.values[1:-1] - rows @ shares
    alone = game.values[1 << np.arange(n)]
    held = np.eye(n)[np.isclose(shares, alone, atol=1e-7)]
    for level in np.unique(excess.round(7)):
        some = rows[excess >= level - 1e-6]
        if not _balanced_with(some, held):
            return False
    return True


def _balanced_with(rows, held):
    """Whether weights above 0 on the rows, and not below 0 on `held`, hold each member as often."""
    count, more, n = len(rows), len(held), rows.shape[1]
    both = np.vstack([rows, held]) if more else rows
    found = linprog(
        np.r_[np.zeros(count + more), -1.0],
        A_ub=np.column_stack([-np.eye(count), np.zeros((count, more)), np.ones(count)]), b_ub=np.zeros(count),
        A_eq=np.column_stack([both.T, np.zeros(n)]), b_eq=np.ones(n),
        bounds=[(0, None)] * (count + more) + [(None, 1)],
    )  # fmt: skip
    return found.status == 0 and -found.fun > 1e-9


def matched(net, tariff, feed_in):
    """What some save by matching in merit order, step by step (ct)."""
    saved = 0.0
    for row in np.asarray(net, float):
        needs = sorted(((t, d) for t, d in zip(tariff, row) if d > 0), reverse=True)
        over = sorted((f, -d) for f, d in zip(feed_in, row) if d < 0)
        while needs and over and needs[0][0] > over[0][0]:
            (t, need), (f, left) = needs.pop(0), over.pop(0)
            traded = min(need, left)
            saved += traded * (t - f)
            needs = [(t, need - traded), *needs] if need > traded else needs
            over = [(f, left - traded), *over] if left > traded else over
    return saved


def by_matching(net, tariff, feed_in):
    """(2^n,) float array: the same of each coalition."""
    net, tariff, feed_in = (np.asarray(x, float) for x in (net, tariff, feed_in))
    n = net.shape[1]
    here = [[i for i in range(n) if s >> i & 1] for s in range(2**n)]
    return np.array([matched(net[:, some], tariff[some], feed_in[some]) for some in here])
