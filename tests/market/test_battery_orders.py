"""Batteries in the day-ahead auction, against programmes of its own and against arbitrage at the prices that come out."""

import itertools
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from tefoundations.errors import InvalidOrder
from tefoundations.market import BatteryOrder, BlockOrder, OrderBook, day_ahead
from tefoundations.market.hours.programmes import best_trades
from tefoundations.market.hours.selection import best_european
from tefoundations.resources import Battery, arbitrage
from tests.market.books import order_books
from tests.market.test_day_ahead import orders_of

RULES = ("marginal", "convex_hull", "european")


@st.composite
def batteries(draw):
    energy = draw(st.sampled_from([1.0, 2.0, 5.0]))
    return Battery(
        energy, draw(st.sampled_from([0.5, 2.0])), draw(st.sampled_from([None, 1.0])),
        draw(st.sampled_from([1.0, 0.9, 0.5])), draw(st.sampled_from([1.0, 0.8])), draw(st.sampled_from([0.0, 1.0])), 0.0,
        draw(st.sampled_from([0.0, 0.1])), draw(st.sampled_from([0.0, 2.0])),
    )  # fmt: skip


@st.composite
def auctions(draw, hours=3):
    books = [draw(order_books(3)) for _ in range(hours)]
    order = BatteryOrder("cellar", draw(batteries()), draw(st.sampled_from([1.0, 0.5])))
    block = BlockOrder("b", draw(st.sampled_from(["buy", "sell"])), draw(st.integers(0, 30)), draw(st.integers(1, 4)), 1)
    return books, [order, *([block] if draw(st.booleans()) else [])]


def by_hand(books, order, block):
    """The largest welfare over every choice of direction in every hour, and of the block: energy as sums of trades."""
    battery, hours = order.battery, len(books)
    kept = (1 - battery.self_discharge) ** order.hours
    weight = np.tril(kept ** np.subtract.outer(np.arange(hours), np.arange(hours)).clip(0))
    lines = [(hour, *line) for hour in range(hours) for line in orders_of(books, hour)]
    worth = [sign * price for _, sign, price, _ in lines] + [0.0] * hours + [-battery.cycle_cost] * hours
    takes = np.zeros((hours, len(worth)))
    for i, (hour, sign, _, _) in enumerate(lines):
        takes[hour, i] = sign
    takes[:, len(lines) : len(lines) + hours], takes[:, len(lines) + hours :] = np.eye(hours), -np.eye(hours)
    stored = np.zeros((hours, len(worth)))
    stored[:, len(lines) : len(lines) + hours] = weight * battery.charge_efficiency
    stored[:, len(lines) + hours :] = -weight / battery.discharge_efficiency
    start = battery.initial_energy * kept ** np.arange(1, hours + 1)
    least, best = np.append(np.zeros(hours - 1), battery.final_energy), -np.inf
    most_in, most_out = battery.power * order.hours, battery.discharge_power * order.hours
    for taken in (0, 1) if block else (0,):
        right, value = np.zeros(hours), 0.0
        if taken:
            sign = 1 if block.side == "buy" else -1
            right[block.first], value = -sign * block.energy, sign * block.price * block.energy
        for charging in itertools.product((True, False), repeat=hours):
            bounds = [(0, line[3]) for line in lines] + [(0, most_in * c) for c in charging]
            found = linprog(-np.array(worth), np.vstack([stored, -stored]),
                            np.concatenate([battery.energy - start, start - least]), takes, right,
                            bounds + [(0, most_out * (not c)) for c in charging])  # fmt: skip
            best = max(best, value - found.fun) if found.status == 0 else best
    return best


def obeys(found, order):
    bought, sold, held = (rows[0] for rows in found.battery_energy)
    battery, slack = order.battery, 1e-7 * order.battery.energy
    assert min(bought.min(), sold.min()) >= 0 and held.min() >= 0 and held.max() <= battery.energy
    assert bought.max() <= order.most_in and sold.max() <= order.most_out and not (bought * sold > slack).any()
    before = np.concatenate([[battery.initial_energy], held[:-1]])
    change = battery.charge_efficiency * bought - sold / battery.discharge_efficiency
    assert held == pytest.approx((1 - battery.self_discharge) ** order.hours * before + change, abs=slack)
    assert found.program.balance @ found.trades == pytest.approx(0, abs=1e-6)


