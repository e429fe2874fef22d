"""Columns that a chapter prints keep their lines on a telephone: what does not fit is cut, often the result itself."""

import json
import re

import pytest

from tests.house.sources import ROOT, no

CHAPTERS = ("security", "congestion_management", "uncertainty", "reserves_and_adequacy", "marginal_emissions",
            "operating_envelopes", "reactive_power")  # fmt: skip
COLUMNS = re.compile(r"^\s*\S.*\S {2,}\S", re.MULTILINE)  # as `aligned` in book/_ext/tef_way.py: the page keeps these whole
PHONE = 51  # letters across a telephone


def too_wide(text):
    """The lines of an output that the page keeps whole and a telephone cannot show whole."""
    return [line for line in text.splitlines() if len(line) > PHONE] if COLUMNS.search(text) else []


def test_only_columns_are_kept_whole():
    assert too_wide("a " * 40) == [] and too_wide("a  b") == [] and len(too_wide("a  b " * 12 + "\n" + "a " * 40)) == 2


@pytest.mark.parametrize("name", CHAPTERS)
def test_columns_fit_a_telephone(name):
    cells = json.loads((ROOT / "notebooks" / "grid" / f"{name}.ipynb").read_text())["cells"]
    own = [cell for cell in cells if cell["cell_type"] == "code"]
    printed = ["".join(output["text"]) for cell in own for output in cell["outputs"] if output["output_type"] == "stream"]
    assert printed
    no([f"{name}: {line!r} has {len(line)} letters" for text in printed for line in too_wide(text)])
