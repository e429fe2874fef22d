"""Transactions that wait for a block, and the order in which a proposer takes them."""

import heapq

from tefoundations.errors import InvalidTransaction

MOST = 10_000  # transactions waiting; more would let anybody fill the memory of all
AHEAD = 1_000  # how far a nonce may be ahead of the sender's next


class Mempool:
    """Waiting transactions by sender and nonce. A later one with the same nonce takes its place only if it pays more.

    When it is full, one that pays more drives out the one that pays least, of these the last to come, and with it what its
    sender sent after it. Who does not hold what a run may cost pays nothing, whatever the price named: else accounts without
    money, which cost nothing to make, would fill the place of those who pay.
    """

    def __init__(self):
        self._waiting, self._arrivals = {}, 0

    def __len__(self):
        return sum(map(len, self._waiting.values()))

    def add(self, transaction, next_nonce, can_pay=True):
        """Keep a transaction; one that can never be used, or is no better than one that waits, is refused."""
        if not next_nonce <= transaction.nonce <= next_nonce + AHEAD:
            words = "was used before" if transaction.nonce < next_nonce else "is too far ahead"
            raise InvalidTransaction(f"{transaction.nonce} {words}; the sender's next is {next_nonce}", field="nonce")
        queue = self._waiting.setdefault(transaction.sender, {})
        there = queue.get(transaction.nonce)
        if there is not None and there[1].gas_price >= transaction.gas_price:
            raise InvalidTransaction(f"{transaction.nonce} waits already, and pays no less", field="nonce")
        pays = transaction.gas_price if can_pay else -1
        if there is None and len(self) >= MOST:
            self._make_room(pays)
        self._arrivals += 1
        self._waiting.setdefault(transaction.sender, {})[transaction.nonce] = (self._arrivals, transaction, pays)

    def _make_room(self, pays):
        least = min((e for queue in self._waiting.values() for e in queue.values()), key=lambda entry: (entry[2], -entry[0]))
        if least[2] >= pays:
            raise InvalidTransaction(f"{MOST} transactions wait already, and none pays less", field="gas_price")
        sender, nonce = least[1].sender, least[1].nonce
        self._waiting[sender] = {n: entry for n, entry in self._waiting[sender].items() if n < nonce}

    def next_nonce(self, sender, nonce):
        """The first number of a sender, from `nonce` up, that no waiting transaction uses."""
        queue = self._waiting.get(sender, {})
        while nonce in queue:
            nonce += 1
        return nonce

    def in_order(self, nonces):
        """Waiting transactions: each sender's by nonce, among senders the best gas price first, ties by arrival.

        The caller sends back True for each that it took; a sender whose transaction was not taken is left out.
        """
        ready = []
        for sender, queue in self._waiting.items():
            self._push(ready, queue, nonces(sender))
        while ready:
            _, _, transaction = heapq.heappop(ready)
            taken = yield transaction
            if taken:
                self._push(ready, self._waiting[transaction.sender], transaction.nonce + 1)

    @staticmethod
    def _push(ready, queue, nonce):
        if nonce in queue:
            arrival, transaction, _ = queue[nonce]
            heapq.heappush(ready, (-transaction.gas_price, arrival, transaction))

    def forget(self, nonces):
        """Drop what can no longer be used."""
        for sender in list(self._waiting):
            queue = {nonce: entry for nonce, entry in self._waiting[sender].items() if nonce >= nonces(sender)}
            self._waiting[sender] = queue
            if not queue:
                del self._waiting[sender]

    def all(self):
        """Every waiting transaction, in order of arrival."""
        entries = [entry for queue in self._waiting.values() for entry in queue.values()]
        return tuple(transaction for _, transaction, _ in sorted(entries, key=lambda entry: entry[0]))
