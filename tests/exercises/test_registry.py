"""The registry loads the chapter asked for and no other."""

import subprocess
import sys

import pytest

from tefoundations.exercises.registry import EXERCISES, part_of

CHAPTERS = dict.fromkeys(name.split("/")[0] for name in EXERCISES)
LOADED = (
    "import sys\nfrom tefoundations.exercises import check\ncheck({name!r}, lambda *case: 0)\n"
    "print([m for m in sys.modules if m.startswith('tefoundations.exercises.') and m.split('.')[-1] in {chapters}])"
)


@pytest.mark.parametrize("name", ["double_auction/curves", "tokens/double", "privacy/promise"])
def test_one_check_loads_one_chapter(name):
    code = LOADED.format(name=name, chapters=list(CHAPTERS))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    chapter = name.split("/")[0]
    assert done.stdout.strip() == f"['tefoundations.exercises.{part_of(chapter)}.{chapter}']"


def test_names_that_are_no_chapter_load_nothing():
    before = set(sys.modules)
    for name in ("", "nowhere", "markets/vcg", "../kit/records", "a.b", "__init__"):
        assert part_of(name) is None and EXERCISES.get(f"{name}/topic") is None and EXERCISES.chapter(name) == []
    assert set(sys.modules) == before


def test_all_of_them_in_the_order_of_the_book():
    assert len(EXERCISES) == len(set(EXERCISES)) == len(list(EXERCISES)) > 40
    names = list(CHAPTERS)
    assert (names[0], names[-1]) == ("one_way_grid", "transactive_day")
    assert names.index("dynamic_pricing") < names.index("double_auction")
    assert all(EXERCISES[name].name == name for name in EXERCISES)
