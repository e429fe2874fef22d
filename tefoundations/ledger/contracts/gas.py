"""Gas: every step of a call is paid for, so that a call ends and nobody can make the others work for nothing."""

from tefoundations.errors import Reverted

VERIFY_SIGNATURE = 3000
LOAD = 100
STORE = 400
HASH = 60
ARITHMETIC = 3
EVENT = 60
FREE_EVENTS, FREE_WORDS = 8, 64  # what a transaction may note before it pays for it
FREE_PARTS = 64  # parts of expressions that a turn of a loop, or a call of an own method, brings with it
MOST_MADE = 1_000_000  # words of text, lists and tuples that one transaction makes
LEAST = 1000
BLOCK_LIMIT = 30_000_000
VIEW_LIMIT = 10_000_000


class Gas:
    """What a call has used of its limit. This is a teaching schedule, not Ethereum's.

    Here a signature checked by a contract costs 3,000, a load from the state 100, a store 400, a hash 60; each ``+ - * //
    %`` that stands in a contract costs 3, and so does each turn of a loop and each call of a method of the contract's own.
    What else stands there is free up to 64 names, constants and operations in such a turn or method, and then costs 3 for
    every 64 of them. Asking another contract costs 100, and a store 400 for each 16 words of the value. Every transaction is
    charged at least 1,000, also one that fails at once: free failure would let anybody waste the time of all. Checking
    the sender's own signature is part of validity and not metered. On Ethereum the plainest transfer costs 21,000 before any
    code runs, and a store up to 20,000.

    Hidden loops and large values are paid for too: `tefoundations.ledger.contracts.data` says how. What a call notes in its
    receipt is free for the first eight events and 64 words, then 60 an event and 3 a word.

    Parameters
    ----------
    limit : int
        Most that may be used.

    Raises
    ------
    Reverted
        From `use`, if the limit does not suffice.

    Examples
    --------
    The settlement of a trade: one signature, three balances read and written, eight operations.

    >>> VERIFY_SIGNATURE + 3 * (LOAD + STORE) + 8 * ARITHMETIC
    4524
    """

    __slots__ = ("limit", "used", "_events", "_words", "_made")

    def __init__(self, limit):
        self.limit, self.used, self._made = limit, 0, 0
        self._events, self._words = FREE_EVENTS, FREE_WORDS

    def use(self, amount):
        """Charge for a step before it is made.

        Parameters
        ----------
        amount : int
            Gas.

        Raises
        ------
        Reverted
            If less than that is left; all of the limit is then used.
        """
        self.used += amount
        if self.used > self.limit:
            self.used = self.limit
            raise Reverted(f"out of gas: the call needs more than its limit of {self.limit}", out_of_gas=True)

    def note(self, words):
        """Charge for an event of so many words, beyond what is free.

        Parameters
        ----------
        words : int
            Of 64 signs.
        """
        self._events, self._words = self._events - 1, self._words - words
        if self._events < 0:
            self.use(EVENT)
        if self._words < 0:
            self.use(ARITHMETIC * -self._words)
            self._words = 0

    def make(self, words):
        """Count words of data that are made, whether they are kept or not: what a transaction can fill is bounded.

        Parameters
        ----------
        words : int
            Of text, or entries of lists and tuples.

        Raises
        ------
        Reverted
            Beyond a million.
        """
        self._made += words
        if self._made > MOST_MADE:
            raise Reverted(f"more than {MOST_MADE} words of data made by one transaction")
