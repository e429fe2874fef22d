"""Smart contracts: the answers against the ledger itself, and what is told."""

import linecache

import pytest

from tefoundations.errors import InvalidTransaction
from tefoundations.exercises.ledger.smart_contracts import BIDDERS, seal_of
from tefoundations.exercises.registry import EXERCISES
from tefoundations.ledger import (
    Blockchain,
    Contract,
    KeyPair,
    SealedBids,
    SettlementContract,
    Transaction,
    gas,
    seal_bid,
    sign_statement,
)  # fmt: skip
from tests.exercises.learners import text_of, told_on_example

TRANSITION, CHARGE, COUNTED = (f"smart_contracts/{name}" for name in ("transition", "charge", "counted"))
SEEDS = ["public", 0, 1, 2]
BUYER, SELLER, OPERATOR, PRODUCER = PARTIES = [KeyPair.named(name) for name in ("buyer", "seller", "operator", "producer")]

# Settle


def on_chain(state, call):
    """State and outcome after the same call on a chain of the package."""
    number, *balances = state
    its, agreed, energy, price, limit, per_gas = call
    terms = SettlementContract(OPERATOR)
    chain = Blockchain("exercise", producers=[PRODUCER], balances=dict(zip(PARTIES, balances)), contracts=[terms])
    for _ in range(number):
        chain.call(BUYER, "money", "transfer", to=SELLER.account, amount=0)
    chain.propose(PRODUCER)
    trade = {"seller": SELLER.account, "energy": energy, "price": price, "step": 7}
    said = sign_statement(SELLER, chain.id, "settlement", "trade", BUYER.account, its, *trade.values())
    trade["signature"] = said if agreed else "0" * 128
    sent = Transaction(chain.id, BUYER.account, its, "settlement", "settle", trade, limit, per_gas).signed(BUYER)
    try:
        chain.propose(PRODUCER, transactions=[sent])
        outcome = "succeeded" if chain.receipt(sent).succeeded else chain.receipt(sent).reason[:12]
    except InvalidTransaction as error:
        outcome = error.args[0].split(":")[1]
    return [chain.nonce(BUYER), *map(chain.balance, PARTIES)], outcome


@pytest.mark.parametrize("seed", SEEDS)
def test_the_transition_is_that_of_the_package(seed, solutions):
    outcomes = set()
    for state, call in EXERCISES[TRANSITION].cases(seed):
        expected, outcome = on_chain(state, call)
        assert list(solutions[TRANSITION](state, call)) == expected, (state, call)
        outcomes.add(outcome)
    assert all(any(name.startswith(words) for name in outcomes) for words in ("succeeded", "out of gas: ", "the seller h"))
    assert any(name.startswith("balance ") for name in outcomes) and {" nonce", " gas_price"} <= outcomes


# What does it cost?


def written(program, depth=2):
    """A program as lines of a contract's method."""
    lines = {"verify": 'call.verify(call.sender, "", "x")', "hash": 'call.digest("x")', "load": 'call.load("x")',
             "store": 'call.store("x", 1)', "arithmetic": "x = 1 + 1"}  # fmt: skip
    pad = "    " * depth
    for kind, times, *inside in program:
        if inside:
            yield f"{pad}for i{depth} in range({times}):"
            yield from written(inside[0], depth + 1)
        else:
            yield from [pad + lines[kind]] * times
    yield f"{pad}pass"


def metered(program, limit):
    """Gas and end of the same program as a contract of the package."""
    source = "\n".join(["class Made(Contract):", "    def go(self, call):", *written(program)]) + "\n"
    linecache.cache["<made>"] = (len(source), None, source.splitlines(keepends=True), "<made>")
    space = {"Contract": Contract}
    exec(compile(source, "<made>", "exec"), space)
    chain = Blockchain("exercise", producers=[PRODUCER], contracts=[space["Made"]("made")])
    sent = chain.call(BUYER, "made", "go", gas_limit=limit)
    chain.propose(PRODUCER)
    return chain.receipt(sent).gas_used, chain.receipt(sent).succeeded


@pytest.mark.parametrize("seed", SEEDS)
def test_the_charge_is_that_of_the_package(seed, solutions):
    ends = []
    for program, limit in EXERCISES[CHARGE].cases(seed):
        assert tuple(solutions[CHARGE](program, limit)) == metered(program, limit), program
        ends.append(metered(program, limit)[1])
    assert 10 <= sum(ends) <= len(ends) - 10


