"""Samples of the results of the grid, for `test_results`."""

from tefoundations import grid as room
from tefoundations.data import grid
from tefoundations.grid import DispatchModel, Network, Scenarios, Store, multi_period_opf, stochastic_opf, worth
from tests.house.results import PLAIN


def one_bus():
    units = {"bus": [1, 1], "p_max": [90, 60], "cost": [20, 0], "name": [PLAIN, "sun"]}
    return Network.from_frames({"bus": [1], "load": [70]}, {"from_bus": [], "to_bus": [], "x": []}, units)


def shifted():
    return multi_period_opf(one_bus(), [[70], [90]], stores=[Store(1, energy=40, power=10, name=PLAIN)])


def sky():
    return Scenarios([0.5, 0.5], p_max={"sun": [60, 0]}, name=[PLAIN, "b"])


def three_bus(**more):
    return Network.from_frames(**grid("three_bus"), **more)


def three_line():
    lines = {"from_bus": [0, 1], "to_bus": [1, 2], "x": [0.1, 0.1], "limit": [0.1, 0.1]}
    return Network.from_frames({"bus": [0, 1, 2]}, lines, {"bus": [0], "p_max": [1], "cost": [0]})


GRID_SAMPLES = {
    "CoupledSeries": shifted,
    "Scenarios": sky,
    "TwoStage": lambda: stochastic_opf(one_bus(), sky(), flexible=["sun"], risk=(0.5, 0.5)),
    "ScenarioWorth": lambda: worth(one_bus(), sky(), flexible=["sun"]),
    "Envelopes": lambda: room.export_limits(three_line(), members={PLAIN: 1, "b": 2}, wanted=0.2),
    "FourWireFlow": lambda: room.four_wire_flow(three_line(), {2: (0.001, 0, 0)}),
    "DCFlow": lambda: room.dc_power_flow(three_bus(), {1: 90, 2: -80}),
    "Dispatch": lambda: DispatchModel(three_bus()).solve(limits={"1-2": 45}),
    "Redispatch": lambda: room.redispatch(three_bus(), limits={"1-2": 45}),
    "CounterTrade": lambda: room.countertrade(three_bus(), zones=([1], [2, 3]), limits={"1-2": 45}),
    "RightsFit": lambda: room.rights_fit(three_bus(), rights=[(1, 2, 100)], limits={"1-2": 45}),
    "LineValue": lambda: room.line_value(three_bus(), line="1-2", more=[20, 40], limits={"1-2": 45}),
    "Response": lambda: room.response(DispatchModel(three_bus()).solve(limits={"1-2": 45})),
    "MarginalEmissions": lambda: room.marginal_emissions(
        DispatchModel(three_bus()).solve(limits={"1-2": 45}), rates=[1, 0.4]
    ),
    "TracedEmissions": lambda: room.traced_emissions(DispatchModel(three_bus()).solve(limits={"1-2": 45}), rates=[1, 0.4]),
    "SecureDispatch": lambda: room.scopf(three_bus(), limits=dict.fromkeys(["1-2", "1-3", "2-3"], 140)),
    "CorrectiveDispatch": lambda: room.corrective_opf(three_bus(), moves=5, limits={"1-3": 100}),
    "DispatchSeries": lambda: room.dc_opf_series(three_bus(), [[0, 0, 0], [0, 30, 60]], limits={"1-2": 45}),
    "ACFlow": lambda: room.ac_power_flow(Network.from_frames(**grid("feeder5"))),
    "LinearFlow": lambda: room.lindistflow(Network.from_frames(**grid("feeder5"))),
    "ACDispatch": lambda: room.branch_flow_opf(Network.from_frames(**grid("feeder5"))),
    "ReserveDispatch": lambda: room.reserve_opf(three_bus(), requirement=40, most={"S1": 0, "S3": 190}),
    "ScarcityCurve": lambda: room.scarcity_curve(voll=1000, sigma=20),
    "FrequencyResponse": lambda: room.frequency_response(inertia=500, droop=100, step=30, lag=5, reserves=[(10, 1, 2)]),
    "LossOfLoad": lambda: room.loss_of_load([40, 60], units=[(50, 0.1), (20, 0.1)]),
    "CapacityCredit": lambda: room.capacity_credit([40, 60], units=[(50, 0.1), (20, 0.1)], resource=[0, 10]),
    "Expansion": lambda: room.expansion([100, 80, 40], technologies={PLAIN: (100, 20)}, voll=120, cap=90),
}
