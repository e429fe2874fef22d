"""Everything made from the one public address of the repository, which stands in pyproject.toml.

`address.py --write` renews the marked lines of README.md, book/how_to_use.md and CITATION.cff; the chapters' install
cell, how to start on a sheet of exercises, and the site's launch buttons read it when they are made. A test compares
all of them.
"""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# What the launch links open: the first chapter of the book.
FIRST_CHAPTER = re.search(r"file: (notebooks/\S+)", (ROOT / "_toc.yml").read_text())[1] + ".ipynb"


def repository():
    with open(ROOT / "pyproject.toml", "rb") as file:
        return tomllib.load(file)["project"]["urls"]["Repository"]


def links():
    """Address of each thing by name: repository, pages, install, binder, colab."""
    home = repository()
    owner, name = home.rstrip("/").split("/")[-2:]
    return {
        "repository": home,
        "pages": f"https://{owner}.github.io/{name}/",
        "install": f"tefoundations @ git+{home}",
        "binder": f"https://mybinder.org/v2/gh/{owner}/{name}/main?urlpath=lab/tree/{FIRST_CHAPTER}",
        "colab": f"https://colab.research.google.com/github/{owner}/{name}/blob/main/{FIRST_CHAPTER}",
        "tests": f"{home}/actions/workflows/tests.yml",
        "issues": f"{home}/issues",
    }


def file_links(file):
    """Where a reader opens a notebook of the repository: binder, colab, file."""
    to = links()
    opened = {each: to[each].replace(FIRST_CHAPTER, file) for each in ("binder", "colab")}
    return opened | {"file": f"{to['repository']}/raw/main/{file}"}


def sheet_links(name):
    """Where learners open a sheet of exercises, "part/chapter"."""
    return file_links(f"exercises/{name}.ipynb")


def install_cell():
    """The first cell of every chapter and exercise: it installs the package where it is missing."""
    return (
        "from importlib.util import find_spec\n\n"
        'if find_spec("tefoundations") is None:  # Colab, Kaggle and others start without the package\n'
        f'    %pip install -q "{links()["install"]}"'
    )


BLOCKS = {
    "badges": lambda to: (
        f"[![tests]({to['tests']}/badge.svg)]({to['tests']})\n"
        f"[![read the book](https://img.shields.io/badge/read-the_book-1f6fb2)]({to['pages']})\n"
        f"[![Binder](https://mybinder.org/badge_logo.svg)]({to['binder']})\n"
        f"[![Colab](https://colab.research.google.com/assets/colab-badge.svg)]({to['colab']})"
    ),
    "clone": lambda to: f"```bash\ngit clone {to['repository']}\n```",
    "install": lambda to: f'```bash\npip install "{to["install"]}"\n```',
    "cite": lambda to: f"url: {to['repository']}\nrepository-code: {to['repository']}",
    "launch": lambda to: (
        f"- [Binder]({to['binder']}): nothing to install, starts in a minute or two.\n"
        f"- [Colab]({to['colab']}): needs a Google account; the first cell installs the package."
    ),
    "ask": lambda to: f"Questions and mistakes: [the issue tracker]({to['issues']}).",
}
FILES = ["README.md", "CITATION.cff", "CONTRIBUTING.md", "book/how_to_use.md", "book/for_instructors.md"]


def marked(kind):
    """Pattern of a written region: <!-- KIND:NAME --> ... <!-- end --> in Markdown, # KIND:NAME ... # end in YAML."""
    return re.compile(
        rf"(?P<open>^(?:<!-- |# ){kind}:(?P<name>\w+)(?: -->)?\n)(?P<body>.*?)(?P<close>^(?:<!-- |# )end(?: -->)?$)",
        re.DOTALL | re.MULTILINE,
    )


MARK = marked("address")


def filled(mark, text, body):
    """`text` with every region that `mark` finds written anew; `body` gives it by name."""
    return mark.sub(lambda m: m["open"] + body(m["name"]) + "\n" + m["close"], text)


def renewed(text):
    """`text` with everything in it that holds the address written anew."""
    to = links()
    return filled(MARK, text, lambda name: BLOCKS[name](to))


def main():
    for name in FILES:
        file = ROOT / name
        if not file.exists():
            sys.exit(f"{name} is missing")
        text = file.read_text()
        new = renewed(text)
        if new != text:
            file.write_text(new)
            print("written:", name)


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        main()
    else:
        for key, value in links().items():
            print(f"{key}: {value}")
