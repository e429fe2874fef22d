"""Coalitions as numbers: bit i of S says whether member i is in it, so that 2^n coalitions are the places of an array."""

from collections import Counter

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import numbers, sequence
from tefoundations.words import faulty, listed, shown

MOST_MEMBERS = 20  # 2^20 coalitions are a million numbers


def sums(parts):
    """What each coalition has together.

    Parameters
    ----------
    parts : (..., n) float array
        What each member has.

    Returns
    -------
    (..., 2^n) float array

    Examples
    --------
    >>> sums(np.array([1.0, 10.0, 100.0]))
    array([  0.,   1.,  10.,  11., 100., 101., 110., 111.])
    """
    n = parts.shape[-1]
    found = np.zeros((*parts.shape[:-1], 2**n))
    for i in range(n):
        np.add(found[..., : 2**i], parts[..., i, None], out=found[..., 2**i : 2 ** (i + 1)])
    return found


def rows(coalitions, count):
    """Which members each coalition has.

    Parameters
    ----------
    coalitions : (k,) int array
    count : int
        Members of the game.

    Returns
    -------
    (k, count) bool array

    Examples
    --------
    >>> rows([5], 3)
    array([[ True, False,  True]])
    """
    return (np.asarray(coalitions)[:, None] >> np.arange(count)) & 1 == 1


def names_of(coalition, members):
    """The names of a coalition's members, in the order of the game."""
    return tuple(name for i, name in enumerate(members) if coalition >> i & 1)


def together(names):
    """Names as a list in a sentence.

    >>> together(["P"]), together(["P", "A", "B"]), together([])
    ('P', 'P, A and B', 'nobody')
    """
    names = list(names)
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0] if names else "nobody"


def read_members(members, count=None):
    """Names of members as a tuple of texts, each once; None: "member 0", "member 1" and so on."""
    if members is None:
        return tuple(f"member {i}" for i in range(count or 0))
    read = tuple(members) if isinstance(members, str) else sequence(members, "members", of="names")
    for name in read:
        if not isinstance(name, str):
            raise InvalidInput(f"members must be names, not {type(name).__name__}")
    name, often = max(Counter(read).items(), key=lambda each: each[1], default=("", 0))
    if often > 1:
        raise InvalidInput(f"members: {name!r} stands there twice")
    if count is not None and len(read) != count:
        raise InvalidInput(f"members must be {count} names, not {len(read)}: {listed(read)}")
    return read


def by_member(values, name, members, *, least=None):
    """An array of one number a member; a series of pandas is read by the names in its index.

    An index that only counts from 0 is no index, unless members bear numbers as names.

    >>> by_member([1, -1], "shares", ("P", "A"), least=0)
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: A: shares -1.0 must not be negative
    """
    if hasattr(values, "reindex") and not hasattr(values, "columns"):
        labels = [str(label) for label in values.index]
        counts = labels == list(map(str, range(len(labels))))
        if not counts or set(labels) & set(members):
            values = values.iloc[places(labels, name, members)]

    def at(message, row, value):
        return InvalidInput(f"{members[row] if row < len(members) else row}: {name} {faulty(value, message)}")

    return numbers(values, name, least=least, count=len(members), place="member", at=at)


def places(labels, name, members):
    """Where each member stands among the labels of a table; each must stand there once, and nobody else."""
    missing = [member for member in members if member not in labels]
    more = [label for label in labels if label not in members or labels.count(label) > 1]
    if missing or more:
        said = f"has no {missing[0]!r}" if missing else f"has {more[0]!r}, who is no member, or stands there twice"
        raise InvalidInput(f"{name}: its index {said}; members are {listed(members)}")
    return [labels.index(member) for member in members]


def few(members):
    """The members, refused if there are more of them than a table of coalitions can have."""
    if not 2 <= len(members) <= MOST_MEMBERS:
        said = "; `shapley_sampled` takes more" if len(members) > MOST_MEMBERS else ""
        raise InvalidInput(f"members: a game has 2 to {MOST_MEMBERS} members, not {len(members)}{said}")
    return members


def number_of(coalition, members):
    """The number of a coalition from the names of its members."""
    names = sequence(tuple(coalition) if isinstance(coalition, str) else coalition, "coalition", of="names")
    found = 0
    for name in names:
        if not isinstance(name, str) or name not in members:
            raise InvalidInput(f"coalition: {shown(name)} is no member; members are {listed(members)}")
        if found >> members.index(name) & 1:
            raise InvalidInput(f"coalition: {name!r} stands there twice")
        found |= 1 << members.index(name)
    return found
