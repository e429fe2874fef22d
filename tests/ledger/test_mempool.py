"""What waits for a block: the order in which it is taken, and what may not wait."""

import pytest

from tefoundations.errors import InvalidBlock, InvalidTransaction
from tefoundations.ledger import KeyPair
from tefoundations.ledger.chain import mempool
from tests.ledger.ledgers import ANNA, BEN, CEM, OPERATOR, new_chain, transfer


def test_waiting_transactions_go_by_gas_price_and_each_senders_by_number():
    chain = new_chain()
    first, second = (chain.call(ANNA, "money", "transfer", gas_price=p, to=BEN.account, amount=1) for p in (1, 3))
    third = chain.call(CEM, "money", "transfer", gas_price=2, to=BEN.account, amount=1)
    ahead = transfer(chain, BEN, ANNA, 1, 1)
    chain.submit(ahead)
    assert chain.propose(OPERATOR).transactions == (third, first, second) and chain.pending == (ahead,)
    chain.call(BEN, "money", "transfer", to=ANNA.account, amount=1)
    assert chain.propose(OPERATOR).transactions[-1] == ahead and not chain.pending


def test_the_same_number_twice_waits_only_for_a_better_price():
    chain = new_chain()
    chain.submit(transfer(chain, ANNA, BEN, 1, 0, gas_price=1))
    with pytest.raises(InvalidTransaction, match="pays no less"):
        chain.submit(transfer(chain, ANNA, CEM, 1, 0, gas_price=1))
    better = transfer(chain, ANNA, CEM, 1, 0, gas_price=2)
    chain.submit(better.to_bytes())
    assert chain.pending == (better,)
    with pytest.raises(InvalidTransaction, match="too far ahead"):
        chain.submit(transfer(chain, ANNA, BEN, 1, 5_000))


@pytest.mark.parametrize("things", [5, "blocks", {1: 2}, 0.5])
def test_what_is_no_list_of_transactions_or_blocks_is_named(things):
    chain = new_chain()
    with pytest.raises(InvalidTransaction, match="must be a list"):
        chain.propose(OPERATOR, transactions=things)
    assert type(chain.find_fault(things)) is InvalidBlock and chain.height == 0


def test_who_cannot_pay_waits_and_blocks_nobody_else():
    """A sender without money waits with all that follows; the others are served."""
    chain = new_chain()
    poor = [transfer(chain, ANNA, BEN, 1, n, gas_limit=1_000_000, gas_price=4) for n in range(2)]
    for transaction in poor:
        chain.submit(transaction)
    served = chain.call(CEM, "money", "transfer", to=BEN.account, amount=1)
    assert chain.propose(OPERATOR).transactions == (served,) and chain.pending == tuple(poor)


def test_who_pays_finds_room_among_those_who_cannot(monkeypatch):
    """Accounts cost nothing to make: without money they must not fill the place of those who pay, whatever they promise."""
    monkeypatch.setattr(mempool, "MOST", 6)
    chain = new_chain()
    penniless = [KeyPair.named(f"penniless {n}") for n in range(6)]
    for key in penniless:
        chain.submit(transfer(chain, key, BEN, 1, 0, gas_price=1000))
    free = transfer(chain, ANNA, BEN, 1, 0)
    paying = transfer(chain, CEM, BEN, 1, 0, gas_price=1)
    for transaction in (free, paying):
        chain.submit(transaction)
    assert len(chain.pending) == 6 and {free, paying} < set(chain.pending)
    assert penniless[0].account in {t.sender for t in chain.pending}  # the last to come go first
    for _ in range(4):
        chain.submit(transfer(chain, ANNA, BEN, 1, len([t for t in chain.pending if t.sender == ANNA.account])))
    with pytest.raises(InvalidTransaction, match="none pays less"):
        chain.submit(transfer(chain, penniless[0], BEN, 1, 1, gas_price=1000))
    with pytest.raises(InvalidTransaction, match="none pays less"):
        chain.submit(transfer(chain, BEN, ANNA, 1, 0))
    best = transfer(chain, BEN, ANNA, 1, 0, gas_price=2)
    chain.submit(best)
    assert len(chain.pending) == 6 and chain.propose(OPERATOR).transactions[:2] == (best, paying)
