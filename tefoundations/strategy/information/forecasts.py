"""What a forecast is worth to somebody who must decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.chances import chances_of
from tefoundations.errors import InvalidInput
from tefoundations.indices import check_labels
from tefoundations.inputs import numbers, sequence
from tefoundations.programmes import is_zero
from tefoundations.words import Explained, count, say, shown

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike


@dataclass(frozen=True, eq=False, repr=False)
class ForecastWorth(Explained):
    """A decision with a forecast and without; `value_of_information` makes it. Gains are on average, in one unit.

    Parameters
    ----------
    gains : (actions, states) float array
        What each action gains in each state.
    chances : (states,) float array
        Chance of each state before the forecast.
    likely : (signals, states) float array
        Chance of each signal in each state.
    best : int
        Row of the action without a forecast.
    replies : tuple of int
        Row of the action after each signal.
    actions, signals : tuple of str
        Their names.
    """

    gains: np.ndarray
    chances: np.ndarray
    likely: np.ndarray
    best: int
    replies: tuple[int, ...]
    actions: tuple[str, ...]
    signals: tuple[str, ...]

    @property
    def without(self) -> float:
        """Gain of the best action without a forecast."""
        return float(self.gains[self.best] @ self.chances)

    @property
    def added(self) -> np.ndarray:
        """(signals,) what each signal adds: its chance times the gain of the reply over that of staying; 0 or more."""
        more = self.gains[list(self.replies)] - self.gains[self.best]
        return np.sum(more * self.likely * self.chances, axis=1)

    @property
    def worth(self) -> float:
        """What the forecast adds; 0 exactly where no signal changes the action."""
        return float(self.added.sum())

    @property
    def most(self) -> float:
        """What a forecast that never errs would add."""
        return float((self.gains - self.gains[self.best]).max(axis=0) @ self.chances)

    @property
    def signal_chances(self) -> np.ndarray:
        """(signals,) how often each signal comes."""
        return self.likely @ self.chances

    @property
    def posteriors(self) -> np.ndarray:
        """(signals, states) chance of each state after each signal, by Bayes' rule; nan for a signal that never comes."""
        often = self.signal_chances[:, None]
        return np.divide(self.likely * self.chances, often, out=np.full(self.likely.shape, np.nan), where=often > 0)

    @property
    def changes(self) -> bool:
        """Whether some signal changes the action."""
        return any(reply != self.best for reply in self.replies)

    def explain(self) -> str:
        """What is done with the forecast and without, and what the difference is worth.

        Returns
        -------
        str

        Examples
        --------
        >>> print(value_of_information([[8, 8], [16, 4]], [0.5, 0.5], [[0.6, 0.4], [0.4, 0.6]]).explain())
        Without a forecast: action 1, which gains 10 on average.
        After signal 0 (chance 0.5): action 1 as before.
        After signal 1 (chance 0.5): action 1 as before.
        The forecast changes no decision and is worth nothing; one that never errs would be worth 2.
        """
        lines = [f"Without a forecast: {self.actions[self.best]}, which gains {say(self.without)} on average."]
        for name, reply, chance, more in zip(self.signals, self.replies, self.signal_chances, self.added):
            done = "as before" if reply == self.best else f"instead, which adds {say(chance)} x {say(more / chance)}"
            lines.append(f"After {name} (chance {say(chance)}): {self.actions[reply]} {done}.")
        said = f"is worth {say(self.worth)}" if self.changes else "changes no decision and is worth nothing"
        return "\n".join([*lines, f"The forecast {said}; one that never errs would be worth {say(self.most)}."])

    def to_frame(self) -> pd.DataFrame:
        """One row for each signal.

        Returns
        -------
        pandas.DataFrame
            Columns signal, chance, action (the best after it) and added (its part of the worth, in the unit of the gains).
        """
        import pandas as pd

        done = [self.actions[reply] for reply in self.replies]
        return pd.DataFrame({"signal": self.signals, "chance": self.signal_chances, "action": done, "added": self.added})

    def _at_a_glance(self):
        return [
            ("without a forecast", self.actions[self.best]), ("gain without", self.without), ("worth", self.worth),
            ("worth of one that never errs", self.most),
        ]  # fmt: skip

    def __repr__(self):
        return f"ForecastWorth({say(self.worth)} of at most {say(self.most)})"


