"""Grids: networks, power flow, optimal dispatch, prices by place and their parts.

Power is in MW and MVAr, prices in $/MWh and $/MVArh (any money serves), voltages in p.u., angles in degrees.

===========================================  =========================================================================
What you want                                What to call
===========================================  =========================================================================
a network                                    `Network.from_frames`, `Network.from_matpower`, `Network.from_pandapower`
where power flows, linear (DC)               `dc_power_flow`, `ptdf`, `lodf`, `bridges`
where power flows, with voltages and losses  `ac_power_flow`; on a feeder `sweep`, `lindistflow`
the cheapest dispatch and its prices (DC)    `dc_opf`; again and again `DispatchModel`; many hours `dc_opf_series`
the same with voltages and losses            `ac_opf`; on a feeder `branch_flow_opf`, `lindistflow_opf`
what a dispatch holds                        `Dispatch`, `ACDispatch`: `lmp`, `generation`, `flow`, `explain`
a price taken apart                          `Dispatch.price_components`, `ACDispatch.price_components`
between which prices a bus may lie           `Dispatch.price_interval`, (n, 2)
===========================================  =========================================================================
"""

from tefoundations.grid.ac.dispatch import ACDispatch
from tefoundations.grid.ac.flow import ACFlow
from tefoundations.grid.ac.newton import ac_power_flow
from tefoundations.grid.ac.optimum import ac_opf
from tefoundations.grid.dc.dispatch import Dispatch
from tefoundations.grid.dc.factors import bridges, lodf, ptdf
from tefoundations.grid.dc.flow import DCFlow, dc_power_flow
from tefoundations.grid.dc.optimum import DispatchModel, dc_opf
from tefoundations.grid.dc.series import DispatchSeries, dc_opf_series
from tefoundations.grid.feeder.linear_flow import LinearFlow, lindistflow
from tefoundations.grid.feeder.optimum import branch_flow_opf, lindistflow_opf
from tefoundations.grid.feeder.sweeps import sweep
from tefoundations.grid.network import Network
from tefoundations.grid.tables import Bids, Buses, DCLines, Generators, Lines

__all__ = [
    # Networks
    "Network", "Buses", "Lines", "Generators", "Bids", "DCLines",
    # Where power flows
    "dc_power_flow", "DCFlow", "ptdf", "lodf", "bridges",
    # Voltages and losses
    "ac_power_flow", "sweep", "ACFlow", "lindistflow", "LinearFlow",
    # Who produces, and what power costs where
    "dc_opf", "Dispatch", "DispatchModel", "dc_opf_series", "DispatchSeries",
    # With voltages, reactive power and losses
    "ac_opf", "lindistflow_opf", "branch_flow_opf", "ACDispatch",
]  # fmt: skip
