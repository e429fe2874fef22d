"""Runs inside pymarket's own environment: median seconds to clear one book with each of its mechanisms, as JSON."""

import json
import statistics
import sys
import time

import numpy as np
import pymarket


def market(book):
    """A market with the book's orders; each order is its own user."""
    filled = pymarket.Market()
    user = 0
    for side, buying in (("bids", True), ("asks", False)):
        for price, quantity in book[side]:
            filled.accept_bid(float(quantity), float(price), user, buying)
            user += 1
    return filled


def main(file, runs):
    book = np.load(file)
    found = {}
    for mechanism in ("huang", "muda"):
        seconds = []
        for _ in range(runs):
            filled = market(book)
            start = time.perf_counter()
            filled.run(mechanism)
            seconds.append(time.perf_counter() - start)
        found[mechanism] = statistics.median(seconds)
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
