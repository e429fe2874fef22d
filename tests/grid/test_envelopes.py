"""Export limits: a second formulation of each rule, and the promise that any part of them is safe."""

from itertools import product

import cvxpy as cp
import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from tefoundations.errors import Infeasible, InvalidInput, InvalidNetwork
from tefoundations.grid import Network, export_limits, hosting_capacity, lindistflow
from tests.grid.lanes import random_street, rows

RULES = ("most", "equal", "proportional", "share", "log")
SEEDS = range(40)
EXACT = 1e-9


def served(seed, rule, taps=False, **more):
    """Limits on a random street, its rows, and what is wanted; None where load alone breaks a limit."""
    net, members, wanted = random_street(seed, taps=taps)
    try:
        found = export_limits(net, members=dict(enumerate(members)), wanted=wanted, rule=rule, **more)
    except Infeasible:
        return None
    return net, members, wanted, found


def streets(rule, taps=False, **more):
    found = [each for seed in SEEDS if (each := served(seed, rule, taps, **more)) is not None]
    assert len(found) > 25
    return found


def by_levels(A, b, wanted, rate):
    """Max-min by one linear programme after the other: raise all that are free together, then see who can go on."""
    x, free = np.zeros(len(wanted)), wanted > 0
    while free.any():
        # variables: all exports, and how far the free ones have come, times their rate
        cost = np.r_[np.zeros(len(x)), -1.0]
        bounds = [(0, w) if f else (v, v) for w, f, v in zip(wanted, free, x)] + [(0, None)]
        rising = np.hstack([-np.eye(len(x))[free], rate[free, None]])
        level = linprog(cost, np.vstack([np.c_[A, np.zeros(len(b))], rising]), np.r_[b, np.zeros(free.sum())], bounds=bounds)
        assert level.status == 0
        x = np.where(free, level.x[-1] * rate, x)
        for k in np.flatnonzero(free):
            own = [(v, v) if j != k else (v, wanted[k]) for j, v in enumerate(x)]
            more = linprog(-np.eye(len(x))[k], A, b + 1e-12, bounds=own)
            if x[k] >= wanted[k] - 1e-9 or -more.fun - x[k] < 1e-7:
                free[k] = False
    return x


# Second formulations


def test_the_largest_sum_is_that_of_dense_rows():
    cut = 0
    for net, members, wanted, found in streets("most"):
        A, b = rows(net, members)
        best = linprog(-np.ones(len(wanted)), A, b, bounds=[(0, w) for w in wanted])
        assert found.total == pytest.approx(-best.fun, abs=EXACT)
        cut += found.total < wanted.sum() - EXACT
    assert cut > 10


@pytest.mark.parametrize("rule", ["equal", "proportional"])
def test_filling_is_max_min_by_programmes(rule):
    differ = 0
    for net, members, wanted, found in streets(rule):
        rate = np.ones(len(wanted)) if rule == "equal" else wanted
        assert found.limit == pytest.approx(by_levels(*rows(net, members), wanted, rate), abs=1e-7)
        differ += abs(found.total - export_limits(net, members=members, wanted=wanted, rule="share").total) > 1e-6
    assert differ > 5


def test_one_share_is_the_closed_form():
    for net, members, wanted, found in streets("share"):
        A, b = rows(net, members)
        use = A @ wanted
        share = min([1.0, *(b[use > 0] / use[use > 0])])
        assert found.limit == pytest.approx(share * wanted, abs=EXACT)


def test_the_largest_product_is_the_largest_sum_of_logarithms():
    for net, members, wanted, found in streets("log")[:12]:
        asked = wanted > 0
        if not asked.any():
            continue
        A, b = rows(net, members)
        share, scale = cp.Variable(asked.sum()), np.abs(b) + 1e-9
        rules = [(A[:, asked] * wanted[asked] / scale[:, None]) @ share <= b / scale, share <= 1]
        exact = dict.fromkeys(("tol_gap_abs", "tol_gap_rel", "tol_feas"), 1e-10)
        cp.Problem(cp.Maximize(cp.sum(cp.log(share))), rules).solve(solver="CLARABEL", **exact)
        assert found.limit[asked] == pytest.approx(share.value * wanted[asked], abs=1e-7)


def test_nobody_can_get_more_unless_a_poorer_one_gets_less():
    for net, members, _, found in streets("equal"):
        A, b = rows(net, members)
        full = A @ found.limit >= b - 1e-9
        for k in np.flatnonzero(found.cut > 1e-9):
            bottlenecks = [row for row in A[full] if row[k] > 0]
            assert any(found.limit[k] >= found.limit[row > 0].max() - 1e-9 for row in bottlenecks)


