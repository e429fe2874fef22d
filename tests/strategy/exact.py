"""Equilibria of small games in fractions: nothing is rounded, nothing left out, and all is looked at one by one."""

from fractions import Fraction
from itertools import combinations, product


def pure_equilibria(payoffs):
    """Profiles, as places, at which no player gains by another action; `payoffs` is a nested list, players last."""
    sizes, table = [], payoffs
    while isinstance(table[0], list):
        sizes, table = [*sizes, len(table)], table[0]
    found = []
    for profile in product(*map(range, sizes)):
        moved = [(who, (*profile[:who], other, *profile[who + 1 :])) for who, n in enumerate(sizes) for other in range(n)]
        if all(entry(payoffs, there)[who] <= entry(payoffs, profile)[who] for who, there in moved):
            found.append(profile)
    return found


def entry(payoffs, profile):
    for place in profile:
        payoffs = payoffs[place]
    return payoffs


def solve(rows, right):
    """The one solution of a square system, or None."""
    system = [[Fraction(value) for value in row] + [Fraction(end)] for row, end in zip(rows, right)]
    for column in range(len(system)):
        pivot = next((row for row in range(column, len(system)) if system[row][column]), None)
        if pivot is None:
            return None
        system[column], system[pivot] = system[pivot], system[column]
        system[column] = [value / system[column][column] for value in system[column]]
        for row in range(len(system)):
            if row != column and system[row][column]:
                factor = system[row][column]
                system[row] = [a - factor * b for a, b in zip(system[row], system[column])]
    return [row[-1] for row in system]


def best_payoff_corners(payoffs):
    """Corners (draw, value) of {other's draw, value: no own action brings more than value}; rows are own actions."""
    n, found = len(payoffs[0]), set()
    facets = [([*row, -1], 0) for row in payoffs] + [([int(i == j) for j in range(n)] + [0], 0) for i in range(n)]
    for chosen in combinations(facets, n):
        point = solve([row for row, _ in chosen] + [[1] * n + [0]], [end for _, end in chosen] + [1])
        if point and min(point[:-1]) >= 0 and all(dot(row, point) <= point[-1] for row in payoffs):
            found.add(tuple(point))
    return found


def dot(row, point):
    return sum(a * b for a, b in zip(row, point))


def extreme_equilibria(mine, theirs):
    """Extreme equilibria as a set of (draw of rows, draw of columns), in fractions."""
    columns = best_payoff_corners(mine)
    rows = best_payoff_corners([list(column) for column in zip(*theirs)])
    found = set()
    for *y, u in columns:
        for *x, v in rows:
            gains, others = [dot(row, y) for row in mine], [dot(column, x) for column in zip(*theirs)]
            fine = all(a == u for a, p in zip(gains, x) if p) and all(b == v for b, p in zip(others, y) if p)
            if fine:
                found.add((tuple(x), tuple(y)))
    return found
