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
PART = re.compile(r"mpc\.(\w+)\(\s*(:|\d+)\s*,\s*(\[[^\]]*\]|\w+)\s*\)")
FAULTS = (ValueError, KeyError, IndexError, TypeError, SyntaxError, ArithmeticError, AttributeError)
ADVICE = "only tables and arithmetic on whole columns are read, so save the case from MATPOWER first"


def refused(statement):
    """The error for a statement that is not carried out."""
    return InvalidNetwork(f"the case computes {' '.join(statement.split())[:80]!r}; {ADVICE}")


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
            if target and target[2] == ":" and tables.get(target[1]) is not None:
                tables[target[1]][:, _places(target[3], known)] = value_of(expression, tables, known)
                continue
            if name.isidentifier() and expression and "mpc" not in name:
                known[name] = value_of(expression, tables, known)
                continue
        except FAULTS:
            pass
        if re.search(r"\bmpc\b", statement):
            raise refused(statement)
        known |= dict.fromkeys(re.findall(r"[A-Za-z_]\w*", statement))  # it may change what it names: their values are lost
    return tables


def _places(columns, known):
    """Places of columns: one, or several between brackets, counted from 1 or by name; a case's own name comes first."""
    names = columns.strip("[]").replace(",", " ").split()
    given = [float(name) if name.isdigit() else known[name] if name in known else PLACES[name] + 1 for name in names]
    if any(place != int(place) or place < 1 for place in given):
        raise ValueError("no column")
    places = [int(place) - 1 for place in given]
    return places if columns.startswith("[") else places[0]


def value_of(expression, tables, known):
    """The value of an expression: a number, a column or several; one of `FAULTS` if it is no arithmetic."""
    if re.search(r"\^[^()+*/-]*\^", expression):
        raise ValueError("MATLAB takes 2^3^2 from the left, Python from the right")
    parts = []

    def kept(found):
        table, row, column = tables[found[1]], found[2], _places(found[3], known)
        parts.append(table[:, column] if row == ":" else table[int(row) - 1, column])
        return f"part{len(parts) - 1}"

    text = PART.sub(kept, expression).replace("mpc.baseMVA", "base")
    text = re.sub(r"\.(?=[*/^])", "", text).replace("^", "**")
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
    if isinstance(node, ast.Name) and names[node.id] is not None:
        return names[node.id]
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return float(node.value)
    raise ValueError("no arithmetic")
