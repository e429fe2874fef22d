"""Double spends: both laws in numbers from the literature, against sums of their own, and against races."""

import math
from fractions import Fraction

import pytest
from scipy.special import betainc

from tefoundations.errors import InvalidInput
from tefoundations.ledger.consensus.double_spend import Race, exact, original, race

# The paper of 2008, section 11: q = 0.1 and q = 0.3, by z.
PAPER = {
    (0.1, 0): 1.0, (0.1, 1): 0.2045873, (0.1, 2): 0.0509779, (0.1, 5): 0.0009137, (0.1, 6): 0.0002428, (0.1, 10): 0.0000012,
    (0.3, 0): 1.0, (0.3, 5): 0.1773523, (0.3, 10): 0.0416605, (0.3, 25): 0.0006132, (0.3, 50): 0.0000006,
}  # fmt: skip


@pytest.mark.parametrize("case", PAPER)
def test_table_of_the_original_paper(case):
    assert round(original(*case), 7) == PAPER[case]


def test_the_two_laws_differ():
    said = [f"{100 * law(q, 6):.{digits}f}" for law in (original, exact) for q, digits in ((0.1, 4), (0.3, 1))]
    assert said == ["0.0243", "13.2", "0.0591", "15.6"]
    assert all(exact(q / 100, z) > original(q / 100, z) for q in range(1, 31) for z in range(6, 40))
    assert exact(0.1, 1) == pytest.approx(0.2) and original(0.1, 1) > 0.2  # with one confirmation it is the other way round


@pytest.mark.parametrize("q", ["0.05", "0.1", "0.3", "0.45"])
@pytest.mark.parametrize("z", [0, 1, 2, 6, 20])
def test_exact_against_fractions_and_the_beta_function(q, z):
    share = Fraction(q)
    p, ratio = 1 - share, share / (1 - share)
    during = [math.comb(z + k - 1, k) * p**z * share**k if z else Fraction(k == 0) for k in range(z + 1)]
    caught = 1 - sum(during) + sum(chance * ratio ** (z - k) for k, chance in enumerate(during))
    assert exact(float(q), z) == pytest.approx(float(caught), rel=1e-9, abs=0)
    if z:
        assert exact(float(q), z) == pytest.approx(betainc(z, 0.5, 4 * float(p * share)), rel=1e-9, abs=0)


@pytest.mark.parametrize("q, z", [(0.1, 1), (0.1, 3), (0.2, 6), (0.3, 6), (0.4, 10), (0.45, 2)])
def test_races_agree_with_the_exact_law_and_not_with_the_other(q, z):
    low, high = race(q, z, trials=100_000, rng=7).interval()
    assert low <= exact(q, z) <= high
    assert not low <= original(q, z) <= high


def test_ends():
    assert exact(0, 3) == original(0, 3) == 0 and exact(0.5, 9) == original(0.7, 9) == 1 and exact(0.2, 0) == 1
    assert race(0, 0, trials=5, rng=1).rate == 1 and race(0, 1, trials=5, rng=1).rate == 0
    assert Race(0, 10).interval()[0] == pytest.approx(0) and Race(10, 10).interval()[1] == pytest.approx(1)


@pytest.mark.parametrize("wrong", [(-0.1, 6), (1.1, 6), (math.nan, 6), (0.1, -1), (0.1, 1.5), ("a", 1)])
def test_what_has_no_meaning_is_refused(wrong):
    for law in (original, exact):
        with pytest.raises(InvalidInput, match="q |z "):
            law(*wrong)
    with pytest.raises(InvalidInput, match="q |z "):
        race(*wrong, trials=10, rng=1)
