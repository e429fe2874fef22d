"""The checks of the package's shape must fail when they should: each planted fault is reported."""

import pytest

from tests.house.arrows import arrow_faults, name_faults
from tests.house.sources import no
from tests.house.test_checks_fail import planted
from tests.house.tree import circle_faults, class_faults, folder_faults, side_door_faults, table_faults, wing_faults


def test_a_full_folder_and_an_activity_are_reported(tmp_path):
    for number in range(15):
        planted(tmp_path, f"market/rule{number}.py", "")
    planted(tmp_path, "market/__init__.py", "")
    no(folder_faults(planted(tmp_path, "grid/clearing.py", "")))
    planted(tmp_path, "grid/ac/state_reading.py", "")
    planted(tmp_path, "ledger/mining/work.py", "")
    assert folder_faults(planted(tmp_path, "market/rule15.py", "")) == [
        "grid/ac/state_reading: name a thing, not an activity",
        "ledger/mining: name a thing, not an activity",
        "market: 16 files, at most 15: make a wing",
    ]


def test_a_chapter_may_bear_the_name_of_a_field(tmp_path):
    planted(tmp_path, "exercises/systems/ev_charging.py", "")
    planted(tmp_path, "exercises/systems/trading.py", "")
    assert folder_faults(planted(tmp_path, "systems/ev_charging.py", "")) == [
        "exercises/systems/trading: name a thing, not an activity",
        "systems/ev_charging: name a thing, not an activity",
    ]


@pytest.mark.parametrize(
    "text", ["", '"""One. Two."""', '"""One.\n\nMore."""', '"""One."""\n\nfrom tefoundations.grid import Network']
)
def test_a_wing_with_a_door_is_reported(tmp_path, text):
    no(wing_faults(planted(tmp_path, "grid/ac/__init__.py", '"""Voltages, losses and angles."""\n')))
    found = wing_faults(planted(tmp_path, "grid/dc/__init__.py", text))
    assert len(found) == 1 and "grid/dc/__init__.py: one sentence" in found[0]


def test_a_class_name_used_twice_is_reported(tmp_path):
    planted(tmp_path, "market/a.py", "class _Queue: ...\nclass Block: ...")
    no(class_faults(tmp_path / "tefoundations"))
    found = class_faults(planted(tmp_path, "grid/b.py", "def f():\n    class _Queue: ..."))
    assert found == ["class _Queue is in tefoundations.grid.b and in tefoundations.market.a"]


def test_a_circle_is_reported_though_a_function_hides_it(tmp_path):
    planted(tmp_path, "grid/a.py", "from tefoundations.grid.b import g")
    planted(tmp_path, "grid/b.py", "from tefoundations.grid import c")
    no(circle_faults(planted(tmp_path, "grid/c.py", "import numpy")))
    found = circle_faults(planted(tmp_path, "grid/c.py", "def f():\n    from tefoundations.grid.a import h"))
    assert found == [
        "a circle: tefoundations.grid.a -> tefoundations.grid.b -> tefoundations.grid.c -> tefoundations.grid.a"
    ]


@pytest.mark.parametrize(
    "name, text, words",
    [
        ("grid/dc/a.py", "from tefoundations.grid.ac.flow import ACFlow", "grid/dc imports the wing ac"),
        ("grid/ac/a.py", "def f():\n    from tefoundations.grid.feeder.tree import Tree", "grid/ac imports the wing feeder"),
        ("grid/tables.py", "from tefoundations.grid.cases import matpower", "grid/tables.py imports the wing cases"),
        (
            "ledger/primitives/a.py",
            "from tefoundations.ledger.chain.block import Block",
            "ledger/primitives imports the wing chain",
        ),
    ],
)
def test_an_arrow_between_wings_is_reported(tmp_path, name, text, words):
    planted(
        tmp_path,
        "grid/feeder/a.py",
        "from tefoundations.grid.ac.flow import ACFlow\nfrom tefoundations.grid.network import Network",
    )
    planted(tmp_path, "grid/network.py", "from tefoundations.grid.cases.matpower import frames_of_case")
    no(arrow_faults(planted(tmp_path, "grid/__init__.py", "from tefoundations.grid.ac.flow import ACFlow")))
    found = arrow_faults(planted(tmp_path, name, text))
    assert len(found) == 1 and words in found[0]


def test_a_file_in_a_wing_named_like_an_export_is_reported(tmp_path):
    planted(tmp_path, "market/__init__.py", '__all__ = ["vcg"]')
    assert name_faults(planted(tmp_path, "market/auction/vcg.py", "")) == [
        "market/auction/vcg.py bears the name of what its room exports"
    ]


@pytest.mark.parametrize(
    "code, words",
    [
        (
            "from tefoundations.market.orders import OrderBook",
            "tefoundations.market.orders is no door of a room, for OrderBook",
        ),
        ("import tefoundations.market.orders", "tefoundations.market.orders is not shown at its door"),
        (
            "if True:\n    from tefoundations.market import (vcg,\n        cross)",
            "tefoundations.market.cross is not shown at its door",
        ),
        ("from tefoundations.errors import numpy", "tefoundations.errors.numpy is not shown at its door"),
        ("from tefoundations.kitchen import soup", "tefoundations.kitchen is no door of a room, for soup"),
    ],
)
def test_a_side_door_is_reported(tmp_path, code, words):
    planted(tmp_path, "errors.py", "import numpy\nclass TEError(Exception): ...")
    planted(tmp_path, "ledger/consensus/__init__.py", '__all__ = ["Crash"]')
    planted(tmp_path, "market/orders.py", "class OrderBook: ...")
    package = planted(
        tmp_path, "market/__init__.py", 'from tefoundations.market.orders import cross\n__all__ = ["OrderBook", "vcg"]'
    )
    good = "from tefoundations import market\nfrom tefoundations.market import vcg as v\n"
    good += "from tefoundations.ledger.consensus import Crash, pbft"
    for name, page in (
        ("README.md", "```python\n{}\n```\n"),
        ("book/markets/a.md", "---\njupytext:\n  cell_metadata_filter: -all\n---\n\n```{{code-cell}} ipython3\n{}\n```\n"),
    ):
        no(side_door_faults(name, page.format(good), package))
        assert side_door_faults(name, page.format(code), package) == [f"{name}: {words}"]


def test_a_door_that_does_not_say_what_to_call_is_reported():
    table = "Markets.\n\n===  =====\nyou  call\n===  =====\na    `vcg`\n===  =====\n"
    assert not table_faults("market", table, ["vcg"])
    assert table_faults("market", table, ["vcg", "muda"]) == ["market: the table at the door does not name muda"]
    assert table_faults("market", "Markets: `vcg`.", ["vcg"]) == [
        "market: the door has no table: what you want, what to call"
    ]
