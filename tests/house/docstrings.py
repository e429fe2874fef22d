"""Read numpy-style docstrings, and say what is missing in them: parameters, shapes, units, errors."""

import ast
import dataclasses
import inspect
import re
import textwrap
from functools import partialmethod

from tefoundations.errors import TEError
from tests.house.sources import tool

public_members = tool("api_pages").public_members  # what the package's pages list

SECTION = re.compile(r"^([A-Z][A-Za-z ]+)\n-{3,}$", re.MULTILINE)
# A word in a name promises a physical quantity: one of these units must then stand in the description.
ENERGY = "kWh|MWh|Wh"
PRICE = r"ct/kWh|\$/MWh|\$/t\b|per MWh|per kWh|per unit of energy|micro-token"
MONEY = r"\bct\b|cents?|\$|micro-token|money"
UNITS = {
    "price": PRICE, "quantity": ENERGY, "energy": ENERGY, "power": "kW|MW|W", "limit": "kW|MW", "load": "kW|MW|kWh",
    "generation": "kW|MW|kWh", "flow": "kW|MW|kWh", "charge": "kW|MW|kWh", "discharge": "kW|MW|kWh",
    "cost": f"{MONEY}|{PRICE}", "welfare": MONEY, "surplus": MONEY, "budget": MONEY, "payment": MONEY, "receipt": MONEY,
    "profit": MONEY, "rent": MONEY, "lmp": PRICE, "tariff": PRICE, "voltage": r"p\.u\.|V", "temperature": "degrees|°C",
}  # fmt: skip
UNITLESS_TYPES = re.compile(r"^(str|bool|callable|dict)\b")
SHAPE = re.compile(r"\(.*\)")


def members(cls):
    """What a caller of a class may use: its public members, and `__call__`; a partial method as the function it makes."""
    found = dict(public_members(cls))
    for base in reversed(cls.__mro__):
        for key, member in vars(base).items() if base is cls or base.__module__.startswith("tefoundations.") else ():
            if isinstance(member, partialmethod) and not key.startswith("_"):
                found[key] = getattr(cls, key)
                found[key].__doc__ = vars(member).get("__doc__")  # else that of `partialmethod` itself
            elif key == "__call__":
                found[key] = member
    return found


def sections(doc):
    """Sections of a docstring by title; what comes before the first is under ""."""
    parts = SECTION.split(inspect.cleandoc(doc or ""))
    return {"": parts[0].strip(), **{title: body.strip("\n") for title, body in zip(parts[1::2], parts[2::2])}}


def entries(body):
    """Entries of a Parameters-like section as {name: (type, description)}; `a, b : type` gives two."""
    found, names = {}, []
    for line in body.split("\n"):
        if line and not line.startswith(" "):
            head, _, kind = line.partition(" : ")
            names = [name.strip().lstrip("*") for name in head.split(",")]
            found |= {name: (kind.strip(), "") for name in names}
        else:
            found |= {name: (found[name][0], f"{found[name][1]} {line.strip()}".strip()) for name in names}
    return found


def unit_of(name):
    """The units one of which `name` promises, as a pattern; "" if it promises none."""
    if name.startswith("gas_"):  # a ledger's gas, which is its own unit, and what it pays
        return "gas|micro-token"
    words = [word.removesuffix("s") if word not in UNITS else word for word in name.split("_")]
    return next((UNITS[word] for word in reversed(words) if word in UNITS), "")


def parameters(obj):
    """Names of what a caller gives, and which of them are annotated as arrays."""
    if inspect.isclass(obj) and dataclasses.is_dataclass(obj):
        fields = [field for field in dataclasses.fields(obj) if field.init and not field.name.startswith("_")]
        return {field.name: "ndarray" in str(field.type) for field in fields}
    if inspect.isclass(obj) and obj.__init__ in (object.__init__, Exception.__init__):
        return {}
    if inspect.isclass(obj) and "__init__" not in vars(obj):
        return {}  # inherited, and documented where it stands
    given = inspect.signature(obj).parameters.values()
    return {
        p.name: "ndarray" in str(p.annotation) for p in given if p.name not in ("self", "cls") and not p.name.startswith("_")
    }