@pytest.mark.parametrize("rule", RULES)
def test_rules_keep_their_order(rule):
    """The largest sum is the largest; the poorest is best off under "equal"; all get the same share under "share"."""
    for net, members, wanted, found in streets(rule)[:15]:
        totals = {each: export_limits(net, members=members, wanted=wanted, rule=each) for each in RULES}
        assert found.total <= totals["most"].total + EXACT
        asked = wanted > 0
        assert found.limit[asked].min(initial=1) <= totals["equal"].limit[asked].min(initial=1) + 1e-7
        shares = found.limit[asked] / wanted[asked]
        assert shares.min(initial=1) <= (totals["proportional"].limit[asked] / wanted[asked]).min(initial=1) + 1e-7
        assert (found.limit <= wanted).all() and (found.limit >= 0).all()


# Any part is safe


def kept(net, members, exports, tan_phi=0.0, low=False):
    """Whether the linear flow keeps the limits with these exports."""
    load, q_load = net.buses.load.copy(), net.buses.q_load.copy()
    np.add.at(load, members, -exports)
    np.add.at(q_load, members, tan_phi * exports)
    flow, others = lindistflow(net, load, q_load=q_load), np.delete(np.arange(len(load)), net.slack_at)
    apparent = np.hypot(flow.flow, flow.q_flow)
    fits = (apparent <= net.lines.limit * (1 + 1e-7)).all() and (flow.voltage <= net.buses.v_max + 1e-9)[others].all()
    return fits and (not low or (flow.voltage >= net.buses.v_min - 1e-9)[others].all())


@pytest.mark.parametrize(
    ("rule", "tan_phi", "taps"), [("most", 0, True), ("equal", 0.484, True), ("log", 1.5, False), ("equal", 3, False)]
)
def test_all_corners_and_random_parts_are_safe(rule, tan_phi, taps):
    rng = np.random.default_rng(1)
    for net, members, _, found in streets(rule, taps, tan_phi=tan_phi)[:20]:
        corners = [np.array(c) for c in product((0, 1), repeat=len(members))]
        for part in [*corners, *rng.random((20, len(members)))]:
            assert kept(net, members, part * found.limit, tan_phi, low=tan_phi > 1)


def test_where_reactive_power_pulls_voltages_down_their_help_is_not_counted():
    held = 0
    for net, members, wanted, found in streets("most", tan_phi=4.0):
        best = linprog(-np.ones(len(wanted)), *rows(net, members, 4.0), bounds=[(0, w) for w in wanted])
        assert found.total == pytest.approx(-best.fun, abs=EXACT)
        held += any("low voltage" in each for each in found.binding)
    assert held


def test_what_binds_is_full_and_what_is_not_named_is_not():
    for net, members, _, found in streets("most"):
        load = net.buses.load.copy()
        np.add.at(load, members, -found.limit)
        flow = lindistflow(net, load)
        full = np.hypot(flow.flow, flow.q_flow) > net.lines.limit * (1 - 1e-8)
        named = {each.removeprefix("line ") for each in found.binding if each.startswith("line")}
        assert named == set(net.lines.name[full])
        assert any("voltage" in each for each in found.binding) == bool(
            (flow.voltage[1:] > net.buses.v_max[1:] - 1e-9).any()
        )


# Scales


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("scale", [1e-9, 1e-3, 1e9])
def test_scaled_powers_scale_limits(rule, scale):
    net, members, wanted = random_street(3)
    frames = net.to_frames()
    for column in ("load", "q_load"):
        frames["buses"][column] *= scale
    frames["lines"]["limit"] *= scale
    other = Network.from_frames(**frames, base=net.base * scale, slack=net.slack)
    one, two = (
        export_limits(each, members=members, wanted=w, rule=rule) for each, w in ((net, wanted), (other, wanted * scale))
    )
    near = 1e-5 if rule == "log" else 1e-9  # a product is flat at its top
    assert two.limit / scale == pytest.approx(one.limit, rel=near, abs=1e-12) and one.binding == two.binding


def test_a_giant_far_away_changes_nothing_for_a_small_home():
    frames = {"bus": [0, 1, 2]}, {"from_bus": [0, 0], "to_bus": [1, 2], "x": [0.1, 0.1], "limit": [1e9, 1e-9]}
    net = Network.from_frames(*frames, {"bus": [0], "p_max": [1], "cost": [1]})
    for rule in ("most", "equal", "proportional"):
        assert export_limits(net, members=[1, 2], wanted=[2e9, 3e-9], rule=rule).limit == pytest.approx(
            [1e9, 1e-9], rel=1e-9
        )


# What is not served, and bad input


def test_nobody_and_nothing():
    net, _, _ = random_street(0)
    for rule in RULES:
        assert export_limits(net, members=[], wanted=[], rule=rule).total == 0
        assert export_limits(net, members=[1, 2], wanted=0, rule=rule).limit.tolist() == [0, 0]
        at_slack = export_limits(net, members=[0], wanted=5, rule=rule)
        assert at_slack.limit.tolist() == [5] and at_slack.binding == ()
    alone = Network.from_frames(
        {"bus": ["only"]}, {"from_bus": [], "to_bus": [], "x": []}, {"bus": ["only"], "p_max": [1], "cost": [1]}
    )
    assert export_limits(alone, members=["only"], wanted=3, rule="equal").total == 3
    assert np.isinf(hosting_capacity(alone, at="only").total) and hosting_capacity(alone, at="only").explain()


