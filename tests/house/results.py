"""Which classes are results, and what each must be able to do: explain itself, become a table, show itself."""

import dataclasses
import importlib
import inspect
import re

import pandas as pd

from tefoundations.words import Explained
from tests.house.docstrings import public_members, sections

# Returned by public functions, and yet no findings: what is computed with, kept or sent.
THINGS = {
    "Block", "ChainView", "Community", "Device", "DeviceSteps", "EntryProof", "Exercise", "Feedback", "Grade", "KeyPair",
    "DayPlan", "IslandNeeds", "Lane", "MerkleTree", "Network", "SimBlock", "Transaction",
}  # fmt: skip
ASKED = ("explain", "to_frame", "_repr_html_")
PLAIN = "plain<b>"


def returned(function):
    """The word that stands under Returns as a type of its own, or is the annotation; "" where there is none."""
    first = sections(inspect.unwrap(function).__doc__).get("Returns", "").split("\n")[0].strip()
    noted = str(getattr(function, "__annotations__", {}).get("return", ""))
    return next((word for word in (first, noted) if re.fullmatch(r"[A-Z]\w*", word)), "")


def callables(module, names):
    """The public functions of a module and the methods of its public classes."""
    for name in names:
        thing = getattr(module, name)
        if inspect.isfunction(thing):
            yield thing
        elif inspect.isclass(thing):
            for member in public_members(thing).values():
                member = (
                    getattr(member, "fget", None) or getattr(member, "func", None) or getattr(member, "__func__", member)
                )
                if inspect.isfunction(member):
                    yield member


def results_of(module_name, names):
    """Result classes of a public module: frozen dataclasses that functions return, and what stands on `Explained`."""
    module, found = importlib.import_module(module_name), {}
    for function in callables(module, names):
        cls = function.__globals__.get(returned(function)) or getattr(module, returned(function) or "__doc__", None)
        if inspect.isclass(cls) and dataclasses.is_dataclass(cls) and cls.__module__.startswith(module_name.split(".")[0]):
            found[cls.__name__] = cls
    for name in names:
        thing = getattr(module, name)
        if inspect.isclass(thing) and issubclass(thing, Explained):
            found[name] = thing
    return {name: cls for name, cls in found.items() if name not in THINGS}


def class_faults(cls):
    """What a result class lacks."""
    found = [f"{cls.__name__}: has no {name}" for name in ASKED if not callable(getattr(cls, name, None))]
    explain = getattr(cls, "explain", None)
    if explain is not None and ">>>" not in (explain.__doc__ or ""):
        found.append(f"{cls.__name__}.explain: no example")
    return found


def sample_faults(name, result):
    """What is wrong with the words and tables of one result."""
    found, words, html = [], result.explain(), result._repr_html_()
    if not (isinstance(words, str) and words.strip()):
        found.append(f"{name}: explain() says nothing")
    if re.search(r"\bnp\.|\barray\(|object at 0x|\bnan\b", words):
        found.append(f"{name}: explain() shows what only a programmer reads: {words!r:.80}")
    if not isinstance(result.to_frame(), pd.DataFrame):
        found.append(f"{name}: to_frame() gives no table")
    if not (html.startswith("<table") and html.endswith("</table>") and len(html) < 10_000):
        found.append(f"{name}: _repr_html_() is no compact table")
    if PLAIN in html:
        found.append(f"{name}: _repr_html_() does not escape a name")
    if "\n" in repr(result) or len(repr(result)) > 200:
        found.append(f"{name}: its repr is longer than a line")
    return found
