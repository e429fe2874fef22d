"""Every result explains itself, becomes a table and shows itself; a planted one that does not is reported."""

import sys
from dataclasses import dataclass
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from tefoundations.data import grid
from tefoundations.grid import (
    DispatchModel,
    Network,
    ac_power_flow,
    branch_flow_opf,
    dc_opf_series,
    dc_power_flow,
    lindistflow,
)
from tefoundations.ledger import Receipt, settle
from tefoundations.ledger.consensus import double_spend, pbft, proof_of_stake
from tefoundations.market import (
    BatteryOrder,
    BlockOrder,
    Exclusive,
    OrderBook,
    Prior,
    WindowOrder,
    audit,
    day_ahead,
    deliverable,
    expected_externality,
    interim_audit,
    nodal,
    serve_by_merit,
    uniform_price,
    zero_intelligence,
)
from tefoundations.privacy import PrivacyBudget, Success, estimate_epsilon, laplace, secure_sum
from tefoundations.resources import Battery, Device, arbitrage, rolling
from tefoundations.systems import Lane, as_usual, clear_step, market_day
from tests.house.results import PLAIN, class_faults, results_of, sample_faults
from tests.house.sources import no
from tests.house.test_documented import MODULES, public

RESULTS = {name: cls for module in MODULES for name, cls in results_of(module, public(module)).items()}
BOOK = OrderBook.of(bids=[(PLAIN, 12, 1), ("b", 10, 1)], asks=[("c", 5, 1), ("d", 7, 1)])
PLANT, CAR = BlockOrder(PLAIN, "sell", 6, 1), WindowOrder(PLAIN, "buy", 30, 1, 0, 1)
TIED = [Exclusive(BlockOrder("early", "sell", 6, 1), BlockOrder("late", "sell", 6, 1, 1)),
        BlockOrder("more", "sell", 6, 1, with_=PLAIN), BatteryOrder("cellar", Battery(1, 1))]  # fmt: skip
LANE = Lane.of(base=[2, 0], stores=[Device(PLAIN, "Ada", 1, 1, end=2, final_energy=1)], outside=[20, 20], slope=2)


def three_bus(**more):
    return Network.from_frames(**grid("three_bus"), **more)


def at_buses():
    rows = [("buy", 2, 50, 100), ("sell", 1, 10, 200)]
    return OrderBook.from_frame(pd.DataFrame(rows, columns=["side", "bus", "price", "quantity"]))


def drawn(rng):
    return OrderBook.of(bids=[(rng.uniform(), 1)], asks=[(rng.uniform(), 1)])


