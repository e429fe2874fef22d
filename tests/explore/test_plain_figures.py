"""Plain lines and bars, checked through the numbers of their traces."""

import numpy as np
import pytest

from tefoundations.errors import InvalidInput
from tefoundations.explore import bars, chimneys, limit_bars, lines
from tefoundations.explore.engine.frames import frame


def test_a_logarithmic_figure_takes_its_ends_as_numbers():
    drawn = lines([10, 1000], {"Time": [0.1, 10]}, "Orders", "Time (s)", x_range=(10, 1000), y_range=(0.01, 100), log=True)
    assert drawn.layout.xaxis.type == drawn.layout.yaxis.type == "log"
    assert np.allclose(drawn.layout.xaxis.range, (1, 3)) and np.allclose(drawn.layout.yaxis.range, (-2, 2))


def test_what_was_not_measured_is_a_gap_and_no_bad_json():
    drawn = lines([1, 2, 3], {"Time": [0.1, float("nan"), 10]}, "n", "s")
    assert drawn.data[0].y == (0.1, None, 10.0)
    assert "NaN" not in str(frame(drawn))


def test_bars_stand_side_by_side_or_on_top():
    for stacked, mode in ((False, "group"), (True, "relative")):
        drawn = bars([0, 1], {"a": [1, 2], "b": [3, 4]}, "Hour", "Energy (kWh)", stacked=stacked, y_range=(0, 9))
        assert drawn.layout.barmode == mode and drawn.layout.yaxis.range == (0, 9)
        assert [bar.x for bar in drawn.data] == [("0", "1")] * 2


def test_chimneys_stack_and_the_mark_is_their_sum():
    drawn = chimneys(["bus 1", "bus 2"], {"coal": [0.9, -0.3], "gas": [0.1, 0.2]}, "At", "Carbon (t)", y_range=(-1, 2))
    assert [trace.name for trace in drawn.data] == ["coal", "gas", "Sum"]
    assert drawn.data[2].y == (1.0, -0.1) and drawn.layout.barmode == "relative" and drawn.layout.yaxis.range == (-1, 2)
    with pytest.raises(InvalidInput, match="gas must be 2 numbers"):
        chimneys(["bus 1", "bus 2"], {"coal": [0.9, -0.3], "gas": [0.1]}, "At", "Carbon (t)")


def test_limits_stand_before_what_is_wanted():
    drawn = limit_bars(["clinic", "shop"], [8, 12], {"equal": [5, 5], "share": [4, 6]}, "Export (kW)", y_range=(0, 15))
    wanted, equal, share = drawn.data
    assert [trace.name for trace in drawn.data] == ["wanted", "equal", "share"] and drawn.layout.barmode == "overlay"
    assert wanted.x == (0, 1) and np.allclose(np.add(equal.x, share.x) / 2, wanted.x) and share.y == (4, 6)
    assert np.allclose(np.subtract(share.x, equal.x), equal.width) and 2 * equal.width < wanted.width
    assert drawn.layout.xaxis.ticktext == ("clinic", "shop") and drawn.layout.yaxis.range == (0, 15)


def test_a_limit_for_each_member_is_asked_for():
    with pytest.raises(InvalidInput, match="wanted must be 2 numbers, one for each member, not 1"):
        limit_bars(["a", "b"], [1], {}, "kW")
