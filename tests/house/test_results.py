"""Every result explains itself, becomes a table and shows itself; a planted one that does not is reported."""

import sys
from dataclasses import dataclass
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from tefoundations.data import community
from tefoundations.ledger import Receipt, settle
from tefoundations.ledger.consensus import double_spend, pbft, proof_of_stake
from tefoundations.market import (
    BatteryOrder,
    BlockOrder,
    ConstantProduct,
    ConstantSum,
    ContractForDifference,
    Exchange,
    Exclusive,
    LinearDemand,
    LinearSupply,
    OrderBook,
    Prior,
    ScoringRule,
    StableSwap,
    WindowOrder,
    audit,
    best_bid,
    bilateral,
    by_messages,
    call,
    continuous,
    cournot_with_forwards,
    day_ahead,
    deliverable,
    equilibrium,
    expected_externality,
    forward_price,
    hedge_ratio,
    imbalance_charges,
    interim_audit,
    loss_versus_rebalancing,
    nodal,
    peak_load_prices,
    serve_by_merit,
    two_settlement,
    uniform_price,
    zero_intelligence,
)
from tefoundations.privacy import PrivacyBudget, Success, estimate_epsilon, laplace, secure_sum
from tefoundations.resources import Battery, Device, Island, arbitrage, rolling
from tefoundations.retail import (
    Tariff,
    adoption_spiral,
    baseline,
    curtailment,
    kwh_ledger,
    net_benefit,
    sales_equilibrium,
    share_wires,
    unravel,
)  # fmt: skip
from tefoundations.strategy import (
    CoalitionGame,
    MarkovDecision,
    NormalFormGame,
    best_offer,
    best_reply_path,
    cournot,
    envy,
    linear_supply_function,
    nash_bargaining,
    newsvendor,
    proportional_fair,
    q_learning,
    repeated_learners,
    residual_demand,
    sharing_keys,
    spread,
    value_of_information,
    winners_curse,
)
from tefoundations.systems import (
    BookRule,
    DayAudit,
    DayPlan,
    Lane,
    aggregate,
    as_usual,
    bid,
    clear,
    clear_step,
    local_trades,
    market_day,
    mechanism_table,
    pool_day,
    usual_day,
)
from tests.house.grid_samples import GRID_SAMPLES, three_bus, three_line
from tests.house.results import PLAIN, class_faults, results_of, sample_faults
from tests.house.sources import no
from tests.house.test_documented import MODULES, public

RESULTS = {name: cls for module in MODULES for name, cls in results_of(module, public(module)).items()}
BOOK = OrderBook.of(bids=[(PLAIN, 12, 1), ("b", 10, 1)], asks=[("c", 5, 1), ("d", 7, 1)])
PLANT, CAR = BlockOrder(PLAIN, "sell", 6, 1), WindowOrder(PLAIN, "buy", 30, 1, 0, 1)
TIED = [Exclusive(BlockOrder("early", "sell", 6, 1), BlockOrder("late", "sell", 6, 1, 1)),
        BlockOrder("more", "sell", 6, 1, with_=PLAIN), BatteryOrder("cellar", Battery(1, 1))]  # fmt: skip
GROUPS = CoalitionGame([0, 2, 0, 10], [PLAIN, "b"])
ALWAYS = [[0] * 24] * 12
PUBLISHED = {"name": PLAIN, "energyratestructure": [[{"rate": 0.2}]], "energyweekdayschedule": ALWAYS,
             "energyweekendschedule": ALWAYS}  # fmt: skip
STREET = pd.DataFrame({PLAIN: [3], "b": [1]})
LANE = Lane.of(base=[2, 0], stores=[Device(PLAIN, "Ada", 1, 1, end=2, final_energy=1)], outside=[20, 20], slope=2)


def compared():
    rule = BookRule(PLAIN, uniform_price, "markets/double_auction")
    return mechanism_table([rule], [as_usual], days=["winter"])


def at_buses():
    rows = [("buy", 2, 50, 100), ("sell", 1, 10, 200)]
    return OrderBook.from_frame(pd.DataFrame(rows, columns=["side", "bus", "price", "quantity"]))


def traded():
    exchange = Exchange()
    exchange.submit(PLAIN, "sell", 5, 2)
    exchange.submit("b", "buy", 7, 1)
    return exchange


def drawn(rng):
    return OrderBook.of(bids=[(rng.uniform(), 1)], asks=[(rng.uniform(), 1)])


