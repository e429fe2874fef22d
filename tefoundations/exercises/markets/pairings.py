"""Pairs of buyers and sellers of one kWh each: the best, and what is taken for it."""

from itertools import permutations


def sums(values, costs, fees):
    return [[value - cost - fee for cost, fee in zip(costs, row)] for value, row in zip(values, fees)]


def best_pairs(values, costs, fees):
    """The largest sum of gains, each buyer and each seller in one pair at most."""
    gain = sums(values, costs, fees)
    places = [*range(len(costs)), *[None] * len(values)]
    ways = set(permutations(places, len(values)))
    return max(sum(max(gain[i][j], 0) for i, j in enumerate(way) if j is not None) for way in ways)


def by_price(values, costs, fees, *, counts=True):
    buyers = sorted(range(len(values)), key=lambda i: -values[i])
    sellers = sorted(range(len(costs)), key=lambda j: costs[j])
    met = [(i, j) for i, j in zip(buyers, sellers) if values[i] >= costs[j]]
    return sum(values[i] - costs[j] - (fees[i][j] if counts else 0) for i, j in met)


def dearest_first(values, costs, fees):
    gain = sums(values, costs, fees)
    ranked = sorted(((gain[i][j], i, j) for i in range(len(values)) for j in range(len(costs))), reverse=True)
    total, buyers, sellers = 0, set(), set()
    for worth, i, j in ranked:
        if worth > 0 and i not in buyers and j not in sellers:
            total, buyers, sellers = total + worth, buyers | {i}, sellers | {j}
    return total


def one_after_the_other(values, costs, fees):
    gain, taken, total = sums(values, costs, fees), set(), 0
    for row in gain:
        worth, j = max([(worth, j) for j, worth in enumerate(row) if j not in taken], default=(0, 0))
        if worth > 0:
            total, taken = total + worth, taken | {j}
    return total


def shared(values, costs, fees):
    return sum(max(0, *row) for row in sums(values, costs, fees))


def all_must(values, costs, fees):
    """As many pairs as there can be, also such as lose."""
    gain = sums(values, costs, fees)
    if len(values) <= len(costs):
        return max(sum(gain[i][j] for i, j in enumerate(way)) for way in permutations(range(len(costs)), len(values)))
    return max(sum(gain[i][j] for j, i in enumerate(way)) for way in permutations(range(len(values)), len(costs)))
