"""What the build takes out of the theme's style sheets: rules for the icon font, and for classes that no page has."""

import sys

import pytest

from tests.house.sources import ROOT

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from tef_weight import icons, only_for, without_awesome


@pytest.mark.parametrize(
    "rule, kept",
    [
        (".card{color:red}", True),
        (".card .gone{color:red}", False),
        (".gone,.card{color:red}", True),
        ("p{color:red}", True),
        (".card:not(.gone){color:red}", True),
        ("@media print{.gone{color:red}}", False),
    ],
)
def test_a_rule_stays_where_some_page_has_its_classes(rule, kept):
    assert ("color:red" in only_for(rule, {"card"})) == kept


def test_rules_of_the_icon_font_go_and_others_stay():
    assert without_awesome('@font-face{font-family:"Font Awesome 6 Free"}') == ""
    assert without_awesome('.fa-moon:before{content:"x"}') == ""
    assert without_awesome(".far-away{color:red}") == ".far-away{color:red}"
    assert without_awesome('@font-face{font-family:"Other"}') == '@font-face{font-family:"Other"}'


def test_each_icon_is_drawn_from_its_file():
    sheet = icons()
    assert "fa-moon { --tef-icon: url(" in sheet and "<!--" not in sheet
