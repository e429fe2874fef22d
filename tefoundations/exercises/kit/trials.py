"""Calling a learner's function on one case, safely: what came back, as plain data."""

import builtins
import os
import re
import sys
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout, suppress
from copy import deepcopy
from dataclasses import dataclass, replace
from inspect import signature
from io import TextIOBase

from tefoundations.exercises.kit.outside import reads_of
from tefoundations.exercises.kit.refusal import refused
from tefoundations.exercises.kit.values import close, cut, kind_of, plain


@dataclass(frozen=True)
class Trial:
    """What one call gave.

    Parameters
    ----------
    kind : str
        "answer", "missing" (a stub), "signature" (cannot be called like this), "refused" or "raised".
    value : plain value
        The answer.
    words : str
        The exception, or the name of the function that refused.
    changed : list of str
        Parameters whose values the function changed.
    reordered : list of str
        Those of them that hold the same values in another order, as after a sort.
    reads : list of str
        Of the first call: names of the notebook's data, such as the worked example, that the function reads.
    """

    kind: str
    value: object = None
    words: str = ""
    changed: list | tuple = ()
    reordered: list | tuple = ()
    reads: list | tuple = ()


def ask(exercise, function, arguments, first=True):
    """Call a learner's function on copies of the arguments, in silence, with the package's answers refused.

    Parameters
    ----------
    exercise : Exercise or Question
        Of it only `parameters` and `refuses` are used.
    function : callable
    arguments : tuple
    first : bool
        Whether this is the first case. Only there a function can be a stub: one that has answered before is written.

    Returns
    -------
    Trial
        Never raises, except `KeyboardInterrupt`: it is how a learner stops a loop without end.
    """
    with refused(exercise.refuses) as attempts, _silence():
        outcome = _call(exercise, function, deepcopy(arguments), arguments, first)
    if attempts:
        return Trial("refused", words=attempts[0])
    return replace(outcome, reads=reads_of(function)) if first else outcome


def _call(exercise, function, given, arguments, first):
    try:
        if not _can_take(function, given):
            return Trial("signature")
        with _builtins_kept():
            answer = function(*given)
        if first and (answer is ... or (answer is None and (not exercise.parameters or _is_stub(function)))):
            return Trial("missing")
        pairs = [(name, plain(a), plain(b)) for name, a, b in zip(exercise.parameters, arguments, given)]
        changed = [name for name, before, after in pairs if not close(after, before, 0.0)]
        reordered = [name for name, before, after in pairs if name in changed and _same_values(before, after)]
        return Trial("answer", plain(answer), changed=changed, reordered=reordered)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # also SystemExit: a learner's exit() is an answer, not the end of the check
        if first and issubclass(type(error), NotImplementedError):
            return Trial("missing")
        return Trial("raised", words=_words(error))


def _same_values(before, after):
    return isinstance(before, list) and isinstance(after, list) and sorted(map(repr, before)) == sorted(map(repr, after))


def _can_take(function, arguments):
    try:
        wanted = signature(function)
    except (TypeError, ValueError):  # built-in functions do not tell
        return True
    try:
        wanted.bind(*arguments)
    except TypeError:
        return False
    return True


def _is_stub(function):
    """Whether a function's body does nothing: a docstring, `...` or `pass`."""
    code = getattr(function, "__code__", None)
    if code is None:
        return False
    idle = {None, ..., function.__doc__}
    uses = code.co_names or code.co_freevars or code.co_nlocals > code.co_argcount
    return not uses and all(constant in idle for constant in code.co_consts)


def _words(error):
    try:
        text = str.strip(str(error)).split("\n")[0]
    except KeyboardInterrupt:
        raise
    except BaseException:  # an exception may be as odd as any other answer
        text = ""
    # An address in memory differs from run to run; the same answer must give the same words.
    text = re.sub(r"0x[0-9a-fA-F]{4,}", "0x...", cut(text, 200))
    name = kind_of(error)
    return f"{name}: {text}" if text else name


class Nowhere(TextIOBase):
    """Takes what is printed, however much, and keeps nothing."""

    def writable(self):
        return True

    def write(self, text):
        return len(text)


@contextmanager
def _builtins_kept():
    """What is built in belongs to everybody: a learner's new `sum` must not judge the answers."""
    kept = dict(vars(builtins))
    try:
        yield
    finally:
        vars(builtins).update(kept)


@contextmanager
def _silence():
    with ExitStack() as stack:
        if "IPython" in sys.modules:  # in a notebook also what is displayed
            from IPython.utils.capture import capture_output

            stack.enter_context(capture_output(stdout=False, stderr=False))
        for number, name in ((1, "stdout"), (2, "stderr")):
            stack.enter_context(_descriptor_silenced(number, getattr(sys, name), getattr(sys, f"__{name}__")))
        stack.enter_context(redirect_stdout(Nowhere()))
        stack.enter_context(redirect_stderr(Nowhere()))
        yield


@contextmanager
def _descriptor_silenced(number, stream, own):
    """What goes past Python's streams, as from a program that is started, is dropped too.

    Only in a script: a kernel reads its descriptors itself, and a browser has none.
    """
    kept = None
    with suppress(OSError, ValueError, AttributeError):
        if stream is own and own.fileno() == number and sys.platform != "emscripten":
            own.flush()
            nowhere, kept = os.open(os.devnull, os.O_WRONLY), os.dup(number)
            os.dup2(nowhere, number)
            os.close(nowhere)
    try:
        yield
    finally:
        if kept is not None:
            with suppress(OSError, ValueError):
                own.flush()
            os.dup2(kept, number)
            os.close(kept)
