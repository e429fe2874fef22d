"""Which plants pay to be built, how long power is scarce then, and what a price cap takes from all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import instance, not_negative, numbers, positive
from tefoundations.programmes import is_zero
from tefoundations.words import Explained, count, say, shown

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

WHOLE = 1e-9  # share of a number of steps by which it may miss a whole one


@dataclass(frozen=True, eq=False, repr=False)
class Expansion(Explained):
    """The cheapest plants for a load, and the prices at which each of them earns its fixed cost.

    Parameters
    ----------
    names : tuple of str
        Technologies, in the order given.
    capacity : dict
        {technology: MW}.
    fixed : dict
        {technology: fixed cost} ($/MW in the time of all steps).
    earned : dict
        {technology: what a megawatt earns above its running cost} ($/MW), at the prices below.
    price : (T,) float array
        $/MWh in each step, not above a cap.
    shortage_hours : float
        How long power is scarce: the price is the value of lost load or the cap (h).
    unserved : float
        MWh that are not served.
    cost : float
        Fixed and running cost, and what the unserved load is worth ($).
    built : Expansion or None
        Under a cap: what is built in the end, when every plant must earn its cost at capped prices. None without a cap.
    """

    names: tuple
    capacity: dict
    fixed: dict
    earned: dict
    price: np.ndarray
    shortage_hours: float
    unserved: float
    cost: float
    built: Expansion | None = None

    def __post_init__(self):
        self.price.flags.writeable = False

    @property
    def missing(self) -> dict:
        """{technology of the plan: fixed cost less what is earned} ($/MW): 0 of what pays for itself.

        Above 0 only under a cap: what the field calls missing money. A technology that the cheapest plan has none of is not
        in it: it would earn less than its cost at any prices of this plan, and nothing that should be built lacks money.
        """
        left = {name: self.fixed[name] - self.earned[name] for name in self.names if self.capacity[name] > 0}
        return {name: 0.0 if is_zero(one, of=self.fixed[name], share=WHOLE) else one for name, one in left.items()}

    def to_frame(self) -> pd.DataFrame:
        """The technologies as a table.

        Returns
        -------
        pandas.DataFrame
            Index `technology`; columns capacity (MW), fixed, earned, missing ($/MW; nan of what is not in the plan), and
            built (MW) under a cap.
        """
        import pandas as pd

        columns = {"capacity": self.capacity, "fixed": self.fixed, "earned": self.earned}
        columns["missing"] = {name: self.missing.get(name, float("nan")) for name in self.names}
        columns |= {} if self.built is None else {"built": self.built.capacity}
        return pd.DataFrame(columns, index=pd.Index(self.names, name="technology"))

    def explain(self) -> str:
        """The plan in words.

        Returns
        -------
        str

        Examples
        --------
        >>> plants = {"base": (300, 20), "peaker": (100, 70)}
        >>> print(expansion([100, 80, 60, 40, 20], technologies=plants, voll=120, cap=90).explain())
        Cheapest are 30 MW of base and 40 MW of peaker: power is scarce for 2 hours, 40 MWh are not served.
        At capped prices a megawatt lacks: of base 60, of peaker 60 $.
        In the end 20 MW of base are built, and power is scarce for 4.28571 hours.
        """
        told = [f"Cheapest are {self._plants()}: power is scarce for {_hours(self.shortage_hours)}, "
                f"{say(self.unserved, self.unserved)} MWh are not served."]  # fmt: skip
        lacking = {name: lack for name, lack in self.missing.items() if lack > 0}
        if lacking:
            each = ", ".join(f"of {name} {say(lack, self.fixed[name])}" for name, lack in lacking.items())
            told.append(f"At capped prices a megawatt lacks: {each} $.")
        if self.built is not None:
            after = _hours(self.built.shortage_hours)
            told.append(f"In the end {self.built._plants()} are built, and power is scarce for {after}.")
        return "\n".join(told)

    def _plants(self):
        built = [f"{say(mw, 1.0)} MW of {name}" for name, mw in self.capacity.items() if mw > 0]
        return " and ".join(built) or "no plants"

    def _at_a_glance(self):
        shown_ = [(f"{name}, MW", self.capacity[name]) for name in self.names[:6]]
        money = ("cost, $", say(self.cost, self.cost))
        return [*shown_, ("scarce, h", self.shortage_hours), ("unserved, MWh", self.unserved), money]

    def __repr__(self):
        kinds = count(len(self.names), "kind")
        return f"Expansion({kinds} of plant, scarce for {self.shortage_hours:.6g} h, cost {self.cost:.6g})"


def _hours(hours):
    told = say(hours, max(hours, 1.0))
    return f"{told} hour" if told == "1" else f"{told} hours"


def expansion(
    load: ArrayLike, *, technologies: Mapping, voll: float, cap: float | None = None, hours: float = 1.0
) -> Expansion:
    """The cheapest plants for a load, by screening curves, and what each of them earns.

    A plant that runs for h hours costs its fixed cost and h times its running cost; what is not served costs h times the
    value of lost load. Each megawatt of load is served by what is cheapest for the hours in which it is there. At these
    plants prices are running costs, and the value of lost load while load exceeds capacity: then each plant that is built
    earns just its fixed cost. Where a plant may be built for a whole number of steps or one more, the middle is taken.

    Parameters
    ----------
    load : (T,) array
        MW, in steps of any order: no plant has a start-up cost or a ramp here.
    technologies : dict
        {name: (fixed, cost)}: $/MW in the time of all steps, such as a year, and $/MWh.
    voll : float
        Value of lost load ($/MWh), above every running cost.
    cap : float, optional
        A price that no hour may exceed ($/MWh): `earned` and `missing` are then those of the cheapest plants under the cap,
        and `built` is what is built in the end.
    hours : float
        Length of a step.

    Returns
    -------
    Expansion

    Raises
    ------
    InvalidInput
        No load or a negative one, no technology, a cost that is negative or no number, a value of lost load that is not
        above every running cost.

    References
    ----------
    Kirschen, D. S. and Strbac, G. (2018), "Fundamentals of Power System Economics", 2nd ed., Wiley, chapter 8; Cramton, P.,
    Ockenfels, A. and Stoft, S. (2013), "Capacity Market Fundamentals", Economics of Energy & Environmental Policy 2(2).

    Examples
    --------
    A peaker is not worth its fixed cost for one hour, but for two:

    >>> expansion([10, 20, 30], technologies={"peaker": (150, 100)}, voll=200).capacity
    {'peaker': 20.0}
    >>> expansion([10, 20, 30], technologies={"peaker": (150, 100)}, voll=200).missing
    {'peaker': 0.0}
    """
    load, hours = numbers(load, "load", least=0, place="step"), positive(hours, "hours")
    if not len(load):
        raise InvalidInput("load must have at least one step")
    plants = _plants_of(technologies)
    voll = positive(voll, "voll", unit="of $/MWh")
    for name, (_, cost) in plants.items():
        if cost >= voll:
            raise InvalidInput(f"technology {name}: running cost {say(cost)} $/MWh must be below the value of lost load")
    ceiling = None if cap is None else positive(cap, "cap", unit="of $/MWh")
    best = _screened(load, plants, voll, hours)
    if ceiling is None or ceiling >= voll:
        return _result(load, plants, voll, hours, best, best.price)
    affordable = {name: plant for name, plant in plants.items() if plant[1] < ceiling}
    under = _screened(load, affordable, ceiling, hours)
    built = _result(load, plants, voll, hours, under, under.price)
    return _result(load, plants, voll, hours, best, np.minimum(best.price, ceiling), built)


def _plants_of(technologies):
    """{name: (fixed, cost)}, checked."""
    given = instance(technologies, Mapping, "technologies", advice="name -> (fixed $/MW, cost $/MWh)")
    if not given:
        raise InvalidInput("technologies: there is none")
    plants = {}
    for name, pair in given.items():
        if np.shape(pair) != (2,):
            raise InvalidInput(f"technology {name}: must be (fixed $/MW, cost $/MWh), not {shown(pair)}")
        plants[str(name)] = tuple(not_negative(v, f"technology {name}: {what}") for v, what in zip(pair, ("fixed", "cost")))
    return plants


@dataclass(frozen=True, eq=False)
class _Screened:
    """capacity: {name: MW} of what is used, from the cheapest to run up; price (T,); scarce: hours."""

    capacity: dict
    price: np.ndarray
    scarce: float


def _screened(load, plants, voll, hours):
    """The lower envelope of the screening curves, laid on the load duration curve."""
    used = _envelope(plants, voll, len(load) * hours)  # [(name, cost, hours at which the next takes over)]
    falling = np.sort(load)[::-1]
    price = np.full(len(load), used[0][1] if used else voll)
    capacity, before = {}, 0.0
    costs = [cost for _, cost, _ in used] + [voll]
    for (name, cost, until), following in zip(used, costs[1:]):
        level, share = _level(falling, until / hours)
        capacity[name], before = level - before, level
        above = np.where(load > level, 1.0, np.where(load == level, share, 0.0))
        price = price + above * (following - cost)
    return _Screened(capacity, price, used[-1][2] if used else float(np.count_nonzero(load) * hours))


def _envelope(plants, voll, most):
    """What is cheapest for some number of hours up to `most`: from the longest to the shortest."""
    lines = sorted([(cost, fixed, name) for name, (fixed, cost) in plants.items()], key=lambda line: (line[0], line[1]))
    kept = []  # each (name, cost, fixed, hours below which it is best)
    for cost, fixed, name in [*lines, (voll, 0.0, None)]:
        while kept:
            last_cost, last_fixed, _, ends = kept[-1]
            if name is not None and fixed >= last_fixed:  # dearer to run and no cheaper to have
                break
            meets = (last_fixed - fixed) / (cost - last_cost) if cost > last_cost else np.inf
            if meets < ends:
                kept.append((cost, fixed, name, meets))
                break
            kept.pop()
        else:
            kept.append((cost, fixed, name, most))
    return [(name, cost, following[3]) for (cost, _, name, _), following in zip(kept, kept[1:])]


def _level(falling, steps):
    """The load that is exceeded in so many steps (MW), and for which share of the steps just at it power is scarcer."""
    near = round(steps)
    if abs(steps - near) <= WHOLE * max(steps, 1.0):
        if near >= len(falling):
            return 0.0, 0.0
        if near == 0:
            return float(falling[0]), 0.0
        if falling[near - 1] > falling[near]:
            return float(falling[near - 1] + falling[near]) / 2, 0.0
        steps = float(near)
    level = falling[min(int(steps), len(falling) - 1)]
    first, last = np.searchsorted(-falling, -level, side="left"), np.searchsorted(-falling, -level, side="right")
    return float(level), float((steps - first) / (last - first))


def _result(load, plants, voll, hours, found, price, built=None):
    """The result for the capacities found, paid at these prices."""
    capacity = {name: found.capacity.get(name, 0.0) + 0.0 for name in plants}
    earned = {name: float(np.maximum(price - cost, 0.0).sum() * hours) for name, (_, cost) in plants.items()}
    left, running = load.copy(), 0.0
    for name in found.capacity:  # from the cheapest to run up
        made = np.minimum(left, capacity[name])
        left, running = left - made, running + plants[name][1] * made.sum() * hours
    unserved = float(left.sum() * hours)
    cost = running + voll * unserved + sum(plants[name][0] * capacity[name] for name in plants)
    fixed = {name: pair[0] for name, pair in plants.items()}
    return Expansion(tuple(plants), capacity, fixed, earned, price, float(found.scarce), unserved, float(cost), built)
