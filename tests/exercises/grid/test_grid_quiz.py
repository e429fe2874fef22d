"""The quiz on grids: every answer, found by hand for the check, a second way by the package; hints; data of its own."""

import numpy as np
import pytest

from tefoundations.data import community, fjord
from tefoundations.errors import InvalidInput
from tefoundations.exercises.grid import _fjord
from tefoundations.grid import (
    Network,
    Scenarios,
    dc_opf,
    dc_power_flow,
    export_limits,
    lindistflow_opf,
    marginal_emissions,
    outage_flows,
    ptdf,
    redispatch,
    reserve_opf,
    scopf,
    worth,
)
from tests.exercises.quizzes import answers_as_value_and_function, helps_without_telling, quiz

QUIZ = {name.split("/")[1]: exercise for name, exercise in quiz("grid_quiz").items()}
BUSES = ["dam", "smelter", "harbour", "town"]
AT = {bus: place for place, bus in enumerate(BUSES)}


def answer(topic):
    return QUIZ[topic].reference()


@pytest.fixture(scope="module")
def net():
    return Network.from_frames(fjord("buses"), fjord("lines"), fjord("generators"))


def island(**more):
    places = fjord("places")
    buses = {"bus": ["harbour", *places["bus"]], "v_min": [1, 0.95, 0.95, 0.95], "v_max": [1, 1.1, 1.1, 1.1]}
    plants = {"bus": ["harbour", "farm"], "p_max": [5, 2], "cost": [55, 90], "q_min": [0, 0], "q_max": [0, 0]}
    return Network.from_frames(buses | more, fjord("feeder"), plants, base=1)


def test_there_are_eleven_questions():
    assert len(QUIZ) == 11 and all(exercise.parameters == () for exercise in QUIZ.values())


@pytest.mark.parametrize("topic", QUIZ)
def test_a_value_is_as_good_as_a_function(topic):
    answers_as_value_and_function(f"grid_quiz/{topic}")


@pytest.mark.parametrize("topic", QUIZ)
def test_no_two_slips_are_one(topic):
    """Each typical wrong answer is one of its own, and none is the right one."""
    given = [np.asarray(each.function()) for each in (*QUIZ[topic].mistakes,)] + [np.asarray(answer(topic))]
    assert len({repr(np.round(each, 6).tolist() if each.dtype.kind == "f" else each.tolist()) for each in given}) == len(
        given
    )
    assert 3 <= len(QUIZ[topic].mistakes) <= 6


def test_the_price_of_the_town_by_the_package_and_by_a_difference(net):
    found = dc_opf(net)
    assert answer("price") == pytest.approx(found.lmp[AT["town"]]) == pytest.approx(70)
    more = dc_opf(net, load={"town": 61}).cost - found.cost
    assert more == pytest.approx(answer("price")) and more > 55  # above all plants that run
    assert found.generation == pytest.approx([230, 30, 0])


def test_flows_by_the_package_and_by_factors(net):
    drawn = _fjord.NIGHT
    flow = dc_power_flow(net, injection={"dam": sum(drawn.values())} | {bus: -mw for bus, mw in drawn.items()}).flow
    factors = ptdf(net, slack="dam")
    by_factors = sum(-factors[3, AT[bus]] * mw for bus, mw in drawn.items())
    assert answer("flow") == pytest.approx(flow[3]) == pytest.approx(by_factors)
    # The mistakes that name another line are what they say.
    assert QUIZ["flow"].mistakes[2].function() == pytest.approx(flow[0])


def test_the_sheds_by_the_package_and_by_a_difference():
    loads = fjord("places")["load"].to_numpy()
    feeder = island(load=[0, *loads])
    found = lindistflow_opf(feeder)
    assert answer("sheds") == pytest.approx(found.lmp[2], abs=1e-5)
    # As the text says: the farm's voltage is at its limit and no other, and no cable is full.
    assert found.voltage[3] == pytest.approx(0.95, abs=1e-6) and (found.voltage[:3] > 0.955).all()
    assert (found.apparent < fjord("feeder")["limit"] - 0.05).all() and 0 < found.generation[1] < 1
    without = lindistflow_opf(island(load=[0, *loads], v_min=[1, 0.5, 0.5, 0.5]))
    assert without.voltage[3] < 0.95 - 1e-3 and without.generation[1] == pytest.approx(0, abs=1e-6)
    step = lindistflow_opf(feeder, load={"sheds": loads[1] + 0.01}).cost - found.cost
    assert step / 0.01 == pytest.approx(answer("sheds"), abs=1e-3)


