"""What a learner's function takes from the notebook around it, where it should take its parameters.

A notebook still holds the worked example, under the names of the text. A function that reads these names answers for the
example, whatever it is called with.
"""

from dis import get_instructions
from types import CodeType, FunctionType

import numpy as np

MOST_NAMES = 20
LONGEST_NAME = 60  # characters
DATA = (bool, int, float, complex, str, list, tuple, dict, set, np.ndarray)
SHELL = ("In", "Out")  # a notebook's own


def reads_of(function):
    """Names of data that the function, or a function of the notebook that it calls, reads from around itself.

    Parameters
    ----------
    function : object
        Anything a learner gave; what is not written in Python reads nothing.

    Returns
    -------
    list of str
        In alphabetical order. Functions, classes and modules are no data, and constants in capitals are meant so.

    Examples
    --------
    >>> space = {"bids": [(12, 1)], "RATE": 2}
    >>> exec("def wanted(orders): return RATE * len(bids)", space)
    >>> reads_of(space["wanted"])
    ['bids']
    """
    if type(function) is not FunctionType:
        return []
    space, found, seen, left = function.__globals__, set(), set(), [function]
    while left:
        one = left.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        for name in _names(one.__code__):
            value = space.get(name)
            if type(value) is FunctionType and value.__globals__ is space:
                left.append(value)
            elif any(type(value) is kind for kind in DATA) and _is_meant(name):
                found.add(name)
    return sorted(found)[:MOST_NAMES]


def _is_meant(name):
    return not (name.startswith("_") or name.isupper() or name in SHELL or len(name) > LONGEST_NAME)


def _names(code):
    """Names that a function's code, and functions inside it, look up outside."""
    inner = [constant for constant in code.co_consts if type(constant) is CodeType]
    own = {step.argval for step in get_instructions(code) if step.opname in ("LOAD_GLOBAL", "LOAD_NAME")}
    return own.union(*map(_names, inner))
