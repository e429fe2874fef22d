"""The room that a feeder leaves for exports: linear limits on what is sent behind each line and on how voltages rise."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csc_array

from tefoundations.errors import Infeasible
from tefoundations.grid.dc.wires import OVERLOAD
from tefoundations.grid.envelopes.passes import lines_before, passes_of, tree_matrix
from tefoundations.grid.feeder.linear_flow import lindistflow
from tefoundations.grid.feeder.tree import Tree
from tefoundations.programmes import NEAR, is_zero
from tefoundations.words import say


@dataclass(frozen=True, eq=False)
class Slopes:
    """How squared voltages move with exports, one way: up, or down.

    An export of e MW changes the squared voltage of bus i by the sum of `step` over the lines that both ways to the slack
    share, times e; what a home does to help is left out, since it may stop.

    Parameters
    ----------
    kind : str
        "voltage of bus" for the upper limits, "low voltage of bus" for the lower ones.
    step : (n-1,) float array
        By line of the tree, 1/MW.
    room : (n-1,) float array
        What the square may change at the far end of each of these lines.
    """

    kind: str
    step: np.ndarray
    room: np.ndarray

    def moved(self, passes, sent):
        """What the squares change (n-1,) where so much is sent through each line, without the dust of steps that cancel."""
        found = passes.solve(self.step * sent, trans="T")
        if (self.step < 0).any():
            found[is_zero(found, of=passes.solve(np.abs(self.step) * sent, trans="T"))] = 0.0
        return found


@dataclass(frozen=True, eq=False)
class Room:
    """Limits on the exports of k members; lines and buses are those of the tree, near the slack first.

    Every limit is a sum of exports with weights that are not negative. So it holds for all parts of a set of exports that
    keeps it.

    Parameters
    ----------
    net : Network
    tree : Tree
    at : (k,) int array
        The line of the tree that leads to the bus of each member; -1 at the slack.
    line : (n-1,) float array
        The most that may be sent from behind each line (MW).
    slopes : tuple of Slopes
    tree_matrix : (n-1, n-1) sparse array
        Takes what is sent behind each line to what is sent at its far end.
    passes : SuperLU
        Solves it: "what is behind", and, transposed, "what is on the way".
    """

    net: object
    tree: Tree
    at: np.ndarray
    line: np.ndarray
    slopes: tuple
    tree_matrix: csc_array
    passes: object

    @classmethod
    def of(cls, net, at, load=None, q_load=None, v_max=None, tan_phi=0.0):
        """The room that is left with no export at all.

        Parameters
        ----------
        net : Network
        at : (k,) int array
            Position of the bus of each member.
        load, q_load
            As in `lindistflow`.
        v_max : (n,) float array, optional
            p.u.
        tan_phi : float
            MVAr that an exporter absorbs for each MW.

        Raises
        ------
        Infeasible
            Load alone breaks a limit: names the line, or the bus.
        """
        tree, base = Tree.of(net), lindistflow(net, load, q_load=q_load, generation=dict.fromkeys(net.generators.name, 0.0))
        _refuse_overload(net, base)
        v_max, low = net.buses.v_max if v_max is None else v_max, net.buses.v_min
        _refuse_voltages(net, tree, base, low, v_max)
        matrix = tree_matrix(tree)
        passes, step, gain = passes_of(matrix), _steps(net, tree, tan_phi), _gains(net, tree)
        # Weight of an export at k for the bus i: what the two ways share adds up to, so it belongs to where they part.
        weight, child = passes.solve(step / gain, trans="T"), tree.child
        square, slopes = base.voltage[child] ** 2, []
        for kind, sign, room in (("voltage of bus", 1, v_max[child] ** 2 - square),
                                 ("low voltage of bus", -1, square - low[child] ** 2)):  # fmt: skip
            part = np.maximum(sign * weight, 0.0)
            if part.any():
                before = np.append(part, 0.0)[lines_before(tree)]
                slopes.append(Slopes(kind, part - before, np.maximum(room, 0.0) / gain))
        place = np.full(len(net.buses), -1)
        place[child] = np.arange(len(child))
        return cls(net, tree, place[at], _sent(net, tree, base, tan_phi), tuple(slopes), matrix, passes)

    def behind(self, exports):
        """What is sent from behind each line (n-1,), for exports (k,) MW."""
        own = np.bincount(self.at + 1, exports, len(self.line) + 1)[1:]
        return self.passes.solve(own)

    def used(self, exports):
        """Uses of all limits in the order of `limits`, ((n-1) * (1 + slopes),)."""
        sent = self.behind(exports)
        return np.concatenate([sent, *(each.moved(self.passes, sent) for each in self.slopes)])

    @cached_property
    def limits(self):
        """((n-1) * (1 + slopes),) float array: MW of the lines, then what squared voltages may change."""
        return np.concatenate([self.line, *(each.room for each in self.slopes)])

    def steps(self, used, rates):
        """How far uses can grow from `used` at their rates: multiples of these, inf where a limit is not touched."""
        left = np.maximum(self.limits - used, 0.0)
        return np.divide(left, rates, out=np.full(len(left), np.inf), where=rates > 0)

    def tight(self, used, share=NEAR):
        """Which limits have no room left, or less than a share of it."""
        return np.isfinite(self.limits) & (self.limits - used <= share * self.limits)

    def touched(self, tight):
        """Which members (k,) have a part in any of the limits marked."""
        m = len(self.line)
        found = self.passes.solve(tight[:m].astype(float), trans="T") > 0
        for number, each in enumerate(self.slopes, start=1):
            behind = self.passes.solve(tight[m * number : m * (number + 1)].astype(float))
            found |= each.moved(self.passes, behind) > 0
        return np.append(found, False)[self.at]

    def names(self, tight):
        """The limits marked, in words: "line 4-8", "voltage of bus 10"; of buses that follow each other the first."""
        m, lines = len(self.line), self.net.lines.name[self.tree.line]
        buses, before = self.net.buses.bus[self.tree.child], lines_before(self.tree)
        found = [f"line {name}" for name in lines[tight[:m]].tolist()]
        for number, each in enumerate(self.slopes, start=1):
            marked = tight[m * number : m * (number + 1)]
            first = marked & ~np.append(marked, False)[before]
            found += [f"{each.kind} {bus}" for bus in buses[first].tolist()]
        return tuple(found)


def _gains(net, tree):
    """By how much a squared voltage grows through the transformers on the way to the end of each line (n-1,)."""
    (near, far), gain = tree.ratios(net), np.ones(len(tree.line) + 1)
    for parent, child, ratio in zip(tree.parent.tolist(), tree.child.tolist(), (near / far).tolist()):
        gain[child] = gain[parent] * ratio
    return gain[tree.child]


def _steps(net, tree, tan_phi):
    """What a MW sent through each line adds to the squared voltage at its far end (n-1,), 1/MW."""
    lines, (_, far) = net.lines, tree.ratios(net)
    return 2 * (lines.r[tree.line] - tan_phi * lines.x[tree.line]) / far / net.base


def _sent(net, tree, base, tan_phi):
    """The most that may be sent from behind each line (n-1,), MW: its apparent power then is at its limit."""
    sign, limit = np.where(tree.forward, 1.0, -1.0), net.lines.limit[tree.line]
    down, q_down = sign * base.flow[tree.line], sign * base.q_flow[tree.line]
    finite = np.isfinite(limit)
    own = np.where(finite, limit, 0.0)
    # (E - P)^2 + (Q + t E)^2 = limit^2, and the larger root
    half, rest = down - tan_phi * q_down, own**2 - down**2 - q_down**2
    both = 1 + tan_phi**2
    root = (half + np.sqrt(np.maximum(half**2 + both * rest, 0.0))) / both
    return np.where(finite, np.maximum(root, 0.0), np.inf)


def _refuse_overload(net, base):
    apparent, limit = np.hypot(base.flow, base.q_flow), net.lines.limit
    over = np.flatnonzero(apparent > limit * (1 + OVERLOAD))
    if len(over):
        line = over[np.argmax((apparent - limit)[over])]
        raise Infeasible(
            f"line {net.lines.name[line]}: with no export at all load alone puts {say(apparent[line])} MVA on it, and "
            f"{say(limit[line])} is its limit",
            lines=(str(net.lines.name[line]),),
        )


def _refuse_voltages(net, tree, base, low, high):
    voltage, others = base.voltage, tree.child
    for beyond, limit, words in ((low - voltage, low, "below v_min"), (voltage - high, high, "above v_max")):
        bus = others[np.argmax(beyond[others])] if len(others) else tree.root
        if beyond[bus] > NEAR and bus != tree.root:
            told = f"its voltage is {say(voltage[bus])} p.u., {words} {say(limit[bus])}"
            raise Infeasible(f"bus {net.buses.bus[bus]}: with no export at all {told}", bus=net.buses.bus[bus])
