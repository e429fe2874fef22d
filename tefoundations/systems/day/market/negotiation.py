"""Step 4 as the IEEE's position paper has it (2021): aggregators and operator solve it jointly, no curve leaves its bus."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tefoundations.inputs import instance, positive, whole
from tefoundations.programmes import cone
from tefoundations.systems.day.market.network_clearing import by_places, check_buses
from tefoundations.systems.day.market.network_programmes import MUST, OVERLOAD
from tefoundations.systems.day.market.placed_curves import PlacedCurve
from tefoundations.systems.day.plans import DayPlan

if TYPE_CHECKING:
    import pandas as pd

MOST_ROUNDS = 1_000


def clear_jointly(
    plan: DayPlan, step: int, curve: PlacedCurve, *, penalty: float = 3.0, rounds: int = 100
) -> pd.DataFrame:  # fmt: skip
    """Find the prices of a step without showing a curve: the alternating direction method of multipliers.

    In each round whoever speaks for a bus answers the price there, held near what the operator offered last; the operator
    offers what lines and the outside would best do with these answers; the price rises where more is asked than offered.
    What does not listen, and what roofs give, the operator is told beforehand as sums by bus.

    Parameters
    ----------
    plan : DayPlan
    step : int
    curve : PlacedCurve
        All curves; those of each bus are read by that bus alone.
    penalty : float
        Weight of the distance between what is asked and what is offered (ct/kWh per kWh), above 0.
    rounds : int
        How often both answer.

    Returns
    -------
    pandas.DataFrame
        A row a round, a column a bus: the price after it (ct/kWh).

    Raises
    ------
    InvalidInput
        Names the argument.

    References
    ----------
    IEEE, "Blockchain-Enabled Transactive Energy (BCTE) Position Paper", 2021.

    S. Boyd, N. Parikh, E. Chu, B. Peleato, J. Eckstein, "Distributed optimization and statistical learning via the
    alternating direction method of multipliers", Foundations and Trends in Machine Learning, 2011, doi 10.1561/2200000016.

    Examples
    --------
    >>> from tefoundations.resources import BidCurve
    >>> from tefoundations.systems import bid, clear
    >>> plan = DayPlan.of("holiday")
    >>> car = bid("home6", 8, {"car": BidCurve([(12, 3)], [])}, fixed=-20.0, roof=10.0)
    >>> clear_jointly(plan, 5, car, rounds=60).iloc[-1].round(2).tolist()[:3], clear(plan, 5, car).price_at(0)
    ([8.0, 8.0, 8.0], 8.0)
    """
    import pandas as pd

    instance(plan, DayPlan, "plan"), instance(curve, PlacedCurve, "curve")
    step = whole(step, "step", least=0, most=len(plan.lane.outside) - 1)
    penalty = positive(penalty, "penalty")
    rounds = whole(rounds, "rounds", least=1, most=MOST_ROUNDS)
    check_buses(plan, curve)
    places, labels = plan.feeder.places, plan.net.buses.bus.tolist()
    orders = [[] for _ in labels]  # (price, energy) of each bus; an ask is a wish to keep what is there to give
    least = np.zeros(len(labels))
    for bus, price, energy in curve.bids:
        orders[places[bus]].append((min(price, MUST), energy))
    for bus, price, energy in curve.asks:
        orders[places[bus]].append((price, energy))
        least[places[bus]] -= energy
    operator = _Operator(plan, step, by_places(plan, curve.fixed), by_places(plan, curve.roofs), penalty)
    price, offered, told = np.full(len(labels), plan.price_outside[step]), np.zeros(len(labels)), []
    for _ in range(rounds):
        asked = np.array(
            [_answer(orders[b], least[b], offered[b] - price[b] / penalty, penalty) for b in range(len(labels))]
        )
        offered = operator.offer(price, asked)
        price = price + penalty * (asked - offered)
        told.append(price)
    return pd.DataFrame(told, columns=labels, index=pd.RangeIndex(1, rounds + 1, name="round"))


def _answer(orders, least, target, penalty):
    """Net energy whose worth less penalty (x - target)^2 / 2 is largest: the dearest orders first, while they pay."""
    x = least
    for price, energy in sorted(orders, reverse=True):
        wanted = target + price / penalty
        if wanted <= x:
            break
        x = min(x + energy, wanted)
    return x


class _Operator:
    """The operator's part: offers by bus, what is turned down, import, export, overload of lines both ways."""

    def __init__(self, plan, step, fixed, roof, penalty):
        from scipy.sparse import csc_array

        lane, limited = plan.lane, np.isfinite(plan.feeder.room[step])
        below, room = plan.feeder.below[limited], plan.feeder.room[step][limited]
        (m, n), self.penalty = below.shape, penalty
        size = 2 * n + 2 + 2 * m
        one, none, unit = np.eye(m), np.zeros((m, m)), np.eye(size)
        flow = np.hstack([below, below, np.zeros((m, 2))])
        balance = np.concatenate([np.ones(2 * n), [-1.0, 1.0], np.zeros(2 * m)])
        limits = np.block([[flow, -one, none], [-flow, none, -one]])
        self.matrix = csc_array(np.vstack([balance, limits, unit[n : 2 * n], -unit[n:]]))
        through = below @ fixed
        self.right = np.concatenate([[-fixed.sum()], room - through, room + through, roof, np.zeros(size - n)])
        self.rest = np.concatenate([np.zeros(n), [plan.price_outside[step], -lane.feed_in], np.full(2 * m, OVERLOAD)])
        curved = np.concatenate([np.full(n, penalty), np.zeros(n), [lane.slope], np.zeros(1 + 2 * m)])
        self.squares, self.size = csc_array(np.diag(curved)), max(np.abs(fixed).sum(), 1e-300)

    def offer(self, price, asked):
        cost, cones = np.concatenate([-price - self.penalty * asked, self.rest]), ("positive", len(self.right) - 1)
        unit = max(self.size, np.abs(asked).sum())
        found = cone(cost, self.matrix, self.right, [("zero", 1), cones], squares=self.squares, unit=unit)
        return found.x[: len(asked)]
