"""The tables of all mechanisms: each on one basis, which it says, and with notes on what its numbers do not tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite
from typing import TYPE_CHECKING

from tefoundations.words import Explained, columns_table, count, say

if TYPE_CHECKING:
    import pandas as pd

# What each measure is called in a table, and its unit. Words have none.
MEASURES = {
    "traded": ("traded", "kWh"), "welfare": ("welfare", "EUR"), "gain": ("welfare over habits", "EUR"),
    "gini": ("Gini of gains", ""), "losers": ("worse off", "members"), "least": ("least gain of a member", "EUR"),
    "budget": ("operator keeps", "EUR"),
    "regret": ("gain by a lie", "ct a book"), "false_names": ("gain by false names", "ct a book"),
    "peak": ("peak", "kW"), "lines_over": ("a line over", "half hours"), "carbon": ("carbon added", "kg"),
    "refilled": ("carbon added with batteries full again", "kg"), "carbon_in": ("carbon of imports", "kg"),
    "carbon_net": ("carbon, exports credited", "kg"),
    "notes": ("messages", ""), "numbers": ("numbers told", ""), "reader": ("who reads an order", ""),
    "knows": ("the centre must know", ""), "unit": ("unit of privacy", ""), "epsilon": ("epsilon", ""),
    "attack": ("best guess right", "%"), "lost": ("welfare lost", "%"), "error": ("typical error", "%"),
}  # fmt: skip
FOR_READERS = ("mechanism", "chapter", "refused")


@dataclass(frozen=True, eq=False, repr=False)
class MechanismBlock(Explained):
    """Mechanisms on one basis.

    Parameters
    ----------
    name : str
        What stands side by side.
    basis : str
        On what all rows were run, in words.
    rows : pandas.DataFrame
        One row a mechanism, as `to_frame` gives it.
    remarks : tuple of str
        What the numbers do not tell.
    """

    name: str
    basis: str
    rows: pd.DataFrame = field(repr=False)
    remarks: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """One row a mechanism.

        Returns
        -------
        pandas.DataFrame
            Columns mechanism, chapter ("part/chapter") and the measures of this block, nan where one is not defined:
            traded (kWh), welfare, gain over habits and budget (EUR), gini (0 to 1), losers (members who are worse off),
            least (gain of the member that gains least, EUR), regret and false_names (ct a book), peak (kW), lines_over (half
            hours), carbon and refilled (kg that trades add), carbon_in and carbon_net (kg against habits: of what is taken
            from outside, and the same less what is given, at the figure of its hour), notes and numbers (how many), epsilon
            (infinite unless what is told is noised, nan where nothing is told), attack, lost and error (%); in words reader,
            knows, unit and refused, why a rule does not take these books.
        """
        return self.rows.copy()

    def explain(self) -> str:
        """The block in words: its basis, one line a mechanism, and the remarks.

        Returns
        -------
        str

        Examples
        --------
        >>> from tefoundations.systems import book_rules, mechanism_table
        >>> table = mechanism_table(book_rules()[:1], ways=(), days=("winter",))
        >>> print(table.rules.explain().split("; ")[1])
        welfare 18.421 EUR
        """
        lines = [f"{self.name}: {self.basis}"]
        for row in self.rows.to_dict("records"):
            told = row.get("refused") and f"refuses these books, {row['refused']}"
            lines.append(f"{row['mechanism']}: {told or '; '.join(self._told(row))}.")
        return "\n".join([*lines, *self.remarks])

    def _told(self, row):
        for column, value in row.items():
            if column in FOR_READERS or value == "" or value != value:  # a measure that is not defined
                continue
            name, unit = MEASURES[column]
            yield f"{name} {self._cell(value)}{' ' if unit else ''}{unit}"

    def _repr_html_(self):
        columns = {"mechanism": self.rows["mechanism"].tolist()}
        for column in self.rows.columns.drop(list(FOR_READERS), errors="ignore"):
            name, unit = MEASURES[column]
            columns[f"{name}, {unit}" if unit else name] = [self._cell(value) for value in self.rows[column]]
        return columns_table(columns, "te-mechanismblock", most=20)

    @staticmethod
    def _cell(value):
        if isinstance(value, str):
            return value
        if not isfinite(value):
            return "" if value != value else "infinite"
        return say(round(value, 3))

    def __repr__(self):
        return f"MechanismBlock({self.name}: {count(len(self.rows), 'mechanism')})"


@dataclass(frozen=True, eq=False, repr=False)
class MechanismTable(Explained):
    """The mechanisms of the book: four blocks, each on a basis of its own, never mixed.

    Parameters
    ----------
    rules : MechanismBlock
        Rules for one half hour, on the community's books.
    ways : MechanismBlock
        Ways to run the lane's day, on the same days with more cars and batteries.
    orders : MechanismBlock
        What the operator is told of an order, under one and the same rule.
    published : MechanismBlock
        What is made public of the meters.
    """

    rules: MechanismBlock
    ways: MechanismBlock
    orders: MechanismBlock
    published: MechanismBlock

    @property
    def blocks(self) -> tuple[MechanismBlock, ...]:
        """tuple of MechanismBlock: all four."""
        return (self.rules, self.ways, self.orders, self.published)

    def to_frame(self) -> pd.DataFrame:
        """One row a block, mechanism and measure: no column holds numbers of two bases side by side.

        Returns
        -------
        pandas.DataFrame
            Columns block, mechanism, measure, unit, value (a number or words); what is not defined is left out.
        """
        import pandas as pd

        found = []
        for block in self.blocks:
            for row in block.rows.to_dict("records"):
                for name, value in row.items():
                    if name in ("mechanism", "chapter") or value == "" or value != value:
                        continue
                    measure, unit = MEASURES.get(name, (name, ""))
                    found.append((block.name, row["mechanism"], measure, unit, value))
        return pd.DataFrame(found, columns=["block", "mechanism", "measure", "unit", "value"])

    def explain(self) -> str:
        """All blocks in words.

        Returns
        -------
        str

        Examples
        --------
        >>> from tefoundations.systems import book_rules, mechanism_table
        >>> words = mechanism_table(book_rules()[:1], ways=(), days=("winter",)).explain()
        >>> print(words.split(":")[0])
        Rules for one half hour
        """
        return "\n\n".join(block.explain() for block in self.blocks if len(block.rows))

    def _at_a_glance(self):
        return [(block.name, f"{count(len(block.rows), 'row')}: {block.basis}") for block in self.blocks]

    def __repr__(self):
        return f"MechanismTable({', '.join(f'{len(block.rows)} {block.name.lower()}' for block in self.blocks)})"
