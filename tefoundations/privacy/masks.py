"""A sum nobody can look into: each message is blinded by masks that cancel in the total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import generator, integers, whole
from tefoundations.words import Explained, shown

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike


@dataclass(frozen=True, eq=False, repr=False)
class SecureSum(Explained):
    """What became of a round of `secure_sum`. Numbers are whole, modulo 2^bits; a caller gets it and never makes it.

    Parameters
    ----------
    bits : int
        Size of a message.
    messages : (n, ...) uint64 array
        What each meter sends, or would have sent: alone, each is a uniform random number.
    dropped : tuple of int
        Meters whose message did not arrive in time.
    raw : (...) int array
        The sum of the messages that arrived, before the repair: nonsense while masks are left in it.
    repair : (...) uint64 array
        What the meters that arrived reveal together, to be taken off `raw`.
    total : (...) int array
        The sum of the readings that arrived.
    late : (len(dropped), ...) int array
        The most anybody with all messages and all that was revealed can make of the messages that came late: random with
        own masks, the readings themselves without.
    """

    bits: int
    messages: np.ndarray
    dropped: tuple
    raw: np.ndarray
    repair: np.ndarray
    total: np.ndarray
    late: np.ndarray

    def explain(self) -> str:
        """What happened, in words.

        Returns
        -------
        str

        Examples
        --------
        >>> print(secure_sum([300, 120, 5500, 80], rng=1).explain())
        4 messages arrived, and the masks of pairs cancel: total 6000
        """
        there = len(self.messages) - len(self.dropped)
        if not self.dropped:
            return f"{there} messages arrived, and the masks of pairs cancel: total {self.total}"
        return (
            f"{there} of {len(self.messages)} messages arrived. Masks shared with {len(self.dropped)} that did not are left"
            f" over: the sum would be {self.raw}. The others reveal those masks: total {self.total}"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row a meter and step.

        Returns
        -------
        pandas.DataFrame
            Columns meter, step, message (whole number modulo 2^bits) and arrived.
        """
        import pandas as pd

        sent = self.messages.reshape(len(self.messages), -1)
        meter, step = (place.ravel() for place in np.indices(sent.shape))
        arrived = ~np.isin(meter, self.dropped)
        return pd.DataFrame({"meter": meter, "step": step, "message": sent.ravel(), "arrived": arrived})

    def _at_a_glance(self):
        there = f"{len(self.messages) - len(self.dropped)} of {len(self.messages)}"
        total = shown(self.total.tolist())
        return [("messages that arrived", there), ("bits", self.bits), ("sum before the repair", shown(self.raw.tolist())),
                ("total", total)]  # fmt: skip

    def __repr__(self):
        there = f"{len(self.messages) - len(self.dropped)} of {len(self.messages)} messages"
        return f"SecureSum({there}, total {shown(self.total.tolist())})"