def test_the_price_list_of_the_text_is_the_packages(sources):
    space = {}
    exec(text_of(sources, "COSTS = {", joined=False), space)
    costs = (gas.VERIFY_SIGNATURE, gas.HASH, gas.LOAD, gas.STORE, gas.ARITHMETIC)
    assert space["COSTS"] == dict(zip(("verify", "hash", "load", "store", "arithmetic"), costs)) and gas.LEAST == 1_000


# Which bids count?


def opened_on_chain(commit_until, reveal_until, messages):
    """The two lists from the package's contract, told the same."""
    keys = {name: KeyPair.named(name) for name in BIDDERS}
    terms = SealedBids(commit_until, reveal_until, 500, OPERATOR)
    chain = Blockchain("exercise", producers=[PRODUCER], balances=dict.fromkeys(keys.values(), 1_000), contracts=[terms])
    bids = [said for _, _, kind, *said in messages if kind == "open"]
    known = {seal_of(name, *bid): seal_bid(keys[name], chain, "buy", *bid) for name in BIDDERS for bid in bids}
    sealed, slots = [], sorted({message[0] for message in messages})
    for slot in slots:
        for _, sender, kind, *said in [message for message in messages if message[0] == slot]:
            if kind == "seal":
                seal = known.get(said[0], said[0])
                sealed.append((sender, chain.call(keys[sender], "bids", "commit", seal=seal)))
            else:
                told = dict(zip(("price", "quantity", "salt"), said))
                chain.call(keys[sender], "bids", "reveal", side="buy", **told)
        block = chain.propose(PRODUCER, slot=slot)
        assert len(block.transactions) == sum(message[0] == slot for message in messages)
    names = {key.account: name for name, key in keys.items()}
    counted = [names[account] for account, *_ in chain.view("bids", "opened")]
    left = [name for name, sent in sealed if chain.receipt(sent).succeeded and chain.balance(keys[name]) == 500]
    return [counted, left]


@pytest.mark.parametrize("seed", SEEDS)
def test_bids_are_counted_as_by_the_package(seed, solutions):
    for case in EXERCISES[COUNTED].cases(seed):
        assert [list(part) for part in solutions[COUNTED](*case)] == opened_on_chain(*case), case


# What is told, and the texts


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        (TRANSITION, [1, 2, 3, 4], "five numbers are asked for: number, buyer, seller, operator, producer"),
        (TRANSITION, [1, 995_476, 1_000_000, 10_000, 4_524], "there are 2010000 micro-tokens after it and 2000000 before"),
        (TRANSITION, [2, 995_476, 990_000, 10_000, 4_524], "the next number is 2, and was 0"),
        (CHARGE, (4_527, 1), "the gas charged and True or False are asked for"),
        (CHARGE, (5_000, True), "it charges 5000; a run is charged at least 1000 and at most its limit, 4600"),
        (COUNTED, [["Ada"], [1]], "two lists of names are asked for: whose bids count, and who loses the deposit"),
    ],
)
def test_what_is_told_of_a_wrong_answer(name, answer, words, solutions):
    assert words in told_on_example(name, answer, solutions)


def test_the_text_makes_seals_as_the_check_does(sources):
    [text] = [c.source for n in sources.values() for c in n.cells if "def seal_of(" in c.source]
    space = {}
    exec(text, space)
    assert space["seal_of"]("Ada", 12, 1, "ab") == seal_of("Ada", 12, 1, "ab") != seal_of("Eli", 12, 1, "ab")


def test_numbers_told_in_the_text(sources):
    (state, call), answer = EXERCISES[TRANSITION].example
    said = text_of(sources, "The number is right, and 6,000")
    assert call[4] * call[5] == 6_000 and f"2,000,000 - 1,000,000 - 4,524 = {int(answer[1]):,}" in said
    assert on_chain(state, call) == (answer, "succeeded")
    said = text_of(sources, "A turn costs 3")
    turn = 3 + gas.LOAD + gas.STORE + 2 * gas.ARITHMETIC
    assert f"= {turn}." in said and f"3,000 + {3 * turn:,} = {3_000 + 3 * turn:,}" in said
