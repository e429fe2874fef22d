"""The text of a MATPOWER case: its tables, and what else it says, in order. Nothing of it is run.

A case is a program. What is read of it are tables of numbers; statements between and after them are handed on
(`tefoundations.grid.cases.statements`). What could change the meaning of either without being read is refused: branches and
loops, a table that is assigned twice, or built from another.
"""

import re
from dataclasses import dataclass, field

from tefoundations.errors import InvalidNetwork
from tefoundations.grid.cases.statements import FAULTS, refused, value_of

TABLES = ("bus", "gen", "branch", "gencost", "dcline", "dclinecost")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?(Inf|inf|NaN|nan)")
ASSIGNED = re.compile(r"mpc\.(\w+)\s*=\s*(.*)", re.DOTALL)
CONTROL = re.compile(r"(if|for|parfor|while|switch|try)\b")
IGNORED = re.compile(r"\[[^\]]*\]\s*=\s*idx_\w+|define_constants|clear\b.*|end|")
OLD = re.compile(r"\b(baseMVA|bus|gen|branch|areas|gencost)\b(?=\s*(?:=|\())")
IDLE = ("version", "areas", "bus_name", "casename")  # fields without a meaning here


@dataclass
class CaseText:
    """What a text says.

    Parameters
    ----------
    rows : dict of str: list of list of str
        Tables of numbers by name.
    names : dict of str: str
        Lists of names, as they are written.
    base : float or None
        MVA.
    statements : list of str
        The rest, in order.
    left_out : list of str
        Fields that have no meaning here.
    """

    rows: dict = field(default_factory=dict)
    names: dict = field(default_factory=dict)
    base: float | None = None
    statements: list = field(default_factory=list)
    left_out: list = field(default_factory=list)

    def to_text(self):
        """The tables alone, one row a line: a case that any reader understands."""
        told = ["function mpc = case", "mpc.version = '2';", f"mpc.baseMVA = {self.base!r};"]
        for name, rows in self.rows.items():
            told += [f"mpc.{name} = [", *("\t".join(row) + ";" for row in rows), "];"]
        return "\n".join([*told, *(f"mpc.{name} = {cells};" for name, cells in self.names.items())]) + "\n"


def read_text(text):
    """A case's text as `CaseText`; InvalidNetwork, with the statement, where it cannot be read as meant."""
    text = _without_comments(text)
    if "mpc." not in text:  # version 1 of the format
        text = OLD.sub(r"mpc.\1", re.sub(r"^\s*function\b[^\n]*", "function mpc = case", text, flags=re.MULTILINE))
    found, heads = CaseText(), 0
    for statement in _statements(text):
        heads += statement.startswith("function")
        if heads > 1 or statement == "return":
            break  # what follows is not run
        if CONTROL.match(statement):
            raise refused(statement)
        if not statement.startswith("function") and not IGNORED.fullmatch(statement):
            _take(found, statement)
    for name in ("bus", "gen", "branch"):
        if not found.rows.get(name):
            raise InvalidNetwork(f"the case has no table {name!r}, or an empty one (mpc.{name} = [...])")
    if found.base is None:
        raise InvalidNetwork("the case has no mpc.baseMVA")
    if not found.rows.get("gencost", [0]):
        del found.rows["gencost"]
    return found


def _take(found, statement):
    assigned = ASSIGNED.fullmatch(statement)
    name, told = assigned.groups() if assigned else ("", "")
    if name == "baseMVA":
        try:
            found.base, again = float(value_of(told, {}, {})), found.base is not None
        except FAULTS:
            again = True
        if again:
            raise refused(statement)
    elif name in TABLES:
        # A table stands for itself, once, and before anything is computed with one.
        if name in found.rows or not re.fullmatch(r"\[[^\[\]]*\]", told) or "mpc" in told:
            raise refused(statement)
        for early in [one for one in found.statements if one.startswith("mpc")]:
            raise refused(early)
        found.rows[name] = [list(map(_entry, row)) for row in _rows(told[1:-1])]
        _refuse_ragged(name, found.rows[name])
    elif name.endswith("_name") and told.startswith("{"):
        found.names[name] = told
    elif name:
        found.left_out += [] if name in IDLE or not told.startswith("[") else [f"mpc.{name}"]
    else:
        found.statements.append(statement)


def _refuse_ragged(name, rows):
    for number, row in enumerate(rows):
        if len(row) != len(rows[0]):
            raise InvalidNetwork(f"{name}, row {number}: {len(row)} entries, where row 0 has {len(rows[0])}")


def _rows(inner):
    rows = [row.replace(",", " ").split() for row in re.split(r"[;\n]", inner)]
    return [row for row in rows if row]


def _entry(word):
    """A number as it is, arithmetic as its value; what is neither is named by the one who reads the table."""
    word = re.sub(r"(?<=\d)[dD](?=[+-]?\d)", "e", word)
    if NUMBER.fullmatch(word):
        return word
    try:
        return repr(float(value_of(word, {}, {})))
    except FAULTS:
        return word


def _without_comments(text):
    """The text without comments, also those of several lines, and with rows that go on in the next line joined."""
    lines, depth = [], 0
    for line in text.splitlines():
        if line.strip() in ("%{", "%}"):
            depth += 1 if line.strip() == "%{" else -1
        elif depth <= 0:
            lines.append(_code(line))
    return re.sub(r"\x00[^\n]*\n?", " ", "\n".join(lines))


def _code(line):
    """A line up to its comment; three dots that join it to the next become a sign that stands nowhere else."""
    for place, sign, inside in _signs(line):
        if not inside and sign == "%":
            return line[:place]
        if not inside and line.startswith("...", place):
            return line[:place] + "\x00"
    return line


def _signs(text):
    """Every sign with its place, and whether it stands within quotes. After a name or a bracket ' is no quote."""
    quote = ""
    for place, sign in enumerate(text):
        if quote:
            quote = "" if sign == quote else quote
            yield place, sign, True
        elif sign == '"' or sign == "'" and not re.search(r"[\w)\]}.']$", text[:place][-1:]):
            quote = sign
            yield place, sign, True
        else:
            yield place, sign, False


def _statements(text):
    """Statements in order: up to ; or the end of a line, outside of quotes and brackets."""
    depth, start = 0, 0
    for place, sign, inside in [*_signs(text), (len(text), "\n", False)]:
        if inside:
            continue
        depth += (sign in "[{(") - (sign in "]})")
        if sign in ";\n" and depth <= 0:
            yield text[start:place].strip().rstrip(",")
            start, depth = place + 1, 0
