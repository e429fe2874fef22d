"""The checks of the house must fail when they should: each planted fault is reported."""

from dataclasses import dataclass
from inspect import cleandoc

import numpy as np
import pytest

from tefoundations.errors import InvalidInput
from tefoundations.market import OrderBook, uniform_price
from tests.house.apipages import api_faults, on_page
from tests.house.arrows import loading_faults
from tests.house.docstrings import faults
from tests.house.mechanisms import mechanism_faults
from tests.house.sizes import CHAPTER_LINES, size_faults
from tests.house.sources import files, tool
from tests.house.workplace import address_faults, cdn_faults, machine_faults

ADDRESS = tool("address")


def planted(folder, name, text):
    file = folder / "tefoundations" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return folder / "tefoundations"


def test_a_heavy_import_is_reported():
    assert loading_faults("tefoundations.data", ["pandas", "plotly"]) == ["import tefoundations.data loads pandas"]


@pytest.mark.parametrize(
    "name, content, words",
    [
        ("tools/a.py", b"x = 1\n" * 321, "321 lines"),
        ("book/_assets/a.css", b"a {}\n" * 321, "321 lines"),
        ("book/markets/a.md", b"words\n" * (CHAPTER_LINES + 1), f"{CHAPTER_LINES + 1} lines"),
        ("data/a.csv", b"1" * 1_600_000, "1.6 MB"),
        ("tools/a.py", b"x = 1", "no newline"),
        ("tools/a.py", b"if 1:\n\tx = 1\n", "tab"),
        ("tools/a.py", b"x = 1\r\n", "carriage return"),
        ("tools/a.py", b"def f():\n" + b"    x = 1\n" * 60, "f has 61 lines"),
    ],
)
def test_what_is_too_large_is_reported(name, content, words):
    found = size_faults(name, content)
    assert len(found) == 1 and words in found[0]


def test_long_docstrings_make_no_long_function():
    assert not size_faults(
        "a.py", b'def f():\n    """One.\n\n' + b"    More.\n" * 80 + b'    """\n    # why\n    return 1\n'
    )


@pytest.mark.parametrize(
    "name, text, check, words",
    [
        ("a.md", "see /" + "home/anna/book", machine_faults, "path of a machine"),
        ("tools/a.sh", 'cp x "/' + 'root/y"', machine_faults, "path of a machine"),
        ("book/_assets/a.css", "@import 'https://fonts.googleapis.com/x'", cdn_faults, "outside host"),
        ("_config.yml", "mathjax_path: https://cdn.jsdelivr.net/x", cdn_faults, "outside host"),
    ],
)
def test_machines_and_hosts_are_reported(name, text, check, words):
    found = check(name, text)
    assert len(found) == 1 and words in found[0]


def test_what_only_looks_like_a_path_is_not():
    assert not machine_faults("a.md", "https://example.org/home/x and book/root/y and ~/root/z")


def test_the_address_elsewhere_and_an_old_block_are_reported():
    to = ADDRESS.links()
    assert address_faults("book/a.md", f"see {to['repository']}/issues", ADDRESS)
    assert address_faults("book/a.md", f"see {to['pages']}", ADDRESS)
    assert address_faults("a.ipynb", '{"cells": [{"source": "# ' + to["repository"] + '"}]}', ADDRESS)
    sheet = '{"cells": [{"source": "[Colab](' + ADDRESS.sheet_links("markets/vcg")["file"] + ')"}]}'
    assert not address_faults("exercises/markets/vcg.ipynb", sheet, ADDRESS)
    assert not address_faults("exercises/source/markets/vcg.ipynb", sheet, ADDRESS)
    assert address_faults("exercises/markets/other.ipynb", sheet, ADDRESS)
    assert not address_faults("book/markets/a.md", f"```{{code-cell}}\n{ADDRESS.install_cell()}\n```", ADDRESS)
    assert address_faults("README.md", "<!-- address:clone -->\nan old line\n<!-- end -->", ADDRESS) == [
        "README.md: run `make address`"
    ]


