"""The state of a ledger: entries that can be rolled back, and one hash for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Integral
from typing import Any

from tefoundations.errors import InvalidInput
from tefoundations.inputs import instance
from tefoundations.ledger.primitives.bytes import _ENCODE as encode
from tefoundations.ledger.primitives.bytes import LARGEST, canonical_bytes
from tefoundations.ledger.primitives.merkle import MerkleTree, verify_inclusion

DEEPEST = 8  # levels of tuples in a value


class State:
    """Entries by name, with a way back: a checkpoint, and a rollback to it.

    The way back is a journal of what each write replaced, so that a checkpoint costs nothing and a rollback as much as was
    written. Values are whole numbers, text, truth values, and tuples of these; they cannot be changed in place.

    Parameters
    ----------
    entries : dict or None
        Entries to start with, copied.

    Raises
    ------
    InvalidInput
        If the entries are no dict, a name is not text, or a value of another kind.

    Examples
    --------
    >>> state = State({"balance/anna": 10})
    >>> before = state.checkpoint()
    >>> state.set("balance/anna", 3)
    >>> state.set("balance/ben", 7)
    >>> state.rollback(before)
    >>> state.get("balance/anna"), state.get("balance/ben", 0)
    (10, 0)
    """

    __slots__ = ("_entries", "_journal", "_leaves")

    def __init__(self, entries: Mapping[str, object] | None = None):
        self._entries, self._journal, self._leaves = {}, [], {}
        given = {} if entries is None else instance(entries, Mapping, "entries", advice="name -> value")
        for name, value in given.items():
            self.set(name, value)
        self._journal.clear()

    def __len__(self):
        return len(self._entries)

    def get(self, name: str, default: object = None) -> Any:
        """The value of an entry.

        Parameters
        ----------
        name : str
            Which.
        default : object
            What to return where there is none.

        Raises
        ------
        InvalidInput
            If the name is not text.
        """
        if type(name) is not str:
            raise InvalidInput(f"an entry's name must be ASCII text, not {name!r:.60}")
        return self._entries.get(name, default)

    def set(self, name: str, value: object) -> None:
        """Write an entry; None takes it away.

        Parameters
        ----------
        name : str
            Which.
        value : int, str, bool, tuple or None
            What; whole numbers up to 2^53 - 1.

        Raises
        ------
        InvalidInput
            If the name is not text, or the value of another kind, too large or too deep.
        """
        if type(name) is not str or not name.isascii():
            raise InvalidInput(f"an entry's name must be ASCII text, not {name!r:.60}")
        if type(value) is not int or not -LARGEST <= value <= LARGEST:
            check_value(name, value)
        self._journal.append((name, self._entries.get(name)))
        self._write(name, value)

    def _write(self, name, value):
        self._leaves.pop(name, None)
        if value is None:
            self._entries.pop(name, None)
        else:
            self._entries[name] = value

    def checkpoint(self) -> int:
        """A mark to which `rollback` can return.

        Returns
        -------
        int
            Length of the journal.
        """
        return len(self._journal)

    def rollback(self, mark: int) -> None:
        """Undo every write since a checkpoint.

        Parameters
        ----------
        mark : int
            What `checkpoint` gave.

        Raises
        ------
        InvalidInput
            If it is none, or lies before the last rollback.
        """
        if type(mark) is not int or not 0 <= mark <= len(self._journal):
            raise InvalidInput(f"no checkpoint {mark!r:.60} in a journal of {len(self._journal)} writes")
        while len(self._journal) > mark:
            self._write(*self._journal.pop())

    def copy(self) -> State:
        """A state of its own with the same entries and an empty journal."""
        new = State()
        new._entries, new._leaves = self._entries.copy(), self._leaves.copy()
        return new

    def to_dict(self) -> dict[str, object]:
        """All entries by name, sorted; a copy."""
        return {name: self._entries[name] for name in sorted(self._entries)}

    @property
    def root(self) -> bytes:
        """The hash of all entries, 32 bytes: that of a Merkle tree over them, sorted by name."""
        return self._tree().root

    def prove(self, name: str) -> EntryProof:
        """A proof that an entry belongs to the state with this root.

        Parameters
        ----------
        name : str
            Which entry.

        Returns
        -------
        EntryProof

        Raises
        ------
        InvalidInput
            If there is no such entry. (That a name is missing cannot be shown by one path of this tree.)
        """
        if type(name) is not str or name not in self._entries:
            raise InvalidInput(f"no entry {name!r:.60}")
        index = sorted(self._entries).index(name)
        return EntryProof(name, self._entries[name], index, len(self), self._tree().inclusion_proof(index))

    def _tree(self):
        names, leaves = sorted(self._entries), self._leaves
        for name in names:
            if name not in leaves:  # written since the last tree
                leaves[name] = encode((name, self._entries[name])).encode()  # checked when written
        return MerkleTree([leaves[name] for name in names])

    def __repr__(self):
        return f"State({len(self)} entries, root {self.root.hex()[:16]}...)"


@dataclass(frozen=True)
class EntryProof:
    """That one entry stands in a state, for somebody who knows only the state's root and size.

    Parameters
    ----------
    name : str
        The entry.
    value : object
        Its value.
    index, size : int
        Its place among the sorted entries, and their number.
    path : tuple of bytes
        The hashes up to the root, 32 bytes each.

    Examples
    --------
    >>> state = State({"balance/anna": 3, "balance/ben": 7})
    >>> proof = state.prove("balance/ben")
    >>> proof.holds(state.root, 2), proof.holds(State({"balance/ben": 8}).root, 1)
    (True, False)
    """

    name: str
    value: object
    index: int
    size: int
    path: tuple

    def holds(self, root: bytes, size: int) -> bool:
        """Tell whether the entry stands in the state of a given root and size, as a block's header names them.

        Parameters
        ----------
        root : bytes
            32 bytes.
        size : int
            Number of entries.

        Returns
        -------
        bool
            False for anything that is no proof; never an error.
        """
        try:
            leaf = canonical_bytes((self.name, self.value))
        except InvalidInput:
            return False
        if not isinstance(size, Integral) or size != self.size:
            return False
        return verify_inclusion(leaf, self.index, self.size, self.path, root)


def check_value(name, value, depth=0):
    """Refuse what a state cannot keep."""
    kind = type(value)
    if kind is int:
        if not -LARGEST <= value <= LARGEST:
            raise InvalidInput(f"{name:.60}: whole number beyond 2^53 - 1")
    elif kind is str:
        if not value.isascii():
            raise InvalidInput(f"{name:.60}: text must be ASCII")
    elif kind is tuple:
        if depth == DEEPEST:
            raise InvalidInput(f"{name:.60}: more than {DEEPEST} levels deep")
        for part in value:
            if type(part) is not str or not part.isascii():
                check_value(name, part, depth + 1)
    elif kind is not bool and value is not None:
        raise InvalidInput(
            f"{name:.60}: a {kind.__name__} cannot be kept; whole numbers, text, truth values and tuples only"
        )
