"""Checks of the chapter on privacy."""

import math

from tefoundations.exercises.kit.records import Corner, Exercise, Mistake
from tefoundations.exercises.kit.values import is_number
from tefoundations.exercises.strategy.accounts import ANSWERED
from tefoundations.exercises.strategy.publications import publications, worlds
from tefoundations.exercises.strategy.unmasking import UNMASK
from tefoundations.privacy import best_attack, histogram_sensitivity, mean_sensitivity, peak_sensitivity, sum_sensitivity

# privacy/noise_scale


def _sensitivity(query, low, high, readings, meters, neighbours):
    step = high - low if neighbours == "replace" else max(abs(low), abs(high))
    day, counts = readings * step, 2 if neighbours == "replace" else 1
    return {"total": day, "profile": day, "peak": step, "histogram": counts, "mean": step / meters}[query]


def _scale(*case):
    return _sensitivity(*case[:-1]) / case[-1]


def _changed(change):
    """The scale by a learner who takes other arguments for granted."""

    def scale(query, low, high, readings, meters, neighbours, epsilon):
        case = {"query": query, "low": low, "high": high, "readings": readings, "meters": meters, "neighbours": neighbours}
        return _sensitivity(**(case | change(case))) / epsilon

    return scale


def _a_scale(answer, *_):
    return None if is_number(answer) and answer > 0 else "one positive number is asked for: the scale of the noise"


def _remove(case):
    """All by "remove"; the mean keeps its only relation."""
    return {} if case["query"] == "mean" else {"neighbours": "remove"}


NOISE_SCALE = Exercise(
    name="privacy/noise_scale",
    function="noise_scale",
    parameters=("query", "low", "high", "readings", "meters", "neighbours", "epsilon"),
    example=(("total", -4, 5, 48, 13, "remove", 0.5), 480.0),
    instances=publications,
    reference=_scale,
    form=_a_scale,
    mistakes=(
        Mistake(
            "it forgets that one meter has many readings. Each of them may change, so for a total or a profile the changes"
            " add up.",
            _changed(lambda case: {"readings": 1}),
        ),
        Mistake(
            "it counts all readings for the peak too. One meter changes every total of the day, but the highest of them"
            " moves by no more than one reading.",
            lambda *case: _scale("total", *case[1:]) if case[0] == "peak" else _scale(*case),
        ),
        Mistake(
            "it multiplies by epsilon. A smaller epsilon is a stronger promise, and takes more noise.",
            lambda *case: _sensitivity(*case[:-1]) * case[-1],
        ),
        Mistake(
            "it gives the sensitivity. The scale is the sensitivity divided by epsilon.",
            lambda *case: float(_sensitivity(*case[:-1])),
        ),
        Mistake(
            "it gives the variance of the noise, 2 scale^2. The scale itself is asked for.",
            lambda *case: 2 * _scale(*case) ** 2,
        ),
        Mistake(
            "it takes less noise where there are more meters. For a sum, a peak or a count the noise depends on one meter"
            " alone; only a mean is divided by their number.",
            lambda *case: _scale(*case) / (1 if case[0] == "mean" else case[4]),
        ),
        Mistake(
            "its mean is not divided by the number of meters.",
            _changed(lambda case: {"meters": 1}),
        ),
        Mistake(
            "right, except where a meter is replaced: then a reading may go from one end of the range to the other, and a"
            " meter that moves changes two bins.",
            _changed(_remove),
            almost=True,
        ),
        Mistake(
            "right, except where homes feed in: a reading may be negative, and then it can change a total by its size.",
            _changed(lambda case: {"low": 0}),
            almost=True,
        ),
        Mistake(
            "right, except where a meter is removed: its reading goes to nothing, and not to the other end of the range.",
            lambda *case: _scale(*case[:5], "replace" if case[0] != "histogram" else case[5], case[6]),
            almost=True,
        ),
    ),
    corners=(
        *(
            Corner(f"for the query {query!r}", lambda q, *_, query=query: q == query)
            for query in ("total", "profile", "peak", "histogram", "mean")
        ),
        Corner("when homes feed in", lambda query, low, *_: low < 0),
        Corner("when a meter is replaced", lambda *case: case[5] == "replace"),
        Corner("when a meter is removed", lambda *case: case[5] == "remove"),
    ),
    forbidden=(sum_sensitivity, mean_sensitivity, histogram_sensitivity, peak_sensitivity),
)


