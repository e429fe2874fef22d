"""The AC physics of a network: the power that enters each line at each of its two ends.

A line is MATPOWER's pi circuit: an ideal transformer at the `from_bus` end, then half the shunt, the series impedance, the
other half. Both ends follow one formula, so they stand in one array: first all `from_bus` ends, then all `to_bus` ends.
"""

from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array
from scipy.sparse.linalg import splu

BALANCED = 1e-8  # share of the base to which a power flow is balanced


@dataclass(frozen=True, eq=False)
class LineEnds:
    """The 2m ends of m lines; power enters an end as S = conj(near) v^2 + conj(across) v v' e^(j(angle - angle')).

    Parameters
    ----------
    own, far : (2m,) int arrays
        Position of the bus at this end and at the other.
    near, across : (2m,) complex arrays
        Conjugates of the admittances that tie the current of this end to its own voltage and to the other (p.u.).
    """

    own: np.ndarray
    far: np.ndarray
    near: np.ndarray
    across: np.ndarray

    @classmethod
    def of(cls, net):
        """The line ends of a network."""
        lines = net.lines
        series = 1 / (lines.r + 1j * lines.x)
        straight = series + (lines.g + 1j * lines.b) / 2
        ratio = lines.tap * np.exp(1j * np.deg2rad(lines.shift))
        near = np.concatenate([straight / lines.tap**2, straight])
        across = np.concatenate([-series / ratio.conj(), -series / ratio])
        starts, ends = (lines.start, lines.end), (lines.end, lines.start)
        return cls(np.concatenate(starts), np.concatenate(ends), near.conj(), across.conj())

    def power(self, voltage, angle):
        """Complex power (p.u.) that enters each end, for voltages (p.u.) and angles (radians) of the buses."""
        v, far = voltage[self.own], voltage[self.far]
        return self.near * v**2 + self.across * np.exp(1j * (angle[self.own] - angle[self.far])) * v * far

    def derivatives(self, voltage, angle):
        """Power, and its derivatives by own voltage, far voltage, own angle, far angle.

        Returns
        -------
        (2m,) complex array, (4, 2m) complex array
        """
        v, far = voltage[self.own], voltage[self.far]
        turned = self.across * np.exp(1j * (angle[self.own] - angle[self.far]))
        by_angle = 1j * turned * v * far
        return self.near * v**2 + turned * v * far, np.stack(
            [2 * self.near * v + turned * far, turned * v, by_angle, -by_angle]
        )

    def second_derivatives(self, voltage, slope):
        """Second derivatives of power by the same four variables: {(a, b): (2m,) complex array} for a <= b, without zeros.

        All follow from the first ones, `slope`: by angles, power turns.
        """
        v, far = voltage[self.own], voltage[self.far]
        mutual, by_own, by_far = slope[2] / 1j, 1j * (slope[2] / 1j) / v, 1j * (slope[2] / 1j) / far
        return {
            (0, 0): 2 * self.near, (0, 1): slope[1] / v, (0, 2): by_own, (0, 3): -by_own, (1, 2): by_far, (1, 3): -by_far,
            (2, 2): -mutual, (2, 3): mutual, (3, 3): -mutual,
        }  # fmt: skip


class AtLineEnds:
    """What follows from the power that enters each line at its two ends: of a result that has the four arrays."""

    p_from: np.ndarray
    q_from: np.ndarray
    p_to: np.ndarray
    q_to: np.ndarray

    @property
    def apparent(self) -> np.ndarray:
        """(m,) float array: apparent power of each line at its more loaded end (MVA)."""
        return np.maximum(np.hypot(self.p_from, self.q_from), np.hypot(self.p_to, self.q_to))

    @property
    def loss(self) -> np.ndarray:
        """(m,) float array: active power lost in each line (MW)."""
        return self.p_from + self.p_to

    @property
    def total_loss(self) -> float:
        """float: active power lost in all lines (MW)."""
        return float(self.loss.sum())


def sum_at(positions, values, size):
    """Sums of complex values by position, (size,)."""
    return np.bincount(positions, values.real, size) + 1j * np.bincount(positions, values.imag, size)


def shunts(net):
    """Complex power (p.u.) that the shunt of each bus draws at 1 p.u."""
    return (net.buses.g_shunt - 1j * net.buses.b_shunt) / net.base


def first_angles(net, injection):
    """Angles (n,) radians of a linear model for injections (n,) p.u.: where an iteration starts.

    They follow phase shifters; from angles of 0 Newton's method may end at voltages near 0. A line without reactance gets a
    small one, a tenth of its resistance.
    """
    lines, size = net.lines, len(net.buses)
    b = np.where(lines.x < 0, -1, 1) / np.maximum(np.abs(lines.x), lines.r / 10)
    shift = b * np.deg2rad(lines.shift)
    driven = injection + np.bincount(lines.start, shift, size) - np.bincount(lines.end, shift, size)
    rows, columns = (
        np.r_[lines.start, lines.end, lines.start, lines.end],
        np.r_[lines.start, lines.end, lines.end, lines.start],
    )
    laplacian = csc_array((np.r_[b, b, -b, -b], (rows, columns)), shape=(size, size))
    others, angle = np.arange(size) != net.slack_at, np.zeros(size)
    if others.any():
        with suppress(RuntimeError):  # reactances of both signs cancel
            angle[others] = splu(laplacian[others][:, others].tocsc()).solve(driven[others])
    return angle
