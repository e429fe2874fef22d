"""Security: the answers against networks without the line, against dispatch, and what is told."""

import numpy as np
import pytest

from tefoundations.data import grid
from tefoundations.exercises import check
from tefoundations.exercises.grid.security import MESHES
from tefoundations.exercises.registry import EXERCISES
from tefoundations.grid import Network, dc_power_flow, lodf, outage_flows, ptdf, scopf
from tests.exercises.learners import text_of, told_on_example

AFTER, TRANSFER, SECURE_PRICE = "security/after", "security/transfer", "security/secure_price"
SEEDS = ["public", 0, 1, 2]
LIMITS = {"1-2": 140, "1-3": 100, "2-3": 140}


def mesh(ends, reactances, limits=np.inf, **tables):
    """A network of these lines, with a unit at the first bus."""
    start, end = zip(*ends)
    lines = {"from_bus": start, "to_bus": end, "x": reactances, "limit": np.broadcast_to(limits, len(ends))}
    buses = {"bus": list(range(max(map(max, ends)) + 1))} | tables.get("buses", {})
    return Network.from_frames(buses, lines, {"bus": [0], "p_max": [1e4], "cost": [10]} | tables.get("units", {}))


def test_flows_after_a_loss_are_those_of_the_network_without_the_line(solutions):
    """Unrounded factors, in each of the meshes: then the flows are those of the smaller network."""
    rng = np.random.default_rng(3)
    for ends in MESHES:
        reactances, injection = rng.integers(1, 10, len(ends)) / 10.0, rng.normal(size=max(map(max, ends)) + 1)
        injection -= injection.mean()
        net = mesh(ends, reactances)
        flows = dc_power_flow(net, injection=injection).flow
        for lost in range(len(ends)):
            kept = [line for line in range(len(ends)) if line != lost]
            left = mesh([ends[line] for line in kept], reactances[kept])
            told = solutions[AFTER](flows.tolist(), lodf(net).tolist(), lost)
            assert told[lost] == 0
            assert np.delete(told, lost) == pytest.approx(dc_power_flow(left, injection=injection).flow)


@pytest.mark.parametrize("seed", SEEDS)
def test_cases_hold_factors_of_networks(seed):
    """A line has the factors of its mesh: what is lost flows away from one of its ends, over the others."""
    for flows, factors, lost in EXERCISES[AFTER].cases(seed):
        ends = next(ends for ends in MESHES if len(ends) == len(flows))
        along = np.zeros((len(ends), max(map(max, ends)) + 1))
        for line, (i, k) in enumerate(ends):
            along[line, i], along[line, k] = 1, -1
        assert np.abs(np.array(factors)[:, lost] @ along).max() < 0.01 and factors[lost][lost] == -1


@pytest.mark.parametrize("seed", SEEDS)
def test_transfers_are_those_of_the_package(seed, solutions):
    """A buyer in the second town who would take any amount gets as much as the secure dispatch sends."""
    for reactances, limits, emergency in EXERCISES[TRANSFER].cases(seed):
        net = mesh([(0, 1)] * len(limits), reactances, limits)
        frames = net.to_frames() | {"bids": {"bus": [1], "p_max": [5e3], "value": [50]}}
        sent = scopf(Network.from_frames(**frames), emergency=emergency).demand[0]
        assert solutions[TRANSFER](reactances, limits, emergency) == pytest.approx(sent)


def test_prices_are_those_of_the_package(solutions):
    """Random dispatches on a ring with a diagonal: factors, multipliers and the price at the first bus give all prices."""
    rng, pairs = np.random.default_rng(5), 0
    ends = MESHES[1]
    for _ in range(30):
        load = rng.integers(10, 60, 4).astype(float)
        units = {"bus": list(range(4)), "p_max": [300.0] * 4, "cost": rng.integers(5, 50, 4)}
        net = mesh(ends, rng.integers(1, 9, 5) / 10.0, rng.integers(25, 60, 5), buses={"load": load}, units=units)
        try:
            d = scopf(net)
        except Exception as error:
            assert "survives" in str(error)
            continue
        name = {line: row for row, line in enumerate(net.lines.name)}
        worth = np.diag(d.multiplier)
        for (line, lost), mu in d.outage_multiplier.items():
            worth[name[line], name[lost]] = mu
            pairs += 1
        given = (float(d.lmp[0]), ptdf(net, slack=0).tolist(), lodf(net).tolist(), worth.tolist())
        for answer in (solutions[SECURE_PRICE], EXERCISES[SECURE_PRICE].reference):
            assert answer(*given) == pytest.approx(d.lmp, abs=1e-6)
    assert pairs > 15


def test_other_ways_to_the_answers_are_right():
    def by_column(flows, factors, lost):
        new = np.array(flows) + np.array(factors)[:, lost] * flows[lost]
        new[lost] = 0
        return new

    def by_steps(reactances, limits, emergency):
        """The most that passes, by halving."""
        b, fits = (
            1 / np.array(reactances),
            lambda sent: all((sent * w / w.sum() <= much * np.array(limits) * (w > 0) + 1e-12).all() for w, much in states),
        )
        states = [(b, 1.0)] + [(b * (np.arange(len(b)) != lost), emergency) for lost in range(len(b))]
        low, high = 0.0, 1e5
        for _ in range(80):
            middle = (low + high) / 2
            low, high = (middle, high) if fits(middle) else (low, middle)
        return low

    def by_arrays(energy, factors, outage, worth):
        H, L, W = map(np.array, (factors, outage, worth))
        now, pairs = np.diag(W), W - np.diag(np.diag(W))
        return energy - now @ H - pairs.sum(axis=1) @ H - (pairs * L).sum(axis=0) @ H

    assert check(AFTER, by_column) and check(TRANSFER, by_steps) and check(SECURE_PRICE, by_arrays)


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        (AFTER, [1, 2], "a list of 3 flows is asked for, one a line, in MW"),
        (AFTER, [5, 100, -125], "line 0 (from 0) is lost, and your answer has 5 MW on it"),
        (TRANSFER, "much", "one number is asked for, in MW"),
        (TRANSFER, 150, "after the loss of line 0 line 1 (from 0) would carry 75 MW, and may carry 72"),
        (SECURE_PRICE, [10, 15], "a list of 3 prices is asked for, one a bus, in $/MWh"),
        (SECURE_PRICE, [11, 15, 15], "its price is 10, not 11"),
    ],
)
def test_what_is_told_of_a_wrong_answer(name, answer, words, solutions):
    assert words in told_on_example(name, answer, solutions)


def test_numbers_told_in_the_texts(sources):
    net = Network.from_frames(**grid("three_bus"))
    d = scopf(net, limits=LIMITS)
    (flows, factors, lost), answer = EXERCISES[AFTER].example
    assert d.flow == pytest.approx(flows) and lodf(net) == pytest.approx(np.array(factors))
    assert outage_flows(net, d.flow).iloc[:, lost].tolist() == pytest.approx(answer)
    assert "45 + 55 = 100" in text_of(sources, "Line 1-2 carried 55 MW.")
    (energy, table, outage, worth), prices = EXERCISES[SECURE_PRICE].example
    assert ptdf(net, slack=1) == pytest.approx(np.array(table)) and d.lmp == pytest.approx(prices)
    assert d.outage_multiplier == pytest.approx({("1-3", "1-2"): worth[1][0]}) and outage == factors and energy == 10
    (reactances, limits, emergency), most = EXERCISES[TRANSFER].example
    assert most == 144 and "The least of 200, 144, 180 and 180 counts" in text_of(sources, "With all lines in they carry")
