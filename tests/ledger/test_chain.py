"""Blocks and branches: what is valid, which branch counts, and what is left of an invalid or a reverted transaction."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tefoundations.errors import InvalidBlock, InvalidContract, InvalidInput, InvalidTransaction
from tefoundations.ledger import Block, Blockchain, KeyPair, MerkleTree, Transaction, verify_inclusion
from tests.ledger.ledgers import (
    ANNA,
    BEN,
    CEM,
    OPERATOR,
    PEOPLE,
    PURSE,
    junk,
    money,
    new_chain,
    sale,
    template,
    terms,
    transfer,
)

TWO = (ANNA, BEN)


def forged(block, key=None, **changes):
    """A block with some fields changed; signed again if there is a key."""
    changed = dataclasses.replace(block, **({"signature": ""} if key else {}) | changes)
    return changed.signed(key) if key else changed


def test_the_first_block_has_no_clock_and_is_the_same_everywhere():
    one, other = new_chain(), new_chain()
    assert one.genesis == other.genesis and (one.genesis.height, one.genesis.slot) == (0, 0)
    balances = dict.fromkeys(reversed(PEOPLE), PURSE)
    a, b = (
        Blockchain("x", producers=[ANNA], balances=given_in) for given_in in (balances, dict(reversed(balances.items())))
    )
    assert a.id == b.id != Blockchain("y", producers=[ANNA], balances=balances).id
    assert a.id != Blockchain("x", producers=[BEN], balances=balances).id


@pytest.mark.parametrize(
    "case",
    ["signature", "nonce behind", "nonce ahead", "chain", "cannot pay gas", "contract", "method", "arguments", "unsigned"],
)
def test_an_invalid_transaction_is_in_no_block_and_changes_nothing(case):
    chain = new_chain()
    good, root = transfer(chain, ANNA, BEN, 5, 0), chain.state.root
    poor = KeyPair.named("poor")
    wrong = {
        "signature": dataclasses.replace(good, gas_limit=5_000),
        "nonce behind": transfer(chain, BEN, ANNA, 5, 0),
        "nonce ahead": transfer(chain, ANNA, BEN, 5, 1),
        "chain": dataclasses.replace(good, chain="lane", signature="").signed(ANNA),
        "cannot pay gas": Transaction(
            chain.id, poor.account, 0, "money", "transfer", {"to": ANNA.account, "amount": 0}, gas_price=1
        ).signed(poor),
        "contract": dataclasses.replace(good, contract="banknotes", signature="").signed(ANNA),
        "method": dataclasses.replace(good, method="_move", signature="").signed(ANNA),
        "arguments": dataclasses.replace(good, arguments={"to": BEN.account}, signature="").signed(ANNA),
        "unsigned": dataclasses.replace(good, signature=""),
    }[case]
    if case == "nonce behind":
        chain.call(BEN, "money", "transfer", to=CEM.account, amount=0)
        chain.propose(OPERATOR)
        root = chain.state.root
    if case not in ("nonce ahead", "cannot pay gas"):
        with pytest.raises(InvalidTransaction):
            chain.submit(wrong)
    with pytest.raises(InvalidTransaction, match="transaction 0: "):
        chain.propose(OPERATOR, transactions=[wrong])
    assert chain.state.root == root and not chain.pending

    maker = new_chain()
    for block in chain.blocks:
        maker.receive(block)
    root_of_one = MerkleTree([wrong.to_bytes()]).root.hex()
    block = forged(maker.propose(OPERATOR), OPERATOR, transactions=(wrong,), count=1, transaction_root=root_of_one)
    with pytest.raises(InvalidBlock) as caught:
        chain.receive(block)
    assert (caught.value.height, caught.value.transaction) == (block.height, 0) and chain.state.root == root


@given(
    st.lists(
        st.tuples(
            st.sampled_from(PEOPLE),
            st.sampled_from(PEOPLE),
            st.integers(-10, PURSE + 10),
            st.integers(0, 2),
            st.integers(1_000, 1_020),
        ),
        max_size=8,
    )
)
@settings(max_examples=40)
def test_a_reverted_call_changes_nonce_and_fee_and_nothing_else(payments):
    chain = new_chain()
    for sender, to, amount, price, limit in payments:
        before = chain.state.to_dict()
        sent = chain.call(sender, "money", "transfer", gas_limit=limit, gas_price=price, to=to.account, amount=amount)
        block = chain.propose(OPERATOR)
        assert money(chain) == len(PEOPLE) * PURSE
        if not block.transactions:  # it could not pay for gas: it waits, and nothing changed
            assert chain.state.to_dict() == before and chain.pending
            return
        receipt = chain.receipt(sent)
        expected = dict(before)
        expected[f"nonce/{sender.account}"] = before.get(f"nonce/{sender.account}", 0) + 1
        expected[f"balance/{sender.account}"] -= receipt.fee
        expected[f"balance/{OPERATOR.account}"] += receipt.fee
        if receipt.succeeded:
            assert amount >= 0 and limit >= 1_006
            expected[f"balance/{sender.account}"] -= amount
            expected[f"balance/{to.account}"] += amount
        assert chain.state.to_dict() == expected and receipt.fee == receipt.gas_used * price


def test_the_fee_is_set_aside_before_the_call_can_spend_it():
    chain = new_chain()
    sent = chain.call(ANNA, "money", "transfer", gas_limit=2_000, gas_price=1, to=BEN.account, amount=PURSE)
    chain.propose(OPERATOR)
    assert not chain.receipt(sent).succeeded and chain.balance(ANNA) == PURSE - 1_006 and chain.balance(BEN) == PURSE


def two_nodes():
    one, other = new_chain(TWO), new_chain(TWO)
    return one, other


def test_after_a_reorganisation_balances_and_nonces_are_right_at_once():
    one, other = two_nodes()
    pay = one.call(CEM, "money", "transfer", to=ANNA.account, amount=100)
    stay = one.call(CEM, "money", "transfer", to=BEN.account, amount=50)
    left = one.propose(BEN)
    assert (one.balance(ANNA), one.balance(BEN), one.nonce(CEM)) == (PURSE + 100, PURSE + 50, 2)
    other.submit(pay)
    longer = [other.propose(BEN, slot=3), other.propose(ANNA)]
    one.receive(longer[0])
    assert one.head == min(left, longer[0], key=lambda block: block.hash)  # as long: the lower hash
    assert one.receive(longer[1]) is True and one.head == longer[1]
    assert (one.balance(ANNA), one.balance(BEN), one.nonce(CEM)) == (PURSE + 100, PURSE, 1)
    assert one.pending == (stay,) and one.state.root == other.state.root and one.receipt(stay) is None
    last = one.propose(BEN)
    assert stay in last.transactions and one.nonce(CEM) == 2 and one.balance(BEN) == PURSE + 50 and one.find_fault() is None


@given(st.permutations(range(5)))
@settings(max_examples=20)
def test_nodes_choose_alike_whatever_comes_first(order):
    nodes = [Blockchain("fork", producers=TWO) for _ in range(4)]
    turns = [(BEN, 1), (ANNA, 2)], [(ANNA, 2), (BEN, 3)], [(BEN, 5)]
    a1, a2, b1, b2, c1 = blocks = [maker.propose(*turn) for maker, its in zip(nodes, turns) for turn in its]
    node = nodes[3]
    waiting = [blocks[i] for i in order]
    while waiting:  # a child that comes before its parent is offered again
        for block in list(waiting):
            try:
                node.receive(block)
                waiting.remove(block)
            except InvalidBlock as error:
                assert "parent is not known" in str(error)
    assert a1 != b1 != c1 and node.head == min(a2, b2, key=lambda block: block.hash)


@pytest.mark.parametrize("change, words", [
    ({"height": 5}, "height does not follow"), ({"slot": 0}, "does not come after"), ({"chain": "other"}, "another chain"),
    ({"parent": "ab" * 32}, "parent is not known"), ({"state_root": "ab" * 32}, "state_root"),
    ({"receipt_root": "ab" * 32}, "receipt_root"),
    ({"transaction_root": "ab" * 32}, "transaction_root"), ({"count": 2}, "count"), ({"entries": 3}, "entries"),
    ({"transactions": ()}, "count"),
])  # fmt: skip
def test_each_field_of_the_header_is_checked_even_if_its_producer_signs(change, words):
    maker, node = two_nodes()
    maker.call(CEM, "money", "transfer", to=ANNA.account, amount=100)
    block = maker.propose(BEN)
    with pytest.raises(InvalidBlock, match=words) as caught:
        node.receive(forged(block, BEN, **change))
    assert caught.value.height == change.get("height", 1) and node.height == 0
    assert node.receive(block)


def test_only_the_producer_whose_turn_it_is_makes_a_block():
    chain = new_chain(TWO)
    for key, slot in ((CEM, None), (ANNA, 1), (ANNA, 0), (BEN, 1.0), ("anna", None)):
        with pytest.raises(InvalidBlock):
            chain.propose(key, slot)
    block = chain.propose(BEN)
    with pytest.raises(InvalidBlock, match="not its producer's turn"):
        new_chain(TWO).receive(forged(block, ANNA, producer=ANNA.account))
    with pytest.raises(InvalidBlock, match="signature is not its producer's"):
        new_chain(TWO).receive(forged(block, signature=ANNA.sign(b"block").hex()))


def test_the_last_block_cannot_be_rewritten():
    """In many toys nothing points at the last block, so nothing binds it: here a signature, and a head known elsewhere."""
    chain = new_chain()
    sale(chain)
    chain.propose(OPERATOR)
    head = chain.head
    generous = transfer(chain, BEN, ANNA, PURSE, 0)
    rival = new_chain()
    rewritten = rival.propose(OPERATOR, transactions=[generous])
    unsigned = forged(rewritten, signature=head.signature)
    assert "signature is not its producer's" in str(chain.find_fault([chain.genesis, unsigned]))
    # The producer itself can: alone, its second history is as valid as its first. Whoever knows the head can tell.
    assert chain.find_fault([chain.genesis, rewritten]) is None
    fault = chain.find_fault([chain.genesis, rewritten], head=head.hash)
    assert (fault.height, "not the last block known" in str(fault)) == (1, True)
    assert "not the last block known" in str(chain.find_fault([chain.genesis], head=head.hash))
    assert chain.find_fault(head=head.hash) is None


def test_the_block_and_the_transaction_at_fault_are_named():
    chain = new_chain()
    for nonce in range(3):
        chain.call(ANNA, "money", "transfer", to=BEN.account, amount=nonce)
        chain.call(CEM, "money", "transfer", to=BEN.account, amount=nonce)
        chain.propose(OPERATOR)
    blocks = list(chain.blocks)
    bad = (blocks[2].transactions[0], dataclasses.replace(blocks[2].transactions[1], nonce=7))
    root = MerkleTree([t.to_bytes() for t in bad]).root.hex()
    blocks[2] = forged(blocks[2], OPERATOR, transactions=bad, transaction_root=root)
    fault = chain.find_fault(blocks)
    assert (fault.height, fault.transaction) == (2, 1) and str(fault).startswith(
        "block 2, transaction 1: nonce: 7 comes too early"
    )
    assert chain.find_fault([b.to_bytes() for b in chain.blocks]) is None
    assert (
        chain.find_fault(chain.blocks[1:]).height == 0
        and chain.find_fault([*chain.blocks[:1], *chain.blocks[2:]]).height == 1
    )


def test_a_transaction_and_a_balance_are_proved_to_somebody_who_has_the_header_only():
    chain = new_chain()
    sent = [chain.call(ANNA, "money", "transfer", to=BEN.account, amount=n) for n in range(5)]
    block = chain.propose(OPERATOR)
    place = block.transactions.index(sent[3])
    proof, root = block.tree.inclusion_proof(place), bytes.fromhex(block.transaction_root)
    assert verify_inclusion(sent[3].to_bytes(), place, block.count, proof, root)
    assert not verify_inclusion(sent[2].to_bytes(), place, block.count, proof, root)
    held = chain.state.prove("balance/" + BEN.account)
    assert held.value == PURSE + 10 and held.holds(bytes.fromhex(block.state_root), block.entries)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 6, 9, 10, 12])
def test_a_block_of_any_number_of_transactions(count):
    chain = new_chain()
    for n in range(count):
        chain.call(ANNA, "money", "transfer", to=BEN.account, amount=n)
    block = chain.propose(OPERATOR)
    assert block.count == count and chain.find_fault() is None
    twice = (*block.transactions, *block.transactions[-1:])
    assert MerkleTree([t.to_bytes() for t in twice]).root != block.tree.root or not count


@pytest.mark.parametrize("arguments, error", [
    ({"name": ""}, InvalidInput), ({"producers": []}, InvalidInput), ({"producers": ["anna"]}, InvalidInput),
    ({"producers": [ANNA, ANNA]}, InvalidInput),
    ({"balances": {ANNA: -1}}, InvalidInput), ({"balances": {ANNA: 0.5}}, InvalidInput),
    ({"balances": {ANNA: float("nan")}}, InvalidInput),
    ({"balances": {"anna": 1}}, InvalidInput), ({"balances": {ANNA: 1, ANNA.account: 1}}, InvalidInput),
    ({"balances": {ANNA: 2**53}}, InvalidInput),
    ({"contracts": ["money"]}, InvalidContract), ({"producers": 5}, InvalidInput), ({"balances": [1]}, InvalidInput),
])  # fmt: skip
def test_a_first_block_without_meaning_is_refused(arguments, error):
    with pytest.raises(error):
        Blockchain(**{"name": "lane", "producers": [ANNA]} | arguments)


@given(junk | st.binary(max_size=100))
def test_whatever_is_handed_to_a_chain_the_error_has_a_name(thing):
    chain = template()
    assert chain.height == 0
    for ask, error in ((chain.submit, InvalidTransaction), (chain.receive, InvalidBlock), (chain.validate, InvalidBlock)):
        with pytest.raises(error):
            ask(thing)
    with pytest.raises(InvalidTransaction):
        chain.propose(OPERATOR, transactions=[thing])
    assert type(chain.find_fault([thing])) is InvalidBlock
    if isinstance(thing, str):
        assert chain.receipt(thing) is None
    else:
        with pytest.raises(InvalidInput, match="transaction"):
            chain.receipt(thing)
    assert chain.height == 0


def test_reading_a_chain_names_what_is_not_there():
    chain = template()
    assert chain.receipts() == () and chain.receipts(chain.genesis) == () and chain.parameters("settlement")["fee"] == 10_000
    for ask in (
        lambda: chain.balance("anna"),
        lambda: chain.parameters("x"),
        lambda: chain.receipts("x"),
        lambda: chain.nonce(None),
    ):
        with pytest.raises(InvalidInput):
            ask()
    assert isinstance(Block.from_bytes(chain.genesis.to_bytes()), Block) and terms(chain)["energy"] == 5_000
