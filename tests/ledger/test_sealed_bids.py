"""Sealed bids: late, missing and false openings; and what a proposer takes who can read the bids, against one who cannot."""

import pytest

from tefoundations.errors import InvalidContract, InvalidInput
from tefoundations.ledger import Blockchain, Contract, KeyPair, SealedBids, contract_account, seal_bid
from tefoundations.market import OrderBook, uniform_price
from tests.ledger.ledgers import ANNA, BEN, CEM, OPERATOR, money

SALT, DEPOSIT, PURSE = "5a" * 16, 500, 10_000
BOOK = [("b1", "buy", 12), ("b2", "buy", 10), ("b3", "buy", 8), ("s1", "sell", 5), ("s2", "sell", 7), ("s3", "sell", 9)]


def new_chain(**change):
    contract = SealedBids(**{"commit_until": 2, "reveal_until": 4, "deposit": DEPOSIT, "forfeits_to": OPERATOR} | change)
    return Blockchain("sealed", producers=[OPERATOR], balances=dict.fromkeys((ANNA, BEN, CEM), PURSE), contracts=[contract])


def did(chain, key, method, slot=None, **arguments):
    sent = chain.call(key, "bids", method, **arguments)
    chain.propose(OPERATOR, slot)
    return chain.receipt(sent)


def committed(chain, key=ANNA, price=12, slot=None):
    return did(chain, key, "commit", slot, seal=seal_bid(key, chain, "buy", price, 1_000, SALT))


def revealed(chain, key=ANNA, slot=None, **change):
    return did(chain, key, "reveal", slot, **{"side": "buy", "price": 12, "quantity": 1_000, "salt": SALT} | change)


def test_sealed_then_opened():
    chain = new_chain()
    assert committed(chain).succeeded and chain.balance(ANNA) == PURSE - DEPOSIT
    assert revealed(chain, slot=3).succeeded and chain.balance(ANNA) == PURSE
    assert chain.view("bids", "opened") == ((ANNA.account, "buy", 12, 1_000),)
    assert "no seal to open" in revealed(chain, slot=4).reason and money(chain) == 3 * PURSE


@pytest.mark.parametrize(
    "change", [{"price": 11}, {"side": "sell"}, {"quantity": 999}, {"salt": "5b" * 16}, {"price": "12"}, {"salt": None}]
)
def test_a_false_opening_is_refused_and_the_deposit_stays(change):
    chain = new_chain()
    committed(chain)
    assert "not what was sealed" in revealed(chain, slot=3, **change).reason
    assert chain.balance(ANNA) == PURSE - DEPOSIT and chain.view("bids", "opened") == ()


def test_early_late_and_missing_openings():
    chain = new_chain()
    committed(chain)
    committed(chain, BEN)
    assert "others may still send" in revealed(new := new_chain(), slot=1).reason and new.height == 1
    assert "still time" in did(chain, CEM, "forfeit", slot=3, bidder=ANNA.account).reason
    assert revealed(chain, BEN, slot=4).succeeded
    assert "time for opening is over" in revealed(chain, slot=5).reason
    assert did(chain, CEM, "forfeit", bidder=ANNA.account).succeeded
    assert "no seal left" in did(chain, CEM, "forfeit", bidder=ANNA.account).reason
    assert "no seal left" in did(chain, CEM, "forfeit", bidder=BEN.account).reason
    held = [chain.balance(who) for who in (ANNA, BEN, OPERATOR, contract_account("bids"))]
    assert held == [PURSE - DEPOSIT, PURSE, DEPOSIT, 0]


def test_late_and_second_seals_are_refused():
    chain = new_chain()
    assert committed(chain).succeeded and "a seal already" in committed(chain, price=13).reason
    assert "time for seals is over" in committed(chain, BEN, slot=3).reason
    assert "64 hexadecimal" in did(new_chain(), ANNA, "commit", seal="bid 12").reason


def test_a_copied_seal_opens_nothing():
    chain = new_chain()
    sent = chain.call(ANNA, "bids", "commit", seal=seal_bid(ANNA, chain, "buy", 12, 1_000, SALT))
    copied = chain.call(BEN, "bids", "commit", seal=sent.arguments["seal"])
    chain.propose(OPERATOR)
    assert chain.receipt(copied).succeeded and revealed(chain, slot=3).succeeded
    assert "not what was sealed" in revealed(chain, BEN, slot=4).reason


def test_without_a_salt_a_seal_is_found_by_guessing_and_with_one_it_is_not():
    chain = new_chain()
    none, unknown = "00" * 16, "c01dcafe" * 4
    for salt, found in ((none, [12]), (unknown, [])):
        seal = seal_bid(ANNA, chain, "buy", 12, 1_000, salt)
        assert [price for price in range(100) if seal_bid(ANNA, chain, "buy", price, 1_000, none) == seal] == found


class OpenBids(Contract):
    """A market that trades at once: an order meets the best that waits on the other side, at its price (ct for 1 kWh)."""

    def place(self, call, side, price):
        other = "sell" if side == "buy" else "buy"
        best = None
        for number in range(call.load("orders", 0)):
            who, its, at, waits = call.load(f"order/{number}")
            fits = waits and its == other and ((at <= price) == (side == "buy") or at == price)
            if fits and (best is None or (at < call.load(f"order/{best}")[2]) == (side == "buy")):
                best = number
        number = call.load("orders", 0)
        call.store("orders", number + 1)
        call.store(f"order/{number}", (call.sender, side, price, best is None))
        if best is not None:
            who, its, at, waits = call.load(f"order/{best}")
            call.store(f"order/{best}", (who, its, at, False))
            call.emit(
                "trade", buyer=call.sender if side == "buy" else who, seller=who if side == "buy" else call.sender, price=at
            )


