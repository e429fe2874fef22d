"""What the pages of book/api/ list, against what the package exports."""

import re

DIRECTIVE = re.compile(
    r"^\.\. (?:py:)?(automodule|currentmodule|autofunction|autoclass|autoexception|autodata):: (\S+)\n((?:   :.*\n?)*)",
    re.MULTILINE,
)


def on_page(text, module_names, members_of):
    """Full names a page documents.

    Parameters
    ----------
    text : str
        The page.
    module_names : callable
        Module name -> its public names.
    members_of : callable
        Full name of a class -> its public members.
    """
    found, current = set(), ""
    for kind, name, options in DIRECTIVE.findall(text):
        members = re.search(r"^   :members:(.*)$", options, re.MULTILINE)
        if kind in ("automodule", "currentmodule"):
            current = name
            if kind == "automodule" and members:
                for public in module_names(name):
                    found |= {f"{name}.{public}"} | {f"{name}.{public}.{m}" for m in members_of(f"{name}.{public}")}
            continue
        full = name if name.startswith("tefoundations.") else f"{current}.{name}"
        found.add(full)
        if members:
            listed = [m.strip() for m in members[1].split(",") if m.strip()]
            found |= {f"{full}.{m}" for m in listed or members_of(full)}
    return found


def api_faults(exported, on_pages):
    """Names of the package that no page shows, and names on pages that the package does not export."""
    return [f"{name} is on no page of book/api/" for name in sorted(exported - on_pages)] + [
        f"book/api/ shows {name}, which is not exported" for name in sorted(on_pages - exported)
    ]
