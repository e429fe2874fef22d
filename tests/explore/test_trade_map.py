"""Who trades with whom, on a map."""

import numpy as np
import pytest

from tefoundations.data import community
from tefoundations.errors import InvalidInput
from tefoundations.explore import trade_map

PLACES = {"roof": (0, 0), "bakery": (100, 0), "school": (100, 0), "shop": (50, -80)}
CABLES = [((0, 0), (100, 0)), ((50, 0), (50, -80))]


def arcs(drawn):
    """Number of arcs of each width, from the thinnest."""
    return [list(trace.x).count(None) for trace in drawn.data[1:5]]


def dots(drawn):
    return {trace.name: list(trace.text) for trace in drawn.data[5:]}


def test_arcs_are_as_wide_as_trades_are_large():
    trades = [("roof", "bakery", 4), ("roof", "school", 1), ("roof", "shop", 0), ("bakery", "shop", 2.5)]
    drawn = trade_map(PLACES, trades, CABLES)
    assert arcs(drawn) == [0, 1, 1, 1]
    assert dots(drawn) == {"Sells": ["roof", "bakery"], "Buys": ["school", "shop"], "Trades nothing": []}
    assert arcs(trade_map(PLACES, trades, CABLES, most=40)) == [3, 0, 0, 0]


def test_an_arc_leads_from_dot_to_dot_and_bows():
    drawn = trade_map(PLACES, [("roof", "shop", 1)])
    x, y = (np.array(list(row)[:-1]) for row in (drawn.data[4].x, drawn.data[4].y))
    assert (x[0], y[0], x[-1], y[-1]) == (0, 0, 50, -80)
    middle = np.array([x[5], y[5]]) - [25, -40]
    assert np.hypot(*middle) == pytest.approx(0.11 * np.hypot(50, 80), abs=0.2)


def test_who_shares_a_place_is_drawn_beside_it():
    drawn = trade_map(PLACES, [])
    idle = drawn.data[-1]
    at = dict(zip(idle.text, zip(idle.x, idle.y)))
    assert at["bakery"] != at["school"] and at["roof"] == (0, 0)
    assert np.add(at["bakery"], at["school"]) == pytest.approx([200, 0])


def test_no_name_lies_under_the_dot_of_another():
    """On the lane's map the dot of home 1 is where the school's name would stand below."""
    people = community()
    spots = people.buses.set_index("bus")[["east_m", "north_m"]]
    ends = people.lines.query("from_bus > 0")
    cables = [(tuple(spots.loc[a]), tuple(spots.loc[b])) for a, b in zip(ends["from_bus"], ends["to_bus"])]
    places = {name.removeprefix("home"): tuple(spots.loc[bus]) for name, bus in people.members["bus"].items()}
    idle = trade_map(places, [], cables).data[-1]
    assert dict(zip(idle.text, idle.textposition))["school"] == "top center"


def test_every_state_of_a_figure_has_the_same_traces():
    names = [[trace.name for trace in trade_map(PLACES, trades, CABLES).data] for trades in ([], [("roof", "shop", 1)])]
    assert names[0] == names[1]


@pytest.mark.parametrize(
    "arguments, told",
    [
        (({}, []), "places is empty"),
        (({"roof": (0,)}, []), "place of 'roof' must be 2 numbers"),
        ((PLACES, [("roof", "barn", 1)]), "trade 0: 'barn' has no place"),
        ((PLACES, [("roof", "shop", 1), ("roof", "shop", -1)]), "trade 1: quantity -1 must be"),
        ((PLACES, [("roof", "shop")]), "trade 0 must be seller, buyer and kWh, not 2 entries"),
        ((PLACES, [], [((0, 0),)]), "cable 0 must have two ends, not 1"),
    ],
)
def test_what_cannot_be_drawn(arguments, told):
    with pytest.raises(InvalidInput, match=told):
        trade_map(*arguments)
