"""A kernel in the browser has words of 32 bits: there numpy takes no 64-bit integer for a count or an index.

Random integers have 64 bits everywhere. Here they come as another type of 64 bits, and what numpy refuses in the browser
("Cannot cast array data from dtype('int64') to dtype('int32') according to the rule 'safe'") refuses that type.
"""

import numpy as np
import pytest

from tefoundations.exercises.registry import EXERCISES

DRAWS = (
    "integers",
    "choice",
    "permutation",
    "permuted",
    "poisson",
    "binomial",
    "geometric",
    "multinomial",
    "hypergeometric",
)
# Which arguments must be counts or positions (numpy 2.0 to 2.4; bincount takes 64 bits from 2.2 on).
COUNTS = {"bincount": [0], "repeat": [1], "choose": [0]}


def marked(draw):
    """A way to draw whose integers of 64 bits are a type of their own, which arithmetic keeps; a type asked for is given."""

    def drawn(*given, **named):
        values = draw(*given, **named)
        whole = isinstance(values, np.ndarray) and values.dtype == np.int64 and "dtype" not in named
        return values.astype(np.longlong) if whole else values

    return drawn


def narrow(function, places):
    def refusing(*given, **named):
        for place in places:
            if len(given) > place and getattr(given[place], "dtype", np.dtype(float)).char == np.dtype(np.longlong).char:
                raise TypeError("Cannot cast array data from dtype('int64') to dtype('int32') according to the rule 'safe'")
        return function(*given, **named)

    return refusing


class Wide(np.random.Generator):
    """The same chance, in 64 bits that are told apart from those of an index."""


for each in DRAWS:
    setattr(Wide, each, marked(getattr(np.random.Generator, each)))


@pytest.fixture
def narrow_words(monkeypatch):
    if np.dtype(np.longlong).char == np.dtype(np.intp).char:
        pytest.skip("an index has this type here")
    for name, places in COUNTS.items():
        monkeypatch.setattr(np, name, narrow(getattr(np, name), places))
    monkeypatch.setattr(np.random, "default_rng", lambda seed=None: Wide(np.random.PCG64(seed)))


@pytest.mark.parametrize("name", list(EXERCISES))
def test_cases_are_drawn_and_answered(name, narrow_words):
    exercise = EXERCISES[name]
    for case in exercise.cases("narrow"):
        exercise.reference(*case)


def test_a_count_of_64_bits_is_refused(narrow_words):
    rng = np.random.default_rng(1)
    for count in (lambda: np.bincount(rng.integers(3, size=4)), lambda: np.repeat([1, 2], 1 + rng.permutation(2)),
                  lambda: np.choose(rng.poisson(0, 1), [[1], [2]])):  # fmt: skip
        with pytest.raises(TypeError, match="to dtype\\('int32'\\)"):
            count()
    assert np.bincount(rng.integers(3, size=4).astype(np.intp)).sum() == 4
    assert np.bincount(rng.integers(3, size=4, dtype=np.intp)).sum() == 4
