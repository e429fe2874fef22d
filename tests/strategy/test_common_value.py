"""The winner's curse: formulas against auctions drawn by chance, and the equilibrium against every other shade."""

import numpy as np
import pytest

from tefoundations.errors import InvalidInput
from tefoundations.strategy import winners_curse
from tefoundations.words import say

RULES, MANY, W = ("first price", "second price"), (2, 3, 5, 9), 3.0


def drawn(n, shade, rule, auctions=400_000):
    """What winners gain where all bid so much less than their estimate: each auction on its own."""
    errors = np.sort(np.random.default_rng(n).uniform(-W, W, (auctions, n)), axis=1)
    return shade - errors[:, -1 if rule == "first price" else -2]


def reply_gain(n, mine, others, rule, points=4000):
    """What one gains who shades by `mine`, over its own error (the middles of a grid) and the highest of the others'.

    Errors are counted from 0 to 1. One wins where the highest error of the others is below `reach`; its law is u^(n - 1),
    and its mean below `reach` is the integral of u d(u^(n - 1)).
    """
    own = (np.arange(points) + 0.5) / points
    reach = np.clip(own + (others - mine) / (2 * W), 0, 1)
    wins = reach ** (n - 1)
    if rule == "first price":
        return np.mean((mine - W * (2 * own - 1)) * wins)
    return np.mean((others + W) * wins - 2 * W * (n - 1) / n * reach**n)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("n", MANY)
def test_the_winner_gains_as_often_drawn(n, rule):
    found = winners_curse(n, W, rule)
    for shade, gain in ((0, found.naive), (found.shade, found.gain), (1.5, found.gain_of(1.5))):
        gains = drawn(n, shade, rule)
        assert abs(gains.mean() - gain) < 4 * gains.std() / np.sqrt(len(gains))


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("n", MANY)
def test_against_the_equilibrium_no_other_shade_gains_more(n, rule):
    shade = winners_curse(n, W, rule).shade
    tried = shade + np.linspace(-3, 3, 25)
    gains = [reply_gain(n, mine, shade, rule) for mine in tried]
    here = gains[12]
    assert here == pytest.approx(winners_curse(n, W, rule).gain / n, abs=1e-6)
    assert max(gains) <= here + 1e-6


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("n", (3, 5))
@pytest.mark.parametrize("off", (-0.75, 0.5))
def test_no_other_common_shade_is_an_equilibrium(n, rule, off):
    shade = winners_curse(n, W, rule).shade + off
    gains = [reply_gain(n, mine, shade, rule) for mine in shade + np.linspace(-2, 2, 41)]
    assert max(gains) > gains[20] + 1e-3


def test_the_table_of_the_chapter():
    first, second = ([winners_curse(n, 3, rule) for n in (2, 5, 9)] for rule in RULES)
    assert [found.naive for found in first] == pytest.approx([-1, -2, -2.4])
    assert [found.naive for found in second] == pytest.approx([1, -1, -1.8])
    assert [found.shade for found in first] == [3, 3, 3] and [found.gain for found in first] == pytest.approx([2, 1, 0.6])
    assert [found.shade for found in second] == pytest.approx([0, 1.8, 7 / 3])
    assert [found.gain for found in second] == pytest.approx([1, 0.8, 8 / 15])
    assert [found.highest for found in first] == pytest.approx([1, 2, 2.4])


@pytest.mark.parametrize("scale", [1e-9, 1e9])
def test_in_any_unit(scale):
    plain, scaled = winners_curse(5, 3, "second price"), winners_curse(5, 3 * scale, "second price")
    assert scaled.shade == pytest.approx(scale * plain.shade) and scaled.gain == pytest.approx(scale * plain.gain)
    assert f"within {say(3 * scale, scale)} of" in scaled.explain()


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ((1, 3), "bidders 1 must be a whole number"),
        ((5, 0), "error 0 must be a positive number"),
        ((5, 3, "third price"), "rule 'third price' is not one of first price, second price"),
    ],
)
def test_what_has_no_meaning_is_refused_by_name(case, words):
    with pytest.raises(InvalidInput, match=words):
        winners_curse(*case)
