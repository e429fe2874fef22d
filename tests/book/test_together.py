"""What belongs together on a page: an index's name and its table's head, a formula and the mark after it."""

import sys

import pandas as pd
from docutils import nodes
from docutils.utils import new_document

from tests.house.sources import ROOT

sys.path.insert(0, str(ROOT / "book" / "_ext"))
import tef_together as together


def test_the_name_of_an_index_stands_in_the_row_of_the_others():
    table = pd.DataFrame({"kWh": [1.0], "ct": [2.0]}, index=pd.Index(["home1"], name="member"))
    html = together.one_head(table.to_html())
    head = html.split("</thead>")[0]
    assert head.count("<tr") == 1 and head.count("<th>") == 3 and head.index("member") < head.index("kWh")
    assert table.to_html().endswith(html.split("</thead>")[1])


def test_other_tables_stay_as_they_are():
    plain = pd.DataFrame({"kWh": [1.0]}).to_html()
    pivot = pd.DataFrame({("a", "x"): [1.0], ("b", "y"): [2.0]}).rename_axis(columns=["upper", "lower"]).to_html()
    assert together.one_head(plain) == plain and together.one_head(pivot) == pivot


def test_a_formula_keeps_the_mark_after_it():
    document = new_document("page")
    line = nodes.paragraph("", "", nodes.math("", "l"), nodes.Text(", and "), nodes.math("", "n"), nodes.Text(" more"))
    document += line
    together.with_marks_kept(None, document, "page")
    bound = line.children[0]
    assert bound["classes"] == ["tef-bound"] and bound.astext() == "l,"
    assert line.astext() == "l, and n more" and isinstance(line.children[2], nodes.math)
