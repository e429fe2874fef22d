"""How fast are the bytes of the ledger? Trees against bare hashes, canonical bytes against rfc8785, checks against PyNaCl.

`make bench` runs this and writes data/measurements/ledger_bytes.csv. A tree of n leaves takes 2n - 1 hashes, so it is held
against 2n hashes of 65 bytes, a prefix and a pair, in a bare loop: the ratio is the share of the machine's hash rate that
the tree reaches. Everything in one process, routes in turns; each figure is the best of some runs, since what else the
machine does can only add.
"""

import hashlib
import json
import sys
import time
from functools import partial
from pathlib import Path

import rfc8785
from nacl.signing import VerifyKey

sys.path.insert(0, str(Path(__file__).resolve().parent))

from clearing import write

from tefoundations.ledger import KeyPair, MerkleTree, canonical_bytes, tagged_hash, verify

LEAVES, TRADES, SIGNATURES, RUNS = (1_000, 10_000, 100_000, 1_000_000), 20_000, 2_000, 7


def trades(count):
    """Trades as the market hands them over."""
    return [
        {
            "step": i % 48,
            "number": i,
            "seller": f"home{i % 9}",
            "buyer": "bakery",
            "energy": 7 * i % 5000,
            "payment": 1918 * i,
        }
        for i in range(count)
    ]


def hashes(count):
    """A bare loop over the hashes of a tree's nodes."""
    sha256, node = hashlib.sha256, b"\x01" + bytes(64)
    for _ in range(count):
        sha256(node).digest()


def best(routes):
    """Shortest time of each route in seconds, one after the other in every round."""
    seconds = {name: [] for name in routes}
    for _ in range(RUNS):
        for name, route in routes.items():
            start = time.perf_counter()
            route()
            seconds[name].append(time.perf_counter() - start)
    return {name: min(times) for name, times in seconds.items()}


def signing_routes(count):
    """Checking signatures: ours, PyNaCl's from the same bytes, and PyNaCl's with the key read beforehand."""
    pair, messages = KeyPair.named("bench"), [tagged_hash("trade", canonical_bytes(trade)) for trade in trades(count)]
    signed = [(message, pair.sign(message)) for message in messages]
    public, known = pair.public_key, VerifyKey(pair.public_key)
    assert all(verify(public, *each) for each in signed)
    return {
        "verify": lambda: [verify(public, *each) for each in signed],
        "PyNaCl": lambda: [VerifyKey(public).verify(*each) for each in signed],
        "PyNaCl, key kept": lambda: [known.verify(*each) for each in signed],
    }


def main():
    found = []  # each (task, how many, seconds by route)
    for count in LEAVES:
        leaves = [i.to_bytes(32, "big") for i in range(count)]
        routes = {"tree": partial(MerkleTree, leaves), "2n bare hashes": partial(hashes, 2 * count)}
        found.append(("Merkle tree", count, best(routes)))
    some = trades(TRADES)
    assert [canonical_bytes(trade) for trade in some] == [rfc8785.dumps(trade) for trade in some]
    routes = {
        "canonical_bytes": lambda: [canonical_bytes(trade) for trade in some],
        "rfc8785": lambda: [rfc8785.dumps(trade) for trade in some],
        "json, not canonical": lambda: [json.dumps(trade).encode() for trade in some],
    }
    found.append(("bytes of a trade", TRADES, best(routes)))
    found.append(("signature checked", SIGNATURES, best(signing_routes(SIGNATURES))))
    write("ledger_bytes", "things", found)


if __name__ == "__main__":
    main()
