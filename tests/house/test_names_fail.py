"""What hides behind a call, an alias or an attribute is found as if it were written out: each planted fault is reported."""

import ast
from functools import partialmethod

import pytest

from tests.house.arrows import arrow_faults, solver_faults
from tests.house.docstrings import faults
from tests.house.hints import hint_faults
from tests.house.names import class_names
from tests.house.sources import no
from tests.house.test_arrows_fail import HINTS
from tests.house.test_checks_fail import planted
from tests.house.tree import circle_faults, class_faults, unlisted_faults

UP = "market (floor 1) imports systems (floor 2)"
ARROWS = [
    ("market/a.py", "from importlib import import_module\ndef f():\n    return import_module('tefoundations.systems')", UP),
    ("market/a.py", "import importlib as i\ndef f():\n    i.import_module(name='tefoundations.systems.lanes')", UP),
    ("market/a.py", "def f():\n    __import__('tefoundations.systems')", UP),
    ("market/a.py", "import importlib\nimportlib.import_module('pandas')", "import pandas inside the function"),
    ("market/a.py", "import importlib\nimportlib.import_module('.b', __package__)", "relative import"),
    ("market/a.py", "import tefoundations\ndef f():\n    return tefoundations.systems.lane_day", UP),
    ("market/a.py", "import tefoundations as te\nlane = te.systems", UP),
    ("market/a.py", f"{HINTS}    pass\nelse:\n    from tefoundations.systems import lane_day", UP),
    ("grid/dc/a.py", f"{HINTS}    pass\nelse:\n    from tefoundations.grid.ac.flow import ACFlow", "imports the wing ac"),
    ("grid/dc/a.py", f"{HINTS}    pass\nelse:\n    import pandas", "import pandas inside the function"),
    ("grid/dc/a.py", "import tefoundations\ndef f(x):\n    return tefoundations.grid.ac.flow", "imports the wing ac"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "words"), ARROWS)
def test_a_hidden_arrow_is_reported(tmp_path, name, text, words):
    found = arrow_faults(planted(tmp_path, name, text))
    assert len(found) == 1 and words in found[0]


@pytest.mark.parametrize(
    "text",
    [
        "import typing\nif typing.TYPE_CHECKING:\n    import pandas\n    from tefoundations.market.auction.uniform import x",
        "import tefoundations\nprint(tefoundations.__version__, tefoundations.market.vcg)",
    ],
)
def test_what_is_no_arrow_is_not(tmp_path, text):
    no(arrow_faults(planted(tmp_path, "market/hours/a.py", text)))


@pytest.mark.parametrize(
    "text",
    [
        "import importlib\ndef f():\n    importlib.import_module('tefoundations.market.a')",
        "import tefoundations\ndef f():\n    return tefoundations.market.a.g()",
        f"{HINTS}    pass\nelse:\n    from tefoundations.market.a import g",
    ],
)
def test_a_hidden_circle_is_reported(tmp_path, text):
    planted(tmp_path, "market/a.py", "from tefoundations.market.b import f")
    found = circle_faults(planted(tmp_path, "market/b.py", text))
    assert found == ["a circle: tefoundations.market.a -> tefoundations.market.b -> tefoundations.market.a"]


