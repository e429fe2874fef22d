"""The lane's day under any tariff: every flexible member answers its own bill."""

from __future__ import annotations

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import instance
from tefoundations.retail import Tariff
from tefoundations.systems.lanes import Lane
from tefoundations.systems.outcomes import Traffic, Way
from tefoundations.systems.programmes import MeterProgram


def tariff_day(lane: Lane, tariff: Tariff, *, name: str = "Tariff") -> Way:
    """The lane's day under one tariff for all: each flexible member shifts its devices to where its own bill is lowest.

    Each looks at its own bill for the day only: prices, what its surplus earns, and its own highest power where that is
    charged. Of two moments that cost the same it takes the earlier. Nobody sees what the others do.

    Parameters
    ----------
    lane : Lane
    tariff : Tariff
        In ct/kWh, for the steps of the lane; each member has one bill for the day, with its fixed part.
    name : str
        Of the way, for tables and figures.

    Returns
    -------
    Way

    Raises
    ------
    InvalidInput
        A tariff for another number of steps; "buy all, sell all", for a lane knows net loads only; a price below 0, or a
        step in which a kWh earns more than it costs: then a meter that takes and gives at once would earn without end.

    References
    ----------
    M. Roozbehani, M. A. Dahleh, S. K. Mitter, "Volatility of power grids under real-time pricing", *IEEE Transactions on
    Power Systems* 27(4) (2012), 1926-1940.

    Examples
    --------
    >>> from tefoundations.resources import Device
    >>> from tefoundations.retail import Tariff
    >>> from tefoundations.systems import Lane
    >>> cars = [Device(f"car {who}", who, energy=1, power=1, end=3, final_energy=1) for who in ("Ada", "Ben", "Cem")]
    >>> lane = Lane.of(base=[2, 1, 0], stores=cars, outside=[20, 20, 20], slope=2)
    >>> tariff_day(lane, Tariff([30, 10, 10])).net.round(6).tolist()            # all three in the same cheap hour
    [2.0, 4.0, 0.0]
    >>> tariff_day(lane, Tariff([30, 10, 10], demand=30)).net.round(6).tolist()  # each spreads its own
    [2.0, 2.5, 1.5]
    """
    count, hours = len(instance(lane, Lane, "lane").outside), lane.hours
    if instance(tariff, Tariff, "tariff").netting == "buy all, sell all":
        raise InvalidInput('tariff: "buy all, sell all" needs loads and roofs apart, and a lane knows net loads only')
    energy, export = tariff.prices(count)
    for step in np.flatnonzero((energy < 0) | (export < 0))[:1]:
        raise InvalidInput(
            f"step {step}: a price of the tariff is {min(energy[step], export[step]):g}, and must not be negative"
        )
    for step in np.flatnonzero(export > energy)[:1]:
        raise InvalidInput(f"step {step}: the tariff pays {export[step]:g} for a kWh and takes {energy[step]:g}")
    plan = lane.habits.copy()
    for owner in lane.flexible:
        own = [i for i, store in enumerate(lane.stores) if store.owner == owner]
        base = lane.base[:, lane.members.index(owner)]
        plan[:, own] = BillProgram([lane.stores[i] for i in own], base, tariff, hours).linear().energy
    net = lane.net_of(plan)
    payments = np.array([tariff.bill(net[:, i], hours).total for i in range(len(lane.members))])
    rates = 1 + int(np.count_nonzero(np.diff(energy) != 0)) + (tariff.demand > 0)
    told = Traffic(
        0, len(lane.members), 0, 2 * rates * len(lane.members), "how the lane usually looks, to choose the prices"
    )
    return Way(str(name), lane, plan, payments, told)


class BillProgram(MeterProgram):
    """A home's bill under a tariff: one more variable for its highest power, two for each stretch that is netted."""

    def __init__(self, stores, base, tariff, hours):
        energy, export = tariff.prices(len(base))
        super().__init__(stores, base, energy, 0.0, hours)
        self.cost[-self.count :] = -export
        if tariff.netting == "net metering":
            self._net(energy, export)
        if tariff.demand > 0:
            self._limit(tariff.demand, hours)

    def _net(self, energy, export):
        """Import less export, over all steps of the same prices, is bought less sold; single steps cost nothing."""
        from scipy.sparse import csc_matrix, eye_array, hstack

        pairs, period = np.unique(np.stack([energy, export]), axis=1, return_inverse=True)
        member = csc_matrix((np.ones(self.count), (period.ravel(), np.arange(self.count))))
        each, most = eye_array(pairs.shape[1]), member @ self.high[self.meter : self.meter + self.count]
        self.cost[self.meter : self.meter + 2 * self.count] = 0.0
        self._add({self.meter: member, self.meter + self.count: -member}, hstack([-each, each]), [*pairs[0], *-pairs[1]],
                  np.tile(most, 2))  # fmt: skip

    def _limit(self, charge, hours):
        """Import + what is left = hours x highest power, in each step."""
        from scipy.sparse import eye_array, hstack

        each, most = eye_array(self.count), self.high[self.meter : self.meter + self.count]
        free = hstack([each, np.full((self.count, 1), -hours)])
        self._add({self.meter: each}, free, [*[0.0] * self.count, charge], [*most, most.max() / hours])

    def _add(self, old, new, cost, high):
        """Rows that are 0, over columns that stand (blocks by where they begin) and new ones."""
        from scipy.sparse import csc_matrix, hstack, vstack

        rows, columns = new.shape
        left = csc_matrix((rows, len(self.cost)))
        for at, block in old.items():
            width = block.shape[1]
            left = left + hstack([csc_matrix((rows, at)), block, csc_matrix((rows, len(self.cost) - at - width))])
        self.matrix = csc_matrix(
            vstack([hstack([self.matrix, csc_matrix((self.matrix.shape[0], columns))]), hstack([left, new])])
        )
        self.right = np.concatenate([self.right, np.zeros(rows)])
        self.cost = np.concatenate([self.cost, cost])
        self.low = np.concatenate([self.low, np.zeros(columns)])
        self.high = np.concatenate([self.high, high])
