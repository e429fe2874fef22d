"""Calls of every public function and method, as the examples in the docstrings make them."""

import doctest
import functools
import importlib
import inspect
import sys
from contextlib import ExitStack, contextmanager, suppress
from io import StringIO
from unittest.mock import patch

from tefoundations.ledger import Contract

DOORS = (
    "data", "exercises", "explore", "grid", "ledger", "ledger.consensus", "market", "privacy", "resources", "retail",
    "strategy", "systems",
)  # fmt: skip


def public():
    """{"room.name": object} of everything that the doors show."""
    found = {}
    for door in DOORS:
        module = importlib.import_module(f"tefoundations.{door}")
        found |= {f"{door}.{name}": getattr(module, name) for name in module.__all__}
    return found


def examples(thing):
    """The examples in the docstrings of an object and of its public methods."""
    finder = doctest.DocTestFinder(recurse=inspect.isclass(thing), exclude_empty=True)
    module = sys.modules.get(getattr(thing, "__module__", "")) or thing
    return [test for test in finder.find(thing, getattr(thing, "__name__", "x"), module=module) if test.examples]


class Recorder:
    """Notes the first call of each function, with its arguments as they are bound."""

    def __init__(self):
        self.calls, self.noted = {}, []  # by name; with the function's own name, for examples that import nothing

    def noting(self, name, function):
        """The function, noting what it is called with."""

        @functools.wraps(function)
        def noted(*args, **kwargs):
            if name not in self.calls:
                bound = None
                with suppress(TypeError, ValueError):  # a call that does not fit is an example of an error
                    bound = inspect.signature(function).bind(*args, **kwargs)
                if bound is not None:
                    result = function(*args, **kwargs)
                    self.calls.setdefault(name, (function, bound))
                    return result
            return function(*args, **kwargs)

        return noted

    @contextmanager
    def at_the_doors(self, things):
        """Functions at the doors, and methods of classes, replaced by noting ones."""
        with ExitStack() as stack:
            for name, thing in things.items():
                if inspect.isclass(thing):
                    for method, function in list(vars(thing).items()):
                        if method != "__init__" and (method.startswith("_") or issubclass(thing, Contract)):
                            continue  # a contract's code is read when a chain is made, and must be its own
                        kind = type(function)
                        if kind in (classmethod, staticmethod):
                            noted = kind(self.noting(f"{name}.{method}", function.__func__))
                        elif inspect.isfunction(function):
                            noted = self.noting(f"{name}.{method}", function)
                        else:
                            continue
                        stack.enter_context(patch.object(thing, method, noted))
                elif inspect.isfunction(thing):
                    door, _, attribute = name.rpartition(".")
                    module = importlib.import_module(f"tefoundations.{door}")
                    noted = self.noting(name, thing)
                    self.noted.append((attribute, noted))
                    stack.enter_context(patch.object(module, attribute, noted))
            yield self


def calls(things):
    """{name: (function, bound arguments)} of all that the examples call."""
    recorder = Recorder()
    with recorder.at_the_doors(things):
        for thing in things.values():
            for test in examples(thing):
                test.globs |= {name: noted for name, noted in recorder.noted if test.globs.get(name) is noted.__wrapped__}
                runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS)
                runner.run(test, out=StringIO().write, clear_globs=False)  # what an example defines, its calls need
    return {name: _of_class(things, name, *call) for name, call in recorder.calls.items()}


def _of_class(things, name, function, bound):
    """An object is made by its class, not by __init__ on one that stands already."""
    if not name.endswith(".__init__"):
        return function, bound
    given = {key: value for key, value in bound.arguments.items() if key != "self"}
    made = things[name.removesuffix(".__init__")]
    signature = inspect.signature(made)
    return made, inspect.BoundArguments(signature, given)