@settings(max_examples=50)
@given(auctions())
def test_the_largest_welfare_with_a_battery(auction):
    books, orders = auction
    found = day_ahead(books, orders)
    obeys(found, orders[0])
    assert found.welfare == pytest.approx(by_hand(books, orders[0], orders[1] if len(orders) > 1 else None), abs=1e-6)
    table = found.to_frame()
    assert table["gain"].sum() == pytest.approx(found.welfare, abs=1e-5)
    assert table["lost"].sum() == pytest.approx(found.uplift, abs=1e-5)
    money = found.statement()
    mine = money[money["order"] == "cellar"]
    wear = orders[0].battery.cycle_cost * mine["sold"].sum()
    assert mine["receives"].sum() - mine["pays"].sum() - wear == pytest.approx(found.battery_gain[0], abs=1e-6)
    assert (money["pays"] - money["receives"] - money["make_whole"]).sum() == pytest.approx(found.budget, abs=1e-6)


@settings(max_examples=40)
@given(auctions())
@pytest.mark.parametrize("pricing", RULES)
def test_at_the_prices_it_could_earn_what_arbitrage_earns(pricing, auction):
    """What it gains and what it misses are together the best plan of the other room, at prices of any sign."""
    books, orders = auction
    found, order = day_ahead(books, orders, pricing), orders[0]
    obeys(found, order)
    best = arbitrage(found.price, order.battery, hours=order.hours).profit
    assert found.battery_gain[0] + found.battery_lost[0] == pytest.approx(best, abs=1e-5)
    if pricing != "convex_hull" and not (found.price < 0).any():
        assert found.battery_lost[0] == pytest.approx(0, abs=1e-5) and found.uplift_of_divisible == pytest.approx(
            0, abs=1e-5
        )
    if pricing == "european":
        assert found.make_whole.sum() == 0
    if pricing == "convex_hull" and not (found.price < 0).any():
        assert found.uplift == pytest.approx(found.relaxed_welfare - found.welfare, abs=1e-5)


def limits_of(order, hours, charging):
    """A @ (bought, sold) <= b: what the store can hold, and one direction in each hour, or both; energy as sums."""
    battery, kept = order.battery, order.kept
    weight = np.tril(kept ** np.subtract.outer(np.arange(hours), np.arange(hours)).clip(0))
    stored = np.hstack([weight * battery.charge_efficiency, -weight / battery.discharge_efficiency])
    start, into = battery.initial_energy * kept ** np.arange(1, hours + 1), np.array(charging or [1] * hours, float)
    out = 1 - into if charging else into
    most = np.concatenate([into * order.most_in, out * order.most_out])
    return np.vstack([stored, -stored, np.eye(2 * hours)]), np.concatenate([battery.energy - start, start, most])


def best_supported(books, order, block, one_way):
    """The largest welfare with prices that content hourly orders and the battery in its directions, no block losing."""
    hours, best = len(books), -np.inf
    lines = [(hour, *line) for hour in range(hours) for line in orders_of(books, hour)]
    sign, profile = (1 if block.side == "buy" else -1), np.zeros(hours)
    profile[block.first : block.last + 1] = block.quantity
    prices = np.array([price for book in books for side in (book.bids, book.asks) for price in side.price] + [block.price])
    width = max(np.ptp(prices), np.abs(prices).max())
    for taken, *charging in itertools.product((0, 1), repeat=1 + hours * one_way):
        a, b = limits_of(order, hours, charging)
        n, m = len(lines), len(b)
        takes = np.zeros((hours, n + 2 * hours))
        for i, (hour, of, _, _) in enumerate(lines):
            takes[hour, i] = of
        takes[:, n : n + hours], takes[:, n + hours :] = np.eye(hours), -np.eye(hours)
        worth = np.array([of * price for _, of, price, _ in lines] + [0.0] * hours + [-order.battery.cycle_cost] * hours)
        most = [(0, line[3]) for line in lines] + [(0, None)] * (2 * hours)
        trades = linprog(-worth, np.hstack([np.zeros((m, n)), a]), b, takes, -sign * taken * profile, most)
        if trades.status:
            continue
        welfare = taken * sign * block.price * block.energy - trades.fun
        if welfare <= best + 1e-7:
            continue
        # Prices, rents of the hourly orders, duals of the battery's limits: all rents and the block's gain are the welfare.
        rents = np.hstack([takes.T, np.vstack([np.eye(n), np.zeros((2 * hours, n))]), np.vstack([np.zeros((n, m)), a.T])])
        gain = np.concatenate([-taken * sign * profile, np.zeros(n + m)])
        cost = np.concatenate([np.zeros(hours), [line[3] for line in lines], b]) + gain
        constant = taken * sign * block.price * block.energy
        least = linprog(cost, np.vstack([-rents, -gain]), np.append(-worth, constant),
                        bounds=[(prices.min() - width, prices.max() + width)] * hours + [(0, None)] * (n + m))  # fmt: skip
        if least.status == 0 and least.fun + constant <= welfare + 1e-6:
            best = welfare
    return best


