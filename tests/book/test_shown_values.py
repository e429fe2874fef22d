"""What a reader sees of numbers: no NaN, no negative zero, no amount of energy that is traded and rounds to nothing."""

import json
import re

import pytest

from tests.book.pages import written
from tests.house.sources import ROOT, no

NOTEBOOKS = sorted(ROOT.glob("notebooks/*/*.ipynb")) + sorted(ROOT.glob("exercises/*/*.ipynb"))
FRAMES = re.compile(r'<figure class="tef-explore".*?<script type="application/json">(.*?)</script>', re.DOTALL)
NOT_SEEN = {
    "NaN": re.compile(r"\bNaN\b|<NA>"),
    "a negative zero": re.compile(r"(?<![\w.,:–-])[-\N{MINUS SIGN}]0(?:\.0+)?(?![\d.,:x-])"),
    "a step for a time": re.compile(r"\bStep \d+"),
    "a column bus that nothing explains": re.compile(r"<th>bus</th>"),
}
TRADED = re.compile(r"(?<![\d.])0(?:\.0+)? kWh (?:trade at|change)")


def faults(where, text, explained=False):
    return [
        f"{where}: {what}: ...{text[max(0, found.start() - 40) : found.end() + 20]!r}"
        for what, pattern in NOT_SEEN.items()
        if (found := pattern.search(text)) and not (explained and "bus" in what)
    ]


def shown(cell):
    """What a cell shows as text or table, or says."""
    if cell["cell_type"] != "code":
        return ["".join(cell["source"])]
    texts = ["".join(output.get("text", "")) for output in cell["outputs"]]
    kinds = ("text/plain", "text/html", "text/markdown")
    return texts + ["".join(output.get("data", {}).get(kind, "")) for output in cell["outputs"] for kind in kinds]


@pytest.mark.parametrize("text, found", [
    ("<td>NaN</td>", 1), ("price -0.00 ct", 1), ("\N{MINUS SIGN}0 ct a day", 1), ("Step 36 is", 1), ("-0.05", 0), ("a-0", 0),
    ("from 1-0", 0), ("NaNa", 0), ("<th>bus</th>", 1), ("nothing", 0),
])  # fmt: skip
def test_the_patterns_find_what_they_look_for(text, found):
    assert len(faults("here", text)) == found
    assert not TRADED.search("10.0 kWh trade at") and TRADED.search("0.0 kWh trade at") and TRADED.search("0 kWh change")


def test_cells_show_no_nan_no_negative_zero_and_no_numbers_of_steps():
    found = []
    for file in NOTEBOOKS:
        cells = json.loads(file.read_text())["cells"]
        # A network's bus is the subject of its part; elsewhere the word must have been said before a table shows it.
        said = file.parent.name == "grid"
        for cell in cells:
            for text in shown(cell):
                found += faults(file.relative_to(ROOT), text, explained=said)
                said = said or "`bus`" in text
    no(found)


def test_no_sentence_under_a_figure_rounds_a_trade_to_nothing(site):
    found = []
    for file in written(site):
        for data in map(json.loads, FRAMES.findall(file.read_text())):
            said = [data["base"]["text"], *(e[1] for frame in data["frames"] for e in frame if e[0] == ["text"])]
            for text in said:
                found += faults(file.relative_to(site), text)
                if TRADED.search(text):
                    found.append(f"{file.relative_to(site)}: {text}")
    no(found)
