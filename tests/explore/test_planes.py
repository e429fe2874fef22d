"""The eight steps on three planes, checked through the places that the arrows join."""

import numpy as np
import pytest

from tefoundations.errors import InvalidInput
from tefoundations.explore import day_planes
from tefoundations.explore.engine.frames import frame
from tefoundations.explore.figures.planes import PLACES, PLANES, STEPS


@pytest.mark.parametrize("step", range(1, 9))
def test_what_is_sent_now_before_and_later(step):
    drawn = day_planes(step)
    arrows = {trace.name: trace for trace in drawn.data[len(PLANES) : -1]}
    for number, (name, pairs) in enumerate(STEPS, 1):
        if pairs:
            assert arrows[name].opacity == (number <= step) and (arrows[name].line.width == 5) == (number == step)
            assert arrows[name].x.count(None) == len(pairs) - 1 and len(arrows[name].x) == len(arrows[name].marker.size)
    assert "NaN" not in str(frame(drawn))


def test_only_letters_and_readings_cross_a_plane():
    """What goes from plane to plane: curves and answers of devices, publications, readings, the import, what is owed."""
    crossing = [(name, *pair) for name, pairs in STEPS for pair in pairs if len({PLACES[place][0] for place in pair}) == 2]
    assert crossing == [
        ("respond", "devices", "sites"), ("broadcast", "sites", "devices"), ("broadcast", "operator", "contract"),
        ("deliver", "meters", "contract"), ("import", "grid", "TSO"), ("settle", "contract", "sites"),
    ]  # fmt: skip


@pytest.mark.parametrize("name, pairs", STEPS)
def test_no_message_runs_through_a_place_that_it_is_not_for(name, pairs):
    """A reading does not pass the aggregators: on the picture, too, an arrow keeps clear of all other places."""
    at = {place: np.array([across, PLANES[plane][0]]) for place, (plane, across) in PLACES.items()}
    for start, end in pairs:
        way = at[end] - at[start]
        for other in at.keys() - {start, end}:
            along = np.clip((at[other] - at[start]) @ way / (way @ way), 0, 1)
            assert np.linalg.norm(at[start] + along * way - at[other]) > 0.3


def test_the_names_of_the_planes_keep_clear_of_arrows_and_frames():
    """A name of 60 px ends inside its band, on a phone's picture of 345 px, and no arrow comes under it."""
    drawn = day_planes(7)
    unit = 345 / np.ptp(drawn.layout.xaxis.range)  # px
    for band, name in zip(drawn.data, PLANES):
        assert band.text[-1] == f"<b>{name}</b>" and band.textposition == "middle left"
        x, y = band.x[-1], band.y[-1]
        assert max(one for one in band.x[:5]) - x > 4 / unit and max(band.y[:5]) - y > 0.1
        left = x - 60 / unit
        for trace in drawn.data[len(PLANES) : -1]:
            assert all(across is None or across + 9 / unit < left for across in trace.x)  # half an arrow's head


def test_the_operator_clears_alone():
    places = day_planes(4).data[-1]
    assert [text for text in places.text if text.startswith("<b>")] == ["<b>operator</b>"]


def test_a_ninth_step_is_refused():
    with pytest.raises(InvalidInput, match="step"):
        day_planes(9)
