"""Grids: networks, power flow, optimal dispatch, prices by place and their parts."""

from tefoundations.grid.ac_dispatch import ACDispatch
from tefoundations.grid.ac_flow import ACFlow
from tefoundations.grid.ac_optimum import ac_opf
from tefoundations.grid.dispatching import DispatchModel, dc_opf
from tefoundations.grid.factors import bridges, lodf, ptdf
from tefoundations.grid.feeder_opf import branch_flow_opf, lindistflow_opf
from tefoundations.grid.linear_feeder import LinearFlow, lindistflow
from tefoundations.grid.network import Network
from tefoundations.grid.newton import ac_power_flow
from tefoundations.grid.power_flow import DCFlow, dc_power_flow
from tefoundations.grid.result import Dispatch
from tefoundations.grid.series import DispatchSeries, dc_opf_series
from tefoundations.grid.sweeping import sweep
from tefoundations.grid.tables import Bids, Buses, Generators, Lines

__all__ = [
    # Networks
    "Network", "Buses", "Lines", "Generators", "Bids",
    # Where power flows
    "dc_power_flow", "DCFlow", "ptdf", "lodf", "bridges",
    # Voltages and losses
    "ac_power_flow", "sweep", "ACFlow", "lindistflow", "LinearFlow",
    # Who produces, and what power costs where
    "dc_opf", "Dispatch", "DispatchModel", "dc_opf_series", "DispatchSeries",
    # With voltages, reactive power and losses
    "ac_opf", "lindistflow_opf", "branch_flow_opf", "ACDispatch",
]  # fmt: skip
