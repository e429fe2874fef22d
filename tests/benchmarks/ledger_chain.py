"""How fast does a node take a block? Validation against bare signature checks, and calls of contracts by themselves.

`make bench` runs this and writes data/measurements/ledger_chain.csv. A trade has two signatures, so a block of n trades is
held against 2n checks of PyNaCl with the key read beforehand, and no other work: the ratio is the share of the machine's
signature rate that a node reaches. Validation checks signatures, runs every call and builds three trees; "with reading" also
makes the block out of its bytes. Calls of contracts are run on a state without transactions around them, and the
settlement with a check of signatures that says yes. Everything in one process, routes in turns; each figure is the best of
some runs, in seconds of the processor.
"""

import sys
import time
from pathlib import Path
from unittest import mock

from nacl.signing import VerifyKey

sys.path.insert(0, str(Path(__file__).resolve().parent))

from clearing import write

from tefoundations.ledger import Block, Blockchain, Call, FungibleToken, KeyPair, SettlementContract, settle, tagged_hash
from tefoundations.ledger.contracts.calls import run
from tefoundations.ledger.contracts.gas import Gas

TRADES, HOMES, CALLS, RUNS = (100, 1_000), 200, 10_000, 11
OPERATOR = KeyPair.named("operator")


def best(routes):
    """Shortest time of each route, one after the other in every round; each is a function that returns what is timed."""
    seconds = {name: [] for name in routes}
    for _ in range(RUNS):
        for name, prepare in routes.items():
            timed = prepare()
            start = time.process_time()
            timed()
            seconds[name].append(time.process_time() - start)
    return {name: min(times) for name, times in seconds.items()}


def new_chain(keys):
    contracts = [SettlementContract(OPERATOR), FungibleToken("credits", minter=OPERATOR)]
    return Blockchain("bench", producers=[OPERATOR], balances=dict.fromkeys(keys.values(), 10**12), contracts=contracts)


def block_routes(count):
    """Routes to a validated block of `count` trades, all of which succeed."""
    keys = {number: KeyPair.named(f"home {number}") for number in range(HOMES)} | {"operator": OPERATOR}
    chain, node = new_chain(keys), new_chain(keys)
    pairs = [(i % 100, 100 + 7 * i % 100, 0.1 + i % 50 / 10, 12.5) for i in range(count)]
    settle(pairs, energy_unit=1000, money_unit=10_000, fee=10_000).submit(chain, keys, step=7)
    data = chain.propose(OPERATOR).to_bytes()
    receipts = node.validate(data)
    assert len(receipts) == count and all(receipt.gas_used == 4_524 for receipt in receipts)
    signed = []
    for number in range(2 * count):  # as many keys and messages as the block has
        key, message = keys[number % HOMES], tagged_hash("bench", number.to_bytes(8, "big"))
        signed.append((VerifyKey(key.public_key), message, key.sign(message)))

    def fresh():  # nothing is remembered from an earlier check of the same objects
        block = Block.from_bytes(data)
        return lambda: node.validate(block)

    return {
        "validation": fresh,
        "bare checks": lambda: lambda: [key.verify(message, signature) for key, message, signature in signed],
        "validation with reading": lambda: lambda: node.validate(data),
    }


def call_routes(count):
    """Calls of contracts in one state, signatures taken as good."""
    anna, ben = KeyPair.named("anna"), KeyPair.named("ben")
    chain = new_chain({"anna": anna, "ben": ben})
    chain.call(OPERATOR, "credits", "mint", to=anna.account, amount=10**9)
    chain.propose(OPERATOR)

    def calls(contract, method, arguments):
        def prepare():
            state, called = chain.state, chain.contracts[contract]

            def timed():
                with mock.patch("tefoundations.ledger.contracts.calls.holds", lambda account, message, signature: True):
                    for nonce in range(count):
                        call = Call(chain.id, anna.account, nonce, 1, called, chain.contracts, state, Gas(6_000), [])
                        run(call, method, arguments)

            return timed

        return prepare

    trade = {"seller": ben.account, "energy": 5_000, "price": 200_000, "step": 7, "signature": "0" * 128}
    return {
        "pay": calls("money", "transfer", {"to": ben.account, "amount": 1}),
        "send credits": calls("credits", "transfer", {"to": ben.account, "amount": 1}),
        "settle a trade": calls("settlement", "settle", trade),
    }


def main():
    found = [
        ("block of trades", count, best(block_routes(count))) for count in TRADES
    ]  # each (task, how many, seconds by route)
    found.append(("calls", CALLS, best(call_routes(CALLS))))
    for task, count, seconds in found:
        if "bare checks" in seconds:
            shares = [f"{name} {seconds['bare checks'] / seconds[name]:.2f}" for name in seconds if name != "bare checks"]
            print(f"{task}, {count}: share of the signature rate: {', '.join(shares)}")
        else:
            rates = [f"{name} {count / value / 1000:.0f}" for name, value in seconds.items()]
            print(f"{task}: thousand a second: {', '.join(rates)}")
    write("ledger_chain", "things", found)


if __name__ == "__main__":
    main()
