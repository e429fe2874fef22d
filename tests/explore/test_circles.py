"""The circle of an inverter, checked through the numbers of its traces."""

import numpy as np
import pytest

from tefoundations.errors import InvalidInput
from tefoundations.explore import inverter_circle
from tefoundations.explore.engine.frames import frame

CASES = [
    (rating, sun, p, q) for rating in (1.0, 2.5) for sun in (0.0, 0.4, 9.0) for p in (80, -5, 0) for q in (-40, 0, 30)
    if p or q
]  # fmt: skip


@pytest.mark.parametrize("rating, sun, p, q", CASES)
def test_the_best_point_earns_most_of_all_that_is_possible(rating, sun, p, q):
    drawn = inverter_circle(rating, sun, p, q)
    possible, best = np.array([drawn.data[1].x, drawn.data[1].y]), np.array([drawn.data[-1].x[0], drawn.data[-1].y[0]])
    assert np.hypot(*best) <= rating + 1e-9 and -1e-9 <= best[0] <= sun + 1e-9
    assert (np.array([p, q]) @ possible).max() <= p * best[0] + q * best[1] + 1e-9
    assert (np.hypot(*possible) <= rating + 1e-9).all() and possible[0].max() <= sun + 1e-9


@pytest.mark.parametrize("rating, sun, p, q", CASES)
def test_nothing_is_drawn_beyond_the_axes_and_the_line_is_one_of_equal_income(rating, sun, p, q):
    drawn = inverter_circle(rating, sun, p, q)
    (left, right), (low, high) = drawn.layout.xaxis.range, drawn.layout.yaxis.range
    for trace in drawn.data:
        assert left - 1e-9 <= min(trace.x) <= max(trace.x) <= right and low <= min(trace.y) <= max(trace.y) <= high
    income = [p * x + q * y for x, y in zip(drawn.data[3].x, drawn.data[3].y)]
    best = p * drawn.data[-1].x[0] + q * drawn.data[-1].y[0]
    assert income == pytest.approx([best, best], abs=1e-9)
    assert np.hypot(np.ptp(drawn.data[3].x), np.ptp(drawn.data[3].y)) > 0.1 * rating
    assert "NaN" not in str(frame(drawn)) and drawn.layout.yaxis.scaleanchor == "x"


def test_axes_stand_still_while_anything_but_the_rating_moves():
    ranges = {(*inverter_circle(1, *case).layout.xaxis.range,) for case in [(0, 80, 20), (2, 80, -40), (0.5, 10, 0)]}
    assert len(ranges) == 1


@pytest.mark.parametrize(
    "case, words",
    [
        ((0, 1, 80, 20), "rating 0 must be a positive number"),
        ((1, -1, 80, 20), "sun -1 must be"),
        ((1, 1, "dear", 20), "p_price 'dear' must be a finite number"),
    ],
)
def test_what_is_no_inverter_is_refused(case, words):
    with pytest.raises(InvalidInput, match=words):
        inverter_circle(*case)
