"""The shape of the package, and what its documents import of it."""

import importlib
import inspect

import pytest

from tests.house.arrows import FLOORS, WINGS
from tests.house.sources import PACKAGE, no, texts, tool
from tests.house.tree import (
    DOORS,
    FIELDS,
    circle_faults,
    class_faults,
    folder_faults,
    side_door_faults,
    table_faults,
    unlisted_faults,
    wing_faults,
)

TABLED = [room for room in (*FLOORS, *DOORS[:1]) if (PACKAGE / room.replace(".", "/")).is_dir()]


def test_folders_can_be_overlooked_and_files_are_nouns():
    no(folder_faults(PACKAGE))


def test_names_of_fields_are_those_of_chapters():
    outline = tool("outline")
    planned = {name for part in outline.parts() for name in part["to_come"]}
    assert planned | {name.split("/")[1] for name in outline.outline().chapters} >= FIELDS


def test_a_wing_is_one_sentence():
    no(wing_faults(PACKAGE))


def test_every_wing_has_its_arrows():
    wings = {(init.parent.parent.name, init.parent.name) for init in PACKAGE.glob("*/*/__init__.py")}
    assert wings <= {(room, wing) for room in WINGS for wing in WINGS[room]}


def test_a_class_name_occurs_once():
    no(class_faults(PACKAGE))


def test_no_module_imports_itself_by_a_detour():
    no(circle_faults(PACKAGE))


def test_documents_use_the_doors():
    found = texts()
    names = [
        name
        for name in found
        if name.startswith(("book/", "exercises/", "README", "CONTRIBUTING")) and name.endswith((".md", ".ipynb"))
    ]
    assert len(names) > 20
    no([fault for name in names for fault in side_door_faults(name, found[name], PACKAGE)])


def test_a_door_lists_what_is_written_in_it():
    no(unlisted_faults(PACKAGE))


@pytest.mark.parametrize("room", TABLED)
def test_a_door_says_what_to_call(room):
    door = importlib.import_module(f"tefoundations.{room}")
    no(table_faults(room, door.__doc__, [name for name in door.__all__ if inspect.isfunction(getattr(door, name))]))
