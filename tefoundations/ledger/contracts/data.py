"""Data: what a contract may compute with, keep and hand on, and how much of it there is.

Data are whole numbers below 2^256, ASCII text, True, False, None, and tuples of these, at most 8 levels deep. Lists and
dicts are for working: they hold data and neither lists nor dicts, so nothing can hold itself. A word is a number, a truth
value, None, a tuple, or 64 signs of text; no value has more than 10,000, and a transaction makes no more than a million.
What must look at a whole list, dict or tuple costs 3 gas for each 16 words of it that are begun, and 3 for every 16 full
words of a text; a hidden loop costs 3 a turn, as one that is written.
"""

from tefoundations.errors import Reverted
from tefoundations.ledger.contracts.gas import ARITHMETIC

LARGEST_NUMBER = 1 << 256
MOST_WORDS = 10_000
SIGNS, PORTION = 64, 16  # signs of text in a word; words for one charge
DEEPEST = 8
NUMBERS, SEQUENCES, PLAIN = (int, bool), (list, tuple, str), (int, str, bool, type(None))


class ContractDict:
    """A contract's dict, whose places nobody can foresee.

    Where a whole number, or a tuple of them, lies in a dict of Python's can be computed beforehand, so somebody can choose
    ten thousand keys that all fall on one place: each look-up then goes through all of them. The places of text are drawn
    anew by every process, so each key is held under a text that stands for it.
    """

    __slots__ = ("_rows",)

    def __init__(self):
        self._rows = {}

    def __len__(self):
        return len(self._rows)

    def __iter__(self):
        return (key for key, _ in self._rows.values())

    def __contains__(self, key):
        return _place(key) in self._rows

    def __eq__(self, other):
        return type(other) is ContractDict and self._rows == other._rows

    __hash__ = None  # type: ignore[assignment]  # as a dict has none

    def __getitem__(self, key):
        return self._rows[_place(key)][1]

    def __setitem__(self, key, value):
        place = _place(key)
        self._rows[place] = (self._rows[place][0] if place in self._rows else key, value)

    def get(self, key, default):
        return self._rows.get(_place(key), (key, default))[1]

    def items(self):
        return list(self._rows.values())


def _place(key):
    """A text for a key, or bytes, which are no text; equal keys have equal ones."""
    return key if type(key) is str else repr(_leveled(key)).encode()


def _leveled(key):
    """A key in which True is 1, as it is in Python's dicts."""
    return tuple(map(_leveled, key)) if type(key) is tuple else int(key) if type(key) is bool else key


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
    elif depth == 0 and kind is ContractDict:
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
        if type(value) not in PLAIN:
            call._use(ARITHMETIC * -(-words_of(value) // PORTION))
        elif type(value) is str and len(value) > SIGNS:
            call._use(ARITHMETIC * (words_of(value) // PORTION))


def made(call, value):
    """A value that an operation made, paid for by its size: 3 gas for each word of text, and for 16 words of all else."""
    size = len(value)
    words = size // SIGNS if type(value) is str else size
    if words > MOST_WORDS:
        raise Reverted(f"data of more than {MOST_WORDS} words")
    call._make(1 + words)
    call._use(ARITHMETIC * (words if type(value) is str else words // PORTION))
    return value


def hidden_turns(call, values):
    """Pay for a hidden loop over values before it runs."""
    if type(values) not in (*SEQUENCES, ContractDict):
        raise TypeError(f"{type(values).__name__} is no list")
    if len(values) > MOST_WORDS:
        raise Reverted(f"more than {MOST_WORDS} values")
    call._use(ARITHMETIC * len(values))
    return values


def held(call, value):
    """The value, once it is known to be data: what may lie in a list, a dict or a tuple."""
    if type(value) not in (*PLAIN, tuple):
        raise TypeError(f"a {type(value).__name__} in a list; make a tuple of it")
    paid(call, value)  # a long text, too: as the key of a dict it is read whole
    return value


def frozen(call, value):
    """Data that leave a contract for another: lists become tuples, so that nothing is shared that can change."""
    value = tuple(value) if type(value) is list else value
    if type(value) is ContractDict:
        raise TypeError("a dict stays in the contract that made it")
    paid(call, value)
    words_of(value)
    return value
