"""A day of the market on the feeder: in every step curves go up, a clearing is found, answers go down."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from tefoundations.systems.day.market.island_span import batteries_of, island_span
from tefoundations.systems.day.market.network_clearing import cleared_step
from tefoundations.systems.day.market.placed_curves import placed, summed, taken_apart
from tefoundations.systems.day.physical.stores import Stores
from tefoundations.systems.market import transactive_market

OPERATOR = "operator"
MEMORY = 0.5


@dataclass
class Traded:
    """What a day of the market came to; arrays grow while it runs.

    plan (T, stores) and net (T, members) in kWh, price (T, n) in ct/kWh, imported, exported (T,), turned_down (T, members),
    rent (T, m) in ct/kWh, over (T, m) kWh; fixed (T, members) kWh that does not listen; of each step the sites' curves,
    those that reach the operator, the clearing, the answers to either; stored: {device: kWh} when each step begins; counts
    of messages and of numbers on them.
    """

    plan: np.ndarray
    price: np.ndarray
    imported: np.ndarray
    exported: np.ndarray
    turned_down: np.ndarray
    rent: np.ndarray
    over: np.ndarray
    unserved: np.ndarray
    net: np.ndarray | None = None
    lost: float = 0.0
    missing: dict = field(default_factory=dict)
    fixed: np.ndarray | None = None
    silent: dict = field(default_factory=dict)
    sites: list = field(default_factory=list)
    curves: list = field(default_factory=list)
    answers: list = field(default_factory=list)
    site_answers: list = field(default_factory=list)
    clearings: list = field(default_factory=list)
    stored: list = field(default_factory=list)
    sent: Counter = field(default_factory=Counter)


def first_expectation(plan):
    """(T, n) prices that everybody expects before the feeder has had its say: those of the lane's own market."""
    return np.repeat(transactive_market(plan.lane).price[:, None], len(plan.net.buses), axis=1)


def learned(plan, days, expected=None, memory=MEMORY, lines=True):
    """(T, n) prices expected after so many like days, never below 0."""
    expected = first_expectation(plan) if expected is None else expected
    for _ in range(days):
        price = trade(plan, expected, lines=lines).price
        expected = np.maximum((1 - memory) * price + memory * expected, 0.0)
    return expected


def trade(plan, expected, *, lines=True, silent=None, aggregated=True, dark=(), believed=0.0):
    """One day at expected prices.

    Parameters
    ----------
    plan : DayPlan
    expected : (T, n) float array
        Prices by bus that the devices expect (ct/kWh).
    lines : bool
        Whether lines are looked at.
    silent : dict of str to dict of int to float, or None
        Members that cannot be reached, and in which steps: they follow their habits as far as their stores allow, and up to
        so many kW a device if that is above 0.
    aggregated : bool
        False: nobody speaks for others, all sites are direct.
    dark : sequence of int
        Steps in a row without a grid.
    believed : float
        Hours that it is believed to stay away, anew in each step; 0: it is known when it comes back.

    Returns
    -------
    Traded
    """
    return _Session(plan, expected, lines, silent or {}, aggregated).run(dark, believed)


