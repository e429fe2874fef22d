"""The package's pages, book/api/ROOM.md, written from the rooms' doors.

A page shows the names of the door's `__all__` in their order; a comment on a line of its own in that list is a heading.
Then come the room's public modules: those that list names of their own in an `__all__`, beyond what the door and fuller
modules show. A module without `__all__` shows all it holds.
"""

import importlib
import inspect
import pkgutil
import re
import sys

PACKAGE = "tefoundations"
OPEN, CLOSE = re.compile(r"^__all__ = \["), re.compile(r"^\s*\]|\](  #.*)?$")


def first_sentence(doc):
    """The first sentence of a docstring, on one line, without its full stop."""
    paragraph = " ".join(inspect.cleandoc(doc).split("\n\n")[0].split())
    return re.split(r"\.(?: (?=\W*[A-Z])|$)", paragraph, maxsplit=1)[0]


def heading(module):
    """What a docstring is about: its first sentence up to the colon."""
    return first_sentence(module.__doc__).split(":")[0]


def about(module):
    """What a docstring says of its subject: what follows the colon of its first sentence, else the sentence."""
    sentence = first_sentence(module.__doc__)
    return sentence.split(": ", 1)[1] if ": " in sentence else sentence[0].lower() + sentence[1:]


def door_sections(module):
    """The names of `__all__` as [(heading, names)]; without a comment in the list the heading is ""."""
    found, inside = [("", [])], False
    for line in inspect.getsource(module).split("\n"):
        inside = inside or bool(OPEN.match(line))
        if inside and line.lstrip().startswith("# "):
            found.append((line.strip()[2:], []))
        elif inside:
            found[-1][1].extend(re.findall(r'"(\w+)"', line))
        if inside and CLOSE.search(line):
            break
    named = [name for _, names in found for name in names]
    if named != list(module.__all__):
        raise SystemExit(f"{module.__name__}: write __all__ as one list of names, with comments for headings")
    return [(title, names) for title, names in found if names]


def public_members(cls):
    """Public members of a class by name: its own, and those of the package's classes under it that no room exports."""

    def is_exported(base):
        path = base.__module__.split(".")
        doors = [".".join(path[:depth]) for depth in range(2, len(path) + 1)]
        return any(base.__name__ in getattr(sys.modules[door], "__all__", ()) for door in doors)

    own = [base for base in cls.__mro__ if base.__module__.startswith(f"{PACKAGE}.")]
    shown = [cls, *(base for base in own if base is not cls and not is_exported(base))]
    return {key: member for base in reversed(shown) for key, member in vars(base).items() if is_public_member(key, member)}


def is_public_member(key, member):
    shown = isinstance(member, (property, classmethod, staticmethod)) or inspect.isfunction(member)
    return not key.startswith("_") and (shown or hasattr(member, "attrname"))  # the last: a cached property


def public_modules(room):
    """Modules within a room that have a page of names of their own, in the order in which docstrings name them."""
    if not hasattr(room, "__path__"):
        return []
    modules = [
        importlib.import_module(info.name)
        for info in pkgutil.walk_packages(room.__path__, f"{room.__name__}.")
        if not info.name.rsplit(".", 1)[1].startswith("_")
    ]
    listing = [module for module in modules if hasattr(module, "__all__")]

    def shown_elsewhere(module):
        others = [m for m in (room, *listing) if m is room or len(m.__all__) > len(module.__all__)]
        names = {id(getattr(other, name)) for other in others for name in other.__all__}
        return all(id(getattr(module, name)) in names for name in module.__all__)

    def place(module):
        """Where the docstrings of the packages above first name it; else after the others, by name."""
        path, places = module.__name__.split("."), []
        for depth in range(2, len(path)):
            above, name = sys.modules[".".join(path[:depth])], path[depth]
            at = (above.__doc__ or "").find(f"`{name}`")
            places.append((at if at >= 0 else 10**6, name))
        return places

    return sorted((module for module in listing if not shown_elsewhere(module)), key=place)


def directive(module, name):
    """The lines that show one name."""
    thing = getattr(module, name)
    if not inspect.isclass(thing):
        return f".. auto{'function' if callable(thing) else 'data'}:: {name}\n"
    members = list(public_members(thing))
    kind = "exception" if issubclass(thing, BaseException) else "class"
    return f".. auto{kind}:: {name}\n" + (f"   :members: {', '.join(members)}\n" if members else "")


def block(module):
    """The lines that show a module: its docstring, then its names under their headings."""
    lines = [f".. automodule:: {module.__name__}\n   :no-members:\n", f".. py:currentmodule:: {module.__name__}\n"]
    for title, names in door_sections(module):
        lines += [underlined(title)] if title else []
        lines += [directive(module, name) for name in names]
    return lines


def underlined(title):
    return f"{title}\n{'-' * len(title)}\n"


def wings(room):
    """The public modules of a room by the wing, or file at its door, they are in: {wing: [module]}."""
    found = {}
    for module in public_modules(room):
        wing = importlib.import_module(".".join(module.__name__.split(".")[:3]))
        found.setdefault(wing, []).append(module)
    return found


def page(room_name):
    """The text of book/api/ROOM.md."""
    room = importlib.import_module(f"{PACKAGE}.{room_name}")
    if not hasattr(room, "__all__"):
        lines = [f".. automodule:: {room.__name__}\n   :members:\n   :show-inheritance:\n"]
    else:
        lines = block(room)
        for wing, modules in wings(room).items():
            lines.append(underlined(heading(wing)))
            lines += [f".. automodule:: {wing.__name__}\n   :no-members:\n"] if wing not in modules else []
            lines += [line for module in modules for line in block(module)]
    return f"# {room_name.capitalize()}\n\n```{{eval-rst}}\n" + "\n".join(lines) + "```\n"


def leading_names(room, most=8):
    """The first name under each heading of a door, or its first names: where to begin."""
    if not hasattr(room, "__all__"):
        return []
    found = door_sections(room)
    return [names[0] for _, names in found][:most] if len(found) > 1 else list(room.__all__)[:most]
