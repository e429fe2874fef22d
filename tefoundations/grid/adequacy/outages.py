"""How often units that fail leave too little: loss of load, what is missing, and what a resource adds against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import not_negative, number, numbers, positive, sequence
from tefoundations.words import Explained, count, say, shown

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

LEVELS = 200_000  # distinct outputs of all units together, beyond which a resolution is asked for
SAME = 1e-9  # share of all capacity within which two outputs are one


@dataclass(frozen=True, eq=False)
class Available:
    """What units can give together: level (k,) MW, rising; chance (k,) of exactly that; below (k,) of no more than that.

    `total` is what they give together if none is out (MW); with a resolution the last level may lie above it.
    """

    level: np.ndarray
    chance: np.ndarray
    total: float

    def __post_init__(self):
        object.__setattr__(self, "below", np.cumsum(self.chance))
        object.__setattr__(self, "given_below", np.cumsum(self.chance * self.level))

    def short(self, load):
        """Chance of a shortage and expected power missing (MW) for each load (T,). Just enough is no shortage."""
        tight = SAME * max(self.level[-1], 1e-300)
        place = np.searchsorted(self.level, load - tight, side="left") - 1  # the last level that does not reach
        none = place < 0
        place = np.maximum(place, 0)
        chance = np.where(none, 0.0, self.below[place])
        return chance, np.where(none, 0.0, np.maximum(load * chance - self.given_below[place], 0.0))


@dataclass(frozen=True, eq=False, repr=False)
class LossOfLoad(Explained):
    """How likely a shortage is, and how large, by step.

    Parameters
    ----------
    load : (T,) float array
        MW that units must give; below 0 none.
    probability : (T,) float array
        Chance that units cannot serve the load of each step.
    missing : (T,) float array
        Expected power missing (MW).
    hours : float
        Length of a step.
    capacity : float
        What all units give together (MW).
    """

    load: np.ndarray
    probability: np.ndarray
    missing: np.ndarray
    hours: float
    capacity: float

    def __post_init__(self):
        for name in ("load", "probability", "missing"):
            getattr(self, name).flags.writeable = False

    @property
    def lole(self) -> float:
        """Loss of load expectation: hours with a shortage that are expected (h)."""
        return float(self.probability.sum() * self.hours)

    @property
    def eue(self) -> float:
        """Expected unserved energy (MWh)."""
        return float(self.missing.sum() * self.hours)

    def to_frame(self) -> pd.DataFrame:
        """The steps as a table.

        Returns
        -------
        pandas.DataFrame
            Index `step`; columns load (MW), probability, missing (MW).
        """
        import pandas as pd

        columns = {"load": self.load, "probability": self.probability, "missing": self.missing}
        return pd.DataFrame(columns).rename_axis("step")

    def explain(self) -> str:
        """The result in words.

        Returns
        -------
        str

        Examples
        --------
        >>> print(loss_of_load([40, 60], units=[(50, 0.1), (20, 0.1)]).explain())
        2 steps, units of 70 MW together.
        0.29 hours with a shortage are expected, and 7.3 MWh unserved.
        Worst is a load of 60 MW: a shortage with a chance of 0.19, 5.1 MW missing on average.
        """
        told = [
            f"{count(len(self.load), 'step')}, units of {say(self.capacity, self.capacity)} MW together.",
            f"{say(self.lole, self.lole)} hours with a shortage are expected, and {say(self.eue, self.eue)} MWh unserved.",
        ]
        if self.lole > 0:
            at = int(np.argmax(self.missing))
            chance, missing = self.probability[at], self.missing[at]
            told.append(f"Worst is a load of {say(self.load[at])} MW: a shortage with a chance of {say(chance, chance)}, "
                        f"{say(missing, missing)} MW missing on average.")  # fmt: skip
        return "\n".join(told)

    def _at_a_glance(self):
        return [("loss of load expectation, h", say(self.lole, self.lole)),
                ("unserved energy, MWh", say(self.eue, self.eue)),
                ("capacity, MW", self.capacity), ("highest load, MW", self.load.max())]  # fmt: skip

    def __repr__(self):
        return f"LossOfLoad({len(self.load)} steps, LOLE {self.lole:.6g} h, EUE {self.eue:.6g} MWh)"


def loss_of_load(
    load: ArrayLike, *, units: Sequence[tuple[float, float]], hours: float = 1.0, resolution: float | None = None
) -> LossOfLoad:
    """How often, and by how much, units that fail independently leave too little for a load.

    The distribution of what the units give together is found unit by unit, by convolution. It is exact; with `resolution`
    it stands on a grid, each unit split between the two nearest points so that its mean stays.

    Parameters
    ----------
    load : (T,) array
        Load that units must serve (MW), less what other resources give; may be below 0.
    units : sequence of (float, float)
        (MW, chance that it is out), independent of each other and of the load.
    hours : float
        Length of a step.
    resolution : float, optional
        Width of the grid (MW); needed where units of many different sizes would make too many levels.

    Returns
    -------
    LossOfLoad

    Raises
    ------
    InvalidInput
        No load, a unit that is not (MW, chance) or whose chance is not one, too many levels, a resolution wider than all
        units together or lost beside them.

    References
    ----------
    Billinton, R. and Allan, R. N. (1996), "Reliability Evaluation of Power Systems", 2nd ed., Plenum, chapter 2 (the
    capacity outage table, found recursively).

    Examples
    --------
    One unit, and no load:

    >>> loss_of_load([0], units=[(50, 0.1)])
    LossOfLoad(1 steps, LOLE 0 h, EUE 0 MWh)

    Two units of 50 MW that are out one hour in ten. 60 MW are short if one of them, or both, are:

    >>> found = loss_of_load([60], units=[(50, 0.1), (50, 0.1)])
    >>> round(found.lole, 6), round(found.eue, 6)
    (0.19, 2.4)
    """
    load, hours = numbers(load, "load", place="step"), positive(hours, "hours")
    if not len(load):
        raise InvalidInput("load must have at least one step")
    available = available_of(units, resolution)
    probability, missing = available.short(load)
    return LossOfLoad(load, probability, missing, hours, available.total)


def available_of(units, resolution=None):
    """The distribution of what units can give.

    Parameters
    ----------
    units, resolution
        As in `loss_of_load`.

    Returns
    -------
    Available

    Raises
    ------
    InvalidInput
    """
    read = [_unit(row, unit) for row, unit in enumerate(sequence(units, "units", of="(MW, chance of being out)"))]
    width = None if resolution is None else positive(resolution, "resolution", unit="of MW")
    level, chance = np.zeros(1), np.ones(1)
    total = sum(mw for mw, _ in read)
    tight = SAME * max(total, 1e-300)
    if width is not None and not tight < width <= (total or width):
        raise InvalidInput(
            f"resolution {width:g} MW must be between {tight:g} MW and the {total:g} MW of all units together"
        )
    for mw, out in read:
        level, chance = _merged(*_with(level, chance, mw, out, width), tight)
        if len(level) > LEVELS:
            raise InvalidInput(f"units make more than {LEVELS} different levels together; give a resolution (MW)")
    return Available(level, chance, float(sum(mw for mw, _ in read)))


def _unit(row, unit):
    if np.shape(unit) != (2,):
        raise InvalidInput(f"unit {row}: must be (MW, chance of being out), not {shown(unit)}")
    return (not_negative(unit[0], f"unit {row}: capacity", unit="of MW"),
            number(unit[1], f"unit {row}: chance of being out", least=0, most=1))  # fmt: skip


def _with(level, chance, mw, out, width):
    """Levels and chances with one more unit, not merged."""
    if width is None:
        return np.concatenate([level, level + mw]), np.concatenate([chance * out, chance * (1 - out)])
    steps = np.floor(mw / width + SAME)
    more = max(mw / width - steps, 0.0)
    ends = [(0.0, out), (steps * width, (1 - out) * (1 - more)), ((steps + 1) * width, (1 - out) * more)]
    return np.concatenate([level + one for one, _ in ends]), np.concatenate([chance * share for _, share in ends])


def _merged(level, chance, tight):
    """Levels that differ by no more than rounding as one; what cannot happen is left out."""
    order = np.argsort(level, kind="stable")
    level, chance = level[order], chance[order]
    first = np.concatenate([[True], np.diff(level) > tight])
    group = np.cumsum(first) - 1
    chance = np.bincount(group, chance)
    kept = (chance > 0) | (np.arange(len(chance)) == len(chance) - 1)
    return level[first][kept], chance[kept]
