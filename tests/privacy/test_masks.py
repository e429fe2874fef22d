"""Sums of masked messages: right, also when meters drop out, and random one by one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kstest

from tefoundations.errors import InvalidInput
from tefoundations.privacy import secure_sum


@given(
    st.lists(st.integers(-10_000, 10_000), min_size=2, max_size=9), st.sampled_from([24, 32, 63, 64]), st.booleans(),
    st.sets(st.integers(0, 8), max_size=5), st.integers(0, 50),
)  # fmt: skip
def test_the_total_is_that_of_the_readings_that_arrived(values, bits, own_masks, out, seed):
    out = sorted(position for position in out if position < len(values))[: len(values) - 2]
    result = secure_sum(values, rng=seed, bits=bits, dropped=out, own_masks=own_masks)
    here = [value for position, value in enumerate(values) if position not in out]
    assert result.total == sum(here) and result.dropped == tuple(out)
    assert (result.messages <= 2**bits - 1).all() and len(result.messages) == len(values)


def test_without_dropping_out_the_masks_of_pairs_cancel_by_themselves():
    result = secure_sum([300, 120, 5500, 80], rng=1, own_masks=False)
    assert result.raw == result.total == 6000 and result.repair == 0
    assert int(result.messages.sum()) % 2**32 == 6000
    assert "masks of pairs cancel: total 6000" in result.explain()


def test_a_meter_that_drops_out_leaves_nonsense_until_the_others_reveal_its_masks():
    result = secure_sum([300, 120, 5500, 80], rng=1, dropped=[2], own_masks=False)
    assert abs(int(result.raw)) > 10**6 and result.total == 500
    assert (int(result.raw) - int(result.repair)) % 2**32 == 500
    assert "3 of 4 messages arrived" in result.explain() and f"{result.raw}" in result.explain()


def test_a_late_message_is_read_without_own_masks_and_not_with_them():
    read = [secure_sum([300, 120, 5500, 80], rng=seed, dropped=[2], own_masks=False).late.tolist() for seed in range(20)]
    assert read == [[5500]] * 20
    kept = [int(secure_sum([300, 120, 5500, 80], rng=seed, dropped=[2]).late[0]) for seed in range(300)]
    assert len(set(kept)) == 300 and kstest((np.array(kept) / 2**32 + 0.5) % 1, "uniform").pvalue > 1e-3


@pytest.mark.parametrize("own_masks", [True, False])
def test_messages_look_the_same_whatever_was_read(own_masks):
    """Each message alone, and the difference of two, is uniform."""
    for values in ([0, 0, 0], [5000, 0, 77]):
        sent = np.array([secure_sum(values, rng=seed, own_masks=own_masks).messages for seed in range(400)]) / 2**32
        for column in (*sent.T, (sent[:, 0] - sent[:, 1]) % 1):
            assert kstest(column, "uniform").pvalue > 1e-4


def test_what_a_coalition_of_all_but_two_learns():
    """Without own masks: it takes off all masks it shares, and is left with a pair that adds up, and no more."""
    differences = set()
    for seed in range(50):
        result = secure_sum([300, 120, 5500, 80], rng=seed, own_masks=False)
        assert result.total - 5500 - 80 == 420
        differences.add(int(result.messages[0]) - int(result.messages[1]))
    assert len(differences) == 50


def test_a_whole_day_step_by_step():
    day = np.random.default_rng(1).integers(0, 5000, (13, 48))
    result = secure_sum(day, rng=2, dropped=[4, 7])
    assert result.total.tolist() == np.delete(day, [4, 7], axis=0).sum(axis=0).tolist()
    assert result.messages.shape == (13, 48) and result.late.shape == (2, 48)


def test_the_same_seed_gives_the_same_messages():
    one, two, other = (secure_sum([1, 2, 3], rng=seed).messages.tolist() for seed in (5, 5, 6))
    assert one == two != other


@pytest.mark.parametrize(("change", "words"), [
    ({"values": [0.5, 1]}, "whole numbers"), ({"values": [1]}, "1 messages arrived"), ({"values": []}, "values"),
    ({"values": [[[1]]]}, "shape"), ({"values": 5}, "shape"), ({"dropped": [3]}, "dropped names meter 3"),
    ({"dropped": [0, 1]}, "fewer than 2"),
    ({"bits": 65}, "bits 65 must be a whole number from 2 to 64"), ({"bits": 1}, "bits"),
    ({"bits": 8}, "more than 8 bits"),
    ({"rng": None}, "rng"), ({"at_least": 1}, "at_least"), ({"at_least": 4}, "fewer than 4"),
])  # fmt: skip
def test_input_without_meaning_is_named(change, words):
    with pytest.raises(InvalidInput, match=words):
        secure_sum(**{"values": [100, 20, 30], "rng": 1} | change)
