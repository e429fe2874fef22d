"""What trades of a half hour do to the world: use that would not have been, energy out of batteries, carbon, full lines."""

from functools import cached_property

import numpy as np

from tefoundations.grid import Network, ptdf
from tefoundations.programmes import is_zero

KW = 1000.0  # of a MW
HALF = 0.5  # hours


class Footprint:
    """A day of the community on its feeder; energies are kWh a step by member, **positive takes from the feeder**.

    Parameters
    ----------
    day : str
        A day of the community.
    """

    def __init__(self, day):
        from tefoundations.data import community  # frames: pandas only when a table is made

        people = community()
        self.day, self.agents, members = day, people.agents, people.members
        self.bus, self.known = members["bus"].tolist(), people.buses["bus"].tolist()
        self.net_load = people.net_load(day).to_numpy()
        self.tariff = members["tariff_ct_per_kwh"].to_numpy()
        kept = (members["charge_efficiency"] * members["discharge_efficiency"]).to_numpy()
        self.refill = np.where(members["battery_kwh"] > 0, 1 / np.where(kept > 0, kept, 1.0), 0.0)  # kWh for one that is out
        lag = np.tan(np.arccos(members["power_factor"].to_numpy()))
        self.reactive = people.load(day).to_numpy() / HALF * lag  # kvar
        self.carbon = people.carbon.to_numpy() / 1000  # kg/kWh

    def extra(self, clearing, step):
        """(new, out), arrays by member, kWh: use that without the trade would not have been, and energy out of batteries.

        Who bids the tariff would have bought there; who bids less would have gone without. What a roof or a heat and power
        unit sells was over and flowed anyway. What a member sells beyond that is out of a battery, whose orders stand
        behind the others in its curve.
        """
        place = {agent: i for i, agent in enumerate(self.agents)}
        new, sold = np.zeros(len(place)), np.zeros(len(place))
        bids, asks = clearing.book.bids, clearing.book.asks
        for agent, price, energy in zip(bids.agents, bids.price, clearing.bid_quantity):
            below = self.tariff[place[agent]] - price
            new[place[agent]] += energy if below > 0 and not is_zero(below, of=price) else 0.0
        for agent, energy in zip(asks.agents, clearing.ask_quantity):
            sold[place[agent]] += energy
        over = np.maximum(-self.net_load[step], 0.0)
        out = np.maximum(sold - over, 0.0)
        return new, np.where(is_zero(out, of=over + sold), 0.0, out)

    def lines_over(self, net, start=0):
        """In how many half hours a line carries more than it may.

        Parameters
        ----------
        net : (T, members) float array
            Net load (kWh).
        start : int
            Step of its first row; a day that begins at noon goes on with this day's morning.
        """
        return int((self.loading(net, start) > 1).any(axis=1).sum())

    def loading(self, net, start=0):
        """(T, lines) float array: apparent power as a share of what each line may carry."""
        active = np.asarray(net) / HALF @ self.below.T
        reactive = np.roll(self.reactive, -start, axis=0)[: len(active)] @ self.below.T
        return np.hypot(active, reactive) / self.limit

    @cached_property
    def wires(self):
        """The feeder as a network."""
        from tefoundations.data import lane_grid

        return Network.from_frames(**lane_grid(self.day, 0))

    @cached_property
    def limit(self):
        """(lines,) float array, kVA."""
        return np.asarray(self.wires.lines.limit, float) * KW

    @cached_property
    def below(self):
        """(lines, members) float array: 1 where a line feeds a member."""
        return np.abs(np.round(ptdf(self.wires)))[:, [self.known.index(bus) for bus in self.bus]]
