"""The linear (DC) physics of a network: flows follow from injections.

Voltages are 1 p.u., losses are left out, angles are small: a line carries b * (angle difference - phase shift).
"""

from functools import cached_property

import numpy as np
from scipy.sparse import csc_array
from scipy.sparse.linalg import splu

from tefoundations.errors import InvalidInput, InvalidNetwork
from tefoundations.grid.consistency import check_network
from tefoundations.inputs import numbers, one_of
from tefoundations.programmes import NEAR, is_zero
from tefoundations.words import shown

OVERLOAD = 1e-8  # share of its limit, or of what a market counts in, by which an overloaded line is over it

SUSCEPTANCES = ("x_tap", "x", "r_x")
NO_X = "give it a small x, such as 1e-4 p.u., join its two buses, or leave it out"


def line_susceptance(net, flavour):
    """Susceptance of each line in one of the three conventions in use.

    Parameters
    ----------
    net : Network
    flavour : {"x_tap", "x", "r_x"}
        1/(x tap), MATPOWER's; 1/x; or x/(r^2 + x^2), PowerModels' and PGLib's, which leaves out phase shifts too.

    Returns
    -------
    (m,) float array
        p.u.

    Raises
    ------
    InvalidInput
        Another flavour.
    InvalidNetwork
        A line whose reactance is 0.
    """
    one_of(flavour, SUSCEPTANCES, "susceptance")
    lines = net.lines
    for row in np.flatnonzero(lines.x == 0)[:1]:
        carried = "nothing" if flavour == "r_x" else "everything"
        message = f"has no meaning in a DC model (line {lines.name[row]}): the line would carry {carried}; {NO_X}"
        raise InvalidNetwork(message, table="lines", row=int(row), column="x", value=0.0)
    if flavour == "r_x":
        return lines.x / (lines.r**2 + lines.x**2)
    return 1 / (lines.x * lines.tap) if flavour == "x_tap" else 1 / lines.x


