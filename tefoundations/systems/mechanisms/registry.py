"""The rules of the book for one half hour: what each is called, which chapter has it, what it hears."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import function, instance, one_of
from tefoundations.market import (
    Clearing,
    Prior,
    batched,
    continuous,
    expected_externality,
    greedy,
    mcafee,
    muda,
    pay_as_bid,
    posted_price,
    threshold_price,
    uniform_price,
    vcg,
)
from tefoundations.systems.mechanisms.pool_in_balance import pool_in_balance

if TYPE_CHECKING:
    from tefoundations.market import OrderBook

HEARS = ("price and quantity", "quantity")
BEFOREHAND = 20.0  # ct/kWh: near the middle between what most are paid for feeding in and what most pay


@dataclass(frozen=True)
class BookRule:
    """A rule for one half hour, as the table of mechanisms runs it.

    Parameters
    ----------
    name : str
        As the table calls it.
    clear : callable
        Takes an OrderBook, returns a Clearing; with `draws` it takes `rng`, too.
    chapter : str
        "part/chapter" that explains it.
    draws : bool
        Whether chance decides; then each half hour has the seed of its step.
    hears : {"price and quantity", "quantity"}
        What a member tells: two numbers for each order, or one, the quantity at a price that stood before.

    Raises
    ------
    InvalidInput
        Names the field.

    Examples
    --------
    >>> from tefoundations.market import uniform_price
    >>> BookRule("a tenth of the way", lambda book: uniform_price(book, k=0.1), "markets/double_auction").hears
    'price and quantity'
    """

    name: str
    clear: Callable[..., Clearing]
    chapter: str
    draws: bool = False
    hears: str = HEARS[0]

    def __post_init__(self):
        for told in ("name", "chapter"):
            if not instance(getattr(self, told), str, told):
                raise InvalidInput(f"{told} is empty")
        function(self.clear, "clear", of="an OrderBook")
        one_of(self.draws, (True, False), "draws")
        one_of(self.hears, HEARS, "hears")

    def at(self, step: int) -> Callable[[OrderBook], Clearing]:
        """The rule of one half hour, a function of the book alone.

        Parameters
        ----------
        step : int
            The seed, where chance decides.

        Returns
        -------
        callable, OrderBook -> Clearing
        """
        return (lambda book: self.clear(book, rng=step)) if self.draws else self.clear


def posted(book):
    """The posted price, fixed beforehand."""
    return posted_price(book, BEFOREHAND)


def threshold(book):
    """The threshold price protocol, its threshold fixed beforehand."""
    return threshold_price(book, BEFOREHAND)


def averages(book):
    """The expected externality mechanism, which must know beforehand what each may be: here one buyer and one seller."""
    return expected_externality(book, Prior.of(bids=[([10, 30], 1)], asks=[([5, 15], 1)]))


def arrivals(book, step):
    """An order of arrival by chance; who comes when does not change where somebody gives one order more."""
    drawn = [
        np.random.default_rng([*np.atleast_1d(step), side]).random(len(orders))
        for side, orders in enumerate((book.bids, book.asks))
    ]
    return np.argsort(np.concatenate(drawn), kind="stable")


def as_they_come(book, *, rng):
    """Continuous trade, orders arriving by chance."""
    return continuous(book, arrivals(book, rng))


def ten_at_a_time(book, *, rng):
    """A call after every ten orders, orders arriving by chance."""
    return batched(book, 10, arrivals(book, rng))


def pooled(book, *, rng):
    """A pool that everybody visits twice, by chance, and that ends in balance."""
    return pool_in_balance(book, [arrivals(book, [rng, visit]) for visit in range(2)], depth=5.0, price=18.0)


# One line a rule. A rule that is new to the book joins here, and `python data/mechanisms/build.py audits` measures it.
# Bilateral trade has none: without fees it is the uniform price, and a fee by distance needs a map, which no rule here has.
BOOK_RULES = (
    BookRule("uniform price", uniform_price, "markets/double_auction"),
    BookRule("pay-as-bid", pay_as_bid, "markets/double_auction"),
    BookRule("greedy by arrival", greedy, "markets/clearing_algorithms"),
    BookRule("continuous trade", as_they_come, "markets/bilateral_and_continuous", draws=True),
    BookRule("calls of ten orders", ten_at_a_time, "markets/bilateral_and_continuous", draws=True),
    BookRule("pool of 5 kWh, in balance", pooled, "markets/automated_market_makers", draws=True),
    BookRule("VCG", vcg, "markets/vcg"),
    BookRule("MUDA", muda, "markets/vcg", draws=True),
    BookRule("posted price of 20 ct", posted, "markets/mechanism_design", hears="quantity"),
    BookRule("threshold price of 20 ct", threshold, "markets/mechanism_design"),
    BookRule("McAfee", mcafee, "markets/mechanism_design"),
    BookRule("expected externality (AGV)", averages, "markets/mechanism_design"),
)


def book_rules() -> tuple[BookRule, ...]:
    """The rules of the book for one half hour.

    Returns
    -------
    tuple of BookRule
        In the order of the table of all mechanisms.

    Examples
    --------
    >>> [rule.name for rule in book_rules()][:4]
    ['uniform price', 'pay-as-bid', 'greedy by arrival', 'continuous trade']
    """
    return BOOK_RULES
