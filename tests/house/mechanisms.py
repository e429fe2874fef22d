"""A mechanism names its source, and its first example is the market in which nothing trades."""

import contextlib
import doctest
import inspect
import io

import numpy as np

from tests.house.docstrings import sections


def is_mechanism(obj):
    """A function that takes an order book first and gives what became of it."""
    return inspect.isfunction(obj) and next(iter(inspect.signature(obj).parameters), "") == "book"


class _Seen(Exception):
    pass


def first_result(function):
    """What the first call of `function` in its own examples returns; None if no example calls it."""
    seen = []

    def watched(*args, **kwargs):
        seen.append(function(*args, **kwargs))
        raise _Seen

    space = dict(function.__globals__) | {function.__name__: watched}
    for example in doctest.DocTestParser().get_examples(inspect.getdoc(function) or ""):
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(example.source, "example", "exec"), space)
        except _Seen:
            return seen[0]
        # An example may import the function anew, or look at a name it expects to fail with.
        except Exception as error:
            if not example.exc_msg:
                raise AssertionError(f"example of {function.__name__} failed: {error}") from error
        space[function.__name__] = watched
    return None


def mechanism_faults(name, function):
    """Faults of one mechanism's docstring."""
    parts = sections(function.__doc__)
    faults = [f"{name}: no source under References"] if not parts.get("References", "").strip() else []
    result = first_result(function)
    # A plain array is what a trade is worth: without trade nothing.
    traded = (
        None if result is None else np.sum(getattr(result, "quantity", result if isinstance(result, np.ndarray) else np.nan))
    )
    if traded != 0:
        faults.append(f"{name}: the first example must be a market without trade")
    return faults