@settings(max_examples=40)
@given(st.data(), st.sampled_from([-25, 0]))
def test_the_european_rule_with_a_battery_is_the_best_without_a_loss(data, moved):
    """Prices moved below zero make a battery choose its directions."""
    drawn = [data.draw(order_books(3)) for _ in range(2)]
    takers = [[(moved, 4)] if moved else [], []]  # where all may be bought and sold below zero, burning pays
    books = [OrderBook.of(*([*zip(side.price + moved, side.quantity), *more] for side in (book.bids, book.asks)))
             for book, more in zip(drawn, takers)]  # fmt: skip
    quantity = data.draw(st.lists(st.integers(1, 6), min_size=2, max_size=2))
    block = BlockOrder("b", data.draw(st.sampled_from(["buy", "sell"])), data.draw(st.integers(0, 30)) + moved, quantity)
    order = BatteryOrder("cellar", data.draw(batteries()))
    found = day_ahead(books, [order, block], "european")
    obeys(found, order)
    content, directed = (best_supported(books, order, block, one_way) for one_way in (False, True))
    free = best_trades(found.program, *found.program.bounds(best_european(found.program)[0]))
    if found.program.burns(free):
        assert found.welfare == pytest.approx(directed, abs=1e-5)
    else:  # no kWh would be burnt: it is as content as any divisible order, and no direction is forced on it
        assert found.welfare == pytest.approx(content, abs=1e-5) and found.battery_lost[0] == pytest.approx(0, abs=1e-5)
    assert found.make_whole.sum() == 0 and found.battery_gain[0] >= -1e-6


def test_it_sells_only_what_it_bought():
    books = [OrderBook.of([], [(10, 2)]), OrderBook.of([(40, 5)])]
    battery = Battery(energy=4, power=4, charge_efficiency=0.8, discharge_efficiency=0.9, cycle_cost=3)
    found = day_ahead(books, [BatteryOrder("cellar", battery, agent="Ada")])
    bought, sold, held = (rows[0] for rows in found.battery_energy)
    assert bought == pytest.approx([2, 0]) and sold == pytest.approx([0, 2 * 0.72]) and held == pytest.approx([1.6, 0])
    assert found.welfare == pytest.approx(1.44 * (40 - 3) - 20) == pytest.approx(found.to_frame()["gain"].sum())
    assert day_ahead([books[1]], [BatteryOrder("cellar", battery)]).welfare == 0
    assert "cellar: buys 2 kWh, sells 1.44 kWh, gains" in found.explain()
    table = found.statement()
    assert table.loc[table["agent"] == "Ada", "sold"].tolist() == pytest.approx([0, 1.44])


