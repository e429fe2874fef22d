"""The result of an optimal power flow with voltages: who produces, what flows, what active and reactive power cost where."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from tefoundations.grid.ac.line_ends import AtLineEnds
from tefoundations.grid.ac.words import dispatch_frame, dispatch_glance, dispatch_words
from tefoundations.grid.network import Network
from tefoundations.grid.words import one_price, price_words
from tefoundations.inputs import one_of
from tefoundations.words import Explained, say

if TYPE_CHECKING:
    import pandas as pd

ARRAYS = (
    "load", "q_load", "generation", "q_generation", "demand", "voltage", "angle", "p_from", "q_from", "p_to", "q_to", "lmp",
    "q_price", "multiplier", "voltage_multiplier", "angle_multiplier", "rating_multiplier", "cone_gap",
)  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class ACDispatch(Explained, AtLineEnds):
    """The optimum of an optimal power flow with voltages and reactive power.

    The price of a bus is what one more megawatt (`lmp`) or megavar (`q_price`) of load there adds to cost less value,
    positive when load costs money. Flows are what enters a line at its two ends. Line limits are in MVA.

    Parameters
    ----------
    net : Network
    model : str
        "AC", "branch flow" or "LinDistFlow".
    load, q_load : (n,) float arrays
        Fixed load (MW, MVAr), without shunts.
    generation, q_generation : (g,) float arrays
        Output of each generator (MW, MVAr).
    demand : (d,) float array
        What each bid gets (MW); bids draw no reactive power.
    voltage : (n,) float array
        p.u.
    angle : (n,) float array
        Degrees; 0 at the slack bus.
    p_from, q_from, p_to, q_to : (m,) float arrays
        Power that enters each line at its two ends (MW, MVAr).
    lmp : (n,) float array
        Price of active power ($/MWh).
    q_price : (n,) float array
        Price of reactive power ($/MVArh, which for megavars is what $/MWh is for megawatts).
    multiplier : (m,) float array
        What one more MVA of each line's limit would save ($/MVAh), not negative.
    voltage_multiplier : (n,) float array
        What one more p.u. of room for the voltage would save ($/h): positive at `v_max`, negative at `v_min`.
    angle_multiplier : (m,) float array
        What one more degree of room for the angle along a line would save ($/h): positive at `angle_max`, negative at
        `angle_min`.
    rating_multiplier : (g,) float array
        What one more MVA of each generator's rating `s_max` would save ($/MVAh), not negative. At its rating a unit gives
        P + jQ; of this multiplier it earns the part P/S for each MW and Q/S for each MVAr, which is what its bus pays above
        its own marginal cost unless another of its limits is reached too.
    cost : float
        Cost of generation ($/h).
    value : float
        What the served bids are worth ($/h).
    cone_gap : (m,) float array
        Branch flow only: power that a line loses beyond what its flow explains (MVA). Not 0: the dispatch cannot be run.
    iterations : int
        Steps of the solver.
    """

    net: Network
    model: str
    load: np.ndarray
    q_load: np.ndarray
    generation: np.ndarray
    q_generation: np.ndarray
    demand: np.ndarray
    voltage: np.ndarray
    angle: np.ndarray
    p_from: np.ndarray
    q_from: np.ndarray
    p_to: np.ndarray
    q_to: np.ndarray
    lmp: np.ndarray
    q_price: np.ndarray
    multiplier: np.ndarray
    voltage_multiplier: np.ndarray
    angle_multiplier: np.ndarray
    rating_multiplier: np.ndarray
    cost: float
    value: float
    cone_gap: np.ndarray
    iterations: int
    _pricing: Any = field(repr=False)

    def __post_init__(self):
        for name in ARRAYS:
            getattr(self, name).flags.writeable = False

    @property
    def tight(self) -> bool:
        """bool: whether the voltages and flows are those of a real network (always, except where a cone has a gap)."""
        drawn = np.abs(self.load).sum() + np.abs(self.q_load).sum() + self.demand.sum()
        return bool(self.cone_gap.max(initial=0.0) <= 1e-5 * (drawn or self.net.base))

    def price_components(self, *, slack: object = None, of: str = "active") -> pd.DataFrame:
        """Prices taken apart by cause; the parts of a bus add up to its price.

        energy is the price of active power at the slack; loss what the lines lose more when power goes from the slack to the
        bus; reactive what the slack gives in reactive power for it; congestion, voltage and angle the work of full lines, of
        voltages and of angles at a limit.

        Parameters
        ----------
        slack : object, optional
            Label of the bus that the parts are told from; default the network's slack. It moves the parts and never their
            sum. On a radial model only the network's slack can be asked for.
        of : {"active", "reactive"}
            Parts of `lmp` or of `q_price`.

        Returns
        -------
        pandas.DataFrame
            Index `bus`; columns energy, loss, reactive, congestion, voltage and, for AC, angle ($/MWh or $/MVArh).

        Raises
        ------
        InvalidInput
            An unknown bus, another slack on a radial model, another `of`.

        Examples
        --------
        >>> from tefoundations.data import grid
        >>> from tefoundations.grid import Network, branch_flow_opf
        >>> parts = branch_flow_opf(Network.from_frames(**grid("feeder5"))).price_components()
        >>> parts.loc[3, ["energy", "loss", "congestion", "voltage"]].round(2).tolist()  # of 80 $/MWh
        [50.0, 4.8, 4.62, 20.58]
        """
        import pandas as pd

        one_of(of, ("active", "reactive"), "of")
        parts = self._pricing.parts(slack)
        return pd.DataFrame(parts.p if of == "active" else parts.q, index=pd.Index(self.net.buses.bus, name="bus"))

    def loss_factors(self, *, slack: object = None) -> np.ndarray:
        """What one more megawatt of load at each bus adds to the losses when the slack serves it, all limits set aside.

        Parameters
        ----------
        slack : object, optional
            As in `price_components`.

        Returns
        -------
        (n,) float array
            MW of losses per MW of load; negative where load relieves the lines.

        Raises
        ------
        InvalidInput
            As in `price_components`.
        """
        return self._pricing.parts(slack).loss_factor.copy()

    def to_frame(self, table: str = "buses") -> pd.DataFrame:
        """The result as a table.

        Parameters
        ----------
        table : {"buses", "lines", "generators", "bids"}

        Returns
        -------
        pandas.DataFrame
            buses: load (MW), q_load (MVAr), voltage (p.u.), angle (degrees), lmp ($/MWh), q_price ($/MVArh),
            voltage_multiplier. lines: p_from, p_to, loss (MW), q_from, q_to (MVAr), apparent, limit (MVA), multiplier
            ($/MVAh). generators: bus, output (MW), q_output (MVAr), price ($/MWh), q_price ($/MVArh), revenue ($/h) and,
            where any has a rating, s_max (MVA), rating_multiplier ($/MVAh). bids: bus, demand (MW), price ($/MWh),
            payment ($/h).

        Raises
        ------
        InvalidInput
            Another table.
        """
        return dispatch_frame(self, table)

    def explain(self, bus: object = None) -> str:
        """The arithmetic of a price, or of the whole result, in words.

        Parameters
        ----------
        bus : object, optional
            Label of a bus; default: a few lines for the whole and one for every bus.

        Returns
        -------
        str

        Raises
        ------
        InvalidInput
            An unknown bus.

        Examples
        --------
        >>> from tefoundations.data import grid
        >>> from tefoundations.grid import Network, branch_flow_opf
        >>> print(branch_flow_opf(Network.from_frames(**grid("feeder5"))).explain(3))
        bus 3: 50 + 4.7987 loss + 4.6236 congestion + 20.5777 voltage = 80
        """
        return dispatch_words(self, None if bus is None else self.net.position(bus))

    def __repr__(self):
        price = f"{'one price' if one_price(self.lmp) else 'prices'} {price_words(self.lmp)}"
        loose = "" if self.tight else ", cone not tight"
        return (
            f"ACDispatch({self.model}, {say(self.load.sum() + self.demand.sum())} MW, cost {self.cost:.6g}, {price}{loose})"
        )

    def _at_a_glance(self):
        return dispatch_glance(self)