def ring_with_sale(mw=None):
    """Hydro alone, with a sale of so many MW to the smelter, or with a smelter that buys all it can get."""
    loads = [0, mw or 0, _fjord.BESIDE["harbour"], _fjord.BESIDE["town"]]
    bid = {"bus": ["smelter"], "p_max": [300], "value": [50]} if mw is None else None
    return Network.from_frames(
        {"bus": BUSES, "load": loads}, fjord("lines"), {"bus": ["dam"], "p_max": [400], "cost": [10]}, bid
    )


def test_the_secure_sale_by_the_package_and_by_trying():
    assert answer("secure") == pytest.approx(scopf(ring_with_sale()).demand[0])
    limits = fjord("lines")["limit"].to_numpy()

    def survives(mw):
        sold = ring_with_sale(mw)
        return (
            abs(outage_flows(sold, dc_power_flow(sold, generation=[mw + 60]).flow)).to_numpy().max(axis=1) <= limits + 1e-9
        ).all()

    tried = [mw for mw in np.arange(0, 200, 0.5) if survives(mw)]
    assert max(tried) == answer("secure") and len(tried) == 2 * answer("secure") + 1
    # What is told to who forgets the losses is what the whole ring carries.
    assert QUIZ["secure"].mistakes[0].function() == pytest.approx(dc_opf(ring_with_sale()).demand[0])
    names, whole = ring_with_sale().lines.name, _fjord.whole_ring()
    for cut in range(4):
        only = scopf(ring_with_sale(), outages=[names[cut]]).demand[0]
        assert only == pytest.approx(min(_fjord.room(cut, _fjord.BESIDE), whole))
    assert QUIZ["secure"].mistakes[1].function() == pytest.approx(only)  # the last loss is that of dam-town


def test_redispatch_by_the_package_and_as_a_difference_of_costs(net):
    change = redispatch(net)
    free = dc_opf(net, limits=[np.inf] * 4)
    assert answer("redispatch") == pytest.approx(change.cost) == pytest.approx(dc_opf(net).cost - free.cost)
    limits = fjord("lines")["limit"]
    assert free.generation == pytest.approx([260, 0, 0]) and list(abs(free.flow) > limits) == [False, False, False, True]
    told = [each.function() for each in QUIZ["redispatch"].mistakes]
    assert told[2] == pytest.approx(redispatch(net, who=["hydro", "diesel"]).cost)
    assert told[3] == pytest.approx(dc_opf(net).congestion_rent)


def test_the_wind_by_the_package():
    wind = fjord("wind")
    one = Network.from_frames(
        {"bus": ["harbour"], "load": [60]}, {"from_bus": [], "to_bus": [], "x": []},
        {"bus": ["harbour"] * 2, "p_max": [100, 60], "cost": [40, 0], "name": ["ahead", "wind"]},
    )  # fmt: skip
    winds = Scenarios(wind["chance"], p_max={"wind": wind["mw"]})
    found = worth(one, winds, flexible=["ahead", "wind"], up={"ahead": 30}, down={"ahead": 15})
    assert answer("chances") == pytest.approx(found.vss)
    assert QUIZ["chances"].mistakes[0].function() == pytest.approx(found.evpi)
    grid = np.linspace(0, 60, 6001)
    assert grid[np.argmin([_fjord.regret(mw) for mw in grid])] == pytest.approx(_fjord.best_order()) == pytest.approx(50)


def test_the_reserve_by_the_package_and_by_a_difference(net):
    def held(mw):
        return reserve_opf(net, requirement=mw, most=_fjord.IN_TIME)

    found = held(_fjord.HELD)
    assert answer("reserve") == pytest.approx(found.reserve_price["all"])
    assert answer("reserve") == pytest.approx(held(_fjord.HELD + 1).cost - found.cost)
    assert found.reserve == pytest.approx([75, 20, 15]) and found.generation == pytest.approx([225, 35, 0])


def test_the_smelters_carbon_by_the_package_and_by_a_difference(net):
    found = dc_opf(net)
    assert answer("carbon") == pytest.approx(marginal_emissions(found).rate[AT["smelter"]])
    rates = fjord("generators")["co2"].to_numpy()
    more = dc_opf(net, load={"smelter": 151}).generation - found.generation
    assert answer("carbon") == pytest.approx(rates @ more)
    told = [each.function() for each in QUIZ["carbon"].mistakes]
    assert told[4] == pytest.approx(marginal_emissions(found).rate[AT["town"]])
    assert told[2] == pytest.approx(rates @ found.generation / found.generation.sum())


