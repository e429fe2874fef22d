"""Pictures of networks, checked through the numbers of their traces."""

import numpy as np
import pytest

from tefoundations.data import grid
from tefoundations.errors import InvalidInput
from tefoundations.explore import network_map
from tefoundations.explore.engine.frames import frame
from tefoundations.explore.figures.maps import WIDTHS, places
from tefoundations.grid import Network, dc_opf

NET = Network.from_frames(**grid("three_bus"))


def test_full_lines_are_told_by_color_and_dash_and_widths_by_flow():
    d = dc_opf(NET, limits={"1-2": 45})
    drawn = network_map(NET, value=d.lmp, flow=d.flow, limit=[45, np.inf, np.inf], flow_range=60)
    dashes, widths = zip(*((trace.line.dash, trace.line.width) for trace in drawn.data[:3]))
    assert dashes == ("8px,3px", "solid", "solid") and widths[2] == WIDTHS[1] and widths[0] > widths[1]
    arrows, words, buses = drawn.data[3:]
    assert words.text == ("45 MW of 45", "35 MW", "60 MW") and np.allclose(buses.marker.color, [9, 19, 15])
    # Bus 2 lies to the right of 1 and down to the right of 3, from where power comes.
    assert arrows.marker.symbol == "arrow" and arrows.marker.angleref == "previous"
    assert arrows.marker.size[::2] == (0, 0, 0) and min(arrows.marker.size[1::2]) > 10
    for k, (here, there) in enumerate(([0, 1], [0, 2], [2, 1])):
        start, tip, end = ((t.x[i], t.y[i]) for t, i in ((arrows, 2 * k), (arrows, 2 * k + 1), (buses, there)))
        way = np.subtract(end, start)
        assert start == (buses.x[here], buses.y[here])
        assert np.allclose(np.subtract(tip, start), way * (np.subtract(tip, start) @ way) / (way @ way))
        assert 0.5 < np.subtract(tip, start) @ way / (way @ way) < 0.6
    assert "NaN" not in str(frame(drawn))


def test_an_idle_line_has_no_arrow_and_a_bare_network_can_be_drawn():
    drawn = network_map(NET)
    assert not any(drawn.data[3].marker.size) and len(drawn.data) == 6


def test_words_do_not_jump_while_a_slider_moves_and_bear_a_real_minus():
    low, high = (
        network_map(NET, value=np.array([0, -20.58, -12.98]) * scale, flow=np.array([7, 8, 9.0]) * scale)
        for scale in (1, 0.1)
    )
    for one, other in zip(low.data[-2:], high.data[-2:]):
        assert one.textposition == other.textposition and one.x == other.x
    assert low.data[-1].text[1] == "<b>2</b><br>\N{MINUS SIGN}20.58"


def test_buses_without_a_place_get_one():
    feeder = {key: frame.drop(columns=["east", "north"], errors="ignore") for key, frame in grid("three_bus_radial").items()}
    x, y = places(Network.from_frames(**feeder))
    assert sorted(x) == [0, 1, 2] and not y.any()
    ring = {key: frame.drop(columns=["east", "north"], errors="ignore") for key, frame in grid("three_bus").items()}
    assert np.allclose(np.hypot(*places(Network.from_frames(**ring))), 1)


def test_a_fork_in_the_feeder_gives_each_leaf_a_row():
    buses = {"bus": list("abcde"), "load": [0.0] * 5}
    lines = {"from_bus": list("abbd"), "to_bus": list("bcde"), "x": [1.0] * 4, "limit": [np.inf] * 4}
    net = Network.from_frames(buses, lines, {"bus": ["a"], "p_max": [1.0], "cost": [1.0]})
    x, y = places(net)
    assert x.tolist() == [0, 1, 2, 2, 3] and y[2] == 0 and y[3] == y[4] == -1


def test_buses_alone_may_bear_words_and_in_a_large_network_their_names():
    d = dc_opf(NET)
    drawn = network_map(NET, value=d.lmp, flow=d.flow, labels="buses")
    assert set(drawn.data[-2].text) == {""} and drawn.data[-1].text[0] == "<b>1</b><br>12.37"
    count = 14
    buses = {"bus": range(count), "load": [0.0] * count}
    lines = {
        "from_bus": range(count - 1),
        "to_bus": range(1, count),
        "x": [1.0] * (count - 1),
        "limit": [np.inf] * (count - 1),
    }
    chain = Network.from_frames(buses, lines, {"bus": [0], "p_max": [1.0], "cost": [1.0]})
    drawn = network_map(chain, value=np.arange(count) / 10, labels="buses")
    words = drawn.data[-1]
    assert words.text[3] == "<b>3</b>" and set(words.textposition.split()) == {"top", "center"}
    assert list(words.customdata[3]) == ["3", "0.3"] and "0.3" in words.hovertext[3]  # the table of numbers keeps the values
    assert set(network_map(chain).data[-1].text) == {""}


@pytest.mark.parametrize("labels", ["lines", 1, []])
def test_other_labels_are_refused(labels):
    with pytest.raises(InvalidInput, match="labels"):
        network_map(NET, labels=labels)