def secure_sum(
    values: ArrayLike,
    *,
    rng: np.random.Generator | int,
    bits: int = 32,
    dropped: Sequence[int] = (),
    own_masks: bool = True,
    at_least: int = 2,
) -> SecureSum:
    """Add up readings, while each meter sends only a number that looks random.

    Each pair of meters shares a random mask. The one adds it, the other takes it off. In the sum of all messages the masks
    cancel. If a meter drops out, its masks are left over, and those that arrived reveal what they shared with it. Then a
    message that was only late could be read. So each meter adds a mask of its own, which is revealed if its message
    arrived: for no meter both are revealed.

    Here masks are drawn from `rng`. In earnest each pair agrees on a key, and the masks are shared in parts, so that nobody
    can ask for both (the source tells how). Whoever runs the sum must follow the protocol, and all meters but two may
    work together: of these two the sum is known, and no more. The total itself is exact, and protects nobody from
    differencing: noise must be in it.

    Parameters
    ----------
    values : (n,) or (n, T) int array
        Readings of n meters, whole (Wh); with T steps, each step is added up on its own.
    rng : numpy.random.Generator or int
        Source of all masks.
    bits : int
        Messages are numbers modulo 2^bits, from 2 to 64 bits.
    dropped : sequence of int
        Positions of meters whose message does not arrive.
    own_masks : bool
        False leaves out each meter's own mask: right, and unsafe once a message comes late.
    at_least : int
        Fewest messages to be added up, 2 or more: a sum of one is a reading.

    Returns
    -------
    SecureSum

    Raises
    ------
    InvalidInput
        Readings that are no whole numbers; a total that may not fit into the bits; a position that is not there; too few
        messages.

    References
    ----------
    Bonawitz, K. et al. (2017), "Practical secure aggregation for privacy-preserving machine learning", CCS.

    Examples
    --------
    >>> round_ = secure_sum([300, 120, 5500, 80], rng=1)
    >>> int(round_.total), int(round_.messages[2]) == 5500
    (6000, False)
    >>> print(secure_sum([300, 120, 5500, 80], rng=1, dropped=[2]).total)
    500
    """
    values, bits = integers(values, "values"), whole(bits, "bits", least=2, most=64)
    dropped, here = _checked(values, bits, dropped, at_least)
    rng, n, shape = generator(rng), len(values), values.shape[1:]
    values = values.reshape(n, -1)
    field = np.uint64(2**bits - 1)  # arithmetic of uint64 is modulo 2^64; the lower bits of it are modulo 2^bits
    pairs = rng.integers(0, field, (n, *values.shape), np.uint64, endpoint=True)
    pairs = np.where(np.triu(np.ones((n, n), bool), 1)[:, :, None], pairs, np.uint64(0))
    pairs = pairs - np.swapaxes(pairs, 0, 1)  # row: the meter that adds it; column: with whom it is shared
    own = rng.integers(0, field, values.shape, np.uint64, endpoint=True) * np.uint64(own_masks)
    messages = (values.astype(np.uint64) + pairs.sum(axis=1, dtype=np.uint64) + own) & field
    with_dropped = pairs[np.ix_(here, dropped)]
    repair = (own[here].sum(axis=0, dtype=np.uint64) + with_dropped.sum(axis=(0, 1), dtype=np.uint64)) & field
    raw = messages[here].sum(axis=0, dtype=np.uint64)
    # The masks a late meter shares with those here are known by now; those it shares with others that are late are not.
    late = messages[dropped] + with_dropped.sum(axis=0, dtype=np.uint64)
    raw, total, late = (_signed(x, bits) for x in (raw, raw - repair, late))
    parts = messages.reshape(n, *shape), tuple(dropped), raw.reshape(shape), repair.reshape(shape), total.reshape(shape)
    return SecureSum(bits, *parts, late.reshape(len(dropped), *shape))


def _checked(values, bits, dropped, at_least):
    n, dropped = len(values) if values.ndim else 0, sorted({int(position) for position in dropped})
    if values.ndim not in (1, 2) or not values.size:
        raise InvalidInput(
            f"values must be readings, one row a meter and perhaps one column a step, not of shape {values.shape}"
        )
    largest = max((abs(int(x)) for x in values.ravel()), default=0)
    if n * largest >= 2 ** (bits - 1):
        raise InvalidInput(f"{n} readings of up to {largest} may add up to more than {bits} bits with sign can hold")
    missing = [position for position in dropped if not 0 <= position < n]
    if missing:
        raise InvalidInput(f"dropped names meter {missing[0]}, and there are 0 to {n - 1}")
    here = [position for position in range(n) if position not in dropped]
    if len(here) < whole(at_least, "at_least", least=2):
        raise InvalidInput(f"{len(here)} messages arrived, and fewer than {at_least} are not added up")
    return dropped, here


def _signed(numbers, bits):
    """Numbers modulo 2^bits as the integers from -2^(bits-1) on."""
    shift = np.uint64(64 - bits)
    return (np.asarray(numbers) << shift).view(np.int64) >> shift.astype(np.int64)
