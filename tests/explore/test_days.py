"""Figures of a day, checked through the numbers of their traces."""

import numpy as np
import pytest

from tefoundations.errors import InvalidInput
from tefoundations.explore import day_profile, note_arrows, share_lines
from tefoundations.explore.engine.frames import frame
from tefoundations.explore.engine.theme import ROLES
from tefoundations.explore.figures.days import WAYS
from tefoundations.systems import all_ways, lane_day

TIMES = ["12:00", "12:30", "13:00"]


def test_every_way_has_its_own_colour():
    assert list(WAYS) == list(all_ways(lane_day("summer"))) and sorted(WAYS.values()) == sorted(ROLES)


def test_a_way_has_the_same_colour_on_both_figures():
    day = day_profile(TIMES, dict.fromkeys(WAYS, [1, 2, 3])).data
    share = share_lines([0, 1, 2], dict.fromkeys(WAYS, [1, 2, 3])).data
    assert [trace.line.color for trace in day] == [trace.line.color for trace in share]
    assert [trace.line.dash for trace in day][1:] == [trace.line.dash for trace in share][1:]


def test_areas_stand_on_each_other_and_the_limit_is_a_line():
    drawn = day_profile(TIMES, {"a": [1, 2, 3], "b": [2, 3, 4], "c": [0, 0, 0]}, areas=2, limit=9, y_range=(-1, 10))
    assert [trace.fill for trace in drawn.data] == ["tozeroy", "tonexty", None, None]
    assert drawn.data[3].y == (9.0, 9.0) and drawn.layout.yaxis.range == (-1, 10)
    assert drawn.data[0].x == tuple(TIMES) and drawn.layout.xaxis.type == "category"


def test_a_series_of_another_length_is_refused():
    with pytest.raises(InvalidInput, match="a: 2 values for 3 times"):
        day_profile(TIMES, {"a": [1, 2]})


def test_where_the_reader_stands():
    drawn = share_lines([0, 1], {"Central dispatch": [0, 5]}, at=1, y_range=(-1, 6))
    assert drawn.data[-1].x == (1.0, 1.0) and drawn.data[-1].y == (-1.0, 6.0)


def test_more_notes_make_a_thicker_arrow_and_none_makes_none():
    drawn = note_arrows({"Time-of-use tariff": (0, 8), "Transactive market": (371, 371)})
    arrows = [trace for trace in drawn.data if trace.mode == "lines+markers"]
    assert arrows[0].y == (None, None) and arrows[1].line.width < arrows[2].line.width
    assert [trace.customdata[0] for trace in arrows] == [
        ["Time-of-use tariff", "0"],
        ["Time-of-use tariff", "8"],
        ["Transactive market", "371"],
        ["Transactive market", "371"],
    ]
    assert arrows[0].marker.symbol == "triangle-up" and arrows[1].marker.symbol == "triangle-down"


def test_the_page_can_draw_them():
    for drawn in (
        day_profile(TIMES, {"a": np.ones(3)}),
        share_lines([0, 1], {"a": [0, np.nan]}),
        note_arrows({"a b": (1, 2)}),
    ):
        assert "NaN" not in str(frame(drawn))