def parameter_faults(name, obj):
    """Parameters not listed, listed without being there, without a type, without shape or unit."""
    parts, wanted = sections(obj.__doc__), parameters(obj)
    given = entries(parts.get("Parameters", ""))
    if inspect.isclass(obj) and "Attributes" in parts and not given:
        given = entries(parts["Attributes"])  # a result that callers read and never make
    faults = [f"{name}: parameter {p} is not documented" for p in wanted if p not in given]
    faults += [f"{name}: documents {p}, which is no parameter" for p in given if p not in wanted]
    for p, (kind, description) in given.items():
        if not kind:
            faults.append(f"{name}: parameter {p} has no type")
        is_array = wanted.get(p) or re.search(r"\barrays?\b", kind)
        if is_array and not (SHAPE.search(kind) and "array" in kind):
            faults.append(f"{name}: array {p} has no shape: {kind!r}")
        unit = unit_of(p)
        if unit and not UNITLESS_TYPES.match(kind) and not re.search(unit, f"{kind} {description}"):
            faults.append(f"{name}: parameter {p} has no unit")
    return faults


def value_faults(name, obj):
    """A property or function named after a physical quantity says its unit."""
    unit = unit_of(name.rsplit(".", 1)[-1])
    if unit and not re.search(unit, obj.__doc__ or ""):
        return [f"{name}: has no unit"]
    return []


def raised(function, namespace, seen=()):
    """Errors of this package that a function raises itself, or in a private helper of its own file."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError):
        return set()
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and node.exc is not None:
            target = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            error = namespace.get(getattr(target, "id", ""))
            if inspect.isclass(error) and issubclass(error, TEError):
                found.add(error.__name__)
        if isinstance(node, ast.Call):
            helper = getattr(node.func, "id", None) or getattr(node.func, "attr", "")
            if helper.startswith("_") and not helper.startswith("__") and helper not in seen:
                called = namespace.get(helper)
                if called is not None and getattr(called, "__module__", None) == function.__module__:
                    found |= raised(called, namespace, (*seen, helper))
    return found


def error_faults(name, function, owner=None):
    """Errors raised and not documented."""
    function = inspect.unwrap(function)
    namespace = dict(getattr(function, "__globals__", {})) | (dict(vars(owner)) if owner else {})
    listed = entries(sections(function.__doc__).get("Raises", ""))
    return [
        f"{name}: raises {error}, which is not documented" for error in sorted(raised(function, namespace) - set(listed))
    ]


def faults(name, obj, owner=None):
    """All faults of one public function, class, method or property."""
    if isinstance(obj, property) or hasattr(obj, "attrname"):  # cached_property
        code = obj.fget if isinstance(obj, property) else obj.func
        missing = [] if (obj.__doc__ or "").strip() else [f"{name}: no docstring"]
        return missing or value_faults(name, obj) + error_faults(name, code, owner)
    if isinstance(obj, (classmethod, staticmethod)):
        obj = obj.__func__
    inherited = (
        inspect.isclass(obj) and "__doc__" in vars(obj) and (vars(obj)["__doc__"] or "").startswith(f"{obj.__name__}(")
    )
    if not (obj.__doc__ or "").strip() or inherited:  # a dataclass without docstring gets its signature for one
        return [f"{name}: no docstring"]
    found = parameter_faults(name, obj)
    if inspect.isclass(obj):
        for key, member in members(obj).items():
            found += faults(f"{name}.{key}", member, obj)
        return found
    if owner is None and ">>>" not in sections(obj.__doc__).get("Examples", ""):
        found.append(f"{name}: no example")
    return found + value_faults(name, obj) + error_faults(name, obj, owner)
