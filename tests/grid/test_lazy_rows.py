"""Rows that join a programme: the optimum is that of all rows at once, whatever was solved before."""

import numpy as np
import pytest

from tefoundations.grid.lazy_rows import GrowingProgramme
from tefoundations.programmes import NoPoint, linear


@pytest.mark.parametrize("seed", range(20))
def test_rows_one_by_one_are_all_rows_at_once(seed):
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(2, 8)), int(rng.integers(2, 9))
    scale = 10.0 ** rng.integers(-3, 4)
    matrix = np.where(rng.random((m, n)) < 0.6, rng.normal(size=(m, n)), 0.0)
    inside = rng.uniform(0, 1, n)
    low, high = (scale * (matrix @ inside + sign * rng.uniform(0, 0.3, m)) for sign in (-1, 1))
    lower, upper, cost = np.zeros(n), np.full(n, scale), rng.normal(size=n)
    growing = GrowingProgramme(matrix[:1], low[:1], high[:1], lower, upper)
    for row in range(1, m + 1):
        found, whole = growing.minimise(cost), linear(cost, matrix[:row], low[:row], high[:row], lower, upper)
        assert found.objective == pytest.approx(whole.objective, rel=1e-9, abs=1e-9 * scale)
        bounds = np.where(found.dual > 0, low[:row], np.where(found.dual < 0, high[:row], 0))
        at = np.where(found.reduced > 0, lower, np.where(found.reduced < 0, upper, 0))
        assert found.dual @ bounds + found.reduced @ at == pytest.approx(found.objective, rel=1e-7, abs=1e-9 * scale)
        if row < m:
            growing.add(matrix[row : row + 1], low[row : row + 1], high[row : row + 1])


def test_a_row_that_ties_two_parts_is_heard():
    growing = GrowingProgramme(np.eye(2), [1, 1e6], [np.inf, np.inf], np.zeros(2), np.full(2, np.inf))
    assert growing.minimise([1.0, 1.0]).x == pytest.approx([1, 1e6])
    growing.add([[1.0, -1.0]], np.array([0.0]), np.array([0.0]))
    assert growing.minimise([1.0, 1.0]).x == pytest.approx([1e6, 1e6])


def test_a_row_that_nothing_keeps_is_said_so():
    growing = GrowingProgramme([[1.0, 1.0]], [1.0], [1.0], np.zeros(2), np.ones(2))
    growing.minimise([1.0, 2.0])
    growing.add([[1.0, 1.0]], np.array([2.0]), np.array([np.inf]))
    with pytest.raises(NoPoint):
        growing.minimise([1.0, 2.0])
