"""Sensitivities against a search over neighbours."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tefoundations.errors import InvalidInput
from tefoundations.privacy import clipped, histogram_sensitivity, mean_sensitivity, peak_sensitivity, sum_sensitivity


def neighbours(low, limit, relation, readings=3):
    """(without, with) days of a feeder of readings at the ends of the range: the worst are among them."""
    ends = [np.array(day) for day in itertools.product((low, limit), repeat=readings)]
    others = [np.zeros(readings), np.full(readings, limit), np.array([low, limit, limit]), np.array([0, low, limit])]
    for other in others:
        if relation == "remove":
            yield from ((other, other + mine) for mine in ends)
        else:
            yield from ((other + one, other + two) for one in ends for two in ends)


@pytest.mark.parametrize("relation", ["remove", "replace"])
@pytest.mark.parametrize(("low", "limit"), [(0, 5), (-4, 5), (-6, 5), (1, 3)])
def test_no_neighbour_changes_more_and_one_changes_as_much(low, limit, relation):
    pairs = list(neighbours(low, limit, relation))
    given_by = {
        sum_sensitivity(limit, low, readings=3, neighbours=relation): lambda day: day.sum(),
        sum_sensitivity(limit, low, readings=1, neighbours=relation): lambda day: day[0],
        peak_sensitivity(limit, low, neighbours=relation): lambda day: day.max(),
    }
    for sensitivity, query in given_by.items():
        assert max(abs(query(one) - query(two)) for one, two in pairs) == sensitivity
    for norm in (1, 2):
        distance = max(np.linalg.norm(one - two, norm) for one, two in pairs)
        assert distance == pytest.approx(sum_sensitivity(limit, low, readings=3, neighbours=relation, norm=norm))


def test_the_peak_of_removing_a_home_that_only_feeds_in():
    """Where all readings are negative, an empty feeder counts as a total of 0."""
    assert peak_sensitivity(-1, -4) == 4 == sum_sensitivity(-1, -4, readings=1)


@given(st.integers(1, 6), st.integers(1, 4))
def test_histograms_by_moving_a_meter(entries, bins):
    """All entries of a unit in one bin are taken out, and perhaps put into another."""
    counts = np.zeros(bins + 1)
    gone, moved = counts.copy(), counts.copy()
    gone[0] -= entries
    moved[0] -= entries
    moved[1] += entries
    for change, relation in ((gone, "remove"), (moved, "replace")):
        for norm in (1, 2):
            sensitivity = histogram_sensitivity(entries=entries, neighbours=relation, norm=norm)
            assert np.linalg.norm(change, norm) == pytest.approx(sensitivity)


def test_the_mean_of_a_public_number_of_meters():
    day = np.zeros((10, 48))
    other = day.copy()
    other[3] = 5
    assert other.mean() - day.mean() == pytest.approx(mean_sensitivity(5, meters=10))
    with pytest.raises(InvalidInput, match="publish sum and count"):
        mean_sensitivity(5, meters=10, neighbours="remove")


def test_whole_numbers_stay_whole_for_the_discrete_mechanism():
    for sensitivity in (sum_sensitivity(5000), peak_sensitivity(np.int64(5000)), sum_sensitivity(10, low=np.int32(-3))):
        assert type(sensitivity) is int
    assert clipped(np.array([5, 7000]), 5000).dtype.kind == "i"
    assert type(sum_sensitivity(0.5)) is float


@given(st.lists(st.floats(-1e6, 1e6), min_size=1), st.floats(-5, 5), st.floats(0.1, 5))
def test_clipping(load, low, width):
    cut = clipped(load, low + width, low)
    assert (cut >= low).all() and (cut <= low + width).all() and clipped(cut, low + width, low).tolist() == cut.tolist()


@pytest.mark.parametrize("call", [
    lambda: sum_sensitivity(0), lambda: sum_sensitivity(5, low=5), lambda: sum_sensitivity(math.inf),
    lambda: sum_sensitivity("5"), lambda: sum_sensitivity(5, readings=0), lambda: sum_sensitivity(5, norm=3),
    lambda: sum_sensitivity(5, neighbours="one"),
    lambda: mean_sensitivity(5, meters=0), lambda: histogram_sensitivity(entries=0), lambda: peak_sensitivity(True),
    lambda: clipped([math.nan], 5), lambda: clipped([1], 0), lambda: peak_sensitivity(5, math.nan),
])  # fmt: skip
def test_input_without_meaning(call):
    with pytest.raises(InvalidInput):
        call()
