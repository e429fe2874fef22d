"""What a solver sees: rounding in a coefficient is no law, and a bound that is drawn in is no corner of its own."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from tefoundations import programmes
from tefoundations.programmes import NoPoint, Unsolved, linear
from tefoundations.units import drawn_in, without_dust

INF = np.inf
DUST = st.sampled_from([0.0, 1e-16, -4e-16, 3e-15])
SCALES = st.sampled_from([1e-9, 1e-3, 1.0, 1e3, 1e9])


@given(DUST, SCALES, SCALES)
def test_rounding_in_a_row_is_no_law(dust, energy, money):
    """The second row says nothing of y; scaled until its dust is near one, it once bound y and broke the third row."""
    rows = [[1, 0], [1, dust], [1, -1]]
    low, high = np.array([3.0, -9, 32]) * energy, np.array([3.0, INF, 37]) * energy
    found = linear(np.array([1.0, -1]) * money, rows, low, high, [-INF, -INF], [INF, 0])
    assert found.objective == pytest.approx(32 * energy * money, rel=1e-12)
    assert found.x == pytest.approx(np.array([3.0, -29]) * energy, rel=1e-12)


def test_dust_is_told_by_what_made_it_and_not_by_the_units():
    tiny = [[1.0, 1e-15], [1.0, 3e-15]]  # a column in a unit of its own
    assert without_dust(tiny, 1e-14).toarray().tolist() == tiny
    assert without_dust(np.transpose(tiny), 1e-14).toarray().tolist() == np.transpose(tiny).tolist()
    left_over = csr_array(([0.1, 0.2, -0.3, 1.0], [0, 0, 0, 1], [0, 3, 4]), shape=(2, 2))
    assert without_dust(left_over, 1e-14).toarray().tolist() == [[0, 0], [0, 1]]
    assert left_over.nnz == 4  # whose matrix it is keeps it


@given(st.integers(1, 99), st.integers(2, 9), SCALES)
def test_who_must_take_all_that_others_can_give_does(tenths, parts, scale):
    """x = sum of all y, each at least a share of what it can give: x at its highest leaves no y any room."""
    most = tenths / 10 * scale
    y = np.full(parts, most)
    x = float(y.sum())
    found = linear([-1.0, *[19.0] * parts], [[1.0, *[-1.0] * parts]], [0], [0], [x, *y / 2], [1e9 * scale, *y])
    assert found.x.tolist() == [x, *y]


@given(st.integers(1, 99), SCALES)
def test_a_share_held_at_its_least_is_its_least(tenths, scale):
    size = tenths / 10 * scale
    found = linear([19.0, -54 * size], [[-1.0, 2 * size]], [0], [0], [0, 0.5], [size, 1])
    assert found.x.tolist() == [size, 0.5]


@pytest.mark.parametrize("far", [1e3, 1e9])
def test_a_bound_is_drawn_in_to_a_size_and_never_to_a_crumb(far):
    lower, upper = drawn_in(csr_array([[1.0, 1.0]]), *([np.array([100.0])] * 2), np.array([0, 100 - 1e-12]),
                            np.array([far, 100.0]), 1e-14)  # fmt: skip
    assert lower.tolist() == [0, 100 - 1e-12] and upper[1] == 100 and 100 <= upper[0] <= 1e3


def dusty(bound=1000.0):
    """Sellers serve 1,000; the second row is rounding all through, as in the flows of a line that the market never loads."""
    rows = [[1.0, 1, 1], [2e-17, -1e-17, 4e-17]]
    return [10.0, 20, 30], rows, [bound, -bound], [bound, bound], [0] * 3, [0.6 * bound] * 3


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
def test_a_row_of_rounding_does_not_set_the_units(scale):
    """It was scaled to near one, and beside its bound of 1e20 then all else was nothing: x = 0, "optimal"."""
    found = linear(*dusty(1000.0 * scale))
    assert found.x == pytest.approx(np.array([600.0, 400, 0]) * scale, rel=1e-12) and found.dual.tolist() == [20, 0]


def test_a_row_that_little_reaches_is_a_row_where_it_must_be_kept():
    with pytest.raises(NoPoint):
        linear([1.0], [[1e-17]], [1000], [INF], [0], [1])
    found = linear([1.0, 1.0], [[1, 1], [1e-5, 0]], [10, 5e-5], [10, INF], [0, 0], [10, 10])
    assert found.x == pytest.approx([5, 5])


def test_a_cone_whose_point_is_its_tip_is_no_broken_row():
    """No bound says how large anything is: what is left of 0 there, 1e-30, breaks nothing."""
    rows = np.array([[0.3, -0.7, 0.4], [0.1, 0.2, -0.3]])
    for k in range(20):
        turned = rows * np.random.default_rng(k).uniform(0.5, 1.5, rows.shape)
        assert linear([1.0, 1.0, 1.0], turned, [0, 0], [0, INF], [0] * 3, [INF] * 3).objective == pytest.approx(0, abs=1e-12)


def test_an_answer_that_breaks_a_row_is_an_error(monkeypatch):
    monkeypatch.setattr(programmes, "without_idle", lambda matrix, low, high, *bounds: (low, high))
    with pytest.raises(Unsolved, match="breaks row 0 by 1000 and calls it optimal"):
        linear(*dusty())