def test_files_leave_out_what_is_built(tmp_path):
    for name in ("a.py", "_build/b.py", ".venv/c.py", ".github/d.yml", "x/__pycache__/e.pyc"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    assert [f.name for f in files(tmp_path)] == ["d.yml", "a.py"]


# ---- Documentation -------------------------------------------------------------------------------------------------


def whole(price, k=0.5):
    """Do it.

    Parameters
    ----------
    price : (n,) float array
        Prices (ct/kWh).
    k : float
        A share.

    Raises
    ------
    InvalidInput
        No price.

    Examples
    --------
    >>> 1
    1
    """
    if not len(price):
        raise InvalidInput("no price")
    return _checked(k)


def _checked(k):
    if k < 0:
        raise InvalidInput("k")
    return k


@pytest.mark.parametrize(
    "old, new, words",
    [
        ("k : float\n    A share.\n", "", "parameter k is not documented"),
        ("k : float\n", "k : float\n    Share.\nmore : float\n", "documents more, which is no parameter"),
        ("k : float", "k", "parameter k has no type"),
        ("(n,) float array", "float array", "array price has no shape"),
        ("Prices (ct/kWh).", "Prices.", "parameter price has no unit"),
        ("InvalidInput\n    No price.\n", "ValueError\n    No.\n", "raises InvalidInput, which is not documented"),
        (">>> 1", "1", "no example"),
    ],
)
def test_a_gap_in_a_docstring_is_reported(monkeypatch, old, new, words):
    text = cleandoc(whole.__doc__)  # Python 3.13 takes the indent away by itself
    assert old in text and not faults("whole", whole)
    monkeypatch.setattr(whole, "__doc__", text.replace(old, new))
    found = faults("whole", whole)
    assert len(found) == 1 and words in found[0]


def silent(x):
    return _checked(x)


def half(x):
    """An error of a helper.

    Parameters
    ----------
    x : float
        A number.

    Examples
    --------
    >>> 1
    1
    """
    return _checked(x)


@dataclass
class Bare:
    price: np.ndarray

    @property
    def welfare(self):
        """Worth."""

    def undocumented(self): ...


@dataclass
class Told:
    """A result.

    Parameters
    ----------
    quantity : (n,) array
        Something.
    """

    price: np.ndarray

    @property
    def welfare(self):
        """Worth."""

    def undocumented(self): ...


def test_undocumented_names_are_reported():
    assert faults("silent", silent) == ["silent: no docstring"]
    assert faults("half", half) == ["half: raises InvalidInput, which is not documented"]
    assert faults("Bare", Bare) == ["Bare: no docstring"]
    assert faults("Told", Told) == [
        "Told: parameter price is not documented", "Told: documents quantity, which is no parameter",
        "Told: parameter quantity has no unit", "Told.welfare: has no unit", "Told.undocumented: no docstring",
    ]  # fmt: skip


def test_a_mechanism_without_source_or_empty_market_is_reported():
    def trades(book):
        """Clear.

        Examples
        --------
        >>> trades(OrderBook.of([(9, 1)], [(5, 1)])).quantity
        1.0
        """
        return uniform_price(book)

    def unused(book):
        """Clear.

        References
        ----------
        A paper.
        """

    assert mechanism_faults("trades", trades) == [
        "trades: no source under References",
        "trades: the first example must be a market without trade",
    ]
    assert mechanism_faults("unused", unused) == ["unused: the first example must be a market without trade"]
    assert OrderBook


def test_names_missing_on_the_api_pages_are_reported():
    page = (
        ".. py:currentmodule:: tefoundations.market\n\n.. autofunction:: gone\n\n.. autoclass:: OrderBook\n   :members: of\n"
    )
    shown = on_page(page, lambda module: [], lambda full: ["of", "to_frame"])
    assert shown == {"tefoundations.market.gone", "tefoundations.market.OrderBook", "tefoundations.market.OrderBook.of"}
    exported = {
        "tefoundations.market.OrderBook",
        "tefoundations.market.OrderBook.of",
        "tefoundations.market.OrderBook.to_frame",
    }
    assert api_faults(exported, shown) == [
        "tefoundations.market.OrderBook.to_frame is on no page of book/api/",
        "book/api/ shows tefoundations.market.gone, which is not exported",
    ]
