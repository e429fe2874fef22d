"""Grids: networks, power flow, optimal dispatch, prices by place and their parts."""

from tefoundations.grid.ac_dispatch import ACDispatch
from tefoundations.grid.dispatching import DispatchModel, dc_opf
from tefoundations.grid.factors import bridges, lodf, ptdf
from tefoundations.grid.network import Network
from tefoundations.grid.power_flow import DCFlow, dc_power_flow
from tefoundations.grid.result import Dispatch
from tefoundations.grid.series import DispatchSeries, dc_opf_series
from tefoundations.grid.tables import Bids, Buses, Generators, Lines

__all__ = [
    "ACDispatch",
    "Bids",
    "Buses",
    "DCFlow",
    "Dispatch",
    "DispatchModel",
    "DispatchSeries",
    "Generators",
    "Lines",
    "Network",
    "bridges",
    "dc_opf",
    "dc_opf_series",
    "dc_power_flow",
    "lodf",
    "ptdf",
]