# privacy/promise


def _right(p, q):
    return sum(map(max, p, q)) / 2


def _epsilon(p, q, *, both=True, skip=False, ratio=lambda x: math.log(x)):
    pairs = [pair for a, b in zip(p, q) for pair in (((a, b), (b, a)) if both else ((a, b),)) if pair[0] > 0]
    if any(b == 0 for _, b in pairs) and not skip:
        return None
    return max([ratio(a / b) for a, b in pairs if b > 0], default=0.0)


def _promise(p, q, right=_right, **how):
    return [right(p, q), _epsilon(p, q, **how)]


def _of_bound(p, q):
    epsilon = _epsilon(p, q)
    return [1.0 if epsilon is None else 1 / (1 + math.exp(-epsilon)), epsilon]


def _two_numbers(answer, p, q):
    if isinstance(answer, list) and len(answer) == 2 and is_number(answer[0]) and (answer[1] is None or is_number(answer[1])):
        return None
    return "two are asked for: how often the best guess is right, and epsilon, or None where there is none"


def _below_the_bound(answer, p, q):
    right, epsilon = answer
    if not 0.5 - 1e-9 <= right <= 1 + 1e-9:
        return f"the best guess is right in a share of {right:g}: a coin has 0.5, and nobody has more than 1"
    if epsilon is not None and right > 1 / (1 + math.exp(-epsilon)) + 1e-9:
        return f"it says the best guess is right in {right:g}, more than its epsilon of {epsilon:g} allows any guess"
    return None


PROMISE = Exercise(
    name="privacy/promise",
    function="promise",
    parameters=("p", "q"),
    example=(([0.5, 0.25, 0.25], [0.25, 0.25, 0.5]), [0.625, math.log(2)]),
    instances=worlds,
    reference=_promise,
    form=_two_numbers,
    properties=(_below_the_bound,),
    mistakes=(
        Mistake(
            "its epsilon looks from one world to the other only. The promise holds both ways: p <= e^epsilon q and"
            " q <= e^epsilon p.",
            lambda p, q: _promise(p, q, both=False),
        ),
        Mistake(
            "its epsilon is the largest ratio. Epsilon is the logarithm of it.",
            lambda p, q: _promise(p, q, ratio=lambda x: x),
        ),
        Mistake(
            "its epsilon is a logarithm to base 2. The natural logarithm is meant: e^epsilon is the ratio.",
            lambda p, q: _promise(p, q, ratio=math.log2),
        ),
        Mistake(
            "its epsilon is a logarithm to base 10. The natural logarithm is meant: e^epsilon is the ratio.",
            lambda p, q: _promise(p, q, ratio=math.log10),
        ),
        Mistake(
            "it passes over outcomes that only one world has. Such an outcome gives the world away: there is no epsilon.",
            lambda p, q: _promise(p, q, skip=True),
        ),
        Mistake(
            "it gives e^epsilon / (1 + e^epsilon) for the best guess. That is a bound for all mechanisms; this one's best"
            " guess names the likelier world, outcome by outcome.",
            _of_bound,
        ),
        Mistake(
            "its first number is the distance of the two worlds, half the sum of |p - q|. The best guess is right in half"
            " of the cases and half of that distance more.",
            lambda p, q: _promise(p, q, right=lambda p, q: sum(abs(a - b) for a, b in zip(p, q)) / 2),
        ),
        Mistake(
            "it forgets that each world comes up in half of the tosses: the sum of the larger chances must be halved.",
            lambda p, q: _promise(p, q, right=lambda p, q: 2 * _right(p, q)),
        ),
        Mistake(
            "it guesses by one outcome only, the one that tells most. The best guess uses every outcome.",
            lambda p, q: _promise(p, q, right=lambda p, q: 0.5 + max(abs(a - b) for a, b in zip(p, q)) / 2),
        ),
    ),
    corners=(
        Corner("when an outcome cannot come up in either world", lambda p, q: any(a == b == 0 for a, b in zip(p, q))),
        Corner("when only one world has an outcome", lambda p, q: _epsilon(p, q) is None),
        Corner("when both worlds are the same", lambda p, q: p == q),
    ),
    forbidden=(best_attack,),
)


EXERCISES = (NOISE_SCALE, PROMISE, ANSWERED, UNMASK)