SAMPLES = {
    "OrderBook": lambda: BOOK,
    "Clearing": lambda: uniform_price(BOOK),
    "DayAhead": lambda: day_ahead([BOOK, BOOK], [PLANT, *TIED, WindowOrder("car", "buy", 30, 1, 0, 1)]),
    "TransferClearing": lambda: expected_externality(BOOK, Prior.of([([12, 8], 1)] * 2, [([5, 7], 1)] * 2)),
    "Serving": lambda: serve_by_merit([1, 1], [CAR]),
    "MatchedClearing": lambda: continuous(BOOK),
    "PeerClearing": lambda: bilateral(BOOK, fee=1),
    "PeerTalks": lambda: by_messages(BOOK, fee=1),
    "Exchange": traded,
    "Session": lambda: zero_intelligence(BOOK, rng=1),
    "Audit": lambda: audit(uniform_price, BOOK),
    "Interim": lambda: interim_audit(uniform_price, drawn, [0.9], np.linspace(0, 1, 5), profiles=40, rng=1),
    "Delivery": lambda: deliverable(nodal(at_buses(), three_bus()), three_bus()),
    "ConstantProduct": lambda: ConstantProduct(100_000, 1_000_000),
    "ConstantSum": lambda: ConstantSum(100, 0, rate=10),
    "StableSwap": lambda: StableSwap(10**9, 5, 10**9, fee=400),
    "ScoringRule": lambda: ScoringRule(100, 3),
    "ProviderLosses": lambda: loss_versus_rebalancing(ConstantProduct(100_000, 100_000), [1, 4, 1]),
    "PoolDay": lambda: pool_day(community(), "winter", depth=5, rng=1),
    "LocalTrades": lambda: local_trades(community(), "winter"),
    "Schedule": lambda: arbitrage([10, 30], Battery(1, 1)),
    "DevicePlan": lambda: Device(PLAIN, "Ada", 1, 1, end=2).answer([10, 30]),
    "BidCurve": lambda: Device(PLAIN, "Ada", 1, 1, end=2).bid_curve([10, 30], 0),
    "Rolling": lambda: rolling([10, 35, 50], [10, 40, 30], Battery(1, 1), 3),
    "IslandDispatch": lambda: Island([[2, 2]], [300, 90], [1], stores=[LANE.stores[0]]).clear(),
    "DayAudit": lambda: DayAudit({PLAIN: 372_000}, 1, (), (), True),
    "Success": lambda: Success(731, 1000),
    "EpsilonEstimate": lambda: estimate_epsilon(lambda x, rng: laplace(x, 1, 1, rng), 0, 1, rng=1, trials=200),
    "SecureSum": lambda: secure_sum([[300, 120], [5500, 80], [1, 2]], rng=1, dropped=[1]),
    "PrivacyBudget": lambda: PrivacyBudget(1),
    "Tariff": lambda: Tariff([20, 40], export=8, fixed=100, demand=5),
    "CalendarTariff": lambda: Tariff.from_urdb(PUBLISHED),
    "Bill": lambda: Tariff(30, export=8).bill([4, -5, 3], hours=1),
    "Baseline": lambda: baseline([[2, 6], [2, 4]], [], (1, 2), 1, 2, adjust=(0, 1), today=[3, 0]),
    "Curtailment": lambda: curtailment([80, 60, 35], retail=30, lmp=45, payment=45),
    "NetBenefit": lambda: net_benefit(40, 36, 100, 4),
    "Unravelling": lambda: unravel({PLAIN: [2, 4], "b": [4, 2]}, [20, 40]),
    "SalesEquilibrium": lambda: sales_equilibrium(3, 0.4, 40, 20),
    "KwhLedger": lambda: kwh_ledger({"energy": 10, "wires": 12, "taxes": 5, "margin": 3}, 19, 8),
    "WireShares": lambda: share_wires(STREET, STREET, cost=9),
    "AdoptionSpiral": lambda: adoption_spiral([28, 31, 40], 4000, 2000, 120_000, 20),
    "TwoSettlement": lambda: two_settlement(20, 10, 30, 8),
    "ImbalanceCharges": lambda: imbalance_charges([2, -3], 20, 35, 12, "dual", agents=[PLAIN, "b"]),
    "OutputBid": lambda: best_bid(50, 70, 40, [0, 100], levels=[0, 1]),
    "Hedge": lambda: hedge_ratio([10, 150], [10, 50]),
    "OptionWorth": lambda: call([10, 50], 30),
    "ContractRun": lambda: ContractForDifference(40).run([-20, 60], 8, 5),
    "ForwardMarket": lambda: forward_price(2, 1, 12, 0.1, 1, 1, [8, 12]),
    "ContractedFirms": lambda: cournot_with_forwards(100, 1, [20, 20]),
    "NormalFormGame": lambda: NormalFormGame([[(18, 18), (15, 20)], [(20, 15), (16, 16)]], players=[PLAIN, "b"]),
    "Equilibrium": lambda: NormalFormGame([[(1, -1), (-1, 1)], [(-1, 1), (1, -1)]], players=[PLAIN, "b"]).mixed_equilibria()[
        0
    ],
    "ForecastWorth": lambda: value_of_information(
        [[8, 8], [16, 4]], [0.5, 0.5], [[0.8, 0.2], [0.2, 0.8]], actions=["sell", PLAIN]
    ),
    "AdvanceSale": lambda: newsvendor([0, 2, 10], price=10, short=16, long=6),
    "Spread": lambda: spread(0, 10, 0.5, 0.2),
    "WinnersCurse": lambda: winners_curse(5, 3),
    "CoalitionGame": lambda: GROUPS,
    "WorstExcess": lambda: GROUPS.worst_excess([8, 2]),
    "LeastCore": lambda: GROUPS.least_core(),
    "ShapleyEstimate": lambda: GROUPS.shapley_sampled(4, rng=1),
    "SharingKeys": lambda: sharing_keys(pd.DataFrame({PLAIN: [-1.0], "b": [1.0]}), [30, 30], [8, 8]),
    "FairAllocation": lambda: proportional_fair([[1, 1]], [1]),
    "Bargain": lambda: nash_bargaining([[1, 0], [0, 1]], [0, 0]),
    "EnvyTable": lambda: envy([[0, 2], [-2, 0]], [PLAIN, "b"]),
    "ReplyPath": lambda: best_reply_path(NormalFormGame([[(1, 0), (0, 1)], [(0, 1), (1, 0)]], players=[PLAIN, "b"]), (0, 0)),
    "Oligopoly": lambda: cournot(12, 1, [0, 3], [3, 10]),
    "ResidualDemand": lambda: residual_demand(lambda q: (-20 * q, 20), 5),
    "BestOffer": lambda: best_offer([(0, 1, 50), (1, 4, 20)], 12),
    "SupplyEquilibrium": lambda: linear_supply_function(24, 2, [1, 1]),
    "MarkovDecision": lambda: MarkovDecision([[1, 2]], [[[1], [1]]], 0.5, states=[PLAIN], actions=[PLAIN, "b"]),
    "OptimalPolicy": lambda: MarkovDecision([[1, 2]], [[[1], [1]]], 0.5, states=[PLAIN], actions=["b", PLAIN]).solve(),
    "LearnedTables": lambda: q_learning(MarkovDecision([[1, 2]], [[[1], [1]]], 0.5, states=[PLAIN]), 20, rng=1),
    "LearnedPlay": lambda: repeated_learners([[18, 15], [20, 16]], 0.9, rng=1, rounds=50, pairs=4),
    "Settlement": lambda: settle([("ben", "anna", 5.0, 20.0)], energy_unit=1000, money_unit=10_000, operator=PLAIN),
    "Receipt": lambda: Receipt("ab" * 32, False, 1300, 0, PLAIN, (("market", "traded", {"energy": 5}),)),
    "ChainRun": lambda: proof_of_stake.simulate(["5 kWh to Ben"], stakes=[1, 1, 1, 1], rng=1),
    "PBFTRun": lambda: pbft.simulate(["5 kWh to Ben"], n=4, rng=1),
    "Race": lambda: double_spend.race(0.3, 2, trials=100, rng=1),
    "Way": lambda: as_usual(LANE),
    "MarketDay": lambda: market_day(LANE, [24, 21]),
    "MechanismTable": compared,
    "MechanismBlock": lambda: compared().rules,
    "DayRun": lambda: usual_day(DayPlan(LANE, three_line(), [1, 2], name=PLAIN)),
    "PlacedCurve": lambda: bid(PLAIN, 2, {"car": LANE.stores[0].bid_curve([24, 21], 0)}, fixed=1),
    "StepClearing": lambda: clear(DayPlan(LANE, three_line(), [1, 2]), 0, aggregate("operator", [bid("Ada", 1, fixed=2)])),
    "MarketEquilibrium": lambda: equilibrium({PLAIN: LinearSupply(2, 1)}, {"b": LinearDemand(10, 1)}),
    "CapacityPrices": lambda: peak_load_prices({PLAIN: LinearDemand(20, 1), "b": LinearDemand(10, 1)}, 2, 6),
    "Deal": lambda: clear_step(2, bids=[(24, 3)], asks=[(30, 1)], outside=20, slope=1, feed_in=8),
    **GRID_SAMPLES,
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
