"""Plain lines and bars, checked through the numbers of their traces."""

import numpy as np

from tefoundations.explore import bars, lines
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
