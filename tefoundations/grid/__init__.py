"""Grids: networks, power flow, optimal dispatch, prices by place and their parts.

Power is in MW and MVAr, prices in $/MWh and $/MVArh (any money serves), voltages in p.u., angles in degrees.

===========================================  =========================================================================
What you want                                What to call
===========================================  =========================================================================
a network                                    `Network.from_frames`, `Network.from_matpower`, `Network.from_pandapower`
where power flows, linear (DC)               `dc_power_flow`, `ptdf`, `lodf`, `bridges`
where power flows, with voltages and losses  `ac_power_flow`; on a feeder `sweep`, `lindistflow`
the cheapest dispatch and its prices (DC)    `dc_opf`; again and again `DispatchModel`; many hours `dc_opf_series`
many hours with stores and ramps             `multi_period_opf` with `Store`
the same with voltages and losses            `ac_opf`; on a feeder `branch_flow_opf`, `lindistflow_opf`
what a dispatch holds                        `Dispatch`, `ACDispatch`: `lmp`, `generation`, `flow`, `explain`
a price taken apart                          `Dispatch.price_components`, `ACDispatch.price_components`
between which prices a bus may lie           `Dispatch.price_interval`, (n, 2)
what survives the loss of any one line       `scopf`, `corrective_opf`; flows alone `outage_flows`
a market that sold more than lines carry     `redispatch`, `countertrade`
rights to price differences                  `rights_flow`, `rights_fit`, `rights_payout`; `Dispatch.transfer_price`
what more of a line would save               `line_value`
a schedule before the weather is known       `stochastic_opf` with `Scenarios`; what knowing is worth: `worth`
energy and reserve together                  `reserve_opf`; what reserve is worth: `scarcity_curve`
frequency after a sudden loss                `frequency_response`
whether there is enough                      `loss_of_load`; what a resource adds: `capacity_credit`
what pays to be built, and a price cap       `expansion`
who serves one more megawatt                 `response`
what it emits, whose carbon it is by shares  `marginal_emissions`, `traced_emissions`
how much each home of a feeder may send      `export_limits`, `hosting_capacity`; with its phases `four_wire_flow`
===========================================  =========================================================================
"""

from tefoundations.grid.ac.dispatch import ACDispatch
from tefoundations.grid.ac.flow import ACFlow
from tefoundations.grid.ac.newton import ac_power_flow
from tefoundations.grid.ac.optimum import ac_opf
from tefoundations.grid.adequacy.credit import CapacityCredit, capacity_credit
from tefoundations.grid.adequacy.investment import Expansion, expansion
from tefoundations.grid.adequacy.outages import LossOfLoad, loss_of_load
from tefoundations.grid.congestion.relief import Redispatch, redispatch
from tefoundations.grid.congestion.rights import RightsFit, rights_fit, rights_flow, rights_payout
from tefoundations.grid.congestion.upgrades import LineValue, line_value
from tefoundations.grid.congestion.zones import CounterTrade, countertrade
from tefoundations.grid.dc.dispatch import Dispatch
from tefoundations.grid.dc.factors import bridges, lodf, ptdf
from tefoundations.grid.dc.flow import DCFlow, dc_power_flow
from tefoundations.grid.dc.optimum import DispatchModel, dc_opf
from tefoundations.grid.dc.series import DispatchSeries, dc_opf_series
from tefoundations.grid.emissions.margin import MarginalEmissions, marginal_emissions
from tefoundations.grid.emissions.mix import TracedEmissions, traced_emissions
from tefoundations.grid.emissions.sensitivity import Response, response
from tefoundations.grid.envelopes.four_wires import FourWireFlow, four_wire_flow
from tefoundations.grid.envelopes.limits import export_limits, hosting_capacity
from tefoundations.grid.envelopes.outcome import Envelopes
from tefoundations.grid.feeder.linear_flow import LinearFlow, lindistflow
from tefoundations.grid.feeder.optimum import branch_flow_opf, lindistflow_opf
from tefoundations.grid.feeder.sweeps import sweep
from tefoundations.grid.network import Network
from tefoundations.grid.periods.optimum import multi_period_opf
from tefoundations.grid.periods.series import CoupledSeries
from tefoundations.grid.periods.stores import Store
from tefoundations.grid.reserves.cooptimisation import reserve_opf
from tefoundations.grid.reserves.demand_curve import ScarcityCurve, scarcity_curve
from tefoundations.grid.reserves.dispatch import ReserveDispatch
from tefoundations.grid.reserves.frequency import FrequencyResponse, frequency_response
from tefoundations.grid.scenarios.information import ScenarioWorth, worth
from tefoundations.grid.scenarios.outcomes import Scenarios
from tefoundations.grid.scenarios.stochastic import stochastic_opf
from tefoundations.grid.scenarios.two_stage import TwoStage
from tefoundations.grid.security.corrective import CorrectiveDispatch, corrective_opf
from tefoundations.grid.security.dispatch import SecureDispatch
from tefoundations.grid.security.optimum import scopf
from tefoundations.grid.security.outages import outage_flows
from tefoundations.grid.tables import Bids, Buses, DCLines, Generators, Lines

__all__ = [
    # Networks
    "Network", "Buses", "Lines", "Generators", "Bids", "DCLines",
    # Where power flows
    "dc_power_flow", "DCFlow", "ptdf", "lodf", "bridges",
    # Voltages and losses
    "ac_power_flow", "sweep", "ACFlow", "lindistflow", "LinearFlow",
    # What each home may send, and what its phase changes
    "export_limits", "hosting_capacity", "Envelopes", "four_wire_flow", "FourWireFlow",
    # Who produces, and what power costs where
    "dc_opf", "Dispatch", "DispatchModel", "dc_opf_series", "DispatchSeries",
    # Hours that stores and ramps couple
    "multi_period_opf", "Store", "CoupledSeries",
    # Sold beyond the lines: undone, insured, and made room for
    "redispatch", "Redispatch", "countertrade", "CounterTrade", "rights_flow", "rights_fit", "RightsFit", "rights_payout",
    "line_value", "LineValue",
    # What one more megawatt moves, and what comes out of which chimney
    "response", "Response", "marginal_emissions", "MarginalEmissions", "traced_emissions", "TracedEmissions",
    # What survives the loss of any line or unit
    "scopf", "SecureDispatch", "corrective_opf", "CorrectiveDispatch", "outage_flows",
    # Before the weather is known
    "stochastic_opf", "Scenarios", "TwoStage", "worth", "ScenarioWorth",
    # With voltages, reactive power and losses
    "ac_opf", "lindistflow_opf", "branch_flow_opf", "ACDispatch",
    # Power that is held back
    "reserve_opf", "ReserveDispatch", "scarcity_curve", "ScarcityCurve", "frequency_response", "FrequencyResponse",
    # Whether there is enough
    "loss_of_load", "LossOfLoad", "capacity_credit", "CapacityCredit", "expansion", "Expansion",
]  # fmt: skip
