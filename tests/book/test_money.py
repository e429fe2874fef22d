"""Money in dollars stays money: two bare dollar signs in one paragraph would set the words between them as a formula."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXTS = sorted([*ROOT.glob("book/**/*.md"), *ROOT.glob("exercises/source/**/*.md")])
CODE = re.compile(r"^(`{3,}|~{3,}).*?^\1", re.DOTALL | re.MULTILINE), re.compile(r"(`+)[^`].*?\1"), re.compile(r"\\\$")
DISPLAYED = re.compile(r"\$\$.*?\$\$", re.DOTALL)


def not_formulas(text):
    """What stands between two bare dollar signs of a paragraph, as Jupyter pairs them, and cannot be a formula."""
    for pattern in (*CODE, DISPLAYED):
        text = pattern.sub("", text)
    found = [between for paragraph in re.split(r"\n\s*\n", text) for between in re.findall(r"\$([^$]*)\$", paragraph)]
    return [between for between in found if between != between.strip() or between.startswith(("/", ".", ",", ")"))]


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_money_is_set_as_a_formula(path):
    assert not_formulas(path.read_text()) == []


@pytest.mark.parametrize("text, count", [
    ("It earns 500 $. At the cap it earns 900 $.", 1),
    ("A plant at 12 $/MWh, and one at 20 $/MWh.", 1),
    ("- energy ($/MWh)\n- line $l$", 1),
    ("It earns 500 \\$. At the cap it earns 900 \\$.", 0),
    ("It earns 500 $.\n\nAt the cap it earns 900 $.", 0),
    ("With $s$ and $k = 9$ it earns 500 $.", 0),
    ("`$a $` and\n```\n$ b $\n```\n$$ x $$", 0),
])  # fmt: skip
def test_what_is_found(text, count):
    assert len(not_formulas(text)) == count
