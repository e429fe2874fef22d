"""The table of all mechanisms: each number found a second way, and what is committed is fresh."""

import csv
import importlib.util
import sys

import numpy as np
import pandas as pd
import pytest

from tefoundations.data import audits, community
from tefoundations.errors import InvalidInput
from tefoundations.market import OrderBook, lp_clearing, uniform_price
from tefoundations.privacy import discrete_laplace, sum_sensitivity
from tefoundations.systems import BookRule, all_ways, as_usual, book_rules, lane_day, mechanism_table
from tefoundations.systems.mechanisms.disclosures import LIMIT, noise
from tefoundations.systems.mechanisms.footprint import Footprint
from tefoundations.systems.mechanisms.rules import spread_of
from tests.house.sources import ROOT

FOLDER = ROOT / "data" / "mechanisms"
RULES = {rule.name: rule for rule in book_rules()}
REFUSING = {"McAfee", "expected externality (AGV)"}


@pytest.fixture(scope="module")
def table():
    return mechanism_table()


@pytest.fixture(scope="module")
def rules(table):
    return table.rules.to_frame().set_index("mechanism")


@pytest.fixture(scope="module")
def books():
    people = community()
    return {(day, step): OrderBook.from_frame(people.offers(day, step)) for day in people.days for step in people.steps}


@pytest.fixture(scope="module")
def cleared(books):
    """What each rule makes of each book."""
    taken = {name: rule for name, rule in RULES.items() if name not in REFUSING}
    return {name: {key: rule.at(key[1])(book) for key, book in books.items()} for name, rule in taken.items()}


