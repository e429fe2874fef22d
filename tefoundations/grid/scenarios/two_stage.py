"""The result of a two-stage dispatch: what to decide now, what follows in each scenario, and what each pays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.chances import least_reaching
from tefoundations.grid.columns import replaced
from tefoundations.grid.network import Network
from tefoundations.grid.scenarios.outcomes import Scenarios
from tefoundations.inputs import number, one_of
from tefoundations.words import Explained

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import ArrayLike

ARRAYS = ("load", "schedule", "output", "demand", "dc_flow", "shed", "flow", "lmp", "multiplier", "costs", "chances",
          "unit_costs")  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class TwoStage(Explained):
    """One schedule for all scenarios, and the dispatch and prices of each.

    A price is what one more megawatt of load at a bus would cost if the scenario came, positive when load costs money.

    Parameters
    ----------
    net : Network
    scenarios : Scenarios
    load : (S, n) float array
        Fixed load with shunts (MW).
    decided : (g,) bool array
        Units with something to decide before the scenario is known.
    schedule : (g,) float array
        What is decided now (MW); of a unit that decides later, its mean output.
    output : (S, g) float array
        What each unit gives in each scenario (MW).
    demand : (S, d) float array
        What each bid gets (MW).
    dc_flow : (S, h) float array
        Flow of each DC line where it leaves (MW).
    shed : (S, n) float array
        Load that is not served (MW).
    flow : (S, m) float array
        Flow of each line (MW).
    lmp : (S, n) float array
        Price at each bus in each scenario ($/MWh).
    multiplier : (S, m) float array
        What one more megawatt of a line would save in each scenario ($/MWh), signed like its flow.
    costs : (S,) float array
        Cost of each scenario, with what load that is not served costs, less the worth of served bids ($/h).
    chances : (S,) float array
        Chances under which prices ahead are means: the probabilities, or with `risk` those tilted to the dear scenarios.
    unit_costs : (S, g) float array
        Cost of what each unit makes in each scenario, and of its moves ($/h); `cost0` left out.
    risk : (float, float) or None
        Weight of the tail and the chance below it, as asked for.
    voll : float
        What a MWh of load that is not served costs ($/MWh).
    rows : int
        How many pairs of a scenario and a line became constraints.
    """

    net: Network
    scenarios: Scenarios
    load: np.ndarray
    decided: np.ndarray
    schedule: np.ndarray
    output: np.ndarray
    demand: np.ndarray
    dc_flow: np.ndarray
    shed: np.ndarray
    flow: np.ndarray
    lmp: np.ndarray
    multiplier: np.ndarray
    costs: np.ndarray
    chances: np.ndarray
    unit_costs: np.ndarray
    risk: tuple[float, float] | None
    voll: float
    rows: int

    def __post_init__(self):
        for name in ARRAYS:
            getattr(self, name).flags.writeable = False

    @property
    def probability(self) -> np.ndarray:
        """(S,) float array: chance of each scenario."""
        return np.asarray(self.scenarios.probability)

    @cached_property
    def cost(self) -> float:
        """Mean cost of the scenarios ($/h)."""
        return float(self.probability @ self.costs)

    @cached_property
    def expected_lmp(self) -> np.ndarray:
        """(n,) float array: mean price at each bus over the scenarios ($/MWh)."""
        return self.probability @ self.lmp

    @cached_property
    def ahead_lmp(self) -> np.ndarray:
        """(n,) float array: price at each bus before the scenario is known ($/MWh); the mean price, unless there is `risk`.

        It is what one more megawatt in every scenario would add to the aim. With `risk` it is the mean under `chances`.
        """
        return self.chances @ self.lmp

    def cvar(self, alpha: float | None = None) -> float:
        """Mean cost of the dearest scenarios ($/h): the conditional value at risk.

        Parameters
        ----------
        alpha : float, optional
            The chance that lies below them, from 0 to below 1; default: as in `risk`. With 0 it is the mean of all.

        Returns
        -------
        float
            $/h. Of a scenario that lies on the border only the part that is needed counts.

        Raises
        ------
        InvalidInput
            No `alpha` where there is no `risk`, or one that is not from 0 to below 1.

        References
        ----------
        Rockafellar, R. T. and Uryasev, S. (2000), "Optimization of conditional value-at-risk", Journal of Risk 2(3), 21-41.

        Examples
        --------
        The dearest fifth is the last scenario, the dearest half holds the last two:

        >>> from tefoundations.grid import Network, Scenarios, stochastic_opf
        >>> net = Network.from_frames({"bus": [1], "load": [100]}, {"from_bus": [], "to_bus": [], "x": []},
        ...     {"bus": [1, 1, 1], "p_max": [200, 200, 60], "cost": [20, 50, 0], "name": ["slow", "fast", "sun"]})
        >>> s = stochastic_opf(net, Scenarios([0.5, 0.3, 0.2], p_max={"sun": [60, 30, 0]}), flexible=["fast", "sun"])
        >>> s.costs, s.cvar(0.8), s.cvar(0.5)
        (array([1400., 1400., 2900.]), 2900.0, 2000.0)
        """
        alpha = self.risk[1] if alpha is None and self.risk else alpha
        alpha = number(alpha, "alpha", least=0, below=1)
        order = np.argsort(self.costs, kind="stable")
        threshold = least_reaching(self.costs[order], self.probability[order], alpha) if alpha else self.costs.min()
        return float(threshold + self.probability @ np.maximum(self.costs - threshold, 0.0) / (1 - alpha))

    def profit(self, positions: Mapping | ArrayLike | None = None) -> np.ndarray:
        """What each unit earns in each scenario, if it sells positions ahead and settles the rest when it flows.

        Parameters
        ----------
        positions : dict or (g,) array, optional
            What units sell at `ahead_lmp` (MW), {name: MW} for some; default: the schedule.

        Returns
        -------
        (S, g) float array
            $/h, after the cost of what it makes, and of its moves up and down.

        Raises
        ------
        InvalidInput, InvalidNetwork
            An unknown unit, an array of another length, a position that is not a finite number.
        """
        sold, at = self._positions(positions), self.net.generators.at
        ahead, now = self.ahead_lmp[at] * sold, self.lmp[:, at] * (self.output - sold)
        return ahead + now - self.unit_costs

    def operator_income(self, positions: Mapping | ArrayLike | None = None) -> np.ndarray:
        """What buyers pay less what units get in each scenario, over both settlements.

        Load, also that of bids, is bought ahead at its mean; what DC lines earn is in it. If positions and mean load fit the
        network of every scenario, none leaves less than what is left of the sales ahead. The mean over `chances` does not
        depend on positions.

        Parameters
        ----------
        positions : dict or (g,) array, optional
            What units sell at `ahead_lmp` (MW), {name: MW} for some; default: the schedule.

        Returns
        -------
        (S,) float array
            $/h.

        Raises
        ------
        InvalidInput, InvalidNetwork
            As `profit`.

        References
        ----------
        Pritchard, G., Zakeri, G. and Philpott, A. (2010), "A single-settlement, energy-only electric power market for
        unpredictable and intermittent participants", Operations Research 58(4), 1210-1219.
        """
        sold = self._put_in(self._positions(positions)[None], (self.probability @ self.demand)[None])[0]
        sold -= self.probability @ (self.load - self.shed)
        now = self._put_in(self.output, self.demand) - (self.load - self.shed)
        return -(self.ahead_lmp @ sold) - (self.lmp * (now - sold)).sum(axis=1)

    def _positions(self, positions):
        index = {name: row for row, name in enumerate(self.net.generators.name.tolist())}
        return replaced(positions, self.schedule, index, "positions", "generator", "position")

    def _put_in(self, output, demand):
        """(S, n) float array: what units give less what bids take at each bus (MW)."""
        put = np.zeros((len(output), len(self.net.buses)))
        for values, at in ((output, self.net.generators.at), (-demand, self.net.bids.at)):
            np.add.at(put.T, at, values.T)
        return put

    def to_frame(self, table: str = "generators") -> pd.DataFrame:
        """The result as a table.

        Parameters
        ----------
        table : {"generators", "buses", "lines", "scenarios"}

        Returns
        -------
        pandas.DataFrame
            generators: schedule, then output in each scenario (MW). buses: price in each scenario, and their mean ($/MWh).
            lines: what one more megawatt would save in each scenario ($/MWh). scenarios: probability, cost ($/h), shed (MW).

        Raises
        ------
        InvalidInput
            Another table.
        """
        import pandas as pd

        one_of(table, ("generators", "buses", "lines", "scenarios"), "table")
        names = list(self.scenarios.labels)
        if table == "scenarios":
            columns = {"probability": self.probability, "cost": self.costs, "shed": self.shed.sum(axis=1)}
            return pd.DataFrame(columns, index=pd.Index(names, name="scenario"))
        if table == "generators":
            columns = {"schedule": self.schedule} | dict(zip(names, self.output))
            return pd.DataFrame(columns, index=pd.Index(self.net.generators.name, name="generator"))
        if table == "lines":
            return pd.DataFrame(dict(zip(names, self.multiplier)), index=pd.Index(self.net.lines.name, name="line"))
        columns = dict(zip(names, self.lmp)) | {"mean": self.expected_lmp}
        return pd.DataFrame(columns, index=pd.Index(self.net.buses.bus, name="bus"))

    def explain(self, bus: object = None) -> str:
        """The schedule and each scenario in words, or the mean price of one bus as the sum that it is.

        Parameters
        ----------
        bus : object, optional
            Label of a bus.

        Returns
        -------
        str

        Raises
        ------
        InvalidInput
            An unknown bus.

        Examples
        --------
        >>> from tefoundations.grid import Network, Scenarios, stochastic_opf
        >>> net = Network.from_frames({"bus": [1], "load": [100]}, {"from_bus": [], "to_bus": [], "x": []},
        ...     {"bus": [1, 1, 1], "p_max": [200, 200, 60], "cost": [20, 50, 0], "name": ["slow", "fast", "sun"]})
        >>> s = stochastic_opf(net, Scenarios([0.5, 0.3, 0.2], p_max={"sun": [60, 30, 0]}), flexible=["fast", "sun"])
        >>> print(s.explain())
        Decide now: slow 70 MW.
        Mean cost 1700 $/h, from 1400 to 2900 $/h.
        0, chance 0.5: cost 1400 $/h, price 0; slow 70, sun 30 MW.
        1, chance 0.3: cost 1400 $/h, price 33.3333; slow 70, sun 30 MW.
        2, chance 0.2: cost 2900 $/h, price 50; slow 70, fast 30 MW.
        >>> print(s.explain(1))
        bus 1: 0.5 * 0 + 0.3 * 33.3333 + 0.2 * 50 = 20
        """
        from tefoundations.grid.scenarios.words import bus_words, two_stage_words

        return two_stage_words(self) if bus is None else bus_words(self, self.net.position(bus))

    def __repr__(self):
        return f"TwoStage({len(self.scenarios)} scenarios, mean cost {self.cost:.6g})"

    def _at_a_glance(self):
        from tefoundations.grid.scenarios.words import two_stage_glance

        return two_stage_glance(self)
