"""How long is the community's day? A market day, learning, ledger and audit, held against one central programme of the day.

`make bench` runs this and writes data/measurements/whole_day.csv. Everything in one process, routes in turns; each figure is
the best of some runs, in seconds of the processor, so that only ratios are read. The audit, which
runs all blocks again, is also held against bare checks of as many signatures.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from clearing import write
from ledger_chain import best
from nacl.signing import VerifyKey

from tefoundations.ledger import KeyPair, tagged_hash
from tefoundations.systems import DayPlan, audit_day, billing_run, central_day, market_day, transactive_day
from tefoundations.systems.day.market.trade import learned, trade

DAYS = ("winter", "holiday")
OPERATOR = KeyPair.named("operator")


def routes(day):
    """What a day is made of, each by itself."""
    plan = DayPlan.of(day)
    expected, run = learned(plan, 8), transactive_day(plan)
    record, table, size = run.record, run.table(), sum(len(block.transactions) for block in run.record.chain.blocks)
    keys = [KeyPair.named(f"meter {i}") for i in range(13)]
    messages = [tagged_hash("bench", number.to_bytes(8, "big")) for number in range(624 + size + 49)]
    readers = [VerifyKey(key.public_key) for key in keys]
    signed = [(readers[i % 13], message, keys[i % 13].sign(message)) for i, message in enumerate(messages)]
    return {
        "market on the feeder": lambda: lambda: trade(plan, expected),
        "central programme": lambda: lambda: central_day(plan),
        "market of the lane": lambda: lambda: market_day(plan.lane, expected[:, 0]),
        "everything, 8 days learned": lambda: lambda: transactive_day(plan),
        "audit": lambda: lambda: audit_day(record.blocks, record.meters, operator=OPERATOR, producers=record.producers),
        "bare checks": lambda: lambda: [key.verify(message, signature) for key, message, signature in signed],
        "billing run": lambda: lambda: billing_run(table),
    }


def main():
    found = [(day, 624, best(routes(day))) for day in DAYS]  # each (task, readings, seconds by route)
    for day, _, seconds in found:
        central = seconds["central programme"]
        shares = [f"{name} {value / central:.2f}" for name, value in seconds.items() if name != "central programme"]
        print(f"{day}, in central programmes of {1000 * central:.0f} ms: {', '.join(shares)}")
    write("whole_day", "readings", found)


if __name__ == "__main__":
    main()