@pytest.fixture(scope="module")
def build():
    sys.path.insert(0, str(ROOT / "data"))
    try:
        spec = importlib.util.spec_from_file_location("mechanisms_build", FOLDER / "build.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        yield module
    finally:
        sys.path.remove(str(ROOT / "data"))


def test_the_rules_give_the_numbers_of_their_chapters_together(rules):
    shown = rules[["traded", "welfare", "budget", "gini"]].round({"traded": 0, "welfare": 2, "budget": 2, "gini": 3})
    assert shown.loc["uniform price"].tolist() == [239, 41.95, 0, 0.408]
    assert shown.loc["pay-as-bid"].tolist()[:3] == [239, 41.95, 41.95] and np.isnan(rules.loc["pay-as-bid", "gini"])
    assert shown.loc["VCG"].tolist() == [239, 41.95, -8.81, 0.451]
    assert shown.loc["MUDA"].tolist()[1:] == [14.33, 0, 0.438]
    assert shown.loc["greedy by arrival"].tolist()[1:] == [37.71, 0, 0.496]
    assert set(rules.index[rules["refused"] != ""]) == REFUSING
    assert "one quantity" in rules.loc["McAfee", "refused"]
    taken = rules[rules["refused"] == ""]
    assert (taken["lines_over"] == 11).all() and np.isinf(taken["epsilon"]).all()
    assert round(rules.loc["uniform price", "carbon"], 1) == 5.8


def test_welfare_is_that_of_a_linear_programme(books, rules):
    assert sum(lp_clearing(book).welfare for book in books.values()) / 100 == pytest.approx(rules.loc["VCG", "welfare"])


def test_the_deficit_of_vcg_is_what_each_adds_to_the_others(books, rules):
    """Everybody gets what the welfare falls by without it; the rest of the welfare is the operator's."""
    budget = 0.0
    for book in books.values():
        orders, best = book.to_frame(), uniform_price(book).welfare
        without = [uniform_price(OrderBook.from_frame(orders[orders["agent"] != agent])).welfare
                   for agent in orders["agent"].unique()]  # fmt: skip
        budget += best - sum(best - rest for rest in without)
    assert budget / 100 == pytest.approx(rules.loc["VCG", "budget"])


def gains_of(clearings):
    frames = pd.concat([clearing.to_frame() for clearing in clearings.values()])
    return frames.groupby("agent")["gain"].sum().reindex(community().agents, fill_value=0.0)


@pytest.mark.parametrize("name", ["uniform price", "VCG", "MUDA", "greedy by arrival"])
def test_gini_is_the_mean_difference_and_the_area_below_equality(cleared, rules, name):
    gains = np.sort(gains_of(cleared[name]).to_numpy())
    pairs = np.abs(gains[:, None] - gains).sum() / (2 * len(gains) * gains.sum())
    lorenz = np.concatenate([[0.0], np.cumsum(gains) / gains.sum()])
    area = np.sum((lorenz[1:] + lorenz[:-1]) / 2) / len(gains)
    assert rules.loc[name, "gini"] == pytest.approx(pairs) == pytest.approx(1 - 2 * area)


def test_gini_by_hand_and_where_it_has_none():
    assert spread_of([3.5, 1.5, 0, 3.5, 1.5, 0], made=10) == pytest.approx(7 / 15)
    assert spread_of([2, 2], made=4) == 0 and spread_of([0, 0, 6], made=6) == pytest.approx(2 / 3)
    assert all(np.isnan(spread_of(gains, made=4)) for gains in ([0, 0], [-1, 5], [], [1e-16, 0]))


def test_budget_is_the_welfare_that_the_members_do_not_gain(cleared, rules):
    for name, clearings in cleared.items():
        rest = rules.loc[name, "welfare"] - gains_of(clearings).sum() / 100
        assert rest == pytest.approx(rules.loc[name, "budget"], abs=1e-9), name


def by_price(people, clearing):
    """(new, out) by member, kWh: from the price that each source asks and each tariff, order by order."""
    members, new, out = people.members, pd.Series(0.0, people.agents), pd.Series(0.0, people.agents)
    asked = members["feed_in_ct_per_kwh"] / (members["charge_efficiency"] * members["discharge_efficiency"])
    asked = (asked + members["battery_cost_ct_per_kwh"]).round(1)[members["battery_kwh"] > 0]
    for row in clearing.to_frame().to_dict("records"):
        if row["side"] == "buy" and round(row["price"], 1) < members.loc[row["agent"], "tariff_ct_per_kwh"]:
            new[row["agent"]] += row["traded"]
        elif row["side"] == "sell" and asked.get(row["agent"]) == round(row["price"], 1):
            out[row["agent"]] += row["traded"]
    return new.to_numpy(), out.to_numpy()


def test_carbon_from_the_prices_that_sources_ask(cleared, rules):
    people, carbon = community(), community().carbon.to_numpy() / 1000
    for name in ("uniform price", "posted price of 20 ct"):
        found = {key: by_price(people, clearing) for key, clearing in cleared[name].items()}
        kept = (people.members["charge_efficiency"] * people.members["discharge_efficiency"]).where(lambda eta: eta > 0, 1)
        total = sum(carbon[step] * (new.sum() - out.sum()) for (_, step), (new, out) in found.items())
        refill = sum(carbon.mean() * (out / kept).sum() for _, out in found.values())
        assert [total, total + refill] == pytest.approx(rules.loc[name, ["carbon", "refilled"]].tolist())
        if name == "uniform price":
            sums = [sum(part[i].sum() for part in found.values()) for i in (0, 1)]
            assert np.round(sums, 1).tolist() == [44.1, 24.9]


def test_lines_over_by_a_walk_up_the_feeder(cleared):
    """Each member's power is added to every line on its way to the transformer, line by line."""
    people = community()
    above = {line.to_bus: line for line in people.lines.itertuples()}
    rating = people.lines.set_index("line")["rating_kva"].to_dict()
    members, over = people.members, 0
    load = {
        day: 2 * people.load(day).to_numpy() * np.tan(np.arccos(members["power_factor"].to_numpy())) for day in people.days
    }
    net = {day: people.net_load(day).to_numpy() for day in people.days}
    for (day, step), clearing in cleared["uniform price"].items():
        new, out = by_price(people, clearing)
        flows = dict.fromkeys(rating, 0j)
        for bus, active, reactive in zip(members["bus"], 2 * (net[day][step] + new - out), load[day][step]):
            while bus in above:
                flows[above[bus].line] += active + 1j * reactive
                bus = above[bus].from_bus
        over += any(abs(flow) > rating[line] for line, flow in flows.items())
    assert over == 11


def test_loading_of_a_day_that_begins_at_noon():
    street = Footprint("winter")
    turned = street.loading(np.roll(street.net_load, -24, axis=0), start=24)
    assert np.allclose(np.roll(turned, 24, axis=0), street.loading(street.net_load))


def test_ways_side_by_side(table):
    ways = table.ways.to_frame().set_index("mechanism")
    gain, carbon, imports, over, gains = 0.0, 0.0, 0.0, 0, 0.0
    for day in community().days:
        lane = lane_day(day)
        market, usual = all_ways(lane)["Transactive market"], as_usual(lane)
        gain += usual.cost - market.cost + (usual.discomfort - market.discomfort).sum()
        hourly = np.roll(community().carbon.to_numpy(), -24) / 1000
        carbon += hourly @ (lane.net_of(market.plan).sum(axis=1) - lane.net_of(lane.habits).sum(axis=1))
        for one, sign in ((market, 1), (usual, -1)):
            imports += sign * sum(figure * max(kwh, 0) for figure, kwh in zip(hourly, lane.net_of(one.plan).sum(axis=1)))
        over += int((Footprint(day).loading(lane.net_of(market.plan), 24).max(axis=1) > 1).sum())
        gains = gains + usual.bills + usual.discomfort - market.bills - market.discomfort
    found = ways.loc["Transactive market"]
    assert found[["gain", "carbon_net", "carbon_in"]].tolist() == pytest.approx([gain / 100, carbon, imports])
    assert found["lines_over"] == over and found["losers"] == (gains < -1e-6).sum()
    assert found["least"] == pytest.approx(gains.min() / 100) and found["least"] < 0
    assert np.isnan(found["gini"]) and found["losers"] > 0
    assert (ways["gain"] <= ways.loc["Central dispatch", "gain"] + 1e-6).all() and ways.loc["As usual", "gain"] == 0


def test_noise_is_as_large_as_drawn():
    rng = np.random.default_rng(5)
    for epsilon in (1.0, 10.0):
        drawn = np.abs(discrete_laplace(np.zeros(4000, int), int(1000 * sum_sensitivity(LIMIT)), epsilon, rng=rng)).mean()
        assert drawn / 1000 == pytest.approx(noise(epsilon), rel=0.06)
    assert community().load("winter").max().max() < LIMIT  # nothing is cut


def test_epsilon_is_infinite_unless_something_is_noised(table):
    for block in table.blocks:
        rows = block.to_frame()
        rows = rows[rows.get("refused", "") == ""] if "refused" in rows else rows
        finite = np.isfinite(rows["epsilon"])
        assert (finite == rows["mechanism"].str.contains("noise")).all(), block.name
        if "attack" in rows:
            bound = 1 / (1 + np.exp(-rows["epsilon"]))
            assert np.allclose(rows["attack"], 100 * bound)
    ways = table.ways.to_frame().set_index("mechanism")
    assert ways.index[ways["epsilon"].isna()].tolist() == ["As usual"] and ways.loc["As usual", "notes"] == 0
    lost = table.orders.to_frame()["lost"]
    assert (lost[:2] == 0).all() and 0 < lost[2] < lost[3] < 100


def test_no_column_of_the_long_table_mixes_two_bases(table):
    long = table.to_frame()
    assert long.groupby(["block", "mechanism", "measure"]).size().max() == 1
    assert len(long["block"].unique()) == 4 and long["value"].notna().all()


def test_a_rule_of_ones_own_joins_unaudited():
    mine = BookRule("buyers' price", lambda book: uniform_price(book, k=0), "markets/double_auction")
    found = mechanism_table([*book_rules()[:1], mine], (), days=["winter"]).rules.to_frame().set_index("mechanism")
    assert found.loc["buyers' price", "welfare"] == found.loc["uniform price", "welfare"]
    assert np.isnan(found.loc["buyers' price", "regret"]) and found.loc["uniform price", "regret"] > 0


@pytest.mark.parametrize("given, words", [
    ({"rules": [uniform_price]}, "rules: entry 0"), ({"rules": [RULES["VCG"]] * 2}, "'VCG' stands twice"),
    ({"ways": ["market"]}, "ways: entry 0"), ({"days": []}, "days is empty"), ({"days": ["monday"]}, "'monday'"),
    ({"days": ["winter", "winter"]}, "'winter' stands twice"),
])  # fmt: skip
def test_what_is_no_rule_way_or_day_is_refused(given, words):
    with pytest.raises(InvalidInput, match=words):
        mechanism_table(**given)


@pytest.mark.parametrize("given, words", [
    (("", uniform_price, "a/b"), "name is empty"), (("x", 3, "a/b"), "clear"), (("x", uniform_price, ""), "chapter"),
    (("x", uniform_price, "a/b", "yes"), "draws"), (("x", uniform_price, "a/b", False, "price"), "hears"),
])  # fmt: skip
def test_a_rule_says_what_is_wrong_with_it(given, words):
    with pytest.raises(InvalidInput, match=words):
        BookRule(*given)


def test_the_committed_tables_are_fresh(build):
    """Numbers to the last digit kept, but for what an iteration found."""
    for name, text in build.texts().items():
        now, kept = (
            list(csv.reader(lines)) for lines in (text.splitlines(), (FOLDER / f"{name}.csv").read_text().splitlines())
        )
        assert [len(row) for row in now] == [len(row) for row in kept]
        for one, other in zip(now, kept):
            for new, old in zip(one, other):
                same = new == old or float(new) == pytest.approx(float(old), rel=1e-3, abs=1e-3)
                assert same, f"data/mechanisms/{name}.csv: {old} is now {new}: run python data/mechanisms/build.py"


def test_every_rule_is_audited_on_every_book():
    measured = audits().groupby("rule").size()
    assert set(measured.index) == set(RULES) - REFUSING and (measured == 144).all()


@pytest.mark.parametrize("name", sorted(set(RULES) - REFUSING))
def test_a_sample_of_the_audits_comes_out_again(build, books, name):
    """The smallest book on which something was gained, or where nothing is, the smallest on which anything can trade."""
    kept = audits()
    kept = kept[kept["rule"] == name]
    gained = kept[kept["regret_ct"] + kept["false_names_ct"] > 0]
    found = [(books[row.day, row.step], row) for row in (gained if len(gained) else kept).itertuples(index=False)]
    sizes = {len(book.bids) + len(book.asks): row for book, row in found if len(book.bids) and len(book.asks)}
    row = sizes[min(sizes)]
    again = build.measured(RULES[name], row.day, row.step)
    assert [float(value) for value in again[3:]] == pytest.approx([row.regret_ct, row.false_names_ct], abs=2e-4)


def test_honest_rules_leave_nothing_to_a_lie(rules):
    regret, names = rules["regret"], rules["false_names"]
    assert (regret[["VCG", "MUDA", "posted price of 20 ct", "threshold price of 20 ct"]] == 0).all()
    assert (names[["posted price of 20 ct", "threshold price of 20 ct"]] == 0).all() and names["VCG"] > 0
    assert 0 < regret["uniform price"] < regret["pay-as-bid"]
