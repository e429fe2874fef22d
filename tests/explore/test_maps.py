"""Pictures of networks, checked through the numbers of their traces."""

import numpy as np
import pytest

from tefoundations.data import grid
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
    assert arrows.marker.angle[0] == pytest.approx(90) and 90 < arrows.marker.angle[2] < 180
    assert "NaN" not in str(frame(drawn))


def test_an_idle_line_has_no_arrow_and_a_bare_network_can_be_drawn():
    drawn = network_map(NET)
    assert drawn.data[3].marker.size == (0, 0, 0) and len(drawn.data) == 6


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
