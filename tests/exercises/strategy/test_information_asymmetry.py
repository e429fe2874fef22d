"""Information asymmetry: the answers against the package and against searches and accounts of their own."""

from itertools import product

import pytest

from tefoundations.exercises import check
from tefoundations.exercises.registry import EXERCISES
from tefoundations.strategy import Spread, newsvendor, spread, value_of_information

SCHEDULE, WORTH, SPREAD = (f"information_asymmetry/{name}" for name in ("schedule", "worth_of_signal", "spread"))
SEEDS = ["public", 0, 1, 2]


@pytest.mark.parametrize("seed", SEEDS)
def test_no_other_output_earns_as_much(seed, solutions):
    """The income of each quantity, case by case, and so no cost and no quantile."""
    for outputs, price, short, long in EXERCISES[SCHEDULE].cases(seed):

        def income(sold, case=(outputs, price, short, long)):
            outputs, price, short, long = case
            return sum(price * sold - short * max(sold - y, 0) + long * max(y - sold, 0) for y in outputs) / len(outputs)

        best = solutions[SCHEDULE](outputs, price, short, long)
        assert best == newsvendor(outputs, price, short, long).quantity
        tried = [*outputs, best - 0.5, best + 0.5, sum(outputs) / len(outputs)]
        assert all(income(other) < income(best) - 1e-9 for other in tried if other != best)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_rule_gains_more(seed, solutions):
    for gains, chances, likely in EXERCISES[WORTH].cases(seed):
        states = range(len(chances))
        rules = [
            sum(chances[s] * likely[k][s] * gains[action][s] for k, action in enumerate(rule) for s in states)
            for rule in product(range(len(gains)), repeat=len(likely))
        ]
        alone = max(sum(chances[s] * row[s] for s in states) for row in gains)
        found = solutions[WORTH](gains, chances, likely)
        assert found == pytest.approx(max(rules) - alone, abs=1e-9)
        assert found == pytest.approx(value_of_information(gains, chances, likely).worth, abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_market_maker_gains_nothing_on_either_side(seed, solutions):
    for low, high, chance, informed in EXERCISES[SPREAD].cases(seed):
        bid, ask = solutions[SPREAD](low, high, chance, informed)
        from_buyers = from_sellers = 0.0
        for worth, often in ((high, chance), (low, 1 - chance)):
            buyers = (1 - informed) / 2 + informed * (worth == high)
            from_buyers += often * buyers * (ask - worth)
            from_sellers += often * (1 - buyers) * (worth - bid)
        assert from_buyers == pytest.approx(0, abs=1e-9) and from_sellers == pytest.approx(0, abs=1e-9)
        package = spread(low, high, chance, informed)
        assert (bid, ask) == (pytest.approx(package.bid), pytest.approx(package.ask))


@pytest.mark.parametrize("seed", SEEDS)
def test_tables_of_signals_are_not_their_own_mirror_images(seed):
    """Else who reads them the other way round is right: most are not square, or not symmetric."""
    likely = [table for _, _, table in EXERCISES[WORTH].cases(seed)]
    mirrored = [table == [list(column) for column in zip(*table)] for table in likely]
    assert sum(mirrored) < 15 and sum(len(table) != len(table[0]) for table in likely) > 5


def test_the_prices_of_the_package_are_no_answer():
    told = check(SPREAD, lambda *case: (lambda one: [one.bid, one.ask])(Spread(*case)))
    assert not told and told.reason == "it calls bid, which is what you are asked to write."
