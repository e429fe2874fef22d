"""What all pools do: trade by a formula, in whole numbers that come in and go out."""

from __future__ import annotations

from tefoundations.errors import InvalidInput
from tefoundations.inputs import whole
from tefoundations.market.amm.reserves import MOST, PARTS, Reserves
from tefoundations.words import say


class Pool(Reserves):
    """Reserves that trade by a formula; `ConstantProduct`, `ConstantSum` and `StableSwap` say by which.

    All that is rounded is rounded for the pool: it never pays out a unit too much.

    Parameters
    ----------
    amounts : tuple of int
        What the first provider brings, asset by asset.
    fee : int
        In millionths: 3000 are 0.3 %.
    """

    def __init__(self, amounts: tuple[int, ...], fee: int):
        super().__init__(amounts, fee)
        self._keep = PARTS - self.fee

    # What a kind of pool must say

    def _out(self, amount, give, take):
        """What comes out, the fee taken off."""
        raise NotImplementedError

    def _in(self, amount, give, take):
        """What must go in for this amount, the fee added."""
        raise NotImplementedError

    # What everybody can do

    def quote(self, amount: int, give: int = 1, take: int = 0) -> int:
        """What would come out; nothing changes.

        Parameters
        ----------
        amount : int
            Units of asset `give` that go in, 1 at least.
        give, take : int
            Positions of the two assets.

        Returns
        -------
        int
            Units of asset `take`.

        Raises
        ------
        InvalidInput
            An empty pool; an amount or an asset that is none; more than the reserve can pay.
        """
        if type(amount) is not int or amount < 1:
            amount = whole(amount, "amount", least=1)
        if type(give) is not int or type(take) is not int or give != 1 or take != 0:
            give, take = self._assets(give, take)
        reserves = self._reserves
        if reserves[give] + amount > MOST:
            raise InvalidInput(f"amount {say(amount)} must leave the reserve at {say(MOST)} at most")
        if not self._shares:
            raise InvalidInput("the pool is empty: somebody must add to it before anybody can trade")
        return self._out(amount, give, take)

    def swap(self, amount: int, give: int = 1, take: int = 0, at_least: int = 0) -> int:
        """Give an amount of one asset, and get what comes out of the other.

        Parameters
        ----------
        amount : int
            Units of asset `give` that go in, 1 at least.
        give, take : int
            Positions of the two assets.
        at_least : int
            Below it the trade is refused, and nothing changes.

        Returns
        -------
        int
            Units of asset `take`.

        Raises
        ------
        InvalidInput
            As `quote`; fewer units than `at_least`; so little that nothing would come out for it.

        Examples
        --------
        >>> from tefoundations.market import ConstantProduct
        >>> ConstantProduct(100, 10_000_000).swap(90_000)
        Traceback (most recent call last):
            ...
        tefoundations.errors.InvalidInput: amount 90000 of asset 1 is too little: none of asset 0 would come out
        """
        out = self.quote(amount, give, take)
        if type(at_least) is not int or at_least < 0:
            at_least = whole(at_least, "at_least", least=0)
        if out < at_least:
            raise InvalidInput(f"at_least {at_least} must be at most {out}, which is what comes out for {amount}")
        if not out:  # who gives something for nothing has made a mistake
            raise InvalidInput(f"amount {say(amount)} of asset {give} is too little: none of asset {take} would come out")
        self._reserves[give] += int(amount)
        self._reserves[take] -= out
        return out

    def needed(self, amount: int, give: int = 1, take: int = 0) -> int:
        """What would have to go in so that an amount comes out; nothing changes.

        It is always enough, but not always the least: `ConstantProduct` adds 1 to what it has rounded down, as Uniswap v2
        does, so it asks one unit too many where nothing had to be rounded.

        Parameters
        ----------
        amount : int
            Units of asset `take` that are wanted, 1 at least.
        give, take : int
            Positions of the two assets.

        Returns
        -------
        int
            Units of asset `give`.

        Raises
        ------
        InvalidInput
            An empty pool; an amount or an asset that is none; more than the reserve.

        Examples
        --------
        >>> from tefoundations.market import ConstantProduct
        >>> pool = ConstantProduct(100, 100, locked=0)
        >>> pool.needed(50), pool.quote(100)
        (101, 50)
        """
        amount = whole(amount, "amount", least=1, most=MOST)
        give, take = self._assets(give, take)
        if not self._shares:
            raise InvalidInput("the pool is empty: somebody must add to it before anybody can trade")
        paid = self._in(amount, give, take)
        if self._reserves[give] + paid > MOST:
            raise InvalidInput(f"amount {say(amount)} would cost {say(paid)}, more than a pool can hold")
        return paid

    def buy(self, amount: int, give: int = 1, take: int = 0, at_most: int | None = None) -> int:
        """Take just an amount of one asset, and pay what is needed of the other.

        Parameters
        ----------
        amount : int
            Units of asset `take` that are wanted, 1 at least.
        give, take : int
            Positions of the two assets.
        at_most : int, optional
            Above it the trade is refused, and nothing changes.

        Returns
        -------
        int
            Units of asset `give` that were paid.

        Raises
        ------
        InvalidInput
            As `needed`; a cost above `at_most`.
        """
        paid = self.needed(amount, give, take)
        if at_most is not None and paid > whole(at_most, "at_most", least=0):
            raise InvalidInput(f"at_most {at_most} must be at least {paid}, which {amount} would cost")
        self._reserves[give] += paid
        self._reserves[take] -= int(amount)
        return paid

    # Checks

    def _assets(self, give, take):
        most = len(self._reserves) - 1
        give, take = whole(give, "give", least=0, most=most), whole(take, "take", least=0, most=most)
        if give == take:
            raise InvalidInput(f"give and take must be two assets, not {give} both")
        return give, take

    def _beyond(self, wanted, take):
        has = self._reserves[take]
        return InvalidInput(f"amount {say(wanted)} of asset {take} cannot be taken: the pool holds {say(has)}")
