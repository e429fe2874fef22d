"""Who pays how much for balancing energy: one price for all, or two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.indices import check_names
from tefoundations.inputs import number, numbers, one_of, sequence
from tefoundations.programmes import is_zero
from tefoundations.words import Explained, count, listed, say

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

RULES = ("single", "dual")


@dataclass(frozen=True, eq=False, repr=False)
class ImbalanceCharges(Explained):
    """What each gets or pays for a deviation from its schedule; `imbalance_charges` makes it.

    Parameters
    ----------
    agents : tuple of str
    deviation : (agents,) float array
        Delivered beyond the schedule (kWh); below 0: missing.
    price : (agents,) float array
        At which each is settled (ct/kWh).
    day_ahead : float
        Price of the day before (ct/kWh).
    balancing : float
        Price of balancing energy in this interval (ct/kWh).
    rule : {"single", "dual"}
    """

    agents: tuple
    deviation: np.ndarray
    price: np.ndarray
    day_ahead: float
    balancing: float
    rule: str

    @property
    def money(self) -> np.ndarray:
        """What each gets (ct); below 0 it pays."""
        return self.price * self.deviation

    @property
    def system(self) -> float:
        """The sum of all deviations (kWh): below 0 the system is short."""
        total = float(self.deviation.sum())
        return 0.0 if is_zero(total, np.abs(self.deviation).sum()) else total

    @property
    def balancing_cost(self) -> float:
        """What the operator pays for balancing energy (ct); below 0 it sells what is over."""
        return -self.balancing * self.system

    @property
    def kept(self) -> float:
        """What is left to the operator when the agents and the balancing energy are settled (ct)."""
        kept = -float(self.money.sum()) - self.balancing_cost
        return 0.0 if is_zero(kept, np.abs(self.price * self.deviation).sum()) else kept

    def explain(self) -> str:
        """The state of the system, the price of each side, and the operator's account in words.

        Returns
        -------
        str

        Examples
        --------
        >>> print(imbalance_charges([2, -3, -4], day_ahead=20, short=35, long=12, rule="dual").explain())
        The deviations add up to -5 kWh: the system is short, and balancing energy costs 35 ct/kWh.
        Dual: who is short too is settled at 35, who is not at 20.
        agent 0: 2 kWh at 20 = 40 ct.
        agent 1: -3 kWh at 35 = -105 ct.
        agent 2: -4 kWh at 35 = -140 ct.
        Operator: takes 205 ct, pays 175 ct for balancing energy, keeps 30 ct.
        """
        side = "short" if self.system < 0 else "long" if self.system > 0 else "in balance"
        state = f"The deviations add up to {say(self.system)} kWh: the system is {side}, and balancing energy "
        state += f"{'costs' if self.system < 0 else 'brings'} {say(self.balancing)} ct/kWh."
        if self.system == 0:
            state, rule = "The deviations cancel: the system is in balance.", f"All are settled at {say(self.day_ahead)}."
        elif self.rule == "single":
            rule = f"Single: all are settled at {say(self.balancing)}."
        else:
            rule = f"Dual: who is {side} too is settled at {say(self.balancing)}, who is not at {say(self.day_ahead)}."
        told = [
            f"{agent}: {say(kwh)} kWh at {say(price)} = {say(ct)} ct."
            for agent, kwh, price, ct in zip(self.agents[:8], self.deviation, self.price, self.money)
        ]
        more = [f"... and {count(len(self.agents) - 8, 'agent')} more."] if len(self.agents) > 8 else []
        takes, pays = -float(self.money.sum()), self.balancing_cost
        operator = f"Operator: takes {say(takes)} ct, pays {say(pays)} ct for balancing energy, keeps {say(self.kept)} ct."
        return "\n".join([state, rule, *told, *more, operator])

    def to_frame(self) -> pd.DataFrame:
        """One row for each agent.

        Returns
        -------
        pandas.DataFrame
            Columns agent, deviation (kWh), price (ct/kWh), money (ct).
        """
        import pandas as pd

        columns = {"agent": self.agents, "deviation": self.deviation, "price": self.price, "money": self.money}
        return pd.DataFrame(columns)

    def _at_a_glance(self):
        return [("rule", self.rule), ("system, kWh", self.system), ("balancing energy, ct/kWh", self.balancing),
                ("kept by the operator, ct", self.kept)]  # fmt: skip

    def __repr__(self):
        agents = count(len(self.agents), "agent")
        return f"ImbalanceCharges({self.rule}, {agents}: {say(self.system)} kWh, {say(self.kept)} ct kept)"


def imbalance_charges(
    deviation: ArrayLike,
    day_ahead: float,
    short: float,
    long: float,
    rule: str = "single",
    *,
    agents: Sequence[str] | None = None,
) -> ImbalanceCharges:
    """Settle deviations from schedules, in one interval.

    The sum of all deviations decides which balancing price holds: `short` if energy is missing, `long` if it is over, and
    `day_ahead` if they cancel. Under the single rule all deviations are settled at it. Under the dual rule only those that
    made the sum worse are; those that made it smaller are settled at `day_ahead`.

    Parameters
    ----------
    deviation : (agents,) array
        Delivered beyond the schedule (kWh); below 0: missing.
    day_ahead : float
        Price of the day before (ct/kWh), from `long` to `short`.
    short, long : float
        What balancing energy costs if the system is short, and brings if it is long (ct/kWh).
    rule : {"single", "dual"}
    agents : sequence of str, optional
        Names; by default "agent 0" and so on.

    Returns
    -------
    ImbalanceCharges

    Raises
    ------
    InvalidInput
        An unknown rule, prices in another order, a deviation that is no number, names of another number.

    References
    ----------
    Vandezande, L., Meeus, L., Belmans, R., Saguan, M. and Glachant, J.-M. (2010), "Well-functioning balancing markets: a
    prerequisite for wind power integration", Energy Policy 38(7), 3146-3154.

    Examples
    --------
    >>> imbalance_charges([0, 0], day_ahead=20, short=35, long=12)
    ImbalanceCharges(single, 2 agents: 0 kWh, 0 ct kept)
    >>> imbalance_charges([2, -3, -4], day_ahead=20, short=35, long=12).money
    array([  70., -105., -140.])
    >>> imbalance_charges([2, -3, -4], day_ahead=20, short=35, long=12, rule="dual").kept
    30.0
    """
    moved = numbers(deviation, "deviation", place="agent")
    now, missing, over = number(day_ahead, "day_ahead"), number(short, "short"), number(long, "long")
    one_of(rule, RULES, "rule")
    if not over <= now <= missing:
        raise InvalidInput(
            f"prices must rise from long over day_ahead to short, not {say(over)}, {say(now)}, {say(missing)}"
        )
    names = tuple(f"agent {i}" for i in range(len(moved))) if agents is None else sequence(agents, "agents", of="names")
    if len(names) != len(moved):
        raise InvalidInput(f"agents must be {count(len(moved), 'name')}, one for each deviation, not {listed(names)}")
    if agents is not None:
        check_names(deviation, "deviation", names, "agents")
    total = float(moved.sum())
    total = 0.0 if is_zero(total, np.abs(moved).sum()) else total
    balancing = missing if total < 0 else over if total > 0 else now
    price = np.full(len(moved), balancing)
    if rule == "dual":
        price[moved * total <= 0] = now
    return ImbalanceCharges(tuple(map(str, names)), moved, price, now, balancing, rule)
