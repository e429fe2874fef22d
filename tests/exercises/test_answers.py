"""Each check: the solution passes, the stub is missing, and every typical mistake gets words of its own."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from tefoundations.exercises import check
from tefoundations.exercises.kit.records import Mistake
from tefoundations.exercises.kit.values import are_numbers, close, is_number
from tefoundations.exercises.registry import EXERCISES

NAMES = list(EXERCISES)
SEEDS = ["public", 0, 1, "secret", 20240619]
DRAWN = [name for name in NAMES if EXERCISES[name].parameters]  # the others ask for a single answer, see the quiz
CORNERS = [(name, number) for name in NAMES for number in range(len(EXERCISES[name].corners))]
MISTAKES = [(name, number) for name in NAMES for number in range(len(EXERCISES[name].mistakes))]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", NAMES)
def test_solution_is_correct(name, seed, solutions):
    told = check(name, solutions[name], seed=seed)
    assert told and told.state == "correct", told


@pytest.mark.parametrize("name", NAMES)
def test_reference_is_correct_and_agrees_with_the_example(name, unguarded):
    exercise = EXERCISES[name]
    case, answer = exercise.example
    assert not exercise.parameters or close(exercise.reference(*case), answer)
    unguarded(exercise)
    assert check(name, exercise.reference)


@pytest.mark.parametrize("name", NAMES)
def test_stub_is_still_missing(name):
    source = "def stub({}):\n    'What it does.'\n    {}".format(", ".join(EXERCISES[name].parameters), "{}")
    for body in ("...", "pass", "return", "return ...", "raise NotImplementedError()", "raise NotImplementedError"):
        space = {}
        exec(source.format(body), space)
        told = check(name, space["stub"])
        assert told.state == "still missing" and EXERCISES[name].function in told.reason and not told


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("name", "number"), MISTAKES)
def test_each_mistake_gets_its_own_words(name, number, seed, unguarded):
    exercise = EXERCISES[name]
    mistake = exercise.mistakes[number]
    unguarded(exercise)
    told = check(name, mistake.function, seed=seed)
    assert told.state == ("almost" if mistake.almost else "wrong") and told.reason == mistake.words, told


@pytest.mark.parametrize("name", NAMES)
def test_no_seed_lets_a_mistake_pass(name):
    exercise = EXERCISES[name]
    for seed in range(40):
        cases = exercise.cases(seed)
        for mistake in exercise.mistakes:
            assert not all(close(mistake.function(*case), exercise.reference(*case)) for case in cases)


def test_more_cases_are_drawn_where_a_mistake_would_pass():
    exercise = EXERCISES["double_auction/curves"]
    shown = {"times": 0}

    def seldom(rng):
        shown["times"] += 1
        yield ([(9, 2)], [], 8) if shown["times"] > 4 else ([(9, 1)], [], 10)

    counting = Mistake("it counts orders.", lambda bids, asks, price: [float(any(b >= price for b, _ in bids)), 0.0])
    drawn = replace(exercise, instances=seldom, mistakes=(counting,)).cases(0)
    assert shown["times"] == 5 and ([(9, 2)], [], 8) in drawn


@pytest.mark.parametrize("name", NAMES)
def test_at_least_three_mistakes_with_different_words(name):
    words = [mistake.words for mistake in EXERCISES[name].mistakes]
    assert len(words) >= 3 and all(a != b for a, b in combinations(words, 2))


@pytest.mark.parametrize("name", DRAWN)
def test_cases_are_sorted_and_meet_every_corner(name):
    exercise = EXERCISES[name]
    for seed in SEEDS:
        cases = exercise.cases(seed)
        assert cases == exercise.cases(seed) and len(cases) >= 30
        for corner in exercise.corners:
            inside = sum(corner.holds(*case) for case in cases)
            assert 2 <= inside <= len(cases) - 5, (corner.words, inside)
    assert exercise.cases(1) != exercise.cases(2)


@pytest.mark.parametrize(("name", "number"), CORNERS)
def test_each_corner_is_named(name, number, solutions):
    """Right but in one kind of case: almost, and the first corner that holds wherever it is wrong is named."""
    corner, cases = EXERCISES[name].corners[number], EXERCISES[name].cases("public")
    failing = [case for case in cases if corner.holds(*case)]
    words = next(each.words for each in EXERCISES[name].corners if all(each.holds(*case) for case in failing))

    def learner(*case):
        return {}[0] if case in failing else solutions[name](*case)

    told = check(name, learner)
    assert told.state == "almost" and told.reason.startswith(f"right, except {words}: it raises KeyError: 0")


@pytest.mark.parametrize("name", NAMES)
def test_each_forbidden_function_refuses(name, solutions):
    for function in EXERCISES[name].refuses:
        told = check(name, lambda *case, call=function: (call(), solutions[name](*case))[1])
        assert told.reason == f"it calls {function.__name__}, which is what you are asked to write."


@pytest.mark.parametrize("name", NAMES)
def test_rounded_answers_and_arrays(name, solutions):
    """Where an answer is of numbers: a hundredth of a hundredth off is almost right, and an array is as good as a list."""
    answers = [EXERCISES[name].reference(*case) for case in EXERCISES[name].cases("public")]
    if all(map(is_number, answers)):
        told = check(name, lambda *case: solutions[name](*case) + 1e-4)
        whole = "one whole number is asked for" in told.reason
        assert whole or (told.state == "almost" and "near, but not" in told.reason)
        rounded = check(name, lambda *case: float(round(solutions[name](*case), 2)))
        assert whole or rounded or (rounded.state == "almost" and "right but for rounding" in rounded.reason)
    elif all(isinstance(answer, list) and are_numbers(answer, len(answer)) for answer in answers):
        assert check(name, lambda *case: np.array(solutions[name](*case)))


@pytest.mark.parametrize("name", DRAWN)
def test_arguments_are_left_as_they_were(name, solutions):
    exercise = EXERCISES[name]
    lists = [i for i, value in enumerate(exercise.example[0]) if isinstance(value, list)]
    for place in lists:
        told = check(name, lambda *case, place=place: (solutions[name](*case), case[place].append(1))[0])
        assert told.state == "almost" and f"it changes {exercise.parameters[place]}" in told.reason
