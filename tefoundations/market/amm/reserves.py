"""What all pools hold, who owns it, and what it is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import positive, whole
from tefoundations.words import Explained, say

if TYPE_CHECKING:
    import pandas as pd

PARTS = 1_000_000  # a fee is told in millionths
MOST = 2**112 - 1  # of an asset in a pool: as many as a pair of Uniswap v2 can hold


class Reserves(Explained):
    """What a pool holds, and shares of it.

    Assets are numbered from 0 and counted in whole numbers of their smallest units, such as Wh and micro-tokens.

    Parameters
    ----------
    amounts : tuple of int
        What the first provider brings, asset by asset.
    fee : int
        In millionths: 3000 are 0.3 %.
    """

    _locked = 0  # shares that nobody ever gets

    def __init__(self, amounts: tuple[int, ...], fee: int):
        self.fee = whole(fee, "fee", least=0, most=PARTS - 1, unit="of millionths")
        self._reserves = [0] * len(amounts)
        self._shares = 0
        self.add(*amounts)

    # What a kind of pool must say

    def _minted(self, amounts):
        """Shares for what a provider brings; it still stands outside."""
        raise NotImplementedError

    def _measured(self):
        """What the formula keeps, as a line of words."""
        raise NotImplementedError

    def holdings(self, price: float) -> np.ndarray:
        """What the pool would hold once arbitrage has brought it to a price; without fee, and not rounded.

        Parameters
        ----------
        price : float
            Units of asset 1 for one of asset 0 (micro-tokens per Wh), above 0.

        Returns
        -------
        (2,) float array
        """
        raise NotImplementedError

    # What is read

    @property
    def reserves(self) -> tuple[int, ...]:
        """What the pool holds of each asset."""
        return tuple(self._reserves)

    @property
    def shares(self) -> int:
        """All shares there are, the locked ones too."""
        return self._shares

    @property
    def price(self) -> float:
        """Units of asset 1 for a very little of asset 0 (micro-tokens per Wh), before the fee."""
        raise NotImplementedError

    def value(self, price: float) -> float:
        """What the reserves of two assets are worth.

        Parameters
        ----------
        price : float
            Of asset 0 in units of asset 1 (micro-tokens per Wh), above 0.

        Returns
        -------
        float
            Units of asset 1.

        Raises
        ------
        InvalidInput
            A price not above 0; more than two assets.
        """
        first, second = self._pair()
        return first * positive(price, "price") + second

    # Who owns it

    def add(self, *amounts: int) -> int:
        """Put an amount of each asset into the pool, for shares.

        Parameters
        ----------
        *amounts : int
            One for each asset. What goes beyond the pool's own proportion is a gift to all who hold shares.

        Returns
        -------
        int
            New shares for who adds.

        Raises
        ------
        InvalidInput
            An amount that is no whole number, or too large; so little that it brings no share.
        """
        if len(amounts) != len(self._reserves):
            raise InvalidInput(f"amounts must be {len(self._reserves)}, one for each asset, not {len(amounts)}")
        given = [
            whole(one, f"asset {place}: amount", least=0, most=MOST - has)
            for place, (one, has) in enumerate(zip(amounts, self._reserves))
        ]
        minted, locked = self._minted(given)
        if minted < 1:
            told = " and ".join(map(str, given))
            raise InvalidInput(f"amounts {told} are too small, or too far out of proportion: they bring no share")
        self._reserves = [has + one for has, one in zip(self._reserves, given)]
        self._shares += minted + locked
        return minted

    def remove(self, shares: int) -> tuple[int, ...]:
        """Give shares back, for their part of each reserve.

        Parameters
        ----------
        shares : int
            1 at least, and no more than there are without the locked ones, which nobody has.

        Returns
        -------
        tuple of int
            What comes out of each asset.

        Raises
        ------
        InvalidInput
            An empty pool; more shares than anybody can have.

        Examples
        --------
        >>> from tefoundations.market import ConstantProduct
        >>> pool = ConstantProduct(100_000, 1_000_000)
        >>> pool.remove(pool.shares)
        Traceback (most recent call last):
            ...
        tefoundations.errors.InvalidInput: shares 316227 must be 315227 at most: 1000 more are locked, and nobody has them
        """
        given, free = whole(shares, "shares", least=1), self._shares - self._locked
        if not self._shares:
            raise InvalidInput("the pool is empty: nobody has shares that could be given back")
        if given > free:
            rest = f"{say(self._locked)} more are locked, and nobody has them" if self._locked else "there are no more"
            raise InvalidInput(f"shares {say(given)} must be {say(free)} at most: {rest}")
        out = tuple(has * given // self._shares for has in self._reserves)
        self._reserves = [has - one for has, one in zip(self._reserves, out)]
        self._shares -= given
        return out

    # Words

    def explain(self) -> str:
        """What the pool holds, what its formula keeps, and its price in words.

        Returns
        -------
        str

        Examples
        --------
        >>> from tefoundations.market import ConstantProduct
        >>> print(ConstantProduct(100_000, 1_000_000).explain())
        The pool holds 100000 of asset 0 and 1,000,000 of asset 1, in 316227 shares.
        It keeps the product: 100000 x 1,000,000 = 100,000,000,000.
        A very little of asset 0 costs 10 of asset 1 a unit; no fee.
        """
        held = " and ".join(f"{say(has)} of asset {place}" for place, has in enumerate(self._reserves))
        if not self._shares:
            return "The pool is empty."
        fee = f"the fee is {say(self.fee / PARTS * 100)} %" if self.fee else "no fee"
        price = f"A very little of asset 0 costs {say(self.price, self.price)} of asset 1 a unit; {fee}."
        return "\n".join([f"The pool holds {held}, in {say(self._shares)} shares.", self._measured(), price])

    def to_frame(self) -> pd.DataFrame:
        """One row for each asset.

        Returns
        -------
        pandas.DataFrame
            Columns asset (position), reserve (units) and a_thousand_shares (units that they can be given back for).
        """
        import pandas as pd

        part = [has * 1000 / self._shares if self._shares else 0.0 for has in self._reserves]
        columns = {"asset": range(len(part)), "reserve": [float(has) for has in self._reserves], "a_thousand_shares": part}
        return pd.DataFrame(columns)

    def _at_a_glance(self):
        held = [(f"asset {place}, units", float(has)) for place, has in enumerate(self._reserves)]
        price = [("price of asset 0, in asset 1", self.price)] if self._shares else []
        return [*held, *price, ("shares", float(self._shares)), ("fee, %", self.fee / PARTS * 100)]

    def __repr__(self):
        return f"{type(self).__name__}({', '.join(map(str, self._reserves))})"

    # Checks

    def _pair(self):
        if len(self._reserves) != 2:
            raise InvalidInput(f"the pool must hold two assets for one price, and holds {len(self._reserves)}")
        return self._reserves
