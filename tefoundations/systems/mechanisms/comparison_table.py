"""The table of all mechanisms of the book."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tefoundations.errors import InvalidInput
from tefoundations.inputs import function, instance, one_of, sequence
from tefoundations.systems.mechanisms.disclosures import order_block, published_block
from tefoundations.systems.mechanisms.registry import BOOK_RULES, BookRule
from tefoundations.systems.mechanisms.rules import books, rule_block
from tefoundations.systems.mechanisms.tables import MechanismTable
from tefoundations.systems.mechanisms.ways_of_day import way_block
from tefoundations.systems.ways import RULES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tefoundations.systems.lanes import Lane
    from tefoundations.systems.outcomes import Way


def mechanism_table(
    rules: Sequence[BookRule] | None = None,
    ways: Sequence[Callable[[Lane], Way]] | None = None,
    *,
    days: Sequence[str] | None = None,
) -> MechanismTable:
    """Every mechanism of the book on the same people and days: welfare, who gains, budget, honesty, lines, carbon, privacy.

    Four blocks, each on a basis of its own. Rules for one half hour meet the same books of the community's offers; ways to
    run a day meet the same lane; and two blocks say what is told of an order and what is published of a meter, and what
    that promises. What lies and false names gain takes an hour to find; it is read from the measured file where the rule is
    one of the book's.

    Parameters
    ----------
    rules : sequence of BookRule or None
        None: those of the book, `book_rules()`. One of your own may stand beside them.
    ways : sequence of callables or None
        Each takes a Lane and returns a Way; None: those of the book.
    days : sequence of str or None
        Days of the community; None: all three.

    Returns
    -------
    MechanismTable

    Raises
    ------
    InvalidInput
        What is no rule or no way, or gives no Clearing of its book, no Way of its lane, or fails otherwise than by
        refusing a book: names rule or way, day and time. Two rules or ways of one name, a day that is not there, or none.

    Examples
    --------
    >>> table = mechanism_table(ways=(), days=("winter",))
    >>> rules = table.rules.to_frame().set_index("mechanism")
    >>> rules.loc["VCG", ["welfare", "budget"]].astype(float).round(2).tolist()  # EUR
    [18.42, -4.84]
    """
    from tefoundations.data import community

    known = community().days
    rules, ways = BOOK_RULES if rules is None else rules, RULES if ways is None else ways
    rules = [instance(rule, BookRule, f"rules: entry {i}") for i, rule in enumerate(sequence(rules, "rules", of="rules"))]
    ways = [function(way, f"ways: entry {i}", of="a Lane") for i, way in enumerate(sequence(ways, "ways", of="functions"))]
    days = known if days is None else [one_of(day, known, "days:") for day in sequence(days, "days", of="days")]
    if not days:
        raise InvalidInput("days is empty: give at least one")
    for kind, names in (("rules", [rule.name for rule in rules]), ("days", list(days))):
        twice = next((name for i, name in enumerate(names) if name in names[:i]), None)
        if twice:
            raise InvalidInput(f"{kind}: {twice!r} stands twice")
    offered = books(tuple(days))
    return MechanismTable(
        rule_block(rules, offered), way_block(ways, days), order_block(list(offered.values())), published_block(days)
    )
