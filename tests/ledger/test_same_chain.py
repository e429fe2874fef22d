"""The same seed gives the same chain, to the byte, whatever order Python hashes text in."""

import os
import subprocess
import sys

from tests.house.sources import ROOT

SCRIPT = """
import random
from tests.ledger.ledgers import *
from tefoundations.ledger import sign_reading
chance = random.Random({seed})
chain = new_chain(producers=(OPERATOR, ANNA))
who = list(PEOPLE)
for step in range(6):
    for _ in range(chance.randrange(4)):
        buyer, seller = chance.sample(who, 2)
        sale(chain, buyer=buyer, seller=seller, energy=chance.randrange(1, 9000), price=chance.randrange(10**6), step=step)
    chain.call(ANNA, "points", "mint", to=chance.choice(who).account, amount=chance.randrange(100))
    payer, price, amount = chance.choice(who), chance.randrange(3), chance.randrange(10**6)
    chain.call(payer, "money", "transfer", gas_price=price, to=ANNA.account, amount=amount)
    chain.call(ANNA, "commitments", "open", holder=CEM.account, meter="roof", step=step, energy=chance.randrange(1, 5000))
    chain.propose(OPERATOR if step % 2 else ANNA)
    chain.call(BEN, "commitments", "close", token=step, **sign_reading(ORACLE, chain, "roof", step, chance.randrange(5000)))
chain.propose(ANNA)
assert chain.find_fault() is None and hash("a") is not None
receipts = chain.receipts()
print(chain.id, chain.head.hash, chain.state.root.hex(), len(receipts), sum(not r.succeeded for r in receipts))
"""


def lines(seed, hashing):
    environment = os.environ | {"PYTHONHASHSEED": hashing}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(seed=seed)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_three_hash_seeds_one_chain():
    first, second, third = (lines(7, hashing) for hashing in ("0", "1", "4242"))
    assert first == second == third and len(first) == 5 and int(first[3]) > 20
    other = lines(8, "0")
    assert other[0] == first[0] and other[1] != first[1]
