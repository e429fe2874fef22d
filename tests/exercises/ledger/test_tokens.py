"""Tokens: the answers against the contracts of the package and plain definitions, and what is told."""

import pytest

from tefoundations.exercises.registry import EXERCISES
from tefoundations.ledger import Blockchain, FungibleToken, KeyPair, delivery_contracts, sign_reading
from tests.exercises.learners import text_of, told_on_example

MINT, REVERTED, DOUBLE = (f"tokens/{name}" for name in ("mint", "reverted", "double"))
SEEDS = ["public", 0, 1]
OPERATOR = KeyPair.named("operator")


def by_the_registry(events):
    """The same events on a chain: what the supply of credits grows by with each."""
    keys = {name: KeyPair.named(name) for name in ("home3", "home9", "school", "oracle")}
    meters = {name: keys[name] for name in ("home3", "home9", "school")}
    chain = Blockchain("lane", producers=[OPERATOR], contracts=delivery_contracts(keys["oracle"], meters))
    tokens, supply = {}, [0]
    for kind, number, meter, energy, *signer in events:
        if kind == "promise":
            holder = OPERATOR.account
            sent = chain.call(keys[meter], "commitments", "open", holder=holder, meter=meter, step=36, energy=energy)
        else:
            said = sign_reading(keys[signer[0]], chain, meter, 36, energy)
            sent = chain.call(OPERATOR, "commitments", "close", token=tokens.get(number, 99), **said)
        chain.propose(OPERATOR)
        if kind == "promise" and chain.receipt(sent).succeeded:
            tokens[number] = len(tokens)
        supply.append(chain.view("credits", "total_supply"))
    return [after - before for before, after in zip(supply, supply[1:])]


def by_the_contract(balances, calls):
    keys = {name: KeyPair.named(name) for name, _ in balances}
    chain = Blockchain("lane", producers=[OPERATOR], contracts=[FungibleToken("points", minter=OPERATOR)])
    for name, units in balances:
        chain.call(OPERATOR, "points", "mint", to=keys[name].account, amount=units)
    chain.propose(OPERATOR)
    sent, roles = [], {"transfer": ["to"], "approve": ["spender"], "transfer_from": ["owner", "to"]}
    for sender, method, *who, amount in calls:
        named = {role: keys[name].account for role, name in zip(roles[method], who, strict=True)}
        sent.append(chain.call(keys[sender], "points", method, amount=amount, **named))
    chain.propose(OPERATOR, transactions=sent)
    return [place for place, transaction in enumerate(sent) if not chain.receipt(transaction).succeeded]


def by_listing_all_claims(events):
    """Every claim written down by its definition, as (kWh, who), and then counted."""
    short, claims = [event[:2] for event in events], []
    for place, (kind, number, who) in enumerate(events):
        if kind == "cancel" and ("issue", number) in short[:place]:
            issued = short.index(("issue", number))
            if ("cancel", number) not in short[issued:place]:
                claims.append((events[issued][2], who))
    claims += dict.fromkeys((kwh, who) for kind, kwh, who in events if kind == "green" and (kwh, who) not in claims)
    named = [kwh for kwh, _ in claims]
    return sorted(kwh for kwh in dict.fromkeys(named) if named.count(kwh) > 1)


SAME = [
    (MINT, by_the_registry, lambda answers: len({wh for each in answers for wh in each}) > 3),
    (REVERTED, by_the_contract, lambda answers: {0, 1, 2} <= set(map(len, answers))),
    (DOUBLE, by_listing_all_claims, lambda answers: {0, 1} <= set(map(len, answers))),
]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("name", "found", "varied"), SAME)
def test_answers_are_those_of_the_contracts_and_of_the_definition(name, found, varied, seed, solutions):
    answers = []
    for case in EXERCISES[name].cases(seed):
        answers.append(solutions[name](*case))
        assert answers[-1] == found(*case), case
    assert varied(answers)


# What is told, and the numbers of the texts


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        (MINT, None, "a list of one number for each event"), (MINT, [0] * 7, "a list of one number for each event"),
        (MINT, [1000, 0, 0, 1000, 0, 0, 200, 0], "position 0 (from 0) is a promise"),
        (MINT, [0, 0, 0, 1000, 0, -500, 200, 0], "it mints -500 Wh in position 5"),
        (MINT, [0, 0, 1200, 1000, 0, 0, 200, 0], "2400 Wh in all, and the readings signed by the oracle are 1500 Wh"),
        (REVERTED, None, "a list of positions"), (REVERTED, [3.5], "a list of positions"),
        (REVERTED, ["transfer"], "a list of positions"), (REVERTED, [-1], "positions count from 0"),
        (REVERTED, [4, 6], "there are 6 calls, and positions count from 0"), (REVERTED, [5, 3], "rising order"),
        (REVERTED, [3, 3, 5], "each once"), (REVERTED, [3], "it returns [3], not [3, 5]"),
        (DOUBLE, None, "a list of texts"), (DOUBLE, "roof 12:00", "a list of texts"), (DOUBLE, [1], "a list of texts"),
        (DOUBLE, ["wind 12:00", "roof 12:00"], "alphabetical order"), (DOUBLE, ["roof 12:00", "roof 12:00"], "each once"),
    ],
)  # fmt: skip
def test_what_is_told_of_a_wrong_answer(name, answer, words, solutions):
    assert words in told_on_example(name, answer, solutions)


def test_numbers_told_in_the_text(sources):
    [events] = EXERCISES[MINT].example[0]
    assert "closes promise 0 with 1,000 Wh" in text_of(sources, "Home 9 may not sign") and by_the_registry(events)[3] == 1000
    case = EXERCISES[REVERTED].example[0]
    assert "The shop takes 5 and then may take 3 more" in text_of(sources, "The shop takes 5")
    assert by_the_contract(*case) == [3, 5]