def value_of_information(
    gains: ArrayLike,
    chances: ArrayLike,
    likely: ArrayLike,
    *,
    actions: Sequence[str] | None = None,
    signals: Sequence[str] | None = None,
) -> ForecastWorth:
    """What a forecast adds to the gain of one who decides after it: 0 unless it changes what is done.

    Of several best actions the one that is best without the forecast is kept, else the first.

    Parameters
    ----------
    gains : (actions, states) array
        What each action gains in each state, in any unit.
    chances : (states,) array
        Chance of each state before the forecast.
    likely : (signals, states) array
        Chance of each signal in each state; each column adds up to 1. A forecast that never errs is the unit matrix.
    actions, signals : sequence of str, optional
        Their names, for `explain`; by default action 0, ... and signal 0, ...

    Returns
    -------
    ForecastWorth

    Raises
    ------
    InvalidInput
        Numbers of another shape, chances outside 0 to 1 or that do not add up to 1, with the state at fault; another number
        of names.

    References
    ----------
    Howard, R. A. (1966), "Information value theory", IEEE Transactions on Systems Science and Cybernetics 2(1).

    Examples
    --------
    Sell a kWh now at 8 ct, or wait for 16 or 4 ct, both as likely. A forecast that is right in four cases of five:

    >>> forecast = value_of_information([[8, 8], [16, 4]], [0.5, 0.5], [[0.8, 0.2], [0.2, 0.8]], actions=["sell", "wait"],
    ...                                 signals=["high", "low"])
    >>> print(forecast.explain())
    Without a forecast: wait, which gains 10 on average.
    After high (chance 0.5): wait as before.
    After low (chance 0.5): sell instead, which adds 0.5 x 1.6.
    The forecast is worth 0.8; one that never errs would be worth 2.
    """
    table = numbers(gains, "gain", ndim=2, place="action and state")
    if not table.size:
        raise InvalidInput("gains must hold an action and a state at least, and there is none")
    prior = chances_of(chances, "chance", table.shape[1], "state")
    rows = _signals(likely, table.shape[1])
    by_gains, by_likely = (getattr(given, "columns", None) for given in (gains, likely))
    check_labels(chances, "chances", by_gains, "the columns of gains")
    check_labels(by_likely, "columns of likely", by_gains, "the columns of gains")
    check_labels(by_likely, "columns of likely", chances, "chances")
    means = table @ prior
    best = int(np.argmax(means))
    replies = tuple(_reply(table, prior * row, best) for row in rows)
    return ForecastWorth(
        table, prior, rows, best, replies, _names(actions, "action", len(table)), _names(signals, "signal", len(rows))
    )


def _signals(likely, states):
    """Chances of the signals, by state in their columns."""
    rows = numbers(likely, "chance", ndim=2, place="signal and state")
    if rows.shape[1] != states:
        raise InvalidInput(f"likely must have a column for each of {count(states, 'state')}, not {rows.shape[1]}")
    for state, column in enumerate(rows.T):
        try:
            chances_of(column, "chance", len(column), "signal")
        except InvalidInput as error:
            raise InvalidInput(f"likely, state {state}: {error}") from None
    return rows


def _reply(table, weights, best):
    """The row that gains most on average with these weights; `best` where no other gains more than rounding."""
    means = table @ weights
    reply = int(np.argmax(means))
    return best if is_zero(means[reply] - means[best], of=np.abs(table) @ weights).any() else reply


def _names(given, kind, number):
    if given is None:
        return tuple(f"{kind} {place}" for place in range(number))
    names = tuple(str(name) for name in sequence(given, f"{kind}s", of="names"))
    if len(names) != number or len(set(names)) < number:
        raise InvalidInput(f"{kind}s {shown(list(names))} must be {number} different names")
    return names
