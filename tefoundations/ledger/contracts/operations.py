"""What a contract's operations do: on whole numbers, text and what is made of them, within bounds, and paid for first.

Python's own operations would do as well, were it not for three things: a `+` on two lists, or a `max` over a million
numbers, is one operation that works for a long time; a number, or a list in a list, can grow beyond all bounds; and the text
of an object that is no data tells where it lies in memory. So each operation in a contract's source is replaced by one from
here when the contract is deployed (`tefoundations.ledger.contracts.metered_source`).

What data are, and what it costs to look at them, is said in `tefoundations.ledger.contracts.data`.
"""

from tefoundations.errors import Reverted
from tefoundations.ledger.contracts.data import (
    LARGEST_NUMBER,
    MOST_WORDS,
    NUMBERS,
    PLAIN,
    PORTION,
    SEQUENCES,
    SIGNS,
    ContractDict,
    held,
    hidden_turns,
    made,
    paid,
    words_of,
)
from tefoundations.ledger.contracts.gas import ARITHMETIC


def _number(value):
    if not -LARGEST_NUMBER < value < LARGEST_NUMBER:
        raise Reverted("a number beyond 2^256")
    return value


def _numbers(*values):
    if any(type(value) not in NUMBERS for value in values):
        raise TypeError("whole numbers only")


def add(call, a, b):
    if type(a) in NUMBERS and type(b) in NUMBERS:
        return _number(a + b)
    if type(a) is not type(b) or type(a) not in SEQUENCES:
        raise TypeError("+ is for two numbers, two texts or two lists")
    return _joined(call, a, b)


def add_to(call, a, b):
    """``a += b``: a list is made longer where it stands, as Python does."""
    if type(a) is not list:
        return add(call, a, b)
    for value in list(hidden_turns(call, b)):
        append(call, a, value)
    return a


def _joined(call, a, b):
    size = len(a) + len(b)
    if size > MOST_WORDS * (SIGNS if type(a) is str else 1):
        raise Reverted(f"data of more than {MOST_WORDS} words")
    both = made(call, a + b)
    words_of(both)
    return both


def subtract(call, a, b):
    _numbers(a, b)
    return _number(a - b)


def multiply(call, a, b):
    _numbers(a, b)
    return _number(a * b)


def floor_divide(call, a, b):
    _numbers(a, b)
    return a // b


def remainder(call, a, b):
    _numbers(a, b)
    return a % b


def negative(call, a):
    _numbers(a)
    return -a


def equal(call, a, b):
    paid(call, a, b)
    return a == b


def unequal(call, a, b):
    return not equal(call, a, b)


def _comparable(call, a, b):
    if not (type(a) in NUMBERS and type(b) in NUMBERS):
        if type(a) is not str or type(b) is not str:
            raise TypeError("< compares two numbers or two texts")
        paid(call, a, b)


def less(call, a, b):
    _comparable(call, a, b)
    return a < b


def less_or_equal(call, a, b):
    _comparable(call, a, b)
    return a <= b


def greater(call, a, b):
    return less(call, b, a)


def greater_or_equal(call, a, b):
    return less_or_equal(call, b, a)


