"""What is lost, and where the power goes that it carried: one triangular solve a loss gives what every line takes over.

After a loss, line l carries flow[l] + part[l] * lost. For a lost line `lost` is its flow, for a lost unit its output; `part`
is the LODF of the line, or what one megawatt carries that the other units make in its place.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.grid.columns import place_of, replaced
from tefoundations.grid.consistency import check_network
from tefoundations.grid.dc.factors import bridges
from tefoundations.grid.dc.wires import Wires
from tefoundations.inputs import numbers, sequence
from tefoundations.programmes import is_zero
from tefoundations.words import listed, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import ArrayLike

    from tefoundations.grid.network import Network

ALONE = 1e-6  # a line of which so little takes another way has no other way
AT_ONCE = 512  # outages whose factors are computed and looked at together
KEPT = 32_000_000  # factors that are kept (256 MB); of more, each look computes them anew


class Outages:
    """Lines and units that may be lost, one at a time.

    Parameters
    ----------
    net : Network
    wires : Wires
    lines, units : "lines" or "units" for all that can be borne, or names
        Bridges among all lines are left out and told in `unprotected`.
    pickup : dict, optional
        {generator: weight}: who makes the power of a lost unit; default: all others, in proportion to p_max.

    Raises
    ------
    InvalidInput
        An unknown name, one given twice, a bridge that is asked for by its name, weights without meaning.
    """

    def __init__(self, net, wires, lines="lines", units=(), pickup=None):
        self.net, self.wires = net, wires
        self.lines, self.unprotected = _lines(net, wires, lines)
        self.units = _positions(units, net.generators.name, "unit_outages", "units", "generator")
        self._weights = _weights(net, pickup) if len(self.units) or pickup is not None else None
        self._resting = wires.flows(np.zeros(wires.size))  # what phase shifters send by themselves is no sensitivity
        of_lines, of_units = net.lines.name[self.lines].tolist(), net.generators.name[self.units].tolist()
        both = set(of_lines) & set(of_units)
        if both:
            raise InvalidInput(f"unit_outages: {listed(both)} is the name of a line too; rename one of them")
        self.names = (*of_lines, *of_units)
        self.index = {name: row for row, name in enumerate(self.names)}
        self._kept = {}

    def __len__(self):
        return len(self.names)

    def only(self, names):
        """The same for these of the losses alone: a copy."""
        fewer = copy(self)
        at = [self.index[name] for name in names]
        fewer.lines = self.lines[[each for each in at if each < len(self.lines)]]
        fewer.units = self.units[[each - len(self.lines) for each in at if each >= len(self.lines)]]
        fewer.names, fewer.index, fewer._kept = tuple(names), {name: row for row, name in enumerate(names)}, {}
        return fewer

    def lost(self, flow, generation):
        """(k,) float array: what each loss takes away (MW): the flow of a line, the output of a unit."""
        return np.concatenate([flow[self.lines], generation[self.units]])

    def parts(self, which):
        """(m, j) float array: part of what each of these losses (positions) takes away that every line takes over."""
        moved = self._moved(which)
        along = self.wires.flows(moved) - self._resting[:, None]
        of_lines = np.flatnonzero(which < len(self.lines))
        gone = self.lines[which[of_lines]]
        along[:, of_lines] /= 1 - along[gone, of_lines]
        along[gone, of_lines] = -1.0
        return along

    def groups(self):
        """Pairs of positions of outages, a few hundred at a time, and their `parts`."""
        keep = len(self) * len(self.net.lines) <= KEPT
        for first in range(0, len(self), AT_ONCE):
            which = np.arange(first, min(first + AT_ONCE, len(self)))
            parts = self._kept[first] if first in self._kept else self.parts(which)
            if keep:
                self._kept[first] = parts
            yield which, parts

    def rows(self, watched, which, parts, factors):
        """What injections and lost units add to lines after outages, a row a pair of line and outage.

        Parameters
        ----------
        watched, which : (r,) int arrays
            Positions of lines, and of outages.
        parts : (r,) float array
            What the line takes over.
        factors : function
            Positions of lines -> (r, n) PTDF rows.

        Returns
        -------
        (r, n) float array, (r, g) float array
            By bus, and what a megawatt of each unit adds beyond what its bus does.
        """
        by_bus, own = factors(watched), np.zeros((len(watched), len(self.net.generators)))
        of_line = which < len(self.lines)
        if of_line.any():
            by_bus[of_line] += parts[of_line, None] * factors(self.lines[which[of_line]])
        of_unit = np.flatnonzero(~of_line)
        own[of_unit, self.units[which[of_unit] - len(self.lines)]] = parts[of_unit]
        return by_bus, own

    def _moved(self, which):
        """(n, j) float array: the injections that a megawatt of each of these losses turns into."""
        wires, units = self.wires, self.net.generators
        moved, column = np.zeros((wires.size, len(which))), np.arange(len(which))
        of_line = which < len(self.lines)
        line = self.lines[which[of_line]]
        moved[wires.start[line], column[of_line]] += 1.0
        moved[wires.end[line], column[of_line]] -= 1.0
        for place in column[~of_line]:
            unit = self.units[which[place] - len(self.lines)]
            others = np.where(np.arange(len(units)) == unit, 0.0, self._weights)
            if not others.sum() > 0:
                raise InvalidInput(f"pickup: nobody can make the power of {shown(units.name[unit])}")
            moved[:, place] = np.bincount(units.at, others / others.sum(), wires.size)
            moved[units.at[unit], place] -= 1.0
        return moved


def outage_flows(
    net: Network,
    flow: ArrayLike,
    *,
    outages: str | Sequence = "lines",
    susceptance: str = "x_tap",
) -> pd.DataFrame:
    """What every line carries after the loss of each line, nobody having moved.

    Parameters
    ----------
    net : Network
    flow : (m,) float array
        Flows with all lines in (MW), positive from `from_bus` to `to_bus`: those of a `DCFlow` or a `Dispatch`.
    outages : "lines" or sequence of str
        The lines that are lost, one at a time; "lines" for all but bridges (see `bridges`).
    susceptance : {"x_tap", "x", "r_x"}
        1/(x tap); 1/x; x/(r^2 + x^2).

    Returns
    -------
    pandas.DataFrame
        A row a line, a column a loss (MW).

    Raises
    ------
    InvalidInput
        An unknown line, a bridge that is named, flows that are not one number a line.
    InvalidNetwork
        A line without reactance.

    References
    ----------
    Wood, A. J., Wollenberg, B. F. and Sheble, G. B. (2014), "Power Generation, Operation, and Control", 3rd ed., Wiley,
    chapter 7.

    Examples
    --------
    In a triangle the two other lines are one way round, so all that a line carried goes there:

    >>> from tefoundations.data import grid
    >>> from tefoundations.grid import Network, dc_opf
    >>> net = Network.from_frames(**grid("three_bus"))
    >>> outage_flows(net, dc_opf(net, limits={"1-2": 45}).flow).round(6)  # doctest: +NORMALIZE_WHITESPACE
    lost   1-2    1-3    2-3
    line
    1-2    0.0   80.0  105.0
    1-3   80.0    0.0  -25.0
    2-3 -105.0  -25.0    0.0
    """
    import pandas as pd

    check_network(net)
    flow = numbers(flow, "flow", count=len(net.lines), place="line")
    lost = Outages(net, Wires(net, susceptance), outages)
    after = flow[:, None] + lost.parts(np.arange(len(lost))) * flow[lost.lines] if len(lost) else np.zeros((len(flow), 0))
    after[lost.lines, np.arange(len(lost))] = 0.0
    return pd.DataFrame(after, index=pd.Index(net.lines.name, name="line"), columns=pd.Index(lost.names, name="lost"))


def _lines(net, wires, asked):
    """Positions of the lines that may be lost, and names of those that nothing can stand in for."""
    split = set(bridges(net))
    named = not (isinstance(asked, str) and asked == "lines")
    at = _positions(asked, net.lines.name, "outages", "lines", "line")
    names = net.lines.name[at].tolist()
    for name in [name for name in names if name in split][:1] if named else []:
        whole = 'leave it out, or ask for "lines", which leaves out and tells every such line'
        raise InvalidInput(f"outages: the loss of line {name} splits the network; {whole}")
    loop = np.array([name not in split for name in names], dtype=bool)
    steep = np.abs(wires.b)
    if len(steep) and ((wires.b < 0).any() or steep.max() * ALONE > steep.min()):
        loop[loop] = _elsewhere(wires, at[loop]) > ALONE
    return at[loop], tuple(name for name, kept in zip(names, loop) if not kept)


def _elsewhere(wires, lines):
    """The part of a transfer between the ends of each line that takes other ways: none, where reactances cancel."""
    sent, column = np.zeros((wires.size, len(lines))), np.arange(len(lines))
    sent[wires.start[lines], column] += 1.0
    sent[wires.end[lines], column] -= 1.0
    along = wires.flows(sent) - wires.flows(np.zeros(wires.size))[:, None]
    return np.abs(1 - along[lines, column])


def _positions(asked, names, argument, every, kind):
    """Positions of what is named: the word `every` for all."""
    if isinstance(asked, str):
        if asked != every:
            raise InvalidInput(f'{argument} {shown(asked)} must be "{every}" or a sequence of names')
        return np.arange(len(names))
    index, at = {name: row for row, name in enumerate(names.tolist())}, []
    for name in sequence(asked, argument, of="names"):
        at.append(place_of(name, index, kind))
        if at[-1] in at[:-1]:
            raise InvalidInput(f"{argument}: {kind} {name} is named twice")
    return np.array(at, dtype=np.intp)


def _weights(net, pickup):
    """Who makes the power of a lost unit: a weight for each unit."""
    units = net.generators
    index = {name: row for row, name in enumerate(units.name.tolist())}
    if pickup is not None:
        weights = replaced(pickup, np.zeros(len(units)), index, "pickup", "generator")
        for row in np.flatnonzero(weights < 0)[:1]:
            raise InvalidInput(f"pickup: {units.name[row]} has a negative weight, {weights[row]:g}")
        return weights
    for row in np.flatnonzero(~np.isfinite(units.p_max))[:1]:
        raise InvalidInput(f"pickup: {units.name[row]} has no p_max to go by; give {{generator: weight}}")
    weights = np.maximum(units.p_max, 0.0)
    if is_zero(weights.sum(), of=np.abs(units.p_max).sum()):
        raise InvalidInput("pickup: no generator has a p_max above 0; give {generator: weight}")
    return weights
