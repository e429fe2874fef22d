"""Type hints: which public functions and methods lack one, for a parameter or for what they return."""

import inspect

from tefoundations.ledger import Contract
from tests.house.docstrings import members


def hint_faults(name, obj):
    """What has no hint in a public function or class: parameters, and what is returned (save by ``__init__``)."""
    if not inspect.isclass(obj):
        return _faults(name, inspect.unwrap(obj)) if callable(obj) else []
    own = vars(obj).get("__init__")
    written = inspect.isfunction(own) and own.__code__.co_filename != "<string>"  # a dataclass has its fields for hints
    found = _faults(f"{name}.__init__", own) if written else []
    for key, member in members(obj).items():
        code = _code(member)
        # A contract is checked and hashed as it is written, and its own rules know no annotations.
        if not (issubclass(obj, Contract) and "call" in inspect.signature(code).parameters):
            found += _faults(f"{name}.{key}", code)
    return found


def _code(member):
    """The function behind a method or property."""
    return getattr(member, "fget", None) or getattr(member, "func", None) or getattr(member, "__func__", member)


def _faults(name, function):
    signature = inspect.signature(function)
    given = [p for p in signature.parameters.values() if p.name not in ("self", "cls")]
    found = [f"{name}: parameter {p.name} has no hint" for p in given if p.annotation is p.empty]
    if signature.return_annotation is inspect.Signature.empty and not name.endswith(".__init__"):
        found.append(f"{name}: what it returns has no hint")
    return found
