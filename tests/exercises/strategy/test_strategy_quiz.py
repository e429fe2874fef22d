"""The quiz on strategy: every answer found a second way, by the package or by trying all; hints; data of its own."""

import subprocess
import sys
from itertools import combinations

import numpy as np
import pytest

from tefoundations.data import community, valley
from tefoundations.errors import InvalidInput
from tefoundations.exercises.strategy import _valley
from tefoundations.privacy import sum_sensitivity
from tefoundations.strategy import (
    CoalitionGame,
    MarkovDecision,
    NormalFormGame,
    best_offer,
    cournot,
    newsvendor,
    residual_supply_index,
    value_of_information,
)
from tests.exercises.quizzes import answers_as_value_and_function, helps_without_telling, quiz

QUIZ = {name.split("/")[1]: exercise for name, exercise in quiz("strategy_quiz").items()}


def answer(topic):
    return QUIZ[topic].reference()


def game():
    table = valley("pumps").set_index(["upper", "lower"])
    return NormalFormGame([[-table.loc[(u, w)] for w in ("dawn", "noon")] for u in ("dawn", "noon")])


def test_there_are_nine_questions():
    assert len(QUIZ) == 9 and all(exercise.parameters == () for exercise in QUIZ.values())


@pytest.mark.parametrize("topic", QUIZ)
def test_a_value_is_as_good_as_a_function(topic):
    answers_as_value_and_function(f"strategy_quiz/{topic}")


def test_pumps_are_the_games_one_equilibrium_with_lots():
    found = game().mixed_equilibria()
    [drawn] = [each for each in found if not each.is_pure]
    assert len(found) == 3
    assert answer("pumps") == pytest.approx([chances[0] for chances in drawn.strategies])
    assert answer("pumps") == pytest.approx([5 / 13, 3 / 22])
    # Sentence b: in the draw each pays more than in either of the others.
    assert all((drawn.payoffs < pure.payoffs).all() for pure in found if pure.is_pure)


def test_the_merger_by_the_package():
    before = cournot(72, 1, [12] * 6)
    gains = {m: cournot(72, 1, [12] * (7 - m)).profit[0] - before.profit[:m].sum() for m in range(2, 7)}
    assert [m for m, gain in gains.items() if gain > 0] == [5, 6]
    assert answer("merger") == [5, cournot(72, 1, [12] * 2).price]


def test_the_lakes_offer_against_a_fine_grid_and_the_package():
    offers = list(zip(valley("offers")["price"], valley("offers")["quantity"]))

    def earned(ask):
        left = max(_valley.DEMAND - sum(kwh for price, kwh in offers if price < ask), 0)
        return (ask - _valley.LAKE_COST) * min(left, _valley.LAKE)

    grid = np.linspace(0, 100, 100_001)
    best = max(grid, key=earned)
    price, profit = answer("lake")
    assert best == pytest.approx(price, abs=2e-3) and earned(best) == pytest.approx(profit, abs=0.1)
    steps = [(0, 6, 64), (6, 33, 54), (33, 51, 41), (51, 60, 25)]
    assert (best_offer(steps, cost=10).price, best_offer(steps, cost=10).profit) == (price, profit)
    # Sentence a: the index is above 1, and the lake still gains by asking more than its cost.
    plants = [*(kwh for _, kwh in offers), _valley.LAKE]
    assert residual_supply_index(plants, _valley.DEMAND)[6] > 1.4
    assert profit > (25 - _valley.LAKE_COST) * _valley.LAKE == best_offer(steps, 10).honest_profit


def test_the_reservoir_as_a_markov_decision():
    """States: full at one of the prices, then three days empty; actions: wait, sell."""
    prices, chances = valley("prices")["price"].to_numpy(), valley("prices")["chance"].to_numpy()
    n = len(prices)
    reward = np.zeros((n + 3, 2))
    reward[:n, 1], reward[n:, 1] = prices, -np.inf
    after = np.zeros((n + 3, 2, n + 3))
    after[:n, 0, :n] = chances
    after[:n, 1, n] = 1
    after[n, 0, n + 1] = after[n + 1, 0, n + 2] = 1
    after[n + 2, 0, :n] = chances
    after[n:, 1] = after[n:, 0]
    solved = MarkovDecision(reward, after, 0.9).solve()
    lowest, worth = answer("reservoir")
    assert prices[solved.policy[:n] == 1].min() == lowest
    assert chances @ solved.value[:n] == pytest.approx(worth)


