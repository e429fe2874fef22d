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
CLOSE, PEAKS = 0.02, 8  # share of the swing by which a turn may be short of the furthest sample; so many are looked at


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
        The lowest frequency until the last of `time` (Hz), the nadir, and when it comes (s).
    highest, highest_at : float
        The highest, and when it comes: what matters after a loss of load, or where reserves give more than was lost.
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
    highest: float
    highest_at: float
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
        what = "lost" if self.lost >= 0 else "no longer drawn"
        size = say(abs(self.lost), self.lost)
        rest = f"settles at {say(self.settles)} Hz" if np.isfinite(self.settles) else "nothing holds it"
        (near, hz, at), (far, beyond, then) = self._ends()
        told = [f"{size} MW are {what}: frequency first changes by {say(self.rate)} Hz/s.",
                f"It is {near} after {say(round(at, 3))} s, at {say(hz)} Hz, and {rest}."]  # fmt: skip
        if abs(beyond - self.nominal) > abs(hz - self.nominal):
            told.append(
                f"It is {far} after {say(round(then, 3))} s, at {say(beyond)} Hz: further from {say(self.nominal)} Hz."
            )
        if self.most_governed:
            more = self.governed[np.argmax(np.abs(self.governed))] > 0
            give = "give up to" if more else "give less by up to"
            told.append(f"Governors {give} {say(self.most_governed, self.lost)} MW on the way.")
        return "\n".join(told)

    def _ends(self):
        """(word, Hz, s) of the end that the loss pushes towards, then of the other."""
        ends = ("lowest", self.lowest, self.lowest_at), ("highest", self.highest, self.highest_at)
        return ends if self.lost >= 0 else ends[::-1]

    def _at_a_glance(self):
        (word, hz, at), _ = self._ends()
        return [("lost, MW", say(self.lost, self.lost)), ("first rate of change, Hz/s", self.rate),
                (f"{word}, Hz", hz), ("after, s", round(at, 3)),
                ("settles at, Hz", self.settles if np.isfinite(self.settles) else "nowhere")]  # fmt: skip

    def __repr__(self):
        (word, hz, _), _ = self._ends()
        return f"FrequencyResponse({self.lost:g} MW lost, {self.rate:.4g} Hz/s, {word} {hz:.6g} Hz)"


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
        What governors add for each Hz below nominal, once they have answered (MW/Hz): more is a stronger answer. The droop
        that a plant is rated by runs the other way, larger is weaker: P MW with a droop of R per unit answer with
        P / (R nominal) MW/Hz, so that 1,000 MW at 5 % are 400 MW/Hz, and at 10 % only 200.
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
    (low_at, low), (high_at, high) = (course.furthest(time, states, sign) for sign in (-1, 1))
    rate, rest = (course.given(0.0) - step) / course.mass, step - sum(mw for mw, *_ in told)
    settles = np.nan
    if droop + damping:
        settles = nominal - rest / (droop + damping)
    elif is_zero(rest, of=step):
        settles = nominal + course.at_rest()
    governors = [course.furthest(time, states, sign, of=1)[1] for sign in (-1, 1)] if lag else [droop * low, droop * high]
    most = max(map(abs, governors))
    return FrequencyResponse(time, nominal + states[:, 0], governed + 0.0, states[:, 2] + 0.0, rate,
                             nominal + low, low_at, nominal + high, high_at, float(settles), float(most), step,
                             nominal)  # fmt: skip


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

    def furthest(self, time, states, sign, of=0):
        """When the deviation (or what governors give, `of` 1) is highest, `sign` 1, or lowest, -1; and how large it is."""
        size, width = sign * states[:, of], np.diff(time)
        place = int(np.argmax(size))
        best = float(time[place]), float(states[place, of])
        ends = states[1:].copy()  # as the stretch leaves them, before a reserve jumps in or its slope changes
        ends[:, 2], ends[:, 3] = states[:-1, 2] + states[:-1, 3] * width, states[:-1, 3]
        turns = (states[:-1] @ self.matrix[of]) * (ends @ self.matrix[of]) < 0
        peaks = np.maximum(size[:-1], size[1:])
        large = turns & (peaks >= size[place] - CLOSE * np.abs(size).max())
        for start in sorted(np.flatnonzero(large), key=lambda each: -peaks[each])[:PEAKS]:
            after, there = self._turn(states[start], width[start], of)
            if sign * there > sign * best[1]:
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
