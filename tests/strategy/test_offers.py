"""Residual demand and the best offer: against a sweep of offers, a mixed-integer programme, and what a network pays."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tefoundations.data import grid
from tefoundations.data.files import data_path
from tefoundations.errors import Infeasible, InvalidInput
from tefoundations.grid import DispatchModel, Network, dc_opf, ptdf
from tefoundations.market import OrderBook, audit, uniform_price
from tefoundations.strategy import best_offer, residual_demand
from tests.strategy.bilevel import strategic_offer
from tests.strategy.markets import at_one_place, biddable, cleared, without

orders = st.lists(st.tuples(st.integers(1, 40), st.integers(1, 9)), min_size=1, max_size=7)


def by_hand(rivals, bids, most):
    """Steps from the definition: at a price, what bids above it want less what rivals below it give."""
    prices = sorted({p for p, _ in rivals} | {p for p, _ in bids} | {0}, reverse=True)
    steps, reached = [], 0
    for price in prices:
        left = sum(q for p, q in bids if p >= price and p > 0) - sum(q for p, q in rivals if p < price)
        right = most if price == 0 else min(max(left, reached), most)
        if right > reached:
            steps.append((reached, right, price))
            reached = right
    return steps


@settings(max_examples=150, deadline=None)
@given(orders, orders, st.integers(1, 40))
def test_steps_are_bids_above_a_price_less_rivals_below_it(rivals, bids, most):
    found = residual_demand(at_one_place(rivals, bids), most)
    expected = by_hand(rivals, bids, most)
    assert np.allclose(np.column_stack([found.start, found.stop, found.price]), expected, atol=1e-7)
    assert found.dispatches <= 4 * len(expected) + 4


@settings(max_examples=80, deadline=None)
@given(orders, orders, st.integers(1, 30), st.integers(0, 40))
def test_no_offer_tried_in_a_sweep_earns_more_and_some_comes_near(rivals, bids, most, cost):
    best = best_offer(residual_demand(at_one_place(rivals, bids), most), cost)
    swept = [0.0]
    for price in sorted({p for p, _ in rivals} | {p for p, _ in bids}):
        sold = min(sum(q for p, q in bids if p >= price) - sum(q for p, q in rivals if p < price), most)
        swept.append((price - 1e-9 - cost) * max(sold, 0))
    assert best.profit == pytest.approx(max(swept), abs=1e-5)


def test_a_book_of_the_market_room_finds_the_same_as_its_audit():
    bids, asks = [(12, 1), (10, 1), (8, 1)], [("farm", 5, 2), ("b", 9, 1)]
    best = best_offer(residual_demand(at_one_place([(9, 1)], bids), 2), 5)
    book = OrderBook.of(bids=[(f"buyer {p}", p, q) for p, q in bids], asks=asks)
    honest = uniform_price(book).seller_surplus
    report = audit(uniform_price, book, shares=(1.0,), names=False)
    assert report.supremum == pytest.approx(best.profit - honest, abs=1e-6) and report.misreport.startswith("farm")


@pytest.mark.parametrize(("plant", "cap", "quantity", "price", "profit"), [
    ("Solitude", 1000, 24.067483, 671.262210, 15433.5674),
    ("Solitude", 100, 24.067483, 70.114746, 965.4610),
    ("Brighton", 100, 466.505154, 30.0, 9330.1031),
])  # fmt: skip
def test_five_buses_three_ways(plant, cap, quantity, price, profit):
    rest, own = without(plant, cap)
    steps = residual_demand(rest, own["p_max"])
    best = best_offer(steps, own["cost"])
    assert (best.quantity, best.price, best.profit) == pytest.approx((quantity, price, profit), rel=1e-6)
    assert len(steps.price) >= 3 and steps.dispatches <= 12
    # a mixed-integer programme of the market's conditions
    tables = grid("pjm_five_bus")
    net, plants = Network.from_frames(**tables), tables["generators"]
    at = {bus: row for row, bus in enumerate(tables["buses"]["bus"])}
    others = [(at[r.bus], r.p_max, r.cost) for r in plants.itertuples() if r.name != plant]
    found = strategic_offer(
        ptdf(net), net.lines.limit, net.buses.load, others, (at[own["bus"]], own["p_max"], own["cost"]), cap, 1e5
    )
    assert found == pytest.approx((best.profit, best.price, best.quantity), rel=1e-6)
    # offers as the market clears them: none earns more, and one just below the price comes near
    offers = [*np.linspace(own["cost"], cap, 40), best.price - 1e-6]
    earned = [(q, (p - own["cost"]) * q) for q, p, _ in (cleared(plant, offer, cap) for offer in offers)]
    assert max(money for _, money in earned) <= best.profit + 1e-6
    assert earned[-1] == pytest.approx((best.quantity, best.profit), rel=1e-5)


def test_118_buses_against_the_market_and_the_derivative():
    """Offers around the best, cleared with all lines; the benchmark finds the same by a mixed-integer programme."""
    tables = Network.from_matpower(data_path("cases/pglib_opf_case118_ieee.m")).to_frames()
    rest, own = without("generator 30", 1000, tables)
    steps = residual_demand(rest, own["p_max"])
    best = best_offer(steps, own["cost"])
    assert best.profit == pytest.approx(2918.503580, rel=1e-8) and steps.dispatches < 150
    model, row = DispatchModel(biddable(tables, 1000)), list(tables["generators"]["name"]).index("generator 30")
    for offer, near in ((best.price - 1e-5, True), (best.price + 1e-3, False), (own["cost"] + 0.001, False), (60, False)):
        d = model.solve(offers={"generators": {"cost": {"generator 30": offer}}})
        earned = (d.lmp[model.net.generators.at[row]] - own["cost"]) * d.generation[row]
        assert earned <= best.profit + 1e-6 and (earned == pytest.approx(best.profit, rel=1e-4)) == near
    for step in (0, len(steps.price) // 2, len(steps.price) - 1):  # the price is what the rest saves
        a, b = steps.start[step], steps.stop[step]
        low, high = a + 0.3 * (b - a), a + 0.7 * (b - a)
        assert steps.price[step] == pytest.approx((rest(low)[0] - rest(high)[0]) / (high - low), abs=1e-4)


def test_what_big_m_does():
    tables = grid("pjm_five_bus")
    net, plants = Network.from_frames(**tables), tables["generators"]
    at = {bus: row for row, bus in enumerate(tables["buses"]["bus"])}
    others = [(at[r.bus], r.p_max, r.cost) for r in plants.itertuples() if r.name != "Brighton"]
    asked = [ptdf(net), net.lines.limit, net.buses.load, others, (at["E"], 600, 10), 100]
    assert [round(strategic_offer(*asked, big)[0], 1) for big in (500, 1e5)] == [9330.1] * 2
    assert strategic_offer(*asked, 50)[0] == pytest.approx(3780)  # too small, and nothing says so
    claimed, offer, _ = strategic_offer(*asked, 1e10)  # too large: a dual hides behind a switch that is off but for rounding
    quantity, price, _ = cleared("Brighton", max(offer - 1e-6, 0), 100)
    assert abs((price - 10) * quantity - claimed) > 1000


def test_honest_offers_on_five_buses():
    for plant, cap, profit in (("Solitude", 1000, 0), ("Brighton", 100, 0), ("Alta", 1000, 119.0944), ("Sundance", 100, 0)):
        rest, own = without(plant, cap)
        best = best_offer(residual_demand(rest, own["p_max"]), own["cost"])
        quantity, price, _ = cleared(plant, own["cost"], cap)
        assert best.honest_profit == pytest.approx((price - own["cost"]) * quantity, abs=1e-6)
        assert best.honest_profit == pytest.approx(profit, abs=1e-3)
        assert best.honest_quantity == pytest.approx(quantity, abs=1e-6)


def test_solitude_is_not_pivotal_and_cannot_be_done_without():
    tables = grid("pjm_five_bus")
    plants = tables["generators"]
    assert plants.loc[plants["name"] != "Solitude", "p_max"].sum() / tables["buses"]["load"].sum() == 1.01
    _, _, d = cleared("Solitude", 1001, 1000)  # asks for more than anybody would pay
    with pytest.raises(Infeasible) as refused:
        dc_opf(Network.from_frames(**tables | {"generators": plants[plants["name"] != "Solitude"]}))
    unserved = 1000 - d.demand.sum(), 1000 - refused.value.deliverable
    assert unserved == pytest.approx((16.075674, 16.075674), abs=1e-4) and refused.value.lines == ("D-E",)


def test_brighton_takes_most_of_the_rent_of_the_line_and_nothing_is_lost():
    honest = dc_opf(Network.from_frames(**grid("pjm_five_bus")))
    quantity, price, d = cleared("Brighton", 30 - 1e-6, 100)
    assert d.generation == pytest.approx(honest.generation, abs=1e-5) and quantity == pytest.approx(466.505154)
    assert d.lmp == pytest.approx([30] * 5, abs=1e-3) and d.congestion_rent == pytest.approx(0, abs=0.01)
    rise = d.lmp - honest.lmp
    plants, load = honest.net.generators, honest.net.buses.load
    gains = rise[plants.at] * honest.generation
    assert honest.congestion_rent == pytest.approx(gains.sum() - rise @ load, abs=0.01)  # where the rent went
    assert [gains[4], gains[:2].sum(), -rise @ load] == pytest.approx([9330.103, 2734.755, 2892.430], abs=0.01)


SCALES = (1e-9, 1e-3, 1e3, 1e9)


@pytest.mark.parametrize("money", SCALES)
@pytest.mark.parametrize("energy", SCALES)
def test_scales(money, energy):
    rivals, bids = [(9, 1), (11, 2)], [(12, 1), (10, 1), (8, 3)]
    plain, scaled = at_one_place(rivals, bids), residual_demand
    found = scaled(lambda q: tuple(np.multiply(plain(q / energy), (money * energy, money))), 4 * energy)
    steps = residual_demand(plain, 4)
    assert np.allclose(found.stop / energy, steps.stop) and np.allclose(found.price / money, steps.price)
    best = best_offer(found, 5 * money)
    assert best.profit / (money * energy) == pytest.approx(best_offer(steps, 5).profit)


@pytest.mark.parametrize(("rest", "words"), [
    (3, "rest must be a function of the quantity put in, not an int"),
    (lambda q: 1, "must be one number"),
    (lambda q: (1, np.nan), "must be a finite number"),
    (lambda q: (q * q, -2 * q), "still more steps"),  # curved
    (lambda q: (-q * q, 2 * q), "must be convex and fall by the price"),
    (lambda q: (5 * q, 5), "must be convex and fall by the price"),  # sign turned
])  # fmt: skip
def test_what_is_no_rest_is_named(rest, words):
    with pytest.raises(InvalidInput, match=words):
        residual_demand(rest, 4)


@pytest.mark.parametrize(("steps", "words"), [
    ([(0, 1, 50), (2, 4, 20)], "step 1: begins at 2, and must begin at 1"),
    ([(1, 2, 50)], "step 0: begins at 1"),
    ([(0, 1, 50), (1, 4, 60)], "step 1: its price 60 is not below 50"),
    ([(0, 1, 50), (1, 1, 20)], "step 1: ends at 1"),
    ([(0, 1)], "rows of"), ([], "dimension|shape|each step"), ([(0, 1, np.nan)], "finite"),
])  # fmt: skip
def test_what_are_no_steps_is_named(steps, words):
    with pytest.raises(InvalidInput, match=words):
        best_offer(steps, 1)


def test_an_owner_that_sells_all_it_has_at_cost_earns_what_the_market_pays():
    best = best_offer([(0, 4, 20)], 15)
    assert (best.quantity, best.profit, best.honest_profit, best.gain) == (4, 20, 20, 0)
    assert best_offer([(0, 4, 20)], 20).profit == 0 and "sells nothing" in best_offer([(0, 4, 20)], 20).explain()
