"""The checks of the arrows must fail when they should: each planted import is reported."""

import pytest

from tests.house.arrows import arrow_faults, name_faults, solver_faults
from tests.house.sources import no
from tests.house.test_checks_fail import planted

HINTS = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n"
ARROWS = {
    "market/a.py": ("from tefoundations.explore import explore", "market (floor 1) imports explore (floor 3)"),
    "grid/b.py": ("def f():\n    import tefoundations.market.orders", "grid (floor 1) imports market (floor 1)"),
    "market/auction/nodal.py": ("from tefoundations.grid import Network", "imports grid"),
    "data.py": ("from tefoundations.market import Orders", "data (floor 0) imports market"),
    "explore/c.py": ("from tefoundations import exercises", "explore (floor 3) imports exercises (floor 3)"),
    "__init__.py": ("from tefoundations.market import OrderBook", "the package itself imports no room"),
    "strategy/j.py": ("from tefoundations.market import Clearing", "strategy (floor 1) imports market (floor 1)"),
    "market/d.py": ("import pandas as pd", "import pandas inside the function"),
    "grid/e.py": ("class A:\n    import cvxpy", "import cvxpy inside the function"),
    "market/f.py": ("def f():\n    import plotly.graph_objects as go", "only explore may import plotly"),
    "exercises/g.py": ("def f():\n    from ipywidgets import VBox", "only explore may import ipywidgets"),
    "market/h.py": ("from .orders import Orders", "relative import"),
    "grid/k.py": (f"{HINTS}    from tefoundations.market import Orders", "grid (floor 1) imports market (floor 1)"),
    "grid/l.py": (
        "import typing\nif typing.TYPE_CHECKING:\n    pass\nelse:\n    from tefoundations.market import Orders",
        "grid (floor 1) imports market (floor 1)",
    ),
    "grid/m.py": (
        "from importlib import import_module\ndef f():\n    import_module('tefoundations.market.orders')",
        "grid (floor 1) imports market (floor 1)",
    ),
    "grid/n.py": ("import importlib\ndef f(name):\n    importlib.import_module(name)", "n.py:3: imports by a name"),
    "grid/o.py": (
        "from importlib import import_module as load\nlistof = [load(f'a.{b}') for b in 'ab']",
        "o.py:2: imports by",
    ),
    "grid/p.py": ("import importlib\nload = importlib.import_module", "imports by a name that is known only when it runs"),
    "grid/q.py": ("__import__('.orders')", "relative import"),
    "kitchen/i.py": ("from tefoundations import errors", "kitchen has no floor"),
}
DOWN = {
    "systems/a.py": "from tefoundations.market import Clearing",
    "market/network/a.py": "from tefoundations.grid import Network",
    "explore/b.py": "import plotly\nfrom tefoundations.market import Orders",
    "grid/c.py": "import scipy\ndef f():\n    import highspy, pandas",
    "ledger/tokens/a.py": f"{HINTS}    import pandas as pd\n    from tefoundations.ledger.chain.block import Block",
    "data.py": "import pandas\nfrom tefoundations.errors import TEError",
}


@pytest.mark.parametrize("name", ARROWS)
def test_a_wrong_arrow_is_reported(tmp_path, name):
    text, words = ARROWS[name]
    found = arrow_faults(planted(tmp_path, name, text))
    assert len(found) == 1 and words in found[0] and name in found[0]


@pytest.mark.parametrize("name", DOWN)
def test_an_allowed_arrow_is_not(tmp_path, name):
    no(arrow_faults(planted(tmp_path, name, DOWN[name])))


def test_a_file_named_like_an_export_is_reported(tmp_path):
    planted(tmp_path, "market/vcg.py", "def vcg(): ...")
    assert name_faults(planted(tmp_path, "market/__init__.py", '__all__ = ["vcg"]')) == [
        "market/vcg.py bears the name of what its room exports"
    ]


@pytest.mark.parametrize(
    "text, solver",
    [
        ("def f():\n    import highspy", "highspy"),
        ("def f():\n    from highspy import Highs", "highspy"),
        ("def f():\n    import clarabel", "clarabel"),
        ("from scipy.optimize import brentq, linprog", "scipy.optimize.linprog"),
        ("from scipy import optimize\ndef f():\n    return optimize.milp([1])", "scipy.optimize.milp"),
        ("import scipy.optimize\ndef f():\n    return scipy.optimize.linprog([1])", "scipy.optimize.linprog"),
    ],
)
def test_a_solver_of_ones_own_is_reported(tmp_path, text, solver):
    no(solver_faults(planted(tmp_path, "grid/dc/programmes.py", "def f():\n    import highspy, clarabel")))
    found = solver_faults(planted(tmp_path, "market/k.py", text))
    assert len(found) == 1 and found[0].startswith("market/k.py") and solver in found[0]
