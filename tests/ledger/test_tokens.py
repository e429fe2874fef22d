"""Tokens: the rules that matter, against a model of a few lines, and nothing made or lost on the way."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tefoundations.errors import InvalidContract
from tefoundations.ledger import FungibleToken, KeyPair, NonFungibleToken
from tests.ledger.ledgers import ANNA, BEN, CEM, OPERATOR, junk, new_chain, units

THREE = (ANNA, BEN, CEM)
NAME = {who.account: who for who in THREE}


class Deeds(NonFungibleToken):
    def issue(self, call):
        self._create(call, call.sender)


def did(chain, key, contract, method, **arguments):
    """Send one call in a block of its own; its receipt."""
    sent = chain.call(key, contract, method, **arguments)
    chain.propose(OPERATOR)
    return chain.receipt(sent)


who, amount = st.sampled_from(THREE), st.integers(-3, 20)
steps = st.one_of(
    st.tuples(st.just("mint"), who, who, who, amount), st.tuples(st.just("transfer"), who, who, who, amount),
    st.tuples(st.just("approve"), who, who, who, amount), st.tuples(st.just("transfer_from"), who, who, who, amount),
    st.tuples(st.just("burn"), who, who, who, amount),
)  # fmt: skip


class Model:
    """ERC-20 in dictionaries, with exceptions for what must fail."""

    def __init__(self):
        self.held, self.allowed = dict.fromkeys(THREE, 0), {}

    def act(self, method, sender, owner, to, n):
        """True if the call must succeed; then it is done."""
        if n < 0:
            return False
        if method == "mint":
            if sender != ANNA:
                return False
            self.held[to] += n
        elif method == "approve":
            self.allowed[sender, to] = n
        elif method == "burn":
            if self.held[sender] < n:
                return False
            self.held[sender] -= n
        else:
            source = sender if method == "transfer" else owner
            if self.held[source] < n or (method == "transfer_from" and self.allowed.get((owner, sender), 0) < n):
                return False
            if method == "transfer_from":
                self.allowed[owner, sender] = self.allowed.get((owner, sender), 0) - n
            self.held[source] -= n
            self.held[to] += n
        return True


def arguments(method, owner, to, n):
    wanted = {"mint": ["to"], "transfer": ["to"], "approve": ["spender"], "transfer_from": ["owner", "to"], "burn": []}[
        method
    ]
    values = {"to": to.account, "spender": to.account, "owner": owner.account}
    return {name: values[name] for name in wanted} | {"amount": n}


@given(st.lists(steps, max_size=15))
@settings(max_examples=40)
def test_a_fungible_token_does_what_the_model_does(script):
    chain, model = new_chain(), Model()
    sent = [
        chain.call(sender, "points", method, **arguments(method, owner, to, n)) for method, sender, owner, to, n in script
    ]
    chain.propose(OPERATOR, transactions=sent)
    expected = [model.act(*step) for step in script]
    assert [chain.receipt(transaction).succeeded for transaction in sent] == expected
    assert {key: chain.read("points", f"balance/{key.account}", 0) for key in THREE} == model.held
    assert units(chain) == chain.read("points", "supply", 0) == sum(model.held.values())
    for (owner, spender), left in model.allowed.items():
        assert chain.view("points", "allowance", owner=owner.account, spender=spender.account) == left


def test_an_allowance_can_name_the_one_it_replaces():
    """The known weakness of ERC-20: Ben spends the old allowance before the new one comes, and then the new one."""
    for replaces, taken in ((None, 15), (10, 10)):
        chain = new_chain()
        did(chain, ANNA, "points", "mint", to=ANNA.account, amount=100)
        did(chain, ANNA, "points", "approve", spender=BEN.account, amount=10)
        lower = chain.call(
            ANNA, "points", "approve", spender=BEN.account, amount=5, **({} if replaces is None else {"replaces": replaces})
        )
        first = chain.call(BEN, "points", "transfer_from", owner=ANNA.account, to=BEN.account, amount=10)
        second = chain.call(BEN, "points", "transfer_from", owner=ANNA.account, to=BEN.account, amount=5)
        chain.propose(OPERATOR, transactions=[first, lower, second])
        assert chain.view("points", "balance_of", owner=BEN.account) == taken
        assert chain.receipt(lower).succeeded == (replaces is None)


def test_units_sent_to_no_account_stay():
    chain = new_chain()
    did(chain, ANNA, "points", "mint", to=ANNA.account, amount=10)
    for to in ("ben", "", 5, None, ANNA.account.upper(), [ANNA.account]):
        assert "account only" in did(chain, ANNA, "points", "transfer", to=to, amount=1).reason
    assert units(chain) == 10 and "only the minter" in did(chain, BEN, "points", "mint", to=BEN.account, amount=1).reason


def test_a_token_without_minter_is_never_minted():
    chain = new_chain(contracts=[FungibleToken("fixed")])
    assert not did(chain, ANNA, "fixed", "mint", to=ANNA.account, amount=1).succeeded
    with pytest.raises(InvalidContract, match="minter"):
        FungibleToken("x", minter="anna")


@given(st.sampled_from(["transfer", "transfer_from", "approve", "mint", "burn"]), st.data())
@settings(max_examples=40)
def test_whatever_a_fungible_token_is_asked_it_stays_whole(method, data):
    chain = new_chain()
    did(chain, ANNA, "points", "mint", to=ANNA.account, amount=10)
    given_in = arguments(method, ANNA, BEN, 1) | {
        data.draw(st.sampled_from(["amount", "to", "owner", "spender"])): data.draw(junk)
    }
    known = {name: value for name, value in given_in.items() if name in arguments(method, ANNA, BEN, 1)}
    try:
        did(chain, ANNA, "points", method, **known)
    except ValueError as error:
        assert type(error).__name__ == "InvalidTransaction"
    assert units(chain) == chain.read("points", "supply") and chain.find_fault() is None
    assert all(type(v) is int and v >= 0 for n, v in chain.state.to_dict().items() if n.startswith("contract/points/"))


def test_one_of_its_kind_moves_only_by_who_may():
    chain = new_chain(contracts=[Deeds("deeds")])
    did(chain, ANNA, "deeds", "issue")
    did(chain, ANNA, "deeds", "issue")

    def move(key, owner, to, token):
        return did(chain, key, "deeds", "transfer_from", owner=owner.account, to=to.account, token=token)

    def owner(token):
        return NAME[chain.view("deeds", "owner_of", token=token)]

    assert not move(BEN, ANNA, BEN, 0).succeeded and not move(ANNA, BEN, ANNA, 0).succeeded
    assert "does not exist" in move(ANNA, ANNA, BEN, 9).reason
    assert not did(chain, BEN, "deeds", "approve", token=0, spender=BEN.account).succeeded
    assert did(chain, ANNA, "deeds", "approve", token=0, spender=BEN.account).succeeded
    assert not move(BEN, ANNA, BEN, 1).succeeded and move(BEN, ANNA, CEM, 0).succeeded and owner(0) == CEM
    assert (
        chain.view("deeds", "approved", token=0) == "" and not move(BEN, CEM, BEN, 0).succeeded
    )  # the approval went with the move
    assert did(chain, CEM, "deeds", "approve_all", spender=BEN.account, allowed=True).succeeded
    assert move(BEN, CEM, BEN, 0).succeeded and owner(0) == BEN
    assert did(chain, CEM, "deeds", "approve_all", spender=BEN.account, allowed=False).succeeded
    assert move(BEN, BEN, CEM, 0).succeeded and not move(BEN, CEM, BEN, 0).succeeded
    assert [chain.view("deeds", "balance_of", owner=key.account) for key in THREE] == [1, 0, 1]


moves = st.tuples(
    st.sampled_from(["issue", "approve", "approve_all", "transfer_from"]), who, who, who, st.integers(0, 3), st.booleans()
)


@given(st.lists(moves, max_size=15))
@settings(max_examples=40)
def test_every_token_has_one_owner_and_the_model_agrees(script):
    chain = new_chain(contracts=[Deeds("deeds")])
    owners, approved, acting, expected, sent = [], {}, {}, [], []
    for method, sender, owner, to, token, yes in script:
        exists = token < len(owners)
        names = {"approve": {"token": token, "spender": to.account}, "approve_all": {"spender": to.account,
        "allowed": yes}, "issue": {},
                 "transfer_from": {"owner": owner.account, "to": to.account, "token": token}}[method]  # fmt: skip
        sent.append(chain.call(sender, "deeds", method, **names))
        if method == "issue":
            owners.append(sender)
            good = True
        elif method == "approve_all":
            acting[sender, to], good = yes, True
        elif method == "approve":
            good = exists and (sender == owners[token] or acting.get((owners[token], sender), False))
            approved |= {token: to} if good else {}
        else:
            good = exists and owners[token] == owner
            good = good and (sender == owner or approved.get(token) == sender or acting.get((owner, sender), False))
            if good:
                owners[token] = to
                approved.pop(token, None)
        expected.append(good)
    chain.propose(OPERATOR, transactions=sent)
    assert [chain.receipt(transaction).succeeded for transaction in sent] == expected
    assert [NAME[chain.view("deeds", "owner_of", token=token)] for token in range(len(owners))] == owners
    assert [chain.view("deeds", "balance_of", owner=key.account) for key in THREE] == [owners.count(key) for key in THREE]


@given(junk, st.sampled_from(["owner_of", "approved"]))
@settings(max_examples=30)
def test_a_token_that_does_not_exist_is_nobodys(token, method):
    chain = new_chain(contracts=[Deeds("deeds")])
    did(chain, ANNA, "deeds", "issue")
    try:
        receipt = did(chain, BEN, "deeds", method, token=token)
        assert receipt.succeeded == (type(token) is int and token == 0)
    except ValueError as error:
        assert type(error).__name__ == "InvalidTransaction" and KeyPair
