"""Nothing in the tree knows the machine it was written on, an outside host of scripts, or its own address twice."""

import json
import re

# An absolute path of somebody's machine; part of a longer path or of an address it is not meant.
MACHINE = re.compile(r"(?<![\w.~)}\]-])/(?:work|root|home|Users)/\w")
CDN = re.compile(r"\bcdn\.|cdnjs|jsdelivr|unpkg\.com|googleapis\.com|gstatic\.com|esm\.sh|skypack")
SITE = ("book/", "notebooks/", "exercises/", "tefoundations/", "_config.yml", "_toc.yml")


def machine_faults(name, text):
    return [
        f"{name}:{i}: path of a machine: {line.strip()[:80]}"
        for i, line in enumerate(text.split("\n"), 1)
        if MACHINE.search(line)
    ]


def cdn_faults(name, text):
    """Outside hosts of scripts and fonts in what becomes the site."""
    if not name.startswith(SITE):
        return []
    return [
        f"{name}:{i}: outside host: {line.strip()[:80]}" for i, line in enumerate(text.split("\n"), 1) if CDN.search(line)
    ]


def without_address(name, text, address):
    """What is left of a file when the places that may hold the address are taken away; `address` is tools/address.py."""
    if name == "pyproject.toml":
        return ""
    if name.endswith(".ipynb"):
        cells = ["".join(cell["source"]) for cell in json.loads(text)["cells"]]
        rest = "\n".join(cell for cell in cells if cell != address.install_cell())
        if name.startswith("exercises/"):  # how to start, written into each sheet by its release
            sheet = name.removeprefix("exercises/").removeprefix("source/").removesuffix(".ipynb")
            for link in address.sheet_links(sheet).values():
                rest = rest.replace(f"]({link})", "]()")
        return rest
    return address.MARK.sub("", text.replace(address.install_cell(), ""))


def address_faults(name, text, address):
    """The repository's address outside the places written from pyproject.toml, and places that are out of date."""
    to = address.links()
    where_it_is = {to["repository"].split("://")[-1], to["pages"].split("://")[-1].rstrip("/")}
    rest = without_address(name, text, address)
    faults = [f"{name}: holds the address {word}; it stands only in pyproject.toml" for word in where_it_is if word in rest]
    if name in address.FILES and address.renewed(text) != text:
        faults.append(f"{name}: run `make address`")
    return faults
