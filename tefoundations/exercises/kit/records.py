"""What an exercise is made of; how to write one is told in `tefoundations.exercises.kit.recipe`."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from inspect import unwrap

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
    """

    words: str
    function: Callable
    almost: bool = False


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

        Whatever the seed, every mistake listed is wrong on at least one of them: chance must not let one pass.

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
            if not any(self._passes(mistake, cases) for mistake in self.mistakes):
                break
            cases += self.instances(rng)
        return [self.example[0], *sorted(cases, key=size)]

    def _passes(self, mistake, cases):
        return all(self.agrees(mistake.function(*case), self.reference(*case), 1e-9) for case in cases)
