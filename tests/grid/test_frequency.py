"""Frequency after a loss: against an integrator and closed forms."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from tefoundations.errors import InvalidInput
from tefoundations.grid import frequency_response

ISLAND = {"inertia": 1000, "droop": 100, "damping": 2, "lag": 2, "step": 30}


def integrated(inertia, droop, step, reserves=(), damping=0.0, lag=0.0, nominal=50.0, until=60.0):
    """Moments and deviations, stretch by stretch between the jumps of the reserves."""

    def given_at(t):
        return sum(mw * (np.clip((t - delay) / ramp, 0, 1) if ramp else float(t >= delay)) for mw, delay, ramp in reserves)

    def change(t, y):
        governed = y[1] if lag else -droop * y[0]
        return [(-step + governed + given_at(t) - damping * y[0]) * nominal / 2 / inertia,
                (-droop * y[0] - y[1]) / lag if lag else 0.0]  # fmt: skip

    ends = sorted({0.0, until, *(e for _, d, r in reserves for e in (d, d + r) if e < until)})
    state, moments, course = [0.0, 0.0], [], []
    for a, b in zip(ends, ends[1:]):
        run = solve_ivp(change, (a + 1e-12, b - 1e-12), state, rtol=1e-10, atol=1e-12, dense_output=True, method="DOP853")
        fine = np.linspace(a + 1e-12, b - 1e-12, 100_001)
        moments.append(fine), course.append(run.sol(fine)[0])
        state = run.y[:, -1]
    return np.concatenate(moments), np.concatenate(course)


@given(
    st.floats(100, 5000), st.floats(0, 200), st.floats(0, 20), st.sampled_from([0.0, 0.3, 2.0, 8.0]),
    st.lists(st.tuples(st.floats(0, 20), st.floats(0, 10), st.sampled_from([0.0, 0.5, 10.0])), max_size=3),
)  # fmt: skip
@settings(max_examples=30, deadline=None)
def test_as_an_integrator_finds_it(inertia, droop, damping, lag, reserves):
    machines = {"inertia": inertia, "droop": droop, "step": 30, "damping": damping, "lag": lag}
    asked = machines | {"reserves": reserves, "until": 25.0}
    found, (moments, course) = frequency_response(**asked), integrated(**asked)
    scale = 1e-6 * (1 + np.abs(course).max())
    assert np.abs(np.interp(found.time, moments, 50 + course) - found.frequency).max() < 10 * scale
    for hz, at, end in ((found.lowest, found.lowest_at, course.min()), (found.highest, found.highest_at, course.max())):
        assert abs(hz - 50 - end) < 10 * scale and abs(50 + np.interp(at, moments, course) - hz) < 10 * scale


def test_the_lowest_point_in_closed_form():
    c = frequency_response(**ISLAND)
    mass, pull = 40.0, (2 / 40 + 1 / 2) / 2
    wave, rest = np.sqrt(102 / 80 - pull**2), 30 / 102
    slope = (rest * pull - 30 / mass) / wave
    deviation = lambda t: rest - np.exp(-pull * t) * (rest * np.cos(wave * t) + slope * np.sin(wave * t))  # noqa: E731
    assert np.allclose(50 - deviation(c.time), c.frequency, atol=1e-10)
    assert 50 - deviation(c.lowest_at) == pytest.approx(c.lowest, abs=1e-12) and c.settles == pytest.approx(50 - rest)
    fine = integrated(**ISLAND, until=5.0)[1]
    by_balance = 30 + 2 * fine + mass * np.gradient(fine, 5 / (len(fine) - 1))
    assert by_balance.max() == pytest.approx(c.most_governed, rel=1e-4)
    assert deviation(c.lowest_at) >= deviation(np.linspace(0, 60, 100_001)).max() - 1e-12


def test_without_an_answer_it_falls_and_a_late_reserve_stops_it():
    c = frequency_response(inertia=500, droop=0, step=30, until=2)
    assert np.allclose(c.frequency, 50 - 1.5 * c.time) and np.isnan(c.settles) and "nothing holds it" in c.explain()
    at_once = frequency_response(inertia=500, droop=0, step=30, reserves=[(30, 0.5, 0)])
    gradual = frequency_response(inertia=500, droop=0, step=30, reserves=[(30, 0.5, 2)])
    assert at_once.settles == at_once.lowest == pytest.approx(49.25)
    assert gradual.settles == pytest.approx(49.25 - 1.5) and gradual.lowest == pytest.approx(gradual.settles)


def test_governors_without_a_lag():
    c = frequency_response(inertia=1000, droop=98, damping=2, step=30)
    assert np.allclose(c.frequency, 50 - 0.3 * (1 - np.exp(-100 / 40 * c.time))) and c.settles == pytest.approx(49.7)
    assert c.most_governed == pytest.approx(98 * 0.3, rel=1e-6)


def test_a_loss_of_load_is_the_mirror():
    down, up = frequency_response(**ISLAND), frequency_response(**ISLAND | {"step": -30})
    assert np.allclose(down.frequency + up.frequency, 100) and up.highest == pytest.approx(100 - down.lowest)
    assert up.lowest == pytest.approx(100 - down.highest) and "highest" in up.explain()


def test_inertia_delays_and_does_not_hold():
    courses = [frequency_response(**ISLAND | {"inertia": inertia}) for inertia in (250, 500, 1000, 2000)]
    assert len({c.settles for c in courses}) == 1
    assert np.allclose([c.rate for c in courses], [-3, -1.5, -0.75, -0.375]) and np.all(
        np.diff([c.lowest for c in courses]) > 0
    )


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"inertia": 0}, "inertia 0"),
        ({"droop": -1}, "droop -1"),
        ({"step": 0}, "nothing is lost"),
        ({"lag": -1}, "lag -1"),
        ({"reserves": [(1, 2)]}, "reserve 0: must be"),
        ({"reserves": [(1, 0, 0), (1, -2, 0)]}, "reserve 1: delay -2"),
        ({"until": 0}, "until 0"),
    ],
)
def test_what_is_refused(asked, words):
    with pytest.raises(InvalidInput, match=words):
        frequency_response(**ISLAND | asked)


def test_what_is_highest_is_not_told_as_lowest():
    """Reserves that give half as much again as was lost lift frequency above where it fell to, and governors give less."""
    over = frequency_response(inertia=10_000, droop=400, step=1000, lag=8, reserves=[(1500, 10, 1)])
    assert over.governed[np.abs(over.governed).argmax()] < 0
    told = over.explain()
    assert "It is lowest after 5.02" in told and "It is highest after" in told and "further from 50 Hz." in told
    assert "Governors give less by up to" in told
    load = frequency_response(inertia=500, droop=100, step=-30, lag=5)
    assert "It is highest after" in load.explain() and "give less by up to 51.8774 MW" in load.explain()


def test_a_reserve_that_is_there_at_once_counts_in_the_first_moment():
    half = frequency_response(inertia=500, droop=0, step=30, reserves=[(15, 0, 0), (15, 0, 2), (5, 1, 0)], until=0.5)
    assert half.rate == pytest.approx(-0.75)
    first = np.diff(half.frequency)[0] / np.diff(half.time)[0]
    assert first == pytest.approx(half.rate, rel=0.01)


OVERSHOOTS = [
    {"inertia": 10_000, "droop": 400, "step": 1000, "lag": 8, "reserves": [(1500, 10, 1)]},
    {"inertia": 1000, "droop": 100, "step": 30, "lag": 2, "reserves": [(60, 0.5, 0)]},  # up first, then the swing comes back
    {"inertia": 500, "droop": 300, "step": 30, "lag": 6, "damping": 1},  # hardly damped: eight swings and more
    {"inertia": 1000, "droop": 100, "step": -30, "lag": 2, "reserves": [(-80, 3, 0), (40, 9, 5)]},
    {"inertia": 400, "droop": 0, "step": 20, "reserves": [(50, 1, 0), (-45, 4, 0)]},
]


@pytest.mark.parametrize("asked", OVERSHOOTS)
def test_an_overshoot_hides_no_end(asked):
    """Lowest is the lowest of the whole course, also where frequency then swings further to the other side."""
    found, (_, course) = frequency_response(**asked, until=40.0), integrated(**asked, until=40.0)
    scale = np.abs(course).max()
    assert found.lowest == pytest.approx(50 + course.min(), abs=1e-7 * scale)
    assert found.highest == pytest.approx(50 + course.max(), abs=1e-7 * scale)
    assert found.lowest <= found.frequency.min() and found.highest >= found.frequency.max()


def test_droop_of_a_plant_in_per_cent():
    """400 MW at 5 % answer with 160 MW/Hz: full output for 2.5 Hz, 5 % of 50 Hz."""
    weak, strong = (frequency_response(inertia=4000, droop=400 / (part * 50), step=40, lag=1) for part in (0.10, 0.05))
    assert strong.settles == pytest.approx(50 - 40 / 160) and weak.settles == pytest.approx(50 - 40 / 80)
    assert weak.lowest < strong.lowest