@pytest.mark.parametrize(
    ("text", "solver"),
    [
        ("from scipy import optimize as so\ndef f(c):\n    return so.linprog(c)", "scipy.optimize.linprog"),
        ("import scipy as sp\ndef f(c):\n    return sp.optimize.milp(c)", "scipy.optimize.milp"),
        ("import scipy.optimize as so\ndef f(c):\n    return so.milp(c)", "scipy.optimize.milp"),
        ("from scipy.optimize import linprog as solve", "scipy.optimize.linprog"),
        ("from scipy.optimize import *", "scipy.optimize.*"),
        ("from scipy.optimize._linprog import linprog", "scipy.optimize._linprog"),
        ("from scipy import optimize\nour = optimize\nsolve = our._highspy", "scipy.optimize._highspy"),
        ("import importlib\nso = importlib.import_module('scipy.optimize')\nso.linprog(c)", "scipy.optimize.linprog"),
        ("__import__('scipy.optimize').optimize.linprog(c)", "scipy.optimize.linprog"),
        ("from scipy import optimize\ngetattr(optimize, 'milp')(c)", "scipy.optimize.milp"),
        ("def f():\n    import cvxpy as cp\n    cp.Problem(cp.Minimize(0)).solve()", "cvxpy"),
        ("def f():\n    from cvxpy import Problem", "cvxpy"),
        ("from importlib import import_module\ndef f():\n    import_module('highspy')", "highspy"),
    ],
)
def test_a_solver_by_another_name_is_reported(tmp_path, text, solver):
    no(solver_faults(planted(tmp_path, "grid/a.py", "from scipy import optimize as so, sparse\nso.brentq(sparse.linprog)")))
    found = solver_faults(planted(tmp_path, "market/a.py", text))
    assert len(found) == 1 and f": {solver};" in found[0]


@pytest.mark.parametrize(
    "text",
    [
        "_made = type('Network', (), {})",
        "def f():\n    return type('Network', (), {})()",
        "from collections import namedtuple\nNetwork = namedtuple('_Net', 'buses lines')",
        "import collections as c\nnet: type = c.namedtuple('Network', 'buses lines')",
        "from typing import NewType as New\nNetwork = New('Network', int)",
        "from dataclasses import make_dataclass\nNetwork = make_dataclass('Network', ['buses'])",
        "import typing\nNetwork = typing.NamedTuple('Network', [('buses', int)])",
    ],
)
def test_a_class_made_by_a_call_counts(tmp_path, text):
    planted(tmp_path, "grid/a.py", "class Network: ...")
    found = class_faults(planted(tmp_path, "market/b.py", text))
    assert found == ["class Network is in tefoundations.grid.a and in tefoundations.market.b"]


def test_the_type_of_a_thing_is_no_new_class():
    assert list(class_names(ast.parse("kind = type('Network')\nkind = type(x)\nNetwork = tuple('ab')"))) == []


@pytest.mark.parametrize("text", ["def unlisted(x): ...", "class unlisted: ...", "async def unlisted(): ..."])
def test_what_a_door_does_not_list_is_reported(tmp_path, text):
    door = '__all__ = ["vcg"]\ndef vcg(): ...\ndef _own(): ...\ndef __getattr__(name): ...\n'
    no(unlisted_faults(planted(tmp_path, "market/__init__.py", door)))
    found = unlisted_faults(planted(tmp_path, "market/__init__.py", door + text))
    assert found == ["market/__init__.py: unlisted is not in __all__"]


class Counter:
    """Counts."""

    def add(self, number: int) -> None:
        """Add.

        Parameters
        ----------
        number : int
            How many.
        """

    def __call__(self, number): ...

    one = partialmethod(add, 1)
    untold = partialmethod(lambda self, number: None)
    _two = partialmethod(add, 2)


class Told(Counter):
    """Counts, and says so."""

    def __call__(self, number: int) -> None:
        """Add.

        Parameters
        ----------
        number : int
            How many.
        """

    one = partialmethod(Counter.add, 1)
    one.__doc__ = "Add one."


def test_a_call_and_a_partial_method_are_public():
    assert faults("Counter", Counter) == [
        "Counter.__call__: no docstring", "Counter.one: no docstring", "Counter.untold: no docstring",
    ]  # fmt: skip
    assert hint_faults("Counter", Counter) == [
        "Counter.__call__: parameter number has no hint", "Counter.__call__: what it returns has no hint",
        "Counter.untold: parameter number has no hint", "Counter.untold: what it returns has no hint",
    ]  # fmt: skip
    no(faults("Told", Told) + hint_faults("Told", Told))
