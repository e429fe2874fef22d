"""Frequency after a sudden loss: one swinging mass, governors that lag, and reserves that come late or gradually."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import not_negative, number, positive, sequence
from tefoundations.programmes import is_zero
from tefoundations.words import Explained, say, shown

if TYPE_CHECKING:
    import pandas as pd

SAMPLES, MOST = 40, 4000  # of each stretch between two moments at which a reserve starts or is fully there, and of a swing
NEARLY, PEAKS = 0.98, 8  # a turn so near the largest sample may be the furthest one; so many are looked at


@dataclass(frozen=True, eq=False, repr=False)
class FrequencyResponse(Explained):
    """What frequency does after a sudden loss of supply.

    Parameters
    ----------
    time : (T,) float array
        Seconds since the loss.
    frequency : (T,) float array
        Hz.
    governed : (T,) float array
        What governors add (MW).
    activated : (T,) float array
        What reserves add (MW).
    rate : float
        Rate of change at the first moment (Hz/s).
    lowest, lowest_at : float
        The frequency furthest from nominal (Hz) until the last of `time`, and when it comes (s). After a loss of load, or
        where reserves give more than was lost, it may be the highest.
    settles : float
        Where frequency comes to rest (Hz); nan where nothing holds it.
    most_governed : float
        The most that governors must give on the way, or give less (MW): so much room they need, which is reserve.
    lost : float
        MW.
    nominal : float
        Hz.
    """

    time: np.ndarray
    frequency: np.ndarray
    governed: np.ndarray
    activated: np.ndarray
    rate: float
    lowest: float
    lowest_at: float
    settles: float
    most_governed: float
    lost: float
    nominal: float

    def __post_init__(self):
        for name in ("time", "frequency", "governed", "activated"):
            getattr(self, name).flags.writeable = False

    def to_frame(self) -> pd.DataFrame:
        """The course as a table.

        Returns
        -------
        pandas.DataFrame
            Index `second`; columns frequency (Hz), governed and activated (MW).
        """
        import pandas as pd

        columns = {"frequency": self.frequency, "governed": self.governed, "activated": self.activated}
        return pd.DataFrame(columns, index=pd.Index(self.time, name="second"))

    def explain(self) -> str:
        """The course in words.

        Returns
        -------
        str

        Examples
        --------
        >>> print(frequency_response(inertia=500, droop=100, step=30, lag=5).explain())
        30 MW are lost: frequency first changes by -1.5 Hz/s.
        It is lowest after 1.679 s, at 48.4319 Hz, and settles at 49.7 Hz.
        Governors give up to 51.8774 MW on the way.
        """
        what, end = ("lost", "lowest") if self.lost >= 0 else ("no longer drawn", "highest")
        if (self.lowest - self.nominal) * self.lost > 0:
            end = f"furthest from {say(self.nominal)} Hz on the other side,"
        size = say(abs(self.lost), self.lost)
        rest = f"settles at {say(self.settles)} Hz" if np.isfinite(self.settles) else "nothing holds it"
        told = [f"{size} MW are {what}: frequency first changes by {say(self.rate)} Hz/s.",
                f"It is {end} after {say(round(self.lowest_at, 3))} s, at {say(self.lowest)} Hz, and {rest}."]  # fmt: skip
        if self.most_governed:
            more = self.governed[np.argmax(np.abs(self.governed))] > 0
            give = "give up to" if more else "give less by up to"
            told.append(f"Governors {give} {say(self.most_governed, self.lost)} MW on the way.")
        return "\n".join(told)

    def _at_a_glance(self):
        return [("lost, MW", say(self.lost, self.lost)), ("first rate of change, Hz/s", self.rate),
                ("furthest, Hz", self.lowest), ("after, s", round(self.lowest_at, 3)),
                ("settles at, Hz", self.settles if np.isfinite(self.settles) else "nowhere")]  # fmt: skip

    def __repr__(self):
        return f"FrequencyResponse({self.lost:g} MW lost, {self.rate:.4g} Hz/s, furthest {self.lowest:.6g} Hz)"


def frequency_response(
    *,
    inertia: float,
    droop: float,
    step: float,
    reserves: Sequence[tuple[float, float, float]] = (),
    damping: float = 0.0,
    lag: float = 0.0,
    nominal: float = 50.0,
    until: float = 60.0,
) -> FrequencyResponse:
    """Frequency after a sudden loss of supply, in one swinging mass.

    With M = 2 inertia / nominal and a deviation f from nominal,

        M df/dt = -step + G + what reserves give - damping f,    lag dG/dt = -droop f - G.

    All machines turn as one: how frequency differs from place to place in the first second is left out. Between two moments
    at which a reserve starts, or is fully there, the equations are linear, and they are solved exactly.

    Parameters
    ----------
    inertia : float
        Energy in everything that turns with the grid (MW s), above 0. Machines of S MVA with an inertia constant of H
        seconds hold H S.
    droop : float
        What governors add for each Hz below nominal, once they have answered (MW/Hz). It is not the per cent that is called
        a unit's droop, but what follows from it: P MW with a droop of s give P / (s nominal), 1,000 MW at 5 % 400 MW/Hz.
    step : float
        Supply that is lost (MW), not 0; below 0 load that is lost.
    reserves : sequence of (float, float, float)
        (MW, delay, ramp): what starts after `delay` seconds and is fully there `ramp` seconds later (0: at once). It
        follows no frequency: a battery or a plant that is told to start.
    damping : float
        How much less load draws for each Hz below nominal, at once (MW/Hz).
    lag : float
        Seconds in which governors come within 1/e of their answer; 0: they answer at once.
    nominal : float
        Hz.
    until : float
        End of the course (s).

    Returns
    -------
    FrequencyResponse

    Raises
    ------
    InvalidInput
        No inertia, a negative droop, lag, delay or ramp, a reserve that is not three numbers.

    References
    ----------
    Anderson, P. M. and Mirheydar, M. (1990), "A low-order system frequency response model", IEEE Transactions on Power
    Systems 5(3), 720-729 (with reheat; here the turbine is one lag).

    Examples
    --------
    Without anything that answers, frequency falls like a stone that weighs 20 MW s/Hz:

    >>> found = frequency_response(inertia=500, droop=0, step=30, until=2)
    >>> found.rate, found.frequency[-1].round(6)
    (-1.5, np.float64(47.0))

    A battery gives all of it after half a second:

    >>> frequency_response(inertia=500, droop=0, step=30, reserves=[(30, 0.5, 0)]).settles
    49.25
    """
    inertia, step = positive(inertia, "inertia", unit="of MW s"), number(step, "step", unit="of MW")
    if step == 0:
        raise InvalidInput("step 0: nothing is lost")
    droop, damping = (not_negative(v, name, unit="of MW/Hz") for v, name in ((droop, "droop"), (damping, "damping")))
    lag, nominal = not_negative(lag, "lag", unit="of seconds"), positive(nominal, "nominal", unit="of Hz")
    until = positive(until, "until", unit="of seconds")
    told = _reserves(reserves)
    course = _Course(2 * inertia / nominal, droop, damping, lag, step, told)
    time, states = course.run(until)
    governed = states[:, 1] if lag else -droop * states[:, 0]
    at, furthest = course.furthest(time, states)
    rate, rest = (course.given(0.0) - step) / course.mass, step - sum(mw for mw, *_ in told)
    settles = np.nan
    if droop + damping:
        settles = nominal - rest / (droop + damping)
    elif is_zero(rest, of=step):
        settles = nominal + course.at_rest()
    most = abs(course.furthest(time, states, of=1)[1]) if lag else droop * abs(furthest)
    return FrequencyResponse(time, nominal + states[:, 0], governed + 0.0, states[:, 2] + 0.0, rate,
                             nominal + furthest, at, float(settles), float(most), step, nominal)  # fmt: skip


def _reserves(reserves):
    """[(MW, delay, ramp)], checked."""
    found = []
    for row, given in enumerate(sequence(reserves, "reserves", of="(MW, delay in s, ramp in s)")):
        if np.shape(given) != (3,):
            raise InvalidInput(f"reserve {row}: must be (MW, delay in s, ramp in s), not {shown(given)}")
        mw, delay, ramp = given
        found.append((number(mw, f"reserve {row}: power", unit="of MW"),
                      not_negative(delay, f"reserve {row}: delay", unit="of seconds"),
                      not_negative(ramp, f"reserve {row}: ramp", unit="of seconds")))  # fmt: skip
    return found


class _Course:
    """The linear equations, stretch by stretch; the state is (deviation, governors, reserves, slope of the reserves)."""

    def __init__(self, mass, droop, damping, lag, step, reserves):
        self.mass, self.step, self.reserves = mass, step, reserves
        self.matrix = np.zeros((5, 5))  # the last state is 1: it brings the loss
        held = damping + (0.0 if lag else droop)
        self.matrix[0] = [-held / mass, 1 / mass if lag else 0.0, 1 / mass, 0.0, -step / mass]
        if lag:
            self.matrix[1, :2] = [-droop / lag, -1 / lag]
        self.matrix[2, 3] = 1.0
        self.swing = np.abs(np.linalg.eigvals(self.matrix[:2, :2]).imag).max() / (2 * np.pi)  # swings in a second

    def run(self, until):
        """Moments (T,) and states (T, 5)."""
        ends = {0.0, until} | {end for _, delay, ramp in self.reserves for end in (delay, delay + ramp) if end < until}
        ends, state = sorted(ends), np.array([0.0, 0.0, 0.0, 0.0, 1.0])
        time, states = [], []
        for start, end in zip(ends, ends[1:]):
            state[2], state[3] = self.given(start), self._slope(start)
            samples = int(min(max(SAMPLES, (end - start) * self.swing * SAMPLES), MOST))
            pace = self._move((end - start) / samples)
            for sample in range(samples):
                time.append(start + (end - start) * sample / samples)
                states.append(state.copy())
                state = pace @ state
        state[2] = self.given(until)
        return np.array([*time, until]), np.array([*states, state])

    def furthest(self, time, states, of=0):
        """When the deviation (or what governors give, `of` 1) is largest, and how large it is there."""
        size, width = np.abs(states[:, of]), np.diff(time)
        place = int(np.argmax(size))
        best = float(time[place]), float(states[place, of])
        ends = states[1:].copy()  # as the stretch leaves them, before a reserve jumps in or its slope changes
        ends[:, 2], ends[:, 3] = states[:-1, 2] + states[:-1, 3] * width, states[:-1, 3]
        turns = (states[:-1] @ self.matrix[of]) * (ends @ self.matrix[of]) < 0
        large = np.maximum(size[:-1], size[1:]) >= NEARLY * size[place]
        for start in np.flatnonzero(turns & large)[:PEAKS]:
            after, there = self._turn(states[start], width[start], of)
            if abs(there) > abs(best[1]):
                best = float(time[start] + after), there
        return best

    def _turn(self, state, width, of):
        """Seconds after which it turns within a stretch, and how large it is there."""
        from scipy.optimize import brentq

        def rate(seconds):
            return self.matrix[of] @ self._move(seconds) @ state

        after = 0.0  # where rounding made the turn
        if rate(0.0) * rate(width) < 0:
            after = brentq(rate, 0.0, width, xtol=1e-12 * width)
        return after, float((self._move(after) @ state)[of])

    def at_rest(self):
        """The deviation when all reserves are there, where nothing else holds it."""
        last = max((delay + ramp for _, delay, ramp in self.reserves), default=0.0)
        return float(self.run(max(last, 1e-9))[1][-1, 0])

    def _move(self, seconds):
        from scipy.linalg import expm

        return expm(self.matrix * seconds)

    def given(self, moment):
        """What reserves give (MW)."""
        return sum(mw * min((moment - delay) / ramp if ramp else 1.0, 1.0) for mw, delay, ramp in self.reserves
                   if moment >= delay)  # fmt: skip

    def _slope(self, moment):
        """How it grows from now on (MW/s)."""
        return sum(mw / ramp for mw, delay, ramp in self.reserves if delay <= moment < delay + ramp)