def within(call, value, box):
    if type(box) is ContractDict:
        held(call, value)
    else:
        if type(box) not in SEQUENCES:
            raise TypeError("in looks into text, lists, tuples and dicts")
        paid(call, value, box)
        if type(box) is str and type(value) is str:  # a search looks at each place of the box for the value
            call._use(ARITHMETIC * (len(value) * len(box) // (PORTION * SIGNS)))
    return value in box


def not_within(call, value, box):
    return not within(call, value, box)


def text(call, *parts):
    """An f-string: whole numbers and text, without widths."""
    if any(type(part) not in (int, str) for part in parts):
        raise TypeError("an f-string holds whole numbers and text")
    parts = list(map(str, parts))
    if sum(map(len, parts)) > MOST_WORDS * SIGNS:
        raise Reverted(f"data of more than {MOST_WORDS} words")
    return made(call, "".join(parts))


def make_list(call, *values):
    return made(call, [held(call, value) for value in values])


def make_tuple(call, *values):
    whole = tuple([held(call, value) for value in values])
    words_of(whole)
    return made(call, whole)


def make_dict(call, *values):
    return _table(call, zip(values[::2], values[1::2]))


def _table(call, pairs):
    table = ContractDict()
    for key, value in pairs:
        put(call, value, table, key)
    return table


def item(call, box, key):
    if type(box) is ContractDict:
        held(call, key)
    elif type(box) not in SEQUENCES or type(key) not in NUMBERS:
        raise TypeError("a place in a list is a whole number")
    return box[key]


def part(call, box, start, stop, step):
    if type(box) not in SEQUENCES or any(type(end) not in (int, type(None)) for end in (start, stop, step)):
        raise TypeError("a slice is of text, a list or a tuple, and its ends are whole numbers")
    call._use(ARITHMETIC * (len(box) // (PORTION * SIGNS if type(box) is str else PORTION)))
    return made(call, box[start:stop:step])


def put(call, value, box, key):
    if type(box) is list:
        _numbers(key)
    elif type(box) is not ContractDict:
        raise TypeError("only lists and dicts can be written into")
    elif len(box) >= MOST_WORDS:
        raise Reverted(f"more than {MOST_WORDS} values")
    call._make(1)
    box[held(call, key)] = held(call, value)


def append(call, box, value):
    if type(box) is not list:
        raise TypeError("append is for lists")
    if len(box) >= MOST_WORDS:
        raise Reverted(f"more than {MOST_WORDS} values")
    call._make(1)
    box.append(held(call, value))


def get(call, box, key, default=None):
    if type(box) is not ContractDict:
        raise TypeError("get is for dicts")
    return box.get(held(call, key), default)


def items(call, box):
    if type(box) is not ContractDict:
        raise TypeError("items is for dicts")
    return made(call, hidden_turns(call, box).items())


def absolute(call, value):
    _numbers(value)
    return abs(value)


def truth(call, value=False):
    if type(value) not in (*PLAIN, list, tuple, ContractDict):
        raise TypeError(f"a {type(value).__name__} is neither true nor false here")
    return bool(value)


def length(call, box):
    if type(box) not in (*SEQUENCES, ContractDict):
        raise TypeError("len is for text, lists, tuples and dicts")
    return len(box)


def to_list(call, values=()):
    return make_list(call, *hidden_turns(call, values))


def to_tuple(call, values=()):
    return make_tuple(call, *hidden_turns(call, values))


def to_dict(call, values=()):
    pairs = hidden_turns(call, values).items() if type(values) is ContractDict else hidden_turns(call, values)
    return _table(call, _pair_by_pair(pairs))


def _pair_by_pair(pairs):
    for pair in pairs:
        if type(pair) not in (list, tuple) or len(pair) != 2:
            raise ValueError("a dict is made of pairs")
        yield pair


def largest(call, *values):
    return _extreme(call, values, greater)


def smallest(call, *values):
    return _extreme(call, values, less)


def _extreme(call, values, better):
    values = hidden_turns(call, values[0]) if len(values) == 1 else values
    best = None
    for place, value in enumerate(values):
        if place == 0 or better(call, value, best):
            best = value
    if not values:
        raise ValueError("of nothing")
    return best


def span(call, *ends):
    """`range`, as one of a loop that is written: its turns pay for themselves."""
    _numbers(*ends)
    return range(*ends)


def whole_span(call, *ends):
    """`range` as a list: paid for at once."""
    found = span(call, *ends)
    turns = max(0, -((found.start - found.stop) // found.step))  # len() of a long range depends on the machine
    if turns > MOST_WORDS:
        raise Reverted(f"more than {MOST_WORDS} values")
    call._use(ARITHMETIC * turns)
    return made(call, list(found))


def numbered(call, values, start=0):
    """`enumerate`, as a list of pairs."""
    _numbers(start)
    rows = enumerate(hidden_turns(call, values))
    return made(call, [made(call, (_number(start + place), held(call, value))) for place, value in rows])


def side_by_side(call, *rows):
    """`zip`, as a list of tuples."""
    return made(call, [make_tuple(call, *values) for values in zip(*[hidden_turns(call, row) for row in rows])])


def turns(call, values):
    """What a written loop goes through: its turns pay for themselves."""
    if type(values) is not range and type(values) not in (*SEQUENCES, ContractDict):
        raise TypeError(f"a loop does not go through a {type(values).__name__}")
    return values
