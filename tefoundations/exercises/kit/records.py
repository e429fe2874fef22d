"""What an exercise is made of; how to write one is told in `tefoundations.exercises.kit.recipe`."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from inspect import unwrap
from itertools import combinations

import numpy as np

from tefoundations.exercises.kit.values import close, size

MORE = 20  # times the instances are drawn again where a mistake would pass


@dataclass(frozen=True)
class Mistake:
    """A typical wrong answer.

    Parameters
    ----------
    words : str
        What the learner is told; continues "wrong, because".
    function : callable
        Takes the arguments of a case, returns the answer this mistake leads to.
    almost : bool
        Whether the answer is nearly right: then the words stand alone, after "almost:".
    within : float
        How near answers must come to be known as this mistake: more than rounding where it is one of a size that differs,
        such as trying values in steps.
    """

    words: str
    function: Callable
    almost: bool = False
    within: float = 1e-9


@dataclass(frozen=True)
class Corner:
    """A situation easily forgotten.

    Parameters
    ----------
    words : str
        Continues "right, except": "when nothing is traded".
    holds : callable
        Takes the arguments of a case, says whether it is such a situation.
    """

    words: str
    holds: Callable


@dataclass(frozen=True)
class Exercise:
    """One exercise and its check.

    Parameters
    ----------
    name : str
        ``"chapter/topic"``.
    function : str
        Name of the function a learner writes.
    parameters : tuple of str
        Names of its parameters; empty where a single answer is asked for: then the only case is ``()``.
    example : (tuple, object)
        Arguments and answer of the worked example.
    instances : callable
        ``rng -> iterable of argument tuples``.
    reference : callable
        The right answer, a function written in Python; takes the arguments.
    form : callable
        ``(answer, *arguments) -> str or None``: what is wrong with the shape of an answer.
    properties : tuple of callables
        ``(answer, *arguments) -> str or None``: what an answer violates.
    mistakes : tuple of Mistake
    corners : tuple of Corner
    forbidden : tuple of functions
        Functions of the package that refuse while the learner's code runs; the reference always does.
    hints : tuple of str
        Up to three, each a step further, none the solution.
    agrees : callable
        ``(answer, expected, tolerance) -> bool``.
    """

    name: str
    function: str
    parameters: tuple[str, ...]
    example: tuple
    instances: Callable
    reference: Callable
    form: Callable
    properties: tuple[Callable, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    corners: tuple[Corner, ...] = ()
    forbidden: tuple[Callable, ...] = ()
    hints: tuple[str, ...] = ()
    agrees: Callable = close

    @property
    def refuses(self):
        """Everything that refuses while a learner's code runs."""
        return (*self.forbidden, self.reference, unwrap(self.reference))

    def cases(self, seed):
        """The argument tuples of one check: the example of the text, then random ones, smallest first.

        Whatever the seed, every mistake listed is wrong on at least one of them, and differs on one from each other
        mistake: chance must not let one pass, nor give it another's words.

        Parameters
        ----------
        seed : int or str
            Same seed, same cases.

        Returns
        -------
        list of tuple
        """
        if not self.parameters:
            return [()]
        rng = np.random.default_rng(list(sha256(f"{self.name} {seed}".encode()).digest()))
        cases = list(self.instances(rng))
        for _ in range(MORE):
            if not self._confuses(cases):
                break
            cases += self.instances(rng)
        return [self.example[0], *sorted(cases, key=size)]

    def _confuses(self, cases):
        """Whether on all cases a mistake gives the right answer, or that of another mistake."""
        functions = [self.reference, *(mistake.function for mistake in self.mistakes)]
        answer = cache(lambda function, number: function(*cases[number]))
        numbers = range(len(cases))
        return any(
            all(self.agrees(answer(one, number), answer(other, number), 1e-9) for number in numbers)
            for one, other in combinations(functions, 2)
        )
