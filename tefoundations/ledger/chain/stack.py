"""The same room in the stack for every run: how deep a node already stands in its own program must decide nothing."""

import functools
import sys

ROOM = 600  # frames; eight contracts that ask each other, sixteen methods deep in each, take about 200


def with_room(function):
    """A function before which Python's limit of nested calls is moved, if what is left of it is less than `ROOM`."""

    @functools.wraps(function)
    def run(*given, **named):
        depth, frame = 0, sys._getframe()
        while frame is not None:
            depth, frame = depth + 1, frame.f_back
        limit = sys.getrecursionlimit()
        if limit - depth >= ROOM:
            return function(*given, **named)
        sys.setrecursionlimit(depth + ROOM)
        try:
            return function(*given, **named)
        finally:
            sys.setrecursionlimit(limit)

    return run
