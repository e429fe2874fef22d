"""Learners' code for the exercises of tokens, and the answers against the contracts of the package and plain definitions."""

import pytest

from tefoundations.exercises import check
from tefoundations.exercises.registry import EXERCISES
from tefoundations.ledger import Blockchain, FungibleToken, KeyPair, delivery_contracts, sign_reading

MINT, REVERTED, DOUBLE = (f"tokens/{name}" for name in ("mint", "reverted", "double"))
SEEDS = ["public", 0, 1]
OPERATOR = KeyPair.named("operator")


def reason(name, solution, state):
    told = check(name, solution)
    assert told.state == state, told
    return told.reason


def on_example(name, answer, solutions):
    """The solution, wrong on the worked example only."""
    example = EXERCISES[name].example[0]
    return lambda *case: answer if case == example else solutions[name](*case)


# How much may be minted?


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


@pytest.mark.parametrize("seed", SEEDS)
def test_minted_is_what_the_registry_mints(seed, solutions):
    amounts = set()
    for (events,) in EXERCISES[MINT].cases(seed)[:91]:
        answer = solutions[MINT](events)
        assert answer == by_the_registry(events)
        amounts.update(answer)
    assert len(amounts) > 3


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (None, "a list of one number for each event"), ([0] * 7, "a list of one number for each event"),
        ([0, 0, 0, "1000", 0, 0, 200, 0], "a list of one number for each event"),
        ([1000, 0, 0, 1000, 0, 0, 200, 0], "position 0 (from 0) is a promise"),
        ([0, 0, 0, 1000, 0, -500, 200, 0], "it mints -500 Wh in position 5"),
        ([0, 0, 1200, 1000, 0, 0, 200, 0], "it mints 2400 Wh in all"),
        ([0, 0, 0, 1000, 0, 0, 100, 0], "in the worked example"),
    ],
)  # fmt: skip
def test_what_is_told_of_wrong_amounts(answer, words, solutions):
    told = check(MINT, on_example(MINT, answer, solutions))
    assert told.state in ("wrong", "almost") and words in told.reason


def test_minting_in_corners(solutions):
    def first_alone(events):
        answer = solutions[MINT](events)
        place = next((k for k, wh in enumerate(answer) if wh), None)
        return [wh if k == place else 0 for k, wh in enumerate(answer)]

    assert "except when two promises share a reading" in reason(MINT, first_alone, "almost")


# Which calls revert?


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


@pytest.mark.parametrize("seed", SEEDS)
def test_what_reverts_reverts_in_the_contract(seed, solutions):
    seen = set()
    for case in EXERCISES[REVERTED].cases(seed)[:91]:
        answer = solutions[REVERTED](*case)
        assert answer == by_the_contract(*case)
        seen.add(len(answer))
    assert {0, 1, 2} <= seen


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (None, "a list of positions"), ([3.5], "a list of positions"), (["transfer"], "a list of positions"),
        ([4, 6], "there are 6 calls, and positions count from 0"), ([-1], "positions count from 0"), ([5, 3], "rising order"),
        ([3, 3, 5], "each once"), ([3], "in the worked example"),
    ],
)  # fmt: skip
def test_what_is_told_of_wrong_positions(answer, words, solutions):
    told = check(REVERTED, on_example(REVERTED, answer, solutions))
    assert told.state in ("wrong", "almost") and words in told.reason


def test_reverting_in_corners(solutions):
    def believes_negatives(balances, calls):
        failed = solutions[REVERTED](balances, calls)
        return [place for place in failed if calls[place][-1] >= 0]

    assert "except when an amount is negative" in reason(REVERTED, believes_negatives, "almost")


# Who counted twice?


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


@pytest.mark.parametrize("seed", SEEDS)
def test_double_counts_by_listing_all_claims(seed, solutions):
    seen = set()
    for (events,) in EXERCISES[DOUBLE].cases(seed):
        answer = solutions[DOUBLE](events)
        assert answer == by_listing_all_claims(events)
        seen.add(len(answer))
    assert {0, 1} <= seen


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (None, "a list of texts"), ("roof 12:00", "a list of texts"), ([1], "a list of texts"),
        (["wind 12:00", "roof 12:00"], "alphabetical order"), (["roof 12:00", "roof 12:00"], "each once"),
        ([], "in the worked example"),
    ],
)  # fmt: skip
def test_what_is_told_of_wrong_names(answer, words, solutions):
    told = check(DOUBLE, on_example(DOUBLE, answer, solutions))
    assert told.state in ("wrong", "almost") and words in told.reason


def test_double_counts_in_corners(solutions):
    def one_certificate_each(events):
        seen, kept = set(), []
        for event in events:
            if event[0] == "issue" and event[2] in seen:
                continue
            seen |= {event[2]} if event[0] == "issue" else set()
            kept.append(event)
        return solutions[DOUBLE](kept)

    assert "except when two certificates were issued for one kWh" in reason(DOUBLE, one_certificate_each, "almost")


# Numbers told in the texts


def told_in(sources, start):
    [text] = [c.source for n in sources.values() for c in n.cells if c.source.startswith(start)]
    return text.replace("\n", " ")


def test_numbers_told_in_the_text(sources, solutions):
    [events] = EXERCISES[MINT].example[0]
    assert "closes promise 0 with 1,000 Wh" in told_in(sources, "Home 9 may not sign") and by_the_registry(events)[3] == 1000
    case = EXERCISES[REVERTED].example[0]
    assert "The shop takes 5 and then may take 3 more" in told_in(sources, "The shop takes 5")
    assert by_the_contract(*case) == [3, 5]