class _Session:
    """The state of one day of the market."""

    def __init__(self, plan, expected, lines, silent, aggregated):
        self.plan, self.lines, self.silent = plan, lines, silent
        lane, n, m = plan.lane, len(plan.net.buses), len(plan.net.lines)
        steps, self.member = len(lane.outside), {name: i for i, name in enumerate(lane.members)}
        bus = {member: int(plan.feeder.at[i]) for member, i in self.member.items()}
        self.answers = {i: lane.stores[i].answer(np.maximum(expected[:, bus[lane.stores[i].owner]], 0.0), lane.hours)
                        for i in lane.moving}  # fmt: skip
        self.stores, self.still = Stores(plan), [i for i in range(len(lane.stores)) if i not in lane.moving]
        self.devices = {member: [i for i in lane.moving if lane.stores[i].owner == member] for member in lane.members}
        groups = plan.aggregators if aggregated else {}
        self.groups = dict(groups)
        named = {member for members in self.groups.values() for member in members}
        self.direct = [member for member in lane.members if member not in named]
        self.fixed = lane.base.copy()
        for i in self.still:
            self.fixed[:, self.member[lane.stores[i].owner]] += lane.habits[:, i]
        zeros = [np.zeros((steps, count)) for count in (len(lane.stores), n, len(lane.members), m, m, len(lane.members))]
        self.day = Traded(zeros[0], zeros[1], np.zeros(steps), np.zeros(steps), *zeros[2:])
        self.day.plan[:, self.still] = lane.habits[:, self.still]
        self.day.fixed, self.day.silent = self.fixed, silent

    def run(self, dark, believed):
        day, lane = self.day, self.plan.lane
        for t in range(len(lane.outside)):
            day.stored.append(dict(self.stores.stored))
            if t == min(dark, default=None):
                span = island_span(self.plan, {i: self.stores.stored[i] for i in batteries_of(self.plan)}, dark, believed)
            if t in dark:
                self._alone(t, span, t - dark[0])
            else:
                self._step(t)
        day.net = lane.net_of(day.plan) + day.turned_down - day.unserved
        ends = {i: self.stores.stored[i] for i in self.stores.stored}
        day.missing = {lane.stores[i].name: max(self.stores.steps[i].final - held, 0.0) for i, held in ends.items()}
        return day

    def _alone(self, t, span, row):
        """A step without a grid: batteries do as the island was cleared, cars wait, and there is no market to write to."""
        day = self.day
        for i in np.flatnonzero(span.energy[row]).tolist():
            self._move(i, t, float(span.energy[row, i]))
        for i in set(self.stores.steps) - set(np.flatnonzero(span.energy[row]).tolist()):
            if t in self.stores.steps[i].at:
                self.stores.move(i, t, 0.0)
        day.price[t], day.turned_down[t], day.unserved[t] = span.price[row], span.turned_down[row], span.unserved[row]
        day.lost = span.lost
        day.sites.append({}), day.curves.append({}), day.answers.append({}), day.site_answers.append({})
        day.clearings.append(None)

    def _step(self, t):
        day, sites = self.day, {member: self._site(t, member) for member in self.plan.lane.members}
        curves = {name: summed(name, [sites[member] for member in members]) for name, members in self.groups.items()}
        curves |= {member: sites[member] for member in self.direct}
        whole = summed(OPERATOR, list(curves.values()))
        found = cleared_step(self.plan, t, whole, self.lines)
        day.curves.append(curves), day.clearings.append(found)
        day.price[t], day.imported[t], day.exported[t] = found.price, found.imported, found.exported
        day.rent[t], day.over[t] = found.rent, found.over
        answers, down = taken_apart(whole, found.bought, found.sold), {}
        for name, rows in answers.items():
            down |= taken_apart(curves[name], *rows) if name in self.groups else {name: rows}
        for member, own in down.items():
            if sites[member].parts:
                self._follow(t, taken_apart(sites[member], *own))
        day.sites.append(sites), day.answers.append(answers), day.site_answers.append(down)
        if found.turned_down.any():
            day.turned_down[t] = self.plan.feeder.by_roofs(t, found.turned_down)
        self._count(sites, whole)

    def _site(self, t, member):
        """The curve of a site in one step; what cannot be reached moves by itself and is a load like any other."""
        place, curves, fixed = self.member[member], {}, float(self.fixed[t, self.member[member]])
        away = t in self.silent.get(member, ())
        for i in self.devices[member]:
            if t not in self.stores.steps[i].at:
                continue
            if away:
                usual, limit = float(self.plan.lane.habits[t, i]), self.silent[member][t]
                energy = self.stores.habit(i, t, min(usual, limit * self.plan.lane.hours) if limit else usual)
                self._move(i, t, energy)
                fixed += energy
            else:
                curves[i] = self.answers[i].bid_curve(t, self.stores.stored[i])
        return placed(member, self.plan.where[place], curves, fixed, float(self.plan.roofs[t, place]))

    def _follow(self, t, answers):
        for i, (bought, sold) in answers.items():
            self._move(i, t, sum(bought) - sum(sold))

    def _move(self, i, t, energy):
        self.day.plan[t, i] = energy
        self.stores.move(i, t, energy)

    def _count(self, sites, whole):
        """Messages of the step, one way: from each device, from each site with a curve, from each aggregator with one."""
        devices, told = sum(len(site.parts) for site in sites.values()), [m for m, site in sites.items() if site.parts]
        groups = sum(any(member in told for member in members) for members in self.groups.values())
        numbers, solved = 2 * (len(whole.bids) + len(whole.asks)), int(not self.day.clearings[-1].uniform)
        up, down = devices + len(told) + groups, devices + len(told) + len(self.groups)
        self.day.sent += Counter(up=up, down=down, numbers=numbers, programmes=solved)
