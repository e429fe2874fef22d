"""The arguments of every public function bear the same words, in the same order."""

import importlib

import pytest

from tests.house.arguments import EXCEPTIONS, argument_faults
from tests.house.sources import no
from tests.house.test_documented import NAMES

CHECKED = {
    full.removeprefix("tefoundations."): full for full in NAMES if not full.startswith("tefoundations.exercises.")
}  # the exercises' seed is a number that an instructor keeps


def object_of(name):
    module_name, last = CHECKED[name].rsplit(".", 1)
    return getattr(importlib.import_module(module_name), last)


@pytest.mark.parametrize("name", CHECKED)
def test_the_same_word_is_the_same_argument(name):
    no(argument_faults(name, object_of(name)))


def test_every_exception_is_needed():
    unneeded = []
    for full, argument in EXCEPTIONS:
        name = full if full in CHECKED else full.rpartition(".")[0]
        others = set(EXCEPTIONS) - {(full, argument)}
        if not argument_faults(name, object_of(name), others):
            unneeded.append(f"{full}: no exception is needed for {argument}")
    no(unneeded)
