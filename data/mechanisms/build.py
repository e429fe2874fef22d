"""Build data/mechanisms: the mechanisms of the book side by side, for the page *All mechanisms*.

    python data/mechanisms/build.py               the four tables, in seconds
    python data/mechanisms/build.py audits        first what lies and false names gain, where that is not yet known
    python data/mechanisms/build.py audits VCG    the same of the named rules anew

The audits of all rules take an hour: each half hour of the community's three days is one book. Tests compute the four tables
and a sample of the audits again.
"""

import csv
import sys
from pathlib import Path

sys.dont_write_bytecode = True  # data/ travels in the wheel: no __pycache__ in it
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE.parent)]

import checksums

from tefoundations.data import community
from tefoundations.errors import InvalidInput
from tefoundations.market import OrderBook, audit
from tefoundations.systems import book_rules, mechanism_table

AUDITS = HERE / "audits.csv"
COLUMNS = ["rule", "day", "step", "regret_ct", "false_names_ct"]
BLOCKS = ("rules", "ways", "orders", "published")


def takes_them(rule):
    """Whether a rule takes every book of the three days."""
    people = community()
    try:
        for day in people.days:
            for step in people.steps:
                rule.at(step)(OrderBook.from_frame(people.offers(day, step)))
    except InvalidInput:
        return False
    return True


def measured(rule, day, step):
    """A row of the audits."""
    found = audit(rule.at(step), OrderBook.from_frame(community().offers(day, step)))
    return [rule.name, day, str(step), f"{found.regret:.4f}", f"{found.false_names:.4f}"]


def stored():
    """The rows of the audits by rule, day and step."""
    if not AUDITS.exists():
        return {}
    with open(AUDITS, newline="", encoding="utf-8") as file:
        return {(row["rule"], row["day"], int(row["step"])): list(row.values()) for row in csv.DictReader(file)}


def write_audits(again):
    """Measure what is not known, or asked for again; what is known is written after each rule."""
    people, known = community(), stored()
    known = {key: row for key, row in known.items() if key[0] not in again}
    rules = [rule for rule in book_rules() if takes_them(rule)]
    keys = [(rule, day, step) for rule in rules for day in people.days for step in people.steps]
    for rule, day, step in keys:
        if (rule.name, day, step) not in known:
            known[rule.name, day, step] = measured(rule, day, step)
        if step == people.steps[-1]:
            rows = [known[rule.name, day, step] for rule, day, step in keys if (rule.name, day, step) in known]
            with open(AUDITS, "w", encoding="utf-8", newline="") as file:
                table = csv.writer(file, lineterminator="\n")
                table.writerow(COLUMNS)
                table.writerows(rows)
            print(rule.name, day, flush=True)


def texts():
    """The four tables as {name: text of its CSV}.

    Numbers have six digits behind the point: few enough for machines to agree, and more than a page shows, which rounds
    once more.
    """
    table = mechanism_table()
    return {
        name: getattr(table, name).to_frame().to_csv(index=False, lineterminator="\n", float_format="%.6f")
        for name in BLOCKS
    }


def main(words):
    if words[:1] == ["audits"]:
        write_audits(words[1:])
    checksums.write()  # the tables read the audits
    for name, text in texts().items():
        (HERE / f"{name}.csv").write_text(text, encoding="utf-8", newline="\n")
    checksums.write()


if __name__ == "__main__":
    main(sys.argv[1:])
