"""Every public name is documented: parameters, shapes, units, errors, source and examples."""

import importlib
import inspect

import pytest

from tests.house.apipages import api_faults, on_page
from tests.house.arrows import FLOORS, INNER
from tests.house.docstrings import faults, public_members
from tests.house.mechanisms import is_mechanism, mechanism_faults
from tests.house.sources import PACKAGE, ROOT, no
from tests.house.tree import FAMILIES

DOORS = ["ledger.consensus", *(f"ledger.consensus.{name}" for name in FAMILIES)]  # public modules within a room
HAS = {room for room in FLOORS if (PACKAGE / room).exists() or (PACKAGE / f"{room}.py").exists()}
ROOMS = [room for room in FLOORS if room in HAS - INNER]
MODULES = [f"tefoundations.{name}" for name in ROOMS + DOORS]


def public(module_name):
    """Public names of a module: what it lists, or the classes and functions written in it."""
    module = importlib.import_module(module_name)
    own = [
        key
        for key, value in vars(module).items()
        if getattr(value, "__module__", "") == module_name and not key.startswith("_")
    ]
    return list(getattr(module, "__all__", own))


def members(full):
    module_name, name = full.rsplit(".", 1)
    obj = getattr(importlib.import_module(module_name), name)
    return list(public_members(obj)) if inspect.isclass(obj) else []


NAMES = [f"{module}.{name}" for module in MODULES for name in public(module)]


@pytest.mark.parametrize("full", NAMES)
def test_documented(full):
    module_name, name = full.rsplit(".", 1)
    obj = getattr(importlib.import_module(module_name), name)
    found = faults(full.removeprefix("tefoundations."), obj)
    if module_name.startswith("tefoundations.market") and is_mechanism(obj):
        found += mechanism_faults(full, obj)
    no(found)


@pytest.mark.parametrize("module", MODULES)
def test_a_room_says_what_it_is(module):
    assert importlib.import_module(module).__doc__


def test_the_api_pages_show_exactly_what_is_public():
    exported = set(NAMES) | {f"{full}.{member}" for full in NAMES for member in members(full)}
    shown = set()
    for page in sorted((ROOT / "book" / "api").glob("*.md")):
        shown |= on_page(page.read_text(), public, members)
    no(api_faults(exported, shown))
