"""The quiz on markets: answers as values or functions, hints for what is no typical mistake, data of its own."""

import subprocess
import sys

import pytest

from tefoundations.data import community, harbour
from tefoundations.errors import InvalidInput
from tefoundations.market import OrderBook, continuous, mcafee, two_settlement, uniform_price, vcg
from tests.exercises.quizzes import answers_as_value_and_function, helps_without_telling, quiz

QUIZ = quiz("markets_quiz")


def test_there_are_ten_questions():
    assert len(QUIZ) == 10 and all(exercise.parameters == () for exercise in QUIZ.values())


@pytest.mark.parametrize("name", QUIZ)
def test_a_value_is_as_good_as_a_function(name):
    answers_as_value_and_function(name)


WRONG = {
    "price": ((30, "at 30 ct/kWh buyers want 26 kWh, and sellers offer 35"), (26.5, "k = 0.5 names the midpoint")),
    "one_more": (((1, 2), "Put an ask of 1 kWh at 0 ct"), (5, "two numbers are asked for")),
    "waiting": (([1, 4, 7, 5, 4, 0], "2 are possible without taking any"), ([9, 4, 7, 5, 4, 0], "position 0")),
    "ferry": (((True, 7), "find the lowest price that suits"), ((1, 10), "True or False")),
    "reduction": (((3, 23, 19), "Sort the bids"), ((4, 23), "three numbers")),
    "honesty": (((1, 2, 3), "the budget of a clearing"), ("none", "three numbers")),
    "payment": ((300, "Clear the pier without both orders"), ([265], "a single number")),
    "arrival": (((4, 60, 20), "Let the boats come one by one"), ((5, 64), "three numbers")),
    "yesterday": ((200, "It is paid for all that it sold yesterday"), ("much", "a single number")),
    "sentence": (("e", "one letter"), ("A", "VCG knows no k")),
}


@pytest.mark.parametrize(("topic", "answer", "words"), [(t, a, w) for t, pairs in WRONG.items() for a, w in pairs])
def test_hints_help_and_do_not_tell_the_answer(topic, answer, words):
    helps_without_telling(f"markets_quiz/{topic}", answer, words)


def test_the_harbour_is_fit_for_the_questions():
    pier, berths = (OrderBook.from_frame(harbour(table)) for table in ("pier", "berths"))
    low, high = uniform_price(pier).price_interval
    assert (low, high) == (26, 28) and vcg(pier).budget < 0 < uniform_price(pier).quantity
    assert mcafee(berths).quantity == uniform_price(berths).quantity - 1 and mcafee(berths).budget > 0 > vcg(berths).budget
    with pytest.raises(InvalidInput, match="is not one of pier, berths"):
        harbour("lighthouse")


def test_the_new_chapters_answers_by_the_package():
    book = OrderBook.from_frame(harbour("berths"))
    now = continuous(book, order=[*range(7, 12), *range(7)])
    kwh, paid, lost = QUIZ["markets_quiz/arrival"].reference()
    assert (
        (kwh, paid, lost) == (now.quantity, now.bid_payment.sum(), uniform_price(book).welfare - now.welfare) == (5, 64, 22)
    )
    pier_price = uniform_price(OrderBook.from_frame(harbour("pier"))).price
    assert QUIZ["markets_quiz/yesterday"].reference() == two_settlement(24, 8, pier_price, 5).income


def test_nobody_of_the_community_is_in_the_quiz():
    books = (set(harbour("pier")["agent"]) | set(harbour("berths")["agent"])) & set(community().agents)
    assert not books


def test_the_data_are_what_their_script_makes(root, tmp_path):
    folder = root / "data/harbour"
    code = (
        f"import sys; sys.path[:0] = [{str(folder)!r}]; import build; from pathlib import Path\n"
        f"build.HERE = Path({str(tmp_path)!r}); build.build()"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    made = {file.name: file.read_bytes() for file in tmp_path.glob("*.csv")}
    assert made == {file.name: file.read_bytes() for file in folder.glob("*.csv")} and len(made) == 4