class Wires:
    """The lines of a network with their susceptance matrix factored: one triangular solve gives all flows.

    Parameters
    ----------
    net : Network
    susceptance : {"x_tap", "x", "r_x"}

    Raises
    ------
    InvalidInput
        Another susceptance.
    InvalidNetwork
        A reactance of 0, or reactances of both signs that cancel.
    """

    def __init__(self, net, susceptance="x_tap"):
        lines = net.lines
        self.size, self.reference, self.base = len(net.buses), net.slack_at, net.base
        self.start, self.end = lines.start, lines.end
        self.b = line_susceptance(net, susceptance)
        shift = np.zeros(len(lines)) if susceptance == "r_x" else np.deg2rad(lines.shift)
        # A phase shifter acts like a source at one end and a sink at the other, seen from the rest of the network.
        self.shift_flow = -net.base * self.b * shift
        arriving, leaving = (np.bincount(ends, self.shift_flow, self.size) for ends in (self.end, self.start))
        self.shift_injection = arriving - leaving
        self.others = np.delete(np.arange(self.size), self.reference)
        self._factors = self._factored() if len(self.others) else None

    def _factored(self):
        """LU factors of the susceptance matrix without the reference bus."""
        where = np.full(self.size, -1)
        where[self.others] = np.arange(self.size - 1)
        rows = where[np.concatenate([self.start, self.end, self.start, self.end])]
        columns = where[np.concatenate([self.start, self.end, self.end, self.start])]
        values = np.concatenate([self.b, self.b, -self.b, -self.b])
        inner = (rows >= 0) & (columns >= 0)
        matrix = csc_array((values[inner], (rows[inner], columns[inner])), shape=(self.size - 1, self.size - 1))
        try:
            return splu(matrix, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
        except RuntimeError as error:
            raise InvalidNetwork("the reactances of both signs cancel: flows are not determined") from error

    def __getstate__(self):
        return {name: value for name, value in vars(self).items() if name != "_factors"}  # LU factors cannot be pickled

    def __setstate__(self, state):
        vars(self).update(state)
        self._factors = self._factored() if len(self.others) else None

    def angles(self, injection):
        """Angles (radians) for injections (MW) at the buses, the reference bus at 0: (n,) or (n, T) float arrays."""
        angles = np.zeros(injection.shape)
        if self._factors is not None:
            shifted = injection.T + self.shift_injection
            angles[self.others] = self._factors.solve(np.ascontiguousarray(shifted.T[self.others])) / self.base
        return angles

    def flows(self, injection):
        """Flows (MW) for injections (MW) at the buses; what does not add up to 0 leaves at the reference bus."""
        angles = self.angles(injection)
        flows = self.base * self.b * (angles[self.start] - angles[self.end]).T + self.shift_flow
        return flows.T

    def factors(self, lines, weights=None):
        """(k, n) float array: PTDF rows of the lines at these positions.

        Power is taken out where the weights (n,) say, else at the reference bus. What may be rounding is 0: else that of a
        bus which a line does not serve would be taken for a price.
        """
        rows = np.zeros((len(lines), self.size))
        if self._factors is None:
            return rows
        ends = np.zeros((self.size, len(lines)))
        column = np.arange(len(lines))
        ends[self.start[lines], column] = self.b[lines]
        ends[self.end[lines], column] = -self.b[lines]
        rows[:, self.others] = self._factors.solve(np.ascontiguousarray(ends[self.others])).T  # the matrix is symmetric
        dust, sizes = self._dust, np.abs(rows)
        most = sizes.max(axis=1, keepdims=True)
        if weights is not None:
            rows, dust = rows - (rows @ weights)[:, None], dust + dust @ np.abs(weights)
            sizes = np.abs(rows)
        rows[sizes <= dust * most] = 0.0
        return rows

    @cached_property
    def _dust(self):
        """(n,) float array: share of the largest factor in a row that may be rounding, at each bus.

        Skeel's condition number, bus by bus: what an error of one rounding in every susceptance does to the angle there.
        """
        beside = np.bincount(self.start, np.abs(self.b), self.size) + np.bincount(self.end, np.abs(self.b), self.size)
        dust = np.zeros(self.size)
        dust[self.others] = np.finfo(float).eps * np.abs(self._factors.solve(2 * beside[self.others]))
        return dust


def beyond_limits(flow, low, high, unit):
    """Which flows, (m,) or (T, m), are beyond their limits by more than rounding; `unit` is what counts as one MW."""
    over, under = (OVERLOAD * np.maximum(np.where(np.isfinite(limit), np.abs(limit), 0.0), unit) for limit in (high, low))
    return (flow > high + over) | (flow < low - under)


def is_distributed(net, slack):
    """Whether a slack is the word "distributed", and no bus of that name."""
    return isinstance(slack, str) and slack == "distributed" and slack not in net.index


def bus_prices(energy, multiplier, factors, blur=0.0):
    """Prices at all buses from that of energy and the multipliers of full lines; one that is only rounding is 0.

    What cancels leaves rounding, and a -1e-15 would count as a negative price. Nothing else is rounded.

    Parameters
    ----------
    energy : float or (T,) float array
        $/MWh.
    multiplier : (w,) or (T, w) float array
        Of each watched line, d cost / d limit ($/MWh).
    factors : (w, n) float array
        Their PTDF.
    blur : float
        Where the prices are those of an iteration: what it may leave of one that is 0 ($/MWh).

    Returns
    -------
    (n,) or (T, n) float array
        $/MWh.

    Examples
    --------
    >>> bus_prices(0.3, np.array([-1.0]), np.array([[0.1 + 0.2, 0.2, 0.0]])).round(9)
    array([0. , 0.1, 0.3])
    """
    energy = np.asarray(energy)[..., None]
    lmp, size = energy + multiplier @ factors, np.abs(energy[..., 0]) + np.abs(multiplier).sum(axis=-1)
    if np.abs(lmp).min(initial=np.inf) > max(NEAR * size.max(initial=0.0), blur):
        return lmp  # nothing is near 0, as a slider mostly finds it
    made = np.abs(energy) + np.abs(multiplier) @ np.abs(factors)
    return np.where(is_zero(lmp, of=made) | (np.abs(lmp) <= blur), 0.0, lmp)


def slack_weights(net, slack=None, load=None):
    """Which part of an imbalance each bus takes up.

    Parameters
    ----------
    net : Network
    slack : object, dict or "distributed", optional
        A bus; {bus: weight}, in proportion; or "distributed": in proportion to fixed load (and to the size of bids).
        Default: the network's slack bus.
    load : (n,) float array, optional
        Fixed load that "distributed" goes by (MW); default: the network's.

    Returns
    -------
    (n,) float array
        Adds up to 1.

    Raises
    ------
    InvalidInput
        An unknown bus, weights that are not finite numbers or add up to 0, "distributed" in a network without load.
    """
    check_network(net)
    weights = np.zeros(len(net.buses))
    if isinstance(slack, dict):
        at = [net.position(bus) for bus in slack]
        weights[at] = numbers(list(slack.values()), "slack", infinite=True, missing=True, place="bus")
    elif is_distributed(net, slack):
        weights = np.maximum(net.buses.load if load is None else load, 0) + np.bincount(
            net.bids.at, net.bids.p_max, len(net.buses)
        )
    else:
        weights[net.slack_at if slack is None else net.position(slack)] = 1.0
    total = weights.sum()
    if not np.isfinite(total) or is_zero(total, of=np.abs(weights).sum()):
        raise InvalidInput(f"slack {shown(slack)}: weights add up to {total:g}")
    return weights / total
