"""Two chains, one secret: who has what in every course of events, and what one hash alone cannot do."""

import hashlib

import pytest

from tefoundations.errors import InvalidInput
from tefoundations.ledger import Blockchain, Contract, HashTimeLock, KeyPair, TokenSale, seal_of
from tefoundations.ledger.consensus.hash_time_lock import losing_schedules

ADA, BEN, EVE, SECRET = KeyPair.named("ada"), KeyPair.named("ben"), KeyPair.named("eve"), "5e" * 32


def chains():
    east = Blockchain("east", producers=[EVE], balances={ADA: 100}, contracts=[HashTimeLock()])
    west = Blockchain("west", producers=[EVE], balances={BEN: 40}, contracts=[HashTimeLock()])
    return east, west


def locked(t1=10, t2=5):
    """Ada's 100 on the east are Ben's until t1, Ben's 40 on the west are hers until t2."""
    east, west = chains()
    east.call(ADA, "locks", "lock", number=0, to=BEN.account, amount=100, seal=seal_of(SECRET), until=t1)
    east.propose(EVE)
    west.call(BEN, "locks", "lock", number=0, to=ADA.account, amount=40, seal=seal_of(SECRET), until=t2)
    west.propose(EVE)
    return east, west


def sent(chain, who, method, slot, **arguments):
    transaction = chain.call(who, "locks", method, number=0, **arguments)
    chain.propose(EVE, slot=slot)
    return chain.receipt(transaction)


def test_both_change_hands():
    east, west = locked()
    assert sent(west, ADA, "claim", 3, secret=SECRET).succeeded
    (shown,) = west.read("locks", "lock/0")  # by her claim Ben learns the secret
    assert sent(east, BEN, "claim", 8, secret=shown).succeeded
    assert (east.balance(BEN), west.balance(ADA), east.balance(ADA), west.balance(BEN)) == (100, 40, 0, 0)


def test_or_neither():
    east, west = locked()
    assert sent(west, BEN, "refund", 5).reason == "it may still be claimed"
    assert sent(west, BEN, "refund", 6).succeeded and sent(east, ADA, "refund", 11).succeeded
    assert (east.balance(ADA), west.balance(BEN)) == (100, 40)
    assert sent(west, ADA, "claim", 7, secret=SECRET).reason == "nothing is locked under this number"


@pytest.mark.parametrize("t1", [6, 7, 8, 9, 10])
def test_the_courses_in_which_ben_loses_are_lost_on_real_chains(t1):
    """Every losing schedule of the small clock, run on two chains; and none where t1 >= t2 + delta + reaction."""
    schedules = losing_schedules(t1, 5, 3, 2)
    assert len(schedules) == {6: 19, 7: 10, 8: 4, 9: 1, 10: 0}[t1]
    for told, _, there in schedules:
        east, west = locked(t1)
        if told < 2:
            continue  # the locks themselves take the first slot here
        assert sent(west, ADA, "claim", told, secret=SECRET).succeeded
        late = sent(east, BEN, "claim", there, secret=SECRET)
        assert not late.succeeded and late.reason.startswith("too late")
        assert sent(east, ADA, "refund", there + 1).succeeded
        assert (east.balance(ADA), west.balance(ADA)) == (100, 40)


def test_a_stolen_claim_pays_whom_the_lock_names():
    _, west = locked()
    assert sent(west, EVE, "claim", 3, secret=SECRET).succeeded and west.balance(ADA) == 40 and west.balance(EVE) == 0


@pytest.mark.parametrize("secret", ["5f" * 32, "5e" * 31, "5E" * 32, 7, "0" * 64])
def test_what_is_no_secret(secret):
    _, west = locked()
    assert not sent(west, ADA, "claim", 3, secret=secret).succeeded and west.balance(ADA) == 0


def test_a_number_serves_once():
    east, _ = locked()
    again = {"to": BEN.account, "amount": 1, "seal": seal_of(SECRET), "until": 20}
    assert sent(east, ADA, "lock", 2, **again).reason == "this number is used"
    assert sent(east, BEN, "claim", 3, secret=SECRET).succeeded
    assert sent(east, ADA, "lock", 4, **again).reason == "this number is used"


def test_gas():
    east, west = locked()
    assert east.receipts()[0].gas_used == 1_506 and sent(west, ADA, "claim", 3, secret=SECRET).gas_used == 1_566


class Both(Contract):
    """What a digest and a hash make of one text."""

    def of(self, call, text):
        return call.hash(text), call.digest("lock", text)


def test_a_hash_is_the_same_everywhere_and_a_digest_is_not():
    one, other = (Blockchain(name, producers=[EVE], contracts=[Both("both")]) for name in ("east", "west"))
    (hash_one, digest_one), (hash_other, digest_other) = (chain.view("both", "of", text=SECRET) for chain in (one, other))
    assert hash_one == hash_other == seal_of(SECRET) and digest_one != digest_other
    tag = hashlib.sha256(b"text").digest()
    by_hand = hashlib.sha256(tag * 2 + SECRET.encode()).hexdigest()
    assert hash_one == by_hand


def test_a_seal_is_of_a_secret():
    for secret in ("", "5e", None, 5, "g" * 64, "0" * 64):
        with pytest.raises(InvalidInput, match="64 hexadecimal"):
            seal_of(secret)


def test_a_sale_that_fails_takes_all_of_it_back():
    from tefoundations.ledger import FungibleToken

    contracts = [FungibleToken("credits", minter=ADA), TokenSale(ADA, 200_000)]
    chain = Blockchain("lane", producers=[EVE], balances={BEN: 500_000}, contracts=contracts)
    chain.call(ADA, "credits", "mint", to=ADA.account, amount=5_000)
    bought = chain.call(BEN, "sale", "buy", amount=2_000)  # the contract may not spend Ada's tokens
    chain.propose(EVE)
    assert not chain.receipt(bought).succeeded and chain.balance(BEN) == 500_000
    assert chain.view("credits", "balance_of", owner=BEN.account) == 0