def test_limits_of_export_by_the_package():
    places = fjord("places")

    def limits(rule):
        return export_limits(island(), members=list(places["bus"]), wanted=list(places["roof"]), rule=rule).limit

    assert answer("send") == pytest.approx(limits("equal").tolist())
    assert QUIZ["send"].mistakes[3].function() == pytest.approx(limits("proportional"))
    assert not np.allclose(limits("equal"), limits("proportional"))


def test_the_inverter_against_a_fine_grid():
    active = np.linspace(0, _fjord.SUN, 125_001)
    earned = 48 * active + 20 * np.sqrt(_fjord.RATING**2 - active**2)
    assert answer("inverter") == pytest.approx(earned.max()) and active[earned.argmax()] == pytest.approx(1.2, abs=1e-4)
    told = [each.function() for each in QUIZ["inverter"].mistakes]
    beyond_the_rating = told.pop(2)
    assert max(told) < answer("inverter") < beyond_the_rating


def with_plant(price, bus="town", co2=0.0, p_max=5):
    plants = fjord("generators")
    plants.loc[len(plants)] = ["new", bus, p_max, price, co2]
    return dc_opf(Network.from_frames(fjord("buses"), fjord("lines"), plants))


def test_one_sentence_is_true(net):
    found, rates = dc_opf(net), fjord("generators")["co2"].to_numpy()
    assert with_plant(60).generation[3] == pytest.approx(5) and with_plant(71).generation[3] == pytest.approx(0)  # d
    assert all(cost < 60 for cost, mw in zip(fjord("generators")["cost"], found.generation) if mw > 1)
    free = dc_opf(net, limits=[np.inf] * 4)
    assert free.cost + redispatch(net).cost == pytest.approx(found.cost)  # not a
    saved = rates @ (found.generation - with_plant(0, "smelter", p_max=1).generation[:3])
    assert 0 < saved < 0.45  # not b
    assert reserve_opf(net, requirement=110, most=_fjord.IN_TIME).cost > found.cost + 1  # not c
    assert answer("sentence") == "d"


WRONG = {
    "price": ((41, "Draw one megawatt more in the town"), ((70, 1), "one number is asked for")),
    "flow": ((50, "Take the three deliveries one by one"), ("62", "one number")),
    "sheds": ((58, "how much more must the diesel make"), ([69], "one number")),
    "secure": ((35, "Take the four lines out"), ("all", "one number")),
    "redispatch": ((1000, "how much a megawatt of each plant relieves"), ([1350], "one number")),
    "chances": ((100, "what each loses against knowing"), ("105", "one number")),
    "reserve": ((20, "Let the operator want one megawatt more"), ({"all": 45}, "one number")),
    "carbon": ((0.3, "how much more does gas make"), ([0.15], "one number")),
    "send": (
        ((0.7, 0.4, 0.5), "the cable to the quay would carry 1.6 MW"),
        ((0.5, 0.5, 0.3), "the cable to the sheds would carry 0.5 MW"),
        ((0.5, 0.4, 0.4), "Raise all three limits together"),
        (0.5, "three numbers"),
    ),
    "inverter": ((60.5, "Try another point"), ((1.2, 0.5), "one number")),
    "sentence": (("e", "one letter"), ("A", "who pays differs")),
}  # fmt: skip


@pytest.mark.parametrize(("topic", "given", "words"), [(t, a, w) for t, pairs in WRONG.items() for a, w in pairs])
def test_hints_help_and_do_not_tell_the_answer(topic, given, words):
    helps_without_telling(f"grid_quiz/{topic}", given, words)


def test_a_table_that_does_not_exist():
    with pytest.raises(InvalidInput, match="is not one of buses, lines, generators, wind, feeder, places"):
        fjord("glacier")
    people = set(fjord("buses")["bus"]) | set(fjord("generators")["name"]) | set(fjord("places")["bus"])
    assert len(people) == 10 and not people & set(community().agents)
    assert [*zip(fjord("lines")["from_bus"], fjord("lines")["to_bus"])] == [
        ("dam", "smelter"), ("smelter", "harbour"), ("harbour", "town"), ("dam", "town"),
    ]  # fmt: skip
