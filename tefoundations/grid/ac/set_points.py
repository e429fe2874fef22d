"""What is given in an AC power flow: the power of every load and generator, and the voltages that generators hold."""

from dataclasses import dataclass

import numpy as np

from tefoundations.errors import InvalidNetwork
from tefoundations.grid.columns import replaced
from tefoundations.grid.consistency import check_network, refuse_dclines


@dataclass(frozen=True, eq=False)
class SetPoints:
    """Load and generation before the power flow, in MW and MVAr.

    Parameters
    ----------
    load, q_load : (n,) float arrays
        MW and MVAr.
    generation, q_generation : (g,) float arrays
        Scheduled output (MW, MVAr); the reactive output of a unit that holds a voltage counts as 0 here, one with a
        constant power factor gives what comes with its megawatts.
    held : (n,) float array
        Voltage that is held at a bus (p.u.); nan where none is.
    holders : (g,) bool array
        Units that hold the voltage of their bus.
    """

    load: np.ndarray
    q_load: np.ndarray
    generation: np.ndarray
    q_generation: np.ndarray
    held: np.ndarray
    holders: np.ndarray

    @classmethod
    def of(cls, net, load=None, q_load=None, generation=None):
        """The set points of a network, with some of it replaced (see `ac_power_flow`)."""
        check_network(net)
        refuse_dclines(net, "a power flow with voltages")
        units = net.generators
        p = replaced(generation, units.p_set, {name: i for i, name in enumerate(units.name)}, "generation", "generator")
        q = replaced(q_load, net.buses.q_load, net.index, "q_load", "bus")
        holders = np.isfinite(units.v_set) & np.isnan(units.q_per_p)
        held = np.full(len(net.buses), np.nan)
        for unit in np.flatnonzero(holders):
            bus = units.at[unit]
            if not np.isnan(held[bus]) and abs(held[bus] - units.v_set[unit]) > 1e-9:
                message = f"differs from {held[bus]:g}, which another generator holds at bus {units.bus[unit]}"
                raise InvalidNetwork(
                    message, table="generators", row=int(unit), column="v_set", value=float(units.v_set[unit])
                )
            held[bus] = units.v_set[unit]
        if np.isnan(held[net.slack_at]):
            held[net.slack_at] = 1.0
            holders[np.flatnonzero(units.at == net.slack_at)[:1]] = True
        given = np.where(np.isnan(units.q_per_p), units.q_set, units.q_per_p * p)
        return cls(net.load_vector(load), q, p, np.where(holders, 0.0, given), held, holders)

    def injection(self, net):
        """Complex power (p.u.) that generators give at each bus less what loads draw."""
        n, at = len(net.buses), net.generators.at
        given = np.bincount(at, self.generation, n) + 1j * np.bincount(at, self.q_generation, n)
        return (given - self.load - 1j * self.q_load) / net.base


def shared(total, units, net):
    """Reactive power of a bus (MVAr) shared by its units: the same part of each range; equal parts if one has no limits."""
    low, high = net.generators.q_min[units], net.generators.q_max[units]
    if np.isfinite(low).all() and np.isfinite(high).all() and (high - low).sum() > 0:
        return low + (total - low.sum()) * (high - low) / (high - low).sum()
    return np.full(len(units), total / len(units))