def test_load_that_breaks_a_limit_alone_is_named():
    net, members, wanted = random_street(1)
    line = int(np.flatnonzero(np.isfinite(net.lines.limit))[0])
    far = net.buses.bus[net.lines.end[line]] if net.lines.start[line] == 0 else net.buses.bus[net.lines.start[line]]
    with pytest.raises(
        Infeasible, match=r"line \d-\d: with no export at all load alone puts .* MVA on it, and .* is its limit"
    ) as told:
        export_limits(net, {far: 0.25}, members=members, wanted=wanted)
    assert told.value.lines
    unlimited = net.to_frames()
    unlimited["lines"]["limit"] = np.inf
    with pytest.raises(Infeasible, match=r"bus \d: with no export at all its voltage is 0\.\d+ p\.u\., below v_min 0\.9"):
        export_limits(Network.from_frames(**unlimited, base=net.base), {8: 0.12}, members=members, wanted=wanted)
    with pytest.raises(Infeasible, match="above v_max 1.01"):
        export_limits(
            Network.from_frames(**unlimited, base=net.base), {far: -0.3}, members=members, wanted=wanted, v_max=1.01
        )


@pytest.mark.filterwarnings("error")
def test_a_roof_at_the_substation_may_be_of_any_size():
    net = Network.from_frames({"bus": [0, 1]}, {"from_bus": [0], "to_bus": [1], "x": [0.1], "r": [0.1]},
                              {"bus": [0], "p_max": [1], "cost": [1]})  # fmt: skip
    found = hosting_capacity(net, at=0, v_max=1.05)
    assert found.total == np.inf and found.cut.tolist() == [0.0]
    assert found.explain() == "Roofs of one size: inf MW at each of 1, inf MW together.\nNothing is full."
    assert repr(found) == "Envelopes(hosting: inf MW, 1 members)"


def test_bad_input_is_named():
    net, _, _ = random_street(0)
    for words, given in {
        "rule 'fair' is not one of most, equal, proportional, share, log": {"rule": "fair"},
        "bus 77 is no bus of this network": {"members": [77, 2]},
        "member 1: wanted -1.0 must not be negative": {"wanted": [1, -1]},
        "wanted must be 2 numbers, one for each member, not 3": {"wanted": [1, 2, 3]},
        "wanted: there is none for member '2'": {"wanted": {"1": 1}},
        "wanted: 'x' is no member": {"wanted": {"x": 1}},
        "tan_phi -1 must be a number": {"tan_phi": -1},
        "v_max 0 must be a positive number": {"v_max": 0},
        "members must be a sequence of buses, or {name: bus}, not a set": {"members": {1, 2}},
    }.items():
        with pytest.raises(InvalidInput, match=words.replace("{", r"\{").replace("}", r"\}")):
            export_limits(net, **({"members": [1, 2], "wanted": 0.01} | given))
    twice = export_limits(net, members=[1, 1], wanted=0.001)
    assert twice.member.tolist() == ["1", "1 #2"] and twice.bus.tolist() == [1, 1]
    loop = Network.from_frames(
        {"bus": [0, 1, 2]},
        {"from_bus": [0, 1, 0], "to_bus": [1, 2, 2], "x": [1, 1, 1]},
        {"bus": [0], "p_max": [1], "cost": [1]},
    )
    with pytest.raises(InvalidNetwork, match="closes a loop"):
        hosting_capacity(loop, at=1)


def test_a_series_that_only_counts_its_rows_is_an_array():
    net = Network.from_frames(
        {"bus": [0, 1, 2]}, {"from_bus": [0, 1], "to_bus": [1, 2], "x": [0.1, 0.1], "limit": [0.01, 0.02]},
        {"bus": [0], "p_max": [1], "cost": [30]})  # fmt: skip
    wanted, homes = pd.Series([0.002, 0.012]), {"a": 1, "b": 2}
    assert export_limits(net, members=homes, wanted=wanted, rule="equal").limit == pytest.approx([0.002, 0.008])
    turned = pd.Series([0.012, 0.002], index=["b", "a"])
    assert export_limits(net, members=homes, wanted=turned, rule="equal").limit == pytest.approx([0.002, 0.008])
    swapped = {1: 1, 0: 2}  # homes that are called 0 and 1: then the index names them
    assert export_limits(net, members=swapped, wanted=wanted, rule="equal").wanted.tolist() == [0.012, 0.002]
    with pytest.raises(InvalidInput, match="1 is no member"):
        export_limits(net, members=homes, wanted=pd.Series([1.0, 1.0, 1.0]).iloc[1:], rule="equal")