@pytest.mark.parametrize("pricing", RULES)
def test_no_kwh_is_burnt_below_zero(pricing):
    """A kWh taken is paid 50 ct in three hours: the programme without directions takes more than a store can."""
    books = [OrderBook.of([(-50, 9)], [(-50, 9)])] * 3 + [OrderBook.of([(60, 9)])]
    battery = Battery(energy=1, power=1, charge_efficiency=0.9, discharge_efficiency=0.9)
    found = day_ahead(books, [BatteryOrder("cellar", battery)], pricing)
    plan = arbitrage([-50, -50, -50, 60], battery)
    assert plan.profit == pytest.approx(118) and found.welfare == pytest.approx(118)
    obeys(found, BatteryOrder("cellar", battery))
    if pricing != "convex_hull":
        assert found.price[:3] == pytest.approx([-50] * 3)


@pytest.mark.parametrize("scale", [1e-6, 1e6])
@pytest.mark.parametrize("pricing", RULES)
def test_a_day_with_a_battery_scales(pricing, scale):
    def cleared(s):
        books = [
            OrderBook.of([(30, 3 * s)], [(10, 5 * s), (25, 4 * s)]),
            OrderBook.of([(50, 6 * s)], [(35, 1 * s), (60, s)]),
        ]
        battery = Battery(4 * s, 2 * s, charge_efficiency=0.9, self_discharge=0.01, cycle_cost=2)
        return day_ahead(books, [BatteryOrder("cellar", battery), BlockOrder("plant", "sell", 30, 4 * s, 1)], pricing)

    a, b = cleared(1.0), cleared(scale)
    assert b.welfare / scale == pytest.approx(a.welfare, rel=1e-8) and b.price == pytest.approx(a.price, rel=1e-8)
    assert b.acceptance.tolist() == a.acceptance.tolist() and a.welfare > 0
    assert b.battery_energy[0] / scale == pytest.approx(a.battery_energy[0], rel=1e-8, abs=1e-9)


def test_the_final_energy_is_bought_or_refused_by_name():
    full = Battery(energy=4, power=2, final_energy=3)
    books = [OrderBook.of([], [(10, 2)]), OrderBook.of([], [(90, 2)])]
    found = day_ahead(books, [BatteryOrder("cellar", full)])
    assert found.battery_energy[2][0][-1] == pytest.approx(3) and found.welfare == pytest.approx(-110)
    assert found.battery_gain[0] == pytest.approx(-2 * found.price[0] - 90) and found.price[1] == pytest.approx(90)
    with pytest.raises(InvalidOrder, match="battery 'cellar': final energy 3 kWh cannot be reached from 0 kWh in 1 steps"):
        day_ahead(books[:1], [BatteryOrder("cellar", full)])
    with pytest.raises(InvalidOrder, match="does not fill batteries to their final energy: 'cellar'"):
        day_ahead([OrderBook.of()] * 2, [BatteryOrder("cellar", full)])


@dataclass
class Duck:
    """Not from the other room: what is told is what counts."""

    energy: float = 4
    power: float = 2
    power_out: float | None = None
    charge_efficiency: float = 1
    discharge_efficiency: float = 1
    initial_energy: float = 0
    final_energy: float = 0
    self_discharge: float = 0
    cycle_cost: float = 0
    cycles_per_day: float = np.inf


def test_any_battery_that_tells_as_much_will_do():
    books = [OrderBook.of([], [(10, 2)]), OrderBook.of([(40, 5)])]
    assert (
        day_ahead(books, [BatteryOrder("duck", Duck())]).welfare
        == day_ahead(books, [BatteryOrder("b", Battery(4, 2))]).welfare
    )
    for field, wrong in {"energy": 0, "power": "x", "power_out": -1, "charge_efficiency": 1.5, "discharge_efficiency": 0,
                         "initial_energy": 5, "final_energy": np.nan, "self_discharge": 1, "cycle_cost": -1,
                         "cycles_per_day": 2}.items():  # fmt: skip
        with pytest.raises(InvalidOrder, match=f"battery 'duck': {field} ") as caught:
            BatteryOrder("duck", replace(Duck(), **{field: wrong}))
        assert caught.value.column == field and "np." not in str(caught.value)
    for wrong, words in (({"battery": 4}, "tells no energy"), ({"hours": 0}, "hours 0"), ({"name": [1]}, "must be a name")):
        with pytest.raises(InvalidOrder, match=words):
            BatteryOrder(**({"name": "duck", "battery": Duck()} | wrong))
