"""What is known of the traders before they speak: a few values each, and how likely they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import fsum, prod
from typing import Self

from tefoundations.errors import InvalidInput
from tefoundations.inputs import numbers, positive, sequence
from tefoundations.programmes import NEAR
from tefoundations.words import shown


@dataclass(frozen=True)
class Prior:
    """Independent discrete values, one trader after the other; make one with `Prior.of`.

    Parameters
    ----------
    bids, asks : tuple of (quantity, values, chances)
        One entry a trader, in the order of the book: its quantity (kWh), the values or costs it may have (ct/kWh), and
        the chance of each, which add up to 1.
    """

    bids: tuple[tuple[float, tuple[float, ...], tuple[float, ...]], ...]
    asks: tuple[tuple[float, tuple[float, ...], tuple[float, ...]], ...]

    @classmethod
    def of(cls, bids: Sequence = (), asks: Sequence = ()) -> Self:
        """A prior from two lists, as `OrderBook.of` takes them, with the possible prices in place of the price.

        Parameters
        ----------
        bids, asks : sequence of (values, quantity)
            `values` is a sequence of prices that are equally likely, or a mapping price -> chance (ct/kWh); `quantity`
            in kWh is no secret.

        Raises
        ------
        InvalidInput
            No values, a value or chance that is no number, chances that do not add up to 1; names side and row.

        Examples
        --------
        >>> Prior.of(bids=[([1, 2], 1)], asks=[({3: 0.25, 4: 0.75}, 1)])  # doctest: +NORMALIZE_WHITESPACE
        Prior(bids=((1.0, (1.0, 2.0), (0.5, 0.5)),), asks=((1.0, (3.0, 4.0), (0.25, 0.75)),))
        >>> Prior.of(bids=[({3: 0.25, 4: 0.25}, 1)])
        Traceback (most recent call last):
            ...
        tefoundations.errors.InvalidInput: bids, row 0: chances add up to 0.5, not 1
        """
        sides = {}
        for name, given in (("bids", bids), ("asks", asks)):
            rows = enumerate(sequence(given, name, of="(values, quantity)"))
            sides[name] = tuple(_trader(row, f"{name}, row {place}") for place, row in rows)
        return cls(**sides)

    def others(self, side: str, place: int) -> Iterator[tuple[tuple[float, ...], tuple[float, ...], float]]:
        """Every profile of values of all traders but one, and its chance.

        Parameters
        ----------
        side : {"bids", "asks"}
            On which side the one stands that is left out.
        place : int
            Its position there; its price in the profile is nan.

        Yields
        ------
        (bid prices, ask prices, chance)
            ct/kWh, in the order of the book.

        Examples
        --------
        >>> list(Prior.of(bids=[([1, 2], 1)], asks=[([3, 4], 1)]).others("bids", 0))
        [((nan,), (3.0,), 0.5), ((nan,), (4.0,), 0.5)]
        """
        count = len(self.bids)
        spread = [list(zip(values, chances)) for _, values, chances in (*self.bids, *self.asks)]
        spread[place if side == "bids" else count + place] = [(float("nan"), 1.0)]
        for profile in product(*spread):
            prices, chances = zip(*profile)
            yield prices[:count], prices[count:], prod(chances)

    @property
    def profiles(self) -> int:
        """How many profiles `others` gives for all traders together.

        Examples
        --------
        >>> Prior.of(bids=[([1, 2], 1)], asks=[([3, 4, 5], 1)]).profiles
        5
        """
        sizes = [len(values) for _, values, _ in (*self.bids, *self.asks)]
        return sum(prod(sizes) // size for size in sizes)


def _trader(row, where):
    """(quantity, values, chances) of one row."""
    if isinstance(row, (str, bytes)) or not hasattr(row, "__len__") or len(row) != 2:
        raise InvalidInput(f"{where}: {shown(row)} must be (values, quantity)")
    values, quantity = row
    if isinstance(values, Mapping):
        values, chances = list(values), list(values.values())
    else:
        values = list(sequence(values, f"{where}: values", of="prices"))
        chances = [1 / len(values) for _ in values]
    if not values:
        raise InvalidInput(f"{where}: there are no values")
    values = numbers(values, f"{where}: values", place="value")
    chances = numbers(chances, f"{where}: chances", least=0, place="value")
    if abs(fsum(chances) - 1) > NEAR:
        raise InvalidInput(f"{where}: chances add up to {fsum(chances):g}, not 1")
    return positive(quantity, f"{where}: quantity", unit="of kWh"), tuple(values.tolist()), tuple(chances.tolist())
