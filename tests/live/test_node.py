"""The engine runs: one session under Node, with the package as a page has it."""

import json
import shutil
import subprocess

import pytest

from tests.house.sources import ROOT

pytestmark = pytest.mark.skipif(not shutil.which("node"), reason="there is no node here to run the engine in")

SESSION = """
import importlib, json, sys
from tefoundations.data import community
from tefoundations.exercises import check
from tefoundations.explore import step_curves
from tefoundations.market import OrderBook, uniform_price

book = OrderBook.of(bids=[(12, 1), (10, 1), (8, 1)], asks=[(5, 1), (7, 1), (9, 1)])
for name in IMPORTS:
    importlib.import_module(name)
json.dumps({
    "platform": sys.platform,
    "told": uniform_price(book).explain(),
    "traces": [trace.type for trace in step_curves(book).data],
    "welfare": uniform_price(OrderBook.from_frame(community().offers("summer", 36))).welfare,
    "check": str(check("double_auction/clearing")),
})
"""


def test_a_session_computes_draws_and_checks_what_it_does_here(engine):
    from tefoundations.data import community
    from tefoundations.exercises import check
    from tefoundations.explore import step_curves
    from tefoundations.market import OrderBook, uniform_price

    packages = json.loads((engine / "pyodide-lock.json").read_text())["packages"]
    names = [name for package in packages.values() for name in package["imports"]]
    command = ["node", ROOT / "tests/live/session.mjs", engine, ",".join(packages)]
    done = subprocess.run(command, input=SESSION.replace("IMPORTS", repr(names)), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    there = json.loads(done.stdout.splitlines()[-1])
    book = OrderBook.of(bids=[(12, 1), (10, 1), (8, 1)], asks=[(5, 1), (7, 1), (9, 1)])
    assert there["platform"] == "emscripten"
    assert there["told"] == uniform_price(book).explain()
    assert there["traces"] == [trace.type for trace in step_curves(book).data]
    assert there["check"] == str(check("double_auction/clearing")) != ""
    here = uniform_price(OrderBook.from_frame(community().offers("summer", 36))).welfare
    assert there["welfare"] == pytest.approx(here, rel=1e-12)
