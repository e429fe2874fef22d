"""The tables of the page *All mechanisms*, from data/mechanisms, which data/mechanisms/build.py writes.

Each block is a table or two of one basis: what comes of it, and who is told what. A name leads to the chapter that has it.
"""

import csv
from functools import partial

from address import ROOT

DASH = "–"
# Block: captions of its tables, and their columns: (in the file, heading, digits behind the point; None: words).
TOLD = [("notes", "messages", 0), ("numbers", "numbers told", 0), ("epsilon", "epsilon", 0)]
TABLES = {
    "rules": [
        ("Rules for one half hour: what comes of them", "rule", [
            ("traded", "traded, kWh", 0), ("welfare", "welfare, EUR", 2), ("gini", "Gini of gains", 3),
            ("budget", "operator keeps, EUR", 2), ("regret", "a lie gains, ct", 1),
            ("false_names", "false names gain, ct", 1), ("lines_over", "a line is over, half hours", 0),
            ("carbon", "carbon added, kg", 1), ("refilled", "carbon added, refilled, kg", 1)]),
        ("Rules for one half hour: who is told what", "rule", [*TOLD, ("reader", "who reads an order", None)]),
    ],
    "ways": [
        ("Ways to run the day: what comes of them", "way", [
            ("gain", "welfare over habits, EUR", 2), ("losers", "members worse off", 0),
            ("least", "least gain of a member, EUR", 2), ("budget", "left to share out, EUR", 2), ("peak", "peak, kW", 1),
            ("lines_over", "a line is over, half hours", 0), ("carbon_in", "carbon of imports, kg", 1),
            ("carbon_net", "carbon, exports credited, kg", 1)]),
        ("Ways to run the day: who is told what", "way", [*TOLD, ("knows", "the centre must know", None)]),
    ],
    "orders": [
        ("What is told of an order", "the operator is told", [
            ("epsilon", "epsilon", 0), ("attack", "the best guess is right, %", 3), ("lost", "welfare lost, %", 1),
            ("notes", "messages", 0), ("reader", "who reads an order", None)]),
    ],
    "published": [
        ("What is published of the meters", "everybody is told", [
            ("epsilon", "epsilon", 0), ("attack", "the best guess is right, %", 3), ("error", "typical error, %", 0),
            ("numbers", "numbers told", 0), ("reader", "who reads it", None)]),
    ],
}  # fmt: skip


def rows_of(block):
    """The rows of a block's file."""
    with open(ROOT / "data" / "mechanisms" / f"{block}.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def cell(value, digits):
    """A measure as the page shows it.

    >>> cell("41.9476", 2), cell("-0.0010", 2), cell("", 1), cell("inf", 0), cell("-8.8142", 2)
    ('41.95', '0.00', '–', '∞', '−8.81')
    """
    if value == "":
        return DASH
    if digits is None:
        return value
    if value == "inf":
        return "∞"
    text = f"{round(float(value), digits) + 0.0:,.{digits}f}"  # + 0.0 turns -0 into 0
    return text.replace("-", "−").replace(",", "\u202f")


def table(block, caption, first, columns, book):
    """One table in Markdown, which a script makes sortable."""
    rows = [f"| {first} | {' | '.join(heading for _, heading, _ in columns)} |"]
    rows.append("|---|" + "".join(":---|" if digits is None else "---:|" for _, _, digits in columns))
    for row in rows_of(block):
        if row["chapter"] not in book.chapters:
            raise SystemExit(f"data/mechanisms/{block}.csv: {row['mechanism']}: {row['chapter']} is no chapter of the book")
        name = f"[{row['mechanism']}](../notebooks/{row['chapter']}.ipynb)"
        rows.append(f"| {name} | {' | '.join(cell(row[column], digits) for column, _, digits in columns)} |")
    return f":::{{table}} {caption}\n:class: tef-sortable\n\n" + "\n".join(rows) + "\n:::"


def block(name, book):
    """The region of a block: its tables, and the rules that refuse its books."""
    made = [table(name, *one, book) for one in TABLES[name]]
    refused = [f"- *{row['mechanism']}*: {row['refused']}." for row in rows_of(name) if row.get("refused")]
    return "\n\n".join(
        [*made, *(["These rules refuse the books, each at the first:\n\n" + "\n".join(refused)] * bool(refused))]
    )


def findings(_):
    """What stands out among the rules, in sentences whose numbers are those of the table."""
    rows = {row["mechanism"]: row for row in rows_of("rules") if not row["refused"]}

    def say(name, column, digits=2):
        return cell(rows[name][column].lstrip("-"), digits)

    best = max(float(row["welfare"]) for row in rows.values())
    full = [name for name, row in rows.items() if float(row["welfare"]) >= best - 1e-3]
    honest = [name for name, row in rows.items() if row["regret"] and not float(row["regret"])]
    proof = [name for name in honest if not float(rows[name]["false_names"])]
    most = max(proof, key=lambda name: float(rows[name]["welfare"]))
    over = sorted({cell(row["lines_over"], 0) for row in rows.values()})
    told = [
        f"**The same welfare, other pockets.** The {_listed(full)} make the same trades, worth {say('VCG', 'welfare')} EUR. "
        f"The operator keeps {say('pay-as-bid', 'budget')} EUR under pay-as-bid, nothing under the uniform price, and lacks "
        f"{say('VCG', 'budget')} EUR under VCG.",
        f"**Honesty has a price, and names are another matter.** No lie that was tried gains under {_listed(honest)}. No "
        f"false name gains under {_listed(proof)} either. Of these the {most} makes the most, {say(most, 'welfare')} EUR, "
        f"and the operator keeps {say(most, 'budget')} EUR of it. Under VCG false names gain {say('VCG', 'false_names', 1)} "
        "ct a book.",
        f"**Local is not green.** The uniform price adds {say('uniform price', 'carbon', 1)} kg of carbon, and "
        f"{say('uniform price', 'refilled', 1)} kg once the batteries are full again. Most of what is traded flows anyway, "
        "and what is new is use that would not have been.",
        f"**Without a map no rule keeps a line.** Under each of them a line is over in {_listed(over)} of the half hours.",
    ]
    return "\n".join(f"- {line}" for line in told)


def carbon(_):
    """Which way saves most carbon, by each of the two counts."""
    rows, told = rows_of("ways"), []
    for column, words in (("carbon_in", "Counting imports"), ("carbon_net", "With exports credited")):
        first, second = sorted(rows, key=lambda row, column=column: float(row[column]))[:2]
        saved = [cell(row[column].lstrip("-"), 1) for row in (first, second)]
        said = f"*{first['mechanism']}* saves most, {saved[0]} kg, before *{second['mechanism']}* with {saved[1]}"
        told.append((first["mechanism"], f"{words}, {said}."))
    (one, words), (other, more) = told
    end = "Both counts put the same way first." if one == other else "So the count decides which of them is first."
    return f"{words} {more} {end}"


def _listed(names):
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def regions():
    """{name of a region: what writes it from the outline of the book}."""
    tables = {f"mechanisms_{name}": partial(block, name) for name in TABLES}
    return tables | {"mechanisms_findings": findings, "mechanisms_carbon": carbon}
