"""Data: what a contract may compute with, keep and hand on, and how much of it there is.

Data are whole numbers below 2^256, ASCII text, True, False, None, and tuples of these, at most 8 levels deep. Lists and
dicts are for working: they hold data and neither lists nor dicts, so nothing can hold itself. A word is a number, a truth
value, None, a tuple, or 64 signs of text; no value has more than 10,000. What must look at a whole value costs 3 gas for
every 16 words of it; a hidden loop costs 3 a turn, as one that is written.
"""

from tefoundations.errors import Reverted
from tefoundations.ledger.contracts.gas import ARITHMETIC

LARGEST_NUMBER = 1 << 256
MOST_WORDS = 10_000
SIGNS, PORTION = 64, 16  # signs of text in a word; words for one charge
DEEPEST = 8
NUMBERS, SEQUENCES, PLAIN = (int, bool), (list, tuple, str), (int, str, bool, type(None))


def words_of(value, depth=0, left=MOST_WORDS):
    """How many words data have; Reverted if they are none, too deep, or too many."""
    kind = type(value)
    if kind is str:
        words = 1 + len(value) // SIGNS
    elif kind in PLAIN:
        words = 1
    elif kind is tuple or (depth == 0 and kind is list):
        words = 1
        if depth == DEEPEST:
            raise Reverted(f"data more than {DEEPEST} levels deep")
        for part in value:
            words += words_of(part, depth + 1, left - words)
            if words > left:
                break
    elif depth == 0 and kind is dict:
        words = 1
        for key, part in value.items():
            words += words_of(key, 1, left - words) + words_of(part, 1, left - words)
            if words > left:
                break
    else:
        raise TypeError(f"a {kind.__name__} here")
    if words > left:
        raise Reverted(f"data of more than {MOST_WORDS} words")
    return words


def paid(call, *values):
    """Pay for looking at whole values."""
    for value in values:
        if type(value) not in PLAIN or type(value) is str and len(value) > SIGNS:
            call._use(ARITHMETIC * (words_of(value) // PORTION))


def hidden_turns(call, values):
    """Pay for a hidden loop over values before it runs."""
    if type(values) not in (*SEQUENCES, dict):
        raise TypeError(f"{type(values).__name__} is no list")
    if len(values) > MOST_WORDS:
        raise Reverted(f"more than {MOST_WORDS} values")
    call._use(ARITHMETIC * len(values))
    return values


def held(call, value):
    """The value, once it is known to be data: what may lie in a list, a dict or a tuple."""
    if type(value) not in PLAIN:
        if type(value) is not tuple:
            raise TypeError(f"a {type(value).__name__} in a list; make a tuple of it")
        paid(call, value)
    return value


def frozen(call, value):
    """Data that leave a contract for another: lists become tuples, so that nothing is shared that can change."""
    value = tuple(value) if type(value) is list else value
    if type(value) is dict:
        raise TypeError("a dict stays in the contract that made it")
    paid(call, value)
    words_of(value)
    return value
