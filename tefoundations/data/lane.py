"""The cable of the community as a network: ohm, kW and ct/kWh become per unit, MW and money per MWh."""

import numpy as np
import pandas as pd

from tefoundations.data.tables import community
from tefoundations.inputs import number, whole

VOLTAGE = 0.4  # kV between two phases
BASE = 0.1  # MVA: the transformer's size
REACTIVE = 0.3  # MVAr drawn for each MW of load: a power factor of 0.96


def lane_grid(day: str = "summer", step: int = 26, price: float = 30.0) -> dict:
    """The lane's feeder in one half hour, as frames for `Network.from_frames`.

    Parameters
    ----------
    day : {"summer", "winter", "holiday"}
    step : int
        Half hour, 0 to 47.
    price : float
        What energy from the grid costs (ct/kWh), and what the grid pays for it.

    Returns
    -------
    dict
        `buses` (load in MW: the members' use less what their heat and power units make; reactive load; voltages from 0.9
        to 1.1 p.u., 1 at the grid), `lines` (p.u. on 0.1 MVA and 0.4 kV; limits in MVA), `generators` (the grid at bus 0
        at `price`, and each solar roof at no cost, which may be turned down; prices in money per MWh, ten times ct/kWh),
        and `base` (MVA).

    Raises
    ------
    InvalidInput
        A day or step that is not there, or a price that is no number.

    Examples
    --------
    >>> frames = lane_grid("winter", 0)                       # no sun at midnight
    >>> frames["generators"]["name"].tolist(), frames["base"]
    (['grid'], 0.1)
    """
    people = community()
    step, price = whole(step, "step", least=0, most=people.steps[-1]), number(price, "price")
    bus, known = people.members["bus"], people.buses["bus"]
    used, sun = (power.loc[step] * 2 / 1000 for power in (people.load(day) - people.chp(day), people.solar(day)))
    load = used.groupby(bus).sum().reindex(known, fill_value=0.0).to_numpy()
    sun = sun[sun > 0]
    voltage = np.where(known == 0, 1.0, np.nan)
    buses = pd.DataFrame({
        "bus": known, "load": load, "q_load": REACTIVE * np.maximum(load, 0.0),
        "v_min": np.where(np.isnan(voltage), 0.9, voltage), "v_max": np.where(np.isnan(voltage), 1.1, voltage),
        "east": people.buses["east_m"], "north": people.buses["north_m"],
    })  # fmt: skip
    ohm = VOLTAGE**2 / BASE
    lines = pd.DataFrame({
        "from_bus": people.lines["from_bus"], "to_bus": people.lines["to_bus"],
        "r": people.lines["r_ohm"] / ohm, "x": people.lines["x_ohm"] / ohm, "limit": people.lines["rating_kva"] / 1000,
    })  # fmt: skip
    roofs = len(sun)
    generators = pd.DataFrame({
        "name": ["grid", *sun.index], "bus": [0, *bus[sun.index]], "p_min": [-1.0] + [0.0] * roofs, "p_max": [1.0, *sun],
        "cost": [10.0 * price] + [0.0] * roofs, "q_min": [-1.0] + [0.0] * roofs, "q_max": [1.0] + [0.0] * roofs,
        "v_set": [1.0] + [np.nan] * roofs,
    })  # fmt: skip
    return {"buses": buses, "lines": lines, "generators": generators, "base": BASE}