def gains(chain, orders):
    """ct each agent makes: value less price, price less cost, all truthful; for a middleman the sum of prices."""
    name, worth = {KeyPair.named(who).account: who for who, _, _ in orders}, {who: price for who, _, price in orders}
    made = dict.fromkeys([*name.values(), "proposer"], 0)
    for receipt in chain.receipts():
        for _, _, trade in receipt.events:
            for agent, sign in ((name.get(trade["buyer"], "proposer"), -1), (name.get(trade["seller"], "proposer"), 1)):
                made[agent] += sign * (trade["price"] - worth.get(agent, 0))
    return made


def open_market():
    proposer = KeyPair.named("proposer")
    chain = Blockchain("open", producers=[proposer], contracts=[OpenBids("market")])
    for who, side, price in BOOK:
        chain.call(KeyPair.named(who), "market", "place", side=side, price=price)
    return chain, proposer


def test_what_a_proposer_takes_who_reads_the_bids():
    """It has no energy and wants none. It buys from each seller at the ask and sells to each buyer at the bid,
    for all of it."""
    chain, proposer = open_market()
    chain.propose(proposer)
    honest = gains(chain, BOOK)
    assert honest["proposer"] == 0 and sum(honest.values()) == 10

    chain, proposer = open_market()
    read = {(t.arguments["side"], t.arguments["price"]): t for t in chain.pending}  # what everybody can read, it can too
    asks, bids = (sorted((price for s, price in read if s == side), reverse=side == "buy") for side in ("sell", "buy"))
    order = []
    for bid, ask in zip(bids, asks):
        if bid > ask:
            mine = [
                chain.call(proposer, "market", "place", side=side, price=price)
                for side, price in (("buy", ask), ("sell", bid))
            ]
            order += [read["sell", ask], mine[0], read["buy", bid], mine[1]]
    chain.propose(proposer, transactions=order + [t for t in read.values() if t not in order])
    taken = gains(chain, BOOK)
    assert all(receipt.succeeded for receipt in chain.receipts()) and taken["proposer"] == 10
    assert all(gain == 0 for who, gain in taken.items() if who != "proposer")


def test_sealed_bids_leave_it_nothing_to_read():
    """The same book sealed: until all seals are in, the proposer sees hashes; then it is too late to add an order."""
    proposer, keys = KeyPair.named("proposer"), {who: KeyPair.named(who) for who, _, _ in BOOK}
    chain = Blockchain("sealed", producers=[proposer], balances=dict.fromkeys((*keys.values(), proposer), PURSE),
                       contracts=[SealedBids(1, 2, DEPOSIT, OPERATOR)])  # fmt: skip
    for number, (who, side, price) in enumerate(BOOK):
        chain.call(keys[who], "bids", "commit", seal=seal_bid(keys[who], chain, side, price, 1_000, f"{number:032x}"))
    assert all(set(t.arguments) == {"seal"} for t in chain.pending)
    chain.propose(proposer)
    for number, (who, side, price) in enumerate(BOOK):
        chain.call(keys[who], "bids", "reveal", side=side, price=price, quantity=1_000, salt=f"{number:032x}")
    own = chain.call(
        proposer, "bids", "commit", seal=seal_bid(proposer, chain, "buy", 5, 1_000, SALT)
    )  # it has read them now
    chain.propose(proposer, transactions=[own, *(t for t in chain.pending if t != own)])
    assert "time for seals is over" in chain.receipt(own).reason
    sides = {side: [(price, 1) for _, s, price, _ in chain.view("bids", "opened") if s == side] for side in ("buy", "sell")}
    clearing = uniform_price(OrderBook.of(sides["buy"], sides["sell"]))
    assert (clearing.price, clearing.quantity, clearing.buyer_surplus + clearing.seller_surplus) == (8.5, 2, 10)


def test_who_sees_the_others_opened_can_keep_its_own_shut_and_pays_the_deposit():
    chain = new_chain()
    committed(chain)
    committed(chain, BEN)
    revealed(chain, slot=3)
    chain.propose(OPERATOR, slot=4)
    assert did(chain, CEM, "forfeit", slot=5, bidder=BEN.account).succeeded
    assert chain.balance(OPERATOR) == DEPOSIT and len(chain.view("bids", "opened")) == 1


@pytest.mark.parametrize(
    "change", [{"reveal_until": 2}, {"deposit": -1}, {"commit_until": 1.5}, {"forfeits_to": "operator"}]
)
def test_parameters_without_meaning_are_named(change):
    with pytest.raises(InvalidContract):
        new_chain(**change)


@pytest.mark.parametrize(
    "change",
    [{"side": "both"}, {"price": 0.5}, {"price": -1}, {"quantity": 0}, {"salt": "00"}, {"salt": None}, {"bidder": "anna"}],
)
def test_a_bid_without_meaning_is_not_sealed(change):
    with pytest.raises(InvalidInput):
        seal_bid(
            **{"bidder": ANNA, "chain": new_chain(), "side": "buy", "price": 12, "quantity": 1_000, "salt": SALT} | change
        )
