"""Scenarios: what may come, and with which chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput, InvalidNetwork
from tefoundations.grid.columns import place_of
from tefoundations.inputs import numbers, sequence
from tefoundations.programmes import NEAR
from tefoundations.words import Explained, count, listed, say, shown

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike


COLUMNS = {"load": "bus", "p_max": "generator", "limits": "line"}  # argument -> what bears its labels


@dataclass(frozen=True, eq=False, repr=False)
class Scenarios(Explained):
    """What may come, and with which chance: loads, weather and lines.

    Parameters
    ----------
    probability : (S,) float array
        Chance of each scenario, above 0; they add up to 1.
    load : dict, (S, n) array or pandas.DataFrame, optional
        {bus: (S,) MW} for some buses, an array or a table with a column a bus for all. Default: as in the network.
    p_max : dict, (S, g) array or pandas.DataFrame, optional
        The same for what generators can give at most (MW): wind, sun, an outage.
    limits : dict, (S, m) array or pandas.DataFrame, optional
        The same for limits of lines (MW, inf for none).
    name : (S,) sequence of str, optional
        Names of the scenarios; default: their positions, from 0.

    Raises
    ------
    InvalidInput
        Chances that are not above 0 or do not add up to 1, another number of values than of chances, a name given twice.

    Examples
    --------
    >>> wind = Scenarios([0.2, 0.3, 0.5], p_max={"wind": [0, 30, 90]}, name=["calm", "breeze", "gale"])
    >>> print(wind.explain())
    3 scenarios; p_max of wind differs between them.
    calm, chance 0.2: p_max of wind 0 MW
    breeze, chance 0.3: p_max of wind 30 MW
    gale, chance 0.5: p_max of wind 90 MW
    >>> Scenarios([0.5, 0.6])
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: probability [0.5, 0.6] adds up to 1.1, not to 1
    """

    probability: ArrayLike
    load: Mapping | ArrayLike | pd.DataFrame | None = None
    p_max: Mapping | ArrayLike | pd.DataFrame | None = None
    limits: Mapping | ArrayLike | pd.DataFrame | None = None
    name: ArrayLike | None = None

    def __post_init__(self):
        chances = numbers(self.probability, "probability", place="scenario")
        for row in np.flatnonzero(chances <= 0)[:1]:
            words = "must be above 0: what never comes has no price, so leave it out"
            raise InvalidInput(f"scenario {row}: probability {say(chances[row], chances[row])} {words}")
        if not len(chances):
            raise InvalidInput("probability must hold at least one chance")
        if abs(chances.sum() - 1) > NEAR:
            raise InvalidInput(f"probability {shown(chances.tolist())} adds up to {say(chances.sum())}, not to 1")
        names = range(len(chances)) if self.name is None else sequence(self.name, "name", of="names of scenarios")
        names = [str(one) for one in names]
        if len(names) != len(chances):
            raise InvalidInput(f"name must be {len(chances)} names, one for each scenario, not {len(names)}")
        for one in names:
            if names.count(one) > 1:
                raise InvalidInput(f"name: two scenarios are called {one!r}")
        chances.flags.writeable = False
        object.__setattr__(self, "probability", chances)
        object.__setattr__(self, "name", tuple(names))
        for argument in COLUMNS:
            object.__setattr__(self, argument, self._read(argument))

    def _read(self, argument):
        """{label: (S,) array}, an (S, k) array, or None."""
        given, size = getattr(self, argument), len(self.probability)
        if given is None:
            return None
        if hasattr(given, "columns"):
            given = {label: given[label].to_numpy() for label in given.columns}
        infinite, kind, least = argument != "load", COLUMNS[argument], 0 if argument == "limits" else None
        if isinstance(given, Mapping):
            read = {}
            for label, values in given.items():
                words = f"{argument} of {kind} {label}"
                read[label] = numbers(values, words, infinite=infinite, least=least, count=size, place="scenario")
                read[label].flags.writeable = False
            return read
        array = numbers(given, argument, infinite=infinite, least=least, ndim=None, place="scenario")
        if array.ndim != 2 or len(array) != size:
            raise InvalidInput(f"{argument} must have a row for each of the {size} scenarios, not shape {array.shape}")
        array.flags.writeable = False
        return array

    def __len__(self):
        return len(np.asarray(self.probability))

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """(S,) tuple of str: names of the scenarios."""
        return tuple(str(one) for one in np.asarray(self.name).tolist())

    @cached_property
    def _mean(self):
        """One scenario: all values at their means; what is the same in all scenarios stays what it is, to the last digit."""

        def mean(values):
            same = (values == values[0]).all(axis=0)
            return np.where(same, values[0], self.probability @ np.where(same, 0.0, values))[None]

        def of(given):
            if isinstance(given, dict):
                return {label: mean(values) for label, values in given.items()}
            return None if given is None else mean(given)

        return Scenarios([1.0], of(self.load), of(self.p_max), of(self.limits), name=["mean"])

    def _alone(self, row):
        """The scenario at a position, as if it were certain."""

        def of(given):
            if isinstance(given, dict):
                return {label: values[[row]] for label, values in given.items()}
            return None if given is None else given[[row]]

        return Scenarios([1.0], of(self.load), of(self.p_max), of(self.limits), name=[self.labels[row]])

    def _arrays(self, net):
        """Load (S, n), p_max (S, g) and limits (S, m) on a network (MW); InvalidInput for what it does not have."""
        index = {
            "load": net.index, "p_max": {label: at for at, label in enumerate(net.generators.name.tolist())},
            "limits": {label: at for at, label in enumerate(net.lines.name.tolist())},
        }  # fmt: skip
        own = {"load": net.buses.load, "p_max": net.generators.p_max, "limits": net.lines.limit}
        found = []
        for argument, kind in COLUMNS.items():
            given, values = getattr(self, argument), np.tile(own[argument], (len(self), 1))
            if isinstance(given, dict):
                for label, column in given.items():
                    values[:, place_of(label, index[argument], kind)] = column
            elif given is not None:
                if given.shape != values.shape:
                    raise InvalidInput(f"{argument} of the scenarios must have shape {values.shape}, not {given.shape}")
                values = given.copy()
            found.append(values)
        load, p_max, limits = found
        for row, unit in np.argwhere(p_max < net.generators.p_min)[:1]:
            words = f"p_max {say(p_max[row, unit])} is below its p_min {say(net.generators.p_min[unit])}"
            raise InvalidNetwork(f"scenario {self.labels[row]}, generator {net.generators.name[unit]}: {words}")
        return load, p_max, limits

    def to_frame(self) -> pd.DataFrame:
        """The scenarios as a table.

        Returns
        -------
        pandas.DataFrame
            Index `scenario`; column probability, then one for each bus, generator or line that is named (MW), or one of sums
            where an array holds all of them.
        """
        import pandas as pd

        columns = {"probability": self.probability}
        for argument in COLUMNS:
            given = getattr(self, argument)
            if isinstance(given, dict):
                columns |= {f"{argument} {label}": values for label, values in given.items()}
            elif given is not None:
                columns[f"sum of {argument}"] = given.sum(axis=1)
        return pd.DataFrame(columns, index=pd.Index(self.labels, name="scenario"))

    def explain(self) -> str:
        """What may come, in words.

        Returns
        -------
        str
            A line for the whole, and one for each of the first eight scenarios.

        Examples
        --------
        >>> print(Scenarios([0.5, 0.5], load={2: [80, 120]}).explain())
        2 scenarios; load of 2 differs between them.
        0, chance 0.5: load of 2 80 MW
        1, chance 0.5: load of 2 120 MW
        """
        frame = self.to_frame().drop(columns="probability")
        differ = [name for name in frame.columns if frame[name].nunique() > 1]
        said = listed([name.replace(" ", " of ", 1) for name in differ])
        head = f"{count(len(self), 'scenario')}; " + (
            f"{said} differ{'s' if len(differ) == 1 else ''} between them." if differ else "all are alike."
        )
        lines = [head]
        for name, chance, (_, row) in zip(self.labels[:8], np.asarray(self.probability), frame.iterrows()):
            parts = ", ".join(f"{column.replace(' ', ' of ', 1)} {say(row[column])} MW" for column in differ[:4])
            lines.append(f"{name}, chance {say(chance)}: {parts}" if parts else f"{name}, chance {say(chance)}")
        return "\n".join([*lines, f"and {len(self) - 8} more"] if len(self) > 8 else lines)

    def __repr__(self):
        return f"Scenarios({len(self)}: {listed(self.labels, most=4)})"

    def _at_a_glance(self):
        frame = self.to_frame()
        ends = [(f"{name}, MW", f"{say(frame[name].min())} to {say(frame[name].max())}") for name in frame.columns[1:9]]
        return [
            ("scenarios", len(self)),
            ("chances", f"{say(min(self.probability))} to {say(max(self.probability))}"),
            *ends,
        ]
