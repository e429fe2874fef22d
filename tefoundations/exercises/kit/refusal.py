"""Refusals: functions of the package that do not answer while a learner's code runs.

A learner may have imported the function long before the check, under any name. So the function object itself is
changed: for the time of the call its code is one that notes the attempt and raises.
"""

from contextlib import contextmanager

_attempts = []  # one list of names for every refusal in force, the innermost last


class Refused(Exception):
    """A function was called that is what the learner is asked to write."""


def refuse(name):
    """Note the attempt, so that catching the exception does not help, and raise it."""
    _attempts[-1].append(name)
    raise Refused(f"{name} is what you are asked to write")


@contextmanager
def refused(functions):
    """While the block runs, these functions raise `Refused`, however they are reached.

    Parameters
    ----------
    functions : sequence of functions
        Functions and methods written in Python.

    Yields
    ------
    list of str
        Names of the functions called so far, also where the exception was caught.

    Raises
    ------
    AttributeError
        A function that is not written in Python.

    Examples
    --------
    >>> from tefoundations.market import OrderBook, uniform_price
    >>> book = OrderBook.of(bids=[(12, 1)], asks=[(6, 1)])
    >>> with refused([uniform_price]) as attempts:
    ...     try:
    ...         uniform_price(book)
    ...     except Exception as error:
    ...         print(error)
    uniform_price is what you are asked to write
    >>> attempts, uniform_price(book).price
    (['uniform_price'], 9.0)
    """
    functions = [getattr(function, "__func__", function) for function in functions]
    kept = [function.__code__ for function in functions]
    attempts = []
    _attempts.append(attempts)
    try:
        for function in functions:
            function.__code__ = _refusal(function)
        yield attempts
    finally:
        for function, code in zip(functions, kept):
            function.__code__ = code
        _attempts.pop()


def _refusal(function):
    # The function keeps its own globals, so its new code imports what it needs.
    space = {}
    exec(
        f"def refusal(*args, **kwargs):\n"
        f"    from tefoundations.exercises.kit.refusal import refuse\n"
        f"    refuse({function.__name__!r})\n",
        space,
    )
    return space["refusal"].__code__.replace(co_freevars=function.__code__.co_freevars)