def test_the_brook_by_the_package():
    brook = valley("brook")
    sale = newsvendor(brook["kwh"], price=20, short=50, long=12, chances=brook["chance"])
    assert answer("promise") == sale.quantity and answer("forecast") == pytest.approx(sale.cost)
    kwh = brook["kwh"].to_numpy()
    over, missing = np.maximum(kwh - kwh[:, None], 0), np.maximum(kwh[:, None] - kwh, 0)
    gains = 20 * kwh[:, None] + 12 * over - 50 * missing  # what each promise earns in each state
    told = value_of_information(gains, brook["chance"], np.eye(len(kwh)))
    assert answer("forecast") == pytest.approx(told.worth)


def test_the_cable_by_the_package_and_nobody_would_leave():
    metres = valley("cable")["metres"].tolist()
    saved = CoalitionGame([6 * (sum(metres[i] for i in who) - max((metres[i] for i in who), default=0))
                           for bits in range(16) for who in [[i for i in range(4) if bits >> i & 1]]])  # fmt: skip
    alone = 6 * np.array(metres)
    shares = np.array(answer("cable"))
    assert shares == pytest.approx(alone - saved.shapley())
    groups = [list(who) for size in (1, 2, 3) for who in combinations(range(4), size)]
    assert all(shares[who].sum() <= 6 * max(metres[i] for i in who) for who in groups)  # sentence c
    equal = sum(shares) / 4
    assert equal > alone[0]  # and equal shares would drive the chapel away


def test_the_noise_by_the_package():
    assert answer("noise") == sum_sensitivity(5, readings=6, neighbours="remove") / 0.25


WRONG = {
    "pumps": (((0.4, 0.2), "would not draw lots"), (0.4, "two numbers are asked for")),
    "merger": (((3, 27), "Compare what the merged owners earn"), ("five", "two numbers")),
    "lake": (((54, 1452), "Go through the rivals' prices"), (41, "two numbers")),
    "reservoir": (((16, 60), "Ask of each policy"), (16, "two numbers")),
    "promise": ((38, "Promise one kWh more"), ("21", "one number")),
    "forecast": ((20, "always promises what comes"), ([85.6], "one number")),
    "cable": (((600, 2400, 6600, 13000), "add up to 22600 EUR"), ((700, 2300, 6600, 13800), "in all orders"), (1, "four")),
    "noise": ((100, "How far can one hut"), ("120", "one number")),
    "sentence": (("e", "one letter"), ("A", "does not ask at what price")),
}


@pytest.mark.parametrize(("topic", "given", "words"), [(t, a, w) for t, pairs in WRONG.items() for a, w in pairs])
def test_hints_help_and_do_not_tell_the_answer(topic, given, words):
    helps_without_telling(f"strategy_quiz/{topic}", given, words)


def test_a_table_that_does_not_exist():
    with pytest.raises(InvalidInput, match="is not one of pumps, offers, prices, brook, cable"):
        valley("glacier")
    people = set(valley("offers")["agent"]) | set(valley("cable")["hut"])
    assert len(people) == 10 and not people & set(community().agents)


def test_the_data_are_what_their_script_makes(root, tmp_path):
    folder = root / "data/valley"
    code = (
        f"import sys; sys.path[:0] = [{str(folder)!r}]; import build; from pathlib import Path\n"
        f"build.HERE = Path({str(tmp_path)!r}); build.build()"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    made = {file.name: file.read_bytes() for file in tmp_path.glob("*.csv")}
    assert made == {file.name: file.read_bytes() for file in folder.glob("*.csv")} and len(made) == 5
