"""What the platform of a day does by the list of the IEEE's position paper on blockchain-enabled transactive energy (2021).

Each line says how its number was come by: measured on the run, counted of what was tried, or a limit by construction.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from tefoundations.errors import InvalidBlock, InvalidInput
from tefoundations.inputs import instance
from tefoundations.ledger import Blockchain, KeyPair, gas, sign_statement
from tefoundations.systems.day.ledger.auditors import audit_day, billing_run
from tefoundations.systems.day.ledger.day_book import DayBook
from tefoundations.systems.day.letters import key_of
from tefoundations.systems.day.runs import DayRun, settled_record

if TYPE_CHECKING:
    import pandas as pd

TOUCHED = 3  # blocks in which a producer lies about the state: each is run again from the first


def platform_baseline(run: DayRun) -> pd.DataFrame:
    """Throughput, latency, scalability, access, privacy, adherence, immutability, interoperability: a row each.

    Throughput has two: readings that a block had room for by the gas they used, and by the gas that their transactions
    reserve, which is what a block counts. Latency is one block because the day sends its readings so.

    What hangs on the machine, seconds, is not in it: `tests/benchmarks/whole_day.py` measures that.

    Parameters
    ----------
    run : DayRun
        A day that was settled by a contract.

    Returns
    -------
    pandas.DataFrame
        Index property; found (int), unit, kind ("measured" on this run, "counted" of what was tried, or "by construction"),
        and how, in words.

    Raises
    ------
    InvalidInput
        A day that was not settled by a contract.

    References
    ----------
    IEEE, "Blockchain-Enabled Transactive Energy (BCTE) Position Paper", 2021.

    Examples
    --------
    >>> from tefoundations.systems import DayPlan, transactive_day
    >>> found = platform_baseline(transactive_day(DayPlan.of("winter")))
    >>> found.loc["data privacy", "found"].item(), found.loc["immutability", "found"].item()
    (624, 337)
    """
    import pandas as pd

    record = settled_record(instance(run, DayRun, "run"))
    if record.kind == "roots":
        raise InvalidInput("run: settle it with ledger='full': of roots alone little can be measured")
    readings = sum(len(row["rows"]) for _, row in _reports(record))
    sent = [one for block in record.chain.blocks for one in block.transactions]
    used, reserved = _gas_a_reading(record, readings)
    tried, refused = _strangers(record)
    limit, lies = gas.BLOCK_LIMIT, _lies_found(record)
    rows = {
        "throughput, by gas used": (limit // used, "readings a block", "measured", f"each uses {used} gas, prices counted"),
        "throughput, by gas reserved":
        (limit // reserved, "readings a block", "by construction", f"a block counts what is reserved: {reserved} gas each"),
        "latency": (_longest_wait(record), "blocks", "by construction", "readings are sent to the block after their step"),
        "scalability":
        (record.size // len(record.members), "bytes a member", "measured", "blocks of the day; grows with members"),
        "access security": (refused, f"of {tried} refused", "counted", "strangers publish, report, make a block"),
        "data privacy":
        (readings, "readings in clear", "counted", "anybody who has the blocks reads them; of roots alone: none"),
        "protocol adherence":
        (lies, f"of {TOUCHED} found", "counted", "a producer signs another state, a node runs it again"),
        "immutability":
        (_changes_found(record), f"of {len(sent)} found", "counted", "a number is changed: signature and root do not fit"),
        "interoperability": (_alike(run), "programs agree", "counted", "contract, stranger and office, on all accounts"),
    }  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index", columns=["found", "unit", "kind", "how"]).rename_axis("property")


def _reports(record):
    for block in record.chain.blocks:
        for sent in block.transactions:
            if sent.method == "report":
                yield block.slot, sent.arguments


def _gas_a_reading(record, readings):
    """Gas used and gas reserved for a reading: by publications and reports, closing left out."""
    used = reserved = 0
    for block in record.chain.blocks[1:]:
        for sent, receipt in zip(block.transactions, record.chain.receipts(block)):
            if sent.method != "close_day":
                used, reserved = used + receipt.gas_used, reserved + sent.gas_limit
    return used // readings, reserved // readings


def _longest_wait(record):
    """Blocks from the end of a step to the one that holds its readings: step t ends when slot t + 1 begins."""
    return max(slot - given["step"] for slot, given in _reports(record))


def _strangers(record):
    """Three things a stranger tries on a fresh book: (tried, refused)."""
    eve, operator, meter = KeyPair.named("a stranger"), key_of("operator"), key_of("a meter")
    chain = Blockchain("trial", producers=[operator], contracts=[DayBook(operator, [meter], [0], 1)])
    told = {"step": 0, "prices": [1], "schedule": [1], "short": 1, "long": 1, "curves": ""}
    forged = chain.call(eve, "daybook", "publish", **told)
    chain.propose(operator)
    chain.call(operator, "daybook", "publish", **told)
    said = sign_statement(eve, chain.id, "daybook", "reading", 0, 0, 5, 0)
    chain.call(eve, "daybook", "report", step=0, rows=[[0, 5, 0, said]])
    chain.propose(operator)
    refused = [not chain.receipt(forged).succeeded, chain.read("daybook", "read/0/0") is None]
    try:
        chain.propose(eve)
        refused.append(False)
    except InvalidBlock:
        refused.append(True)
    return len(refused), sum(refused)


def _lies_found(record):
    """Blocks whose producer signs a wrong state root, and that a node finds by running them again."""
    found, blocks = 0, record.chain.blocks
    for height in range(1, TOUCHED + 1):
        block = blocks[height]
        producer = next(key_of(name) for name in _names(record) if key_of(name).account == block.producer)
        lie = replace(block, state_root=blocks[height - 1].state_root, signature="").signed(producer)
        fault = record.chain.find_fault([*blocks[:height], lie])
        found += fault is not None
    return found


def _names(record):
    accounts = record.chain.producers
    known = ["operator", *record.groups, *record.members]
    return [name for name in known if key_of(name).account in accounts]


def _changes_found(record):
    """Transactions that, with another number in them, neither bear their sender's signature nor fit their block's root."""
    found = 0
    for block in record.chain.blocks:
        for i, one in enumerate(block.transactions):
            arguments = json.loads(json.dumps(dict(one.arguments), default=list))
            other = {"arguments": _other(arguments)} if arguments else {"gas_limit": one.gas_limit + 1}
            changed = replace(one, **other)
            body = (*block.transactions[:i], changed, *block.transactions[i + 1 :])
            fits = replace(block, transactions=body).tree.root.hex() == block.transaction_root
            found += not changed.is_signed and not fits
    return found


def _other(arguments):
    return arguments | {"step": arguments.get("step", 0) + 1}


def _alike(run):
    """How many of contract, stranger and office agree with the contract on all accounts."""
    record = run.record
    known = {"operator": key_of("operator").account, "producers": record.producers, "steps": len(record.publications)}
    audit = audit_day(record.blocks, record.meters, **known, strict=record.kind == "strict")
    return sum(owes == record.owes for owes in (record.owes, audit.owes, billing_run(run.table())))
