"""The transactive day: what is owed is the contract's, prices are what one more kWh costs, faults are those planted."""

import numpy as np
import pytest
from scipy.optimize import linprog

from tefoundations.exercises import check
from tefoundations.exercises.registry import EXERCISES
from tefoundations.systems import settle

OWED, PRICES, FAULTS = (f"transactive_day/{name}" for name in ("owed", "bus_prices", "find_faults"))


@pytest.mark.parametrize("seed", ["public", 0, 1, 2])
def test_what_is_owed_is_what_the_day_settles(seed, solutions):
    for case in EXERCISES[OWED].cases(seed):
        assert solutions[OWED](*case) == settle(*case)


def cost(net, limits, outside, feed_in, worth):
    """Least cost: variables are what is turned down and what does without at each bus, import and export."""
    n = len(net)
    below = np.triu(np.ones((n, n)))  # line i carries buses i and beyond
    flow = np.hstack([below, -below, np.zeros((n, 2))])
    through, balance = below @ net, np.concatenate([np.ones(n), -np.ones(n), [-1, 1]])
    found = linprog(
        np.concatenate([np.zeros(n), np.full(n, worth), [outside, -feed_in]]), np.vstack([flow, -flow]),
        np.concatenate([limits - through, limits + through]), balance[None], [-np.sum(net)],
    )  # fmt: skip
    return found.fun


@pytest.mark.parametrize("seed", ["public", 0])
def test_a_price_is_what_one_more_kwh_costs(seed, solutions):
    for case in EXERCISES[PRICES].cases(seed):
        net, limits, *prices = case
        found = solutions[PRICES](*case)
        step = 1e-3
        for bus in range(len(net)):
            moved = [np.array(net, float) + way * step * (np.arange(len(net)) == bus) for way in (-1, 1)]
            low, high = (cost(one, np.array(limits), *prices) for one in moved)
            here = cost(np.array(net, float), np.array(limits), *prices)
            assert (here - low) / step - 1e-4 <= found[bus] <= (high - here) / step + 1e-4


@pytest.mark.parametrize("seed", ["public", 0, 1])
def test_faults_by_sums_of_arrays(seed, solutions):
    for readings, feeder, share in EXERCISES[FAULTS].cases(seed):
        found = solutions[FAULTS](readings, feeder, share)
        for row, head, word in zip(readings, feeder, found):
            told = np.array(row, float)
            if np.isnan(told).any():
                assert word == "lost"
            else:
                assert (word == "gap") == (abs(head - told.sum()) > share * np.linalg.norm(told, 1))


@pytest.mark.parametrize("seed", ["public", 0, 1, "secret"])
def test_each_draw_has_a_reading_of_0_and_a_gap_of_just_the_share(seed):
    cases = EXERCISES[FAULTS].cases(seed)
    told = [(row, head, share) for readings, feeder, share in cases for row, head in zip(readings, feeder)]
    told = [one for one in told if None not in one[0]]
    assert sum(0 in row for row, _, _ in told) >= 3
    exact = [abs(head - sum(row)) == share * sum(map(abs, row)) for row, head, share in told]
    assert sum(exact) >= 6
    for row, head, share in (one for one, just in zip(told, exact) if just):  # however a learner computes the share
        size, gap = sum(map(abs, row)), abs(head - sum(row))
        assert not gap / max(size, 1) > share and not gap > sum(share * abs(one) for one in row)


@pytest.mark.parametrize("seed", ["public", 0, 1])
def test_prices_outside_differ_from_case_to_case(seed):
    cases = EXERCISES[PRICES].cases(seed)
    assert len({outside for _, _, outside, _, _ in cases}) > 5 and len({feed_in for _, _, _, feed_in, _ in cases}) > 3
    assert all(0 < feed_in < outside < worth for _, _, outside, feed_in, worth in cases)


def test_a_number_that_is_hardly_not_whole_is_shown_as_it_is(solutions):
    told = check(OWED, lambda *case: solutions[OWED](*case) + 0.0001)
    assert not told and "6000.0001 is no whole number" in told.reason