SAMPLES = {
    "OrderBook": lambda: BOOK,
    "Clearing": lambda: uniform_price(BOOK),
    "DayAhead": lambda: day_ahead([BOOK, BOOK], [PLANT, *TIED, WindowOrder("car", "buy", 30, 1, 0, 1)]),
    "TransferClearing": lambda: expected_externality(BOOK, Prior.of([([12, 8], 1)] * 2, [([5, 7], 1)] * 2)),
    "Serving": lambda: serve_by_merit([1, 1], [CAR]),
    "Session": lambda: zero_intelligence(BOOK, rng=1),
    "Audit": lambda: audit(uniform_price, BOOK),
    "Interim": lambda: interim_audit(uniform_price, drawn, [0.9], np.linspace(0, 1, 5), profiles=40, rng=1),
    "Delivery": lambda: deliverable(nodal(at_buses(), three_bus()), three_bus()),
    "DCFlow": lambda: dc_power_flow(three_bus(), {1: 90, 2: -80}),
    "Dispatch": lambda: DispatchModel(three_bus()).solve(limits={"1-2": 45}),
    "DispatchSeries": lambda: dc_opf_series(three_bus(), [[0, 0, 0], [0, 30, 60]], limits={"1-2": 45}),
    "ACFlow": lambda: ac_power_flow(Network.from_frames(**grid("feeder5"))),
    "LinearFlow": lambda: lindistflow(Network.from_frames(**grid("feeder5"))),
    "ACDispatch": lambda: branch_flow_opf(Network.from_frames(**grid("feeder5"))),
    "Schedule": lambda: arbitrage([10, 30], Battery(1, 1)),
    "DevicePlan": lambda: Device(PLAIN, "Ada", 1, 1, end=2).answer([10, 30]),
    "BidCurve": lambda: Device(PLAIN, "Ada", 1, 1, end=2).bid_curve([10, 30], 0),
    "Rolling": lambda: rolling([10, 35, 50], [10, 40, 30], Battery(1, 1), 3),
    "Success": lambda: Success(731, 1000),
    "EpsilonEstimate": lambda: estimate_epsilon(lambda x, rng: laplace(x, 1, 1, rng), 0, 1, rng=1, trials=200),
    "SecureSum": lambda: secure_sum([[300, 120], [5500, 80], [1, 2]], rng=1, dropped=[1]),
    "PrivacyBudget": lambda: PrivacyBudget(1),
    "Settlement": lambda: settle([("ben", "anna", 5.0, 20.0)], energy_unit=1000, money_unit=10_000, operator=PLAIN),
    "Receipt": lambda: Receipt("ab" * 32, False, 1300, 0, PLAIN, (("market", "traded", {"energy": 5}),)),
    "ChainRun": lambda: proof_of_stake.simulate(["5 kWh to Ben"], stakes=[1, 1, 1, 1], rng=1),
    "PBFTRun": lambda: pbft.simulate(["5 kWh to Ben"], n=4, rng=1),
    "Race": lambda: double_spend.race(0.3, 2, trials=100, rng=1),
    "Way": lambda: as_usual(LANE),
    "MarketDay": lambda: market_day(LANE, [24, 21]),
    "Deal": lambda: clear_step(2, bids=[(24, 3)], asks=[(30, 1)], outside=20, slope=1, feed_in=8),
}


def test_the_rule_finds_results():
    assert set(SAMPLES) <= set(RESULTS)


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_explains_itself(name):
    assert name in SAMPLES, f"give test_results a sample of {name}, or say in THINGS that it is no result"
    no(class_faults(RESULTS[name]))
    no(sample_faults(name, SAMPLES[name]()))


@dataclass(frozen=True)
class Silent:
    """A result of nothing."""

    name: str = "a\nb"


class Loud(Silent):
    def explain(self):
        return str(np.array([np.float64(1.5)]))

    def to_frame(self):
        return {}

    def _repr_html_(self):
        return PLAIN


def found_nothing():
    """Find nothing.

    Returns
    -------
    Silent
    """


def test_a_result_that_is_silent_is_reported(monkeypatch):
    module = ModuleType("tests.planted")
    module.found_nothing = found_nothing
    monkeypatch.setitem(sys.modules, "tests.planted", module)
    assert results_of("tests.planted", ["found_nothing"]) == {"Silent": Silent}
    assert class_faults(Silent) == [f"Silent: has no {name}" for name in ("explain", "to_frame", "_repr_html_")]
    assert class_faults(Loud) == ["Loud.explain: no example"]


@pytest.mark.parametrize("words", ["gives no table", "no compact table", "does not escape"])
def test_a_result_that_shows_itself_badly_is_reported(words):
    assert sum(words in fault for fault in sample_faults("Loud", Loud())) == 1


@pytest.mark.parametrize("words, said", [("says nothing", " "), ("only a programmer", "np.float64(1.5)")])
def test_words_that_say_nothing_are_reported(words, said):
    loud = type("Loud", (Loud,), {"explain": lambda self: said, "__repr__": lambda self: "a\nb"})()
    found = sample_faults("Loud", loud)
    assert sum(words in fault for fault in found) == sum("longer than a line" in fault for fault in found) == 1
