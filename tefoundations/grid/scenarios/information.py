"""What knowing is worth, and what scenarios are worth beside a plan for the mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.grid.scenarios.outcomes import Scenarios
from tefoundations.grid.scenarios.stochastic import _model, two_stage
from tefoundations.inputs import instance
from tefoundations.words import Explained

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import ArrayLike

    from tefoundations.grid.network import Network


@dataclass(frozen=True, eq=False, repr=False)
class ScenarioWorth(Explained):
    """Four costs of the same decision under more and less knowledge, and the differences between them.

    Parameters
    ----------
    ev : float
        Cost if the mean of all scenarios came ($/h).
    ws : float
        Mean cost if each scenario is known before the decision ($/h): wait and see.
    rp : float
        Mean cost of the best one schedule ($/h): the problem with recourse.
    eev : float
        Mean cost of the schedule that is best for the mean ($/h).
    schedule : (g,) float array
        The best one schedule (MW).
    mean_schedule : (g,) float array
        The schedule that is best for the mean (MW).
    """

    ev: float
    ws: float
    rp: float
    eev: float
    schedule: np.ndarray
    mean_schedule: np.ndarray

    @property
    def evpi(self) -> float:
        """Expected value of perfect information ($/h): what a forecast without error would save, `rp` - `ws`."""
        return self.rp - self.ws

    @property
    def vss(self) -> float:
        """Value of the stochastic solution ($/h): what planning with scenarios saves beside the mean, `eev` - `rp`."""
        return self.eev - self.rp

    def to_frame(self) -> pd.DataFrame:
        """The costs and their differences.

        Returns
        -------
        pandas.DataFrame
            Index EV, WS, RP, EEV, EVPI, VSS; column cost ($/h).
        """
        import pandas as pd

        rows = {"EV": self.ev, "WS": self.ws, "RP": self.rp, "EEV": self.eev, "EVPI": self.evpi, "VSS": self.vss}
        return pd.DataFrame({"cost": rows})

    def explain(self) -> str:
        """The four costs and what their differences mean.

        Returns
        -------
        str

        Examples
        --------
        >>> import numpy as np
        >>> print(ScenarioWorth(1220, 1220, 1700, 1745, np.array([70.0]), np.array([61.0])).explain())
        Mean weather, planned as if it came: EV 1220 $/h.
        Each scenario known in time: WS 1220 $/h.
        One schedule for all scenarios: RP 1700 $/h.
        The schedule for the mean weather, tried on all: EEV 1745 $/h.
        Knowing is worth RP - WS = 480 $/h (EVPI).
        Scenarios instead of means are worth EEV - RP = 45 $/h (VSS).
        """
        from tefoundations.grid.scenarios.words import worth_words

        return worth_words(self)

    def __repr__(self):
        return f"ScenarioWorth(EVPI {self.evpi:.6g}, VSS {self.vss:.6g} $/h)"

    def _at_a_glance(self):
        return [(f"{name}, $/h", value) for name, value in self.to_frame()["cost"].items()]


def worth(
    net: Network,
    scenarios: Scenarios,
    *,
    flexible: Sequence | ArrayLike,
    up: float | Mapping | ArrayLike = 0.0,
    down: float | Mapping | ArrayLike = 0.0,
    voll: float = 1000.0,
) -> ScenarioWorth:
    """What it is worth to know the scenario in time, and to plan with scenarios in the place of their mean.

    Parameters
    ----------
    net : Network
    scenarios : Scenarios
    flexible : sequence of str or (g,) bool array
        Units that may answer to the scenario.
    up : float, dict or (g,) array
        As in `stochastic_opf` ($/MWh).
    down : float, dict or (g,) array
        As in `stochastic_opf` ($/MWh).
    voll : float
        What a MWh of load that is not served costs ($/MWh).

    Returns
    -------
    ScenarioWorth
        `ws` is at most `rp`, and that at most `eev`. Scenarios of loads, `p_max` and limits leave `ev` at most `ws`.

    Raises
    ------
    Infeasible, InvalidInput, InvalidNetwork
        As `stochastic_opf`; also where the schedule for the mean fits a scenario in no way.

    References
    ----------
    Birge, J. R. (1982), "The value of the stochastic solution in stochastic linear programs with fixed recourse",
    Mathematical Programming 24, 314-325.

    Examples
    --------
    >>> from tefoundations.grid import Network
    >>> net = Network.from_frames({"bus": [1], "load": [100]}, {"from_bus": [], "to_bus": [], "x": []},
    ...     {"bus": [1, 1, 1], "p_max": [200, 200, 60], "cost": [20, 50, 0], "name": ["slow", "fast", "sun"]})
    >>> sky = Scenarios([0.5, 0.3, 0.2], p_max={"sun": [60, 30, 0]})
    >>> found = worth(net, sky, flexible=["fast", "sun"])
    >>> found
    ScenarioWorth(EVPI 480, VSS 45 $/h)
    >>> found.schedule.round(6)[0], found.mean_schedule.round(6)[0]
    (np.float64(70.0), np.float64(61.0))
    """
    model = _model(net)
    instance(scenarios, Scenarios, "scenarios", advice="Scenarios(probability, load=..., p_max=...) makes them")
    options = (flexible, up, down, voll)
    best = two_stage(model, scenarios, *options)
    known = [two_stage(model, scenarios._alone(row), *options).cost for row in range(len(scenarios))]
    of_mean = two_stage(model, scenarios._mean, *options)
    planned = {name: mw for name, mw, now in zip(net.generators.name, of_mean.schedule, of_mean.decided) if now}
    tested = two_stage(model, scenarios, *options, schedule=planned)
    return ScenarioWorth(of_mean.cost, float(best.probability @ known), best.cost, tested.cost, best.schedule,
                 of_mean.schedule)  # fmt: skip
