"""What a MATPOWER case computes after its tables: feeders in kW and ohm are turned into MW and p.u. there.

Only arithmetic on whole columns is carried out, read as text and never run: numbers, names of numbers given before, columns
of the tables by MATPOWER's names or places, ``+ - * / ^`` and a few functions. What else a case computes is refused.
"""

import ast
import math
import operator
import re

import numpy as np

from tefoundations.errors import InvalidNetwork

COLUMNS = {
    "bus": ["BUS_I", "BUS_TYPE", "PD", "QD", "GS", "BS", "BUS_AREA", "VM", "VA", "BASE_KV", "ZONE", "VMAX", "VMIN"],
    "gen": ["GEN_BUS", "PG", "QG", "QMAX", "QMIN", "VG", "MBASE", "GEN_STATUS", "PMAX", "PMIN"],
    "branch": [
        "F_BUS",
        "T_BUS",
        "BR_R",
        "BR_X",
        "BR_B",
        "RATE_A",
        "RATE_B",
        "RATE_C",
        "TAP",
        "SHIFT",
        "BR_STATUS",
        "ANGMIN",
        "ANGMAX",
    ],
    "gencost": ["MODEL", "STARTUP", "SHUTDOWN", "NCOST", "COST"],
}
PLACES = {name: place for names in COLUMNS.values() for place, name in enumerate(names)}
FUNCTIONS = {name: getattr(np, of) for name, of in (("sqrt", "sqrt"), ("sin", "sin"), ("cos", "cos"), ("tan", "tan"),
             ("acos", "arccos"), ("asin", "arcsin"), ("atan", "arctan"), ("exp", "exp"), ("abs", "abs"))}  # fmt: skip
OPERATIONS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
              ast.Pow: operator.pow, ast.USub: operator.neg, ast.UAdd: operator.pos}  # fmt: skip
TABLE = re.compile(r"\bmpc\.(\w+)\s*=\s*\[([^\]]*)\]", re.DOTALL)
CELLS = re.compile(r"\bmpc\.\w+\s*=\s*\{[^}]*\}", re.DOTALL)
PART = re.compile(r"mpc\.(\w+)\(\s*(:|\d+)\s*,\s*(\[[^\]]*\]|\w+)\s*\)")
HEADS = re.compile(
    r"function\b.*|mpc\.version\s*=.*|mpc\.baseMVA\s*=\s*[\d.eE+]+|\[[^\]]*\]\s*=\s*idx_\w+|define_constants|"
)
BASE = re.compile(r"\bmpc\.baseMVA\s*=\s*([^;\n]+)")
OLD = re.compile(r"^(\s*)(baseMVA|bus|gen|branch|areas|gencost)(\s*=)", re.MULTILINE)


def in_rows(text):
    """A case's text without comments, one row of a table a line, every entry a number; and its other statements.

    Parameters
    ----------
    text : str

    Returns
    -------
    (str, list of str)
    """
    text = re.sub(r"%.*", "", text)  # a comment may hold anything, also an old assignment
    text = re.sub(r"\.\.\.[^\n]*\n", " ", text)  # a row that goes on in the next line
    if "mpc." not in text:  # version 1 of the format
        text = "function mpc = case\n" + OLD.sub(r"\1mpc.\2\3", re.sub(r"^\s*function.*", "", text, flags=re.MULTILINE))
    text = BASE.sub(_base, text)
    rest = CELLS.sub("", TABLE.sub("", text))
    statements = [s.strip() for s in re.split(r"[;\n](?![^\[]*\])", rest)]
    return TABLE.sub(_one_a_line, text), [s for s in statements if not HEADS.fullmatch(s)]


def _base(found):
    try:
        return f"mpc.baseMVA = {float(_value(found[1], {}, {}))!r}"
    except (ValueError, KeyError, TypeError, SyntaxError, ArithmeticError):
        return f"mpc.baseMVA = 1.0;\nmpc.baseMVA = {found[1]}"  # it is refused with the other statements


def _one_a_line(found):
    rows = [row.replace(",", " ").split() for row in re.split(r"[;\n]", found[2])]
    told = "\n".join("\t".join(map(_entry, row)) + ";" for row in rows if row)
    return f"mpc.{found[1]} = [\n{told}\n]"


def _entry(word):
    if re.search(r"[\d)][*/^]|\(", word):
        return repr(float(_value(word, {}, {})))
    return word


def carried_out(statements, tables, base):
    """The tables once a case's statements are carried out on them, in their order.

    Parameters
    ----------
    statements : list of str
    tables : dict of (rows, columns) float array
    base : float
        MVA.

    Returns
    -------
    dict

    Raises
    ------
    InvalidNetwork
        A statement that changes a table in a way that is not carried out here.
    """
    tables = {name: None if table is None else table.copy() for name, table in tables.items()}
    known = {"mpc.baseMVA": base}
    for statement in statements:
        name, _, expression = (part.strip() for part in statement.partition("="))
        target = PART.fullmatch(name)
        try:
            if name == "mpc.baseMVA":
                raise ValueError("the tables stand on it")
            if target and target[2] == ":" and tables.get(target[1]) is not None:
                tables[target[1]][:, _places(target[3])] = _value(expression, tables, known)
                continue
            if name.isidentifier() and expression and "mpc" not in name:
                known[name] = _value(expression, tables, known)
                continue
        except (ValueError, KeyError, IndexError, TypeError, SyntaxError, ArithmeticError):
            pass
        if re.search(r"\bmpc\b", statement):
            advice = "only arithmetic on whole columns is carried out, so save the case from MATPOWER first"
            raise InvalidNetwork(f"the case computes {statement[:80]!r}; {advice}")
    return tables


def _places(columns):
    """Places of columns: one, or several between brackets, by name or counted from 1."""
    names = columns.strip("[]").replace(",", " ").split()
    places = [int(name) - 1 if name.isdigit() else PLACES[name] for name in names]
    return places if columns.startswith("[") else places[0]


def _value(expression, tables, known):
    """The value of an expression: a number, a column or several."""
    parts = []

    def kept(found):
        table, row, column = tables[found[1]], found[2], _places(found[3])
        parts.append(table[:, column] if row == ":" else table[int(row) - 1, column])
        return f"part{len(parts) - 1}"

    text = PART.sub(kept, expression).replace("mpc.baseMVA", "base").replace(".*", "*").replace("./", "/").replace("^", "**")
    names = known | {f"part{n}": part for n, part in enumerate(parts)} | {"base": known.get("mpc.baseMVA"), "pi": math.pi}
    with np.errstate(all="raise"):
        return _computed(ast.parse(text.strip(), mode="eval").body, names)


def _computed(node, names):
    if isinstance(node, ast.BinOp):
        return OPERATIONS[type(node.op)](_computed(node.left, names), _computed(node.right, names))
    if isinstance(node, ast.UnaryOp):
        return OPERATIONS[type(node.op)](_computed(node.operand, names))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) == 1 and not node.keywords:
        return FUNCTIONS[node.func.id](_computed(node.args[0], names))
    if isinstance(node, ast.Name):
        return names[node.id]
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return float(node.value)
    raise ValueError("no arithmetic")
