"""What all chapters share and each part keeps in files of its own: bibliography and notation."""

import re

ENTRY = re.compile(r"^@\w+\{\s*([^,\s]+)\s*,", re.MULTILINE)
FIELDS = re.compile(r"(\w+)\s*=\s*[{\"\d\w]")
# What the site's style asks for beside author, title and year; without it the build warns, and the site is not built.
NEEDED = {"article": "journal", "book": "publisher", "techreport": "institution", "inproceedings": "booktitle",
          "incollection": "booktitle", "phdthesis": "school"}  # fmt: skip
CITED = re.compile(r"\{cite[a-z:]*\}`([^`]+)`")


def cited(text):
    """Keys that a text cites."""
    return {key.strip() for keys in CITED.findall(text) for key in keys.split(",")}


def bibliography_faults(bibs, texts):
    """Keys that stand twice, that nobody cites, that are cited and not there, and keys far from the part that cites them.

    Parameters
    ----------
    bibs : dict of str: str
        Part -> text of its .bib file.
    texts : dict of str: str
        "part/chapter" -> text that may cite.
    """
    keys = [(key, part) for part, bib in bibs.items() for key in ENTRY.findall(bib)]
    users = {}
    for name, text in texts.items():
        for key in cited(text):
            users.setdefault(key, []).append(name)
    faults, known = [], dict(keys)
    for key in sorted(known):
        places = sorted(part for k, part in keys if k == key)
        if len(places) > 1:
            faults.append(f"{key} stands in book/references/ more than once: {', '.join(places)}")
        elif key not in users:
            faults.append(f"{places[0]}.bib: nobody cites {key}")
        elif places[0] not in {name.split("/")[0] for name in users[key]}:
            faults.append(f"{places[0]}.bib: {key} is cited only by {', '.join(sorted(users[key]))}")
    for part, bib in bibs.items():
        for entry in re.split(r"^(?=@)", bib, flags=re.MULTILINE)[1:]:
            kind, key = re.match(r"@(\w+)\{\s*([^,\s]+)", entry).groups()
            needed = NEEDED.get(kind.lower())
            if needed and needed not in FIELDS.findall(entry):
                faults.append(f"{part}.bib: {key} has no {needed}")
    missing = sorted(set(users) - set(known))
    return faults + [f"{min(users[key])} cites {key}, which is in no file of book/references/" for key in missing]


def notation_faults(of_parts, terms):
    """Terms that two parts explain, terms out of order, files without their heading.

    Parameters
    ----------
    of_parts : dict of str: str
        Part -> text of its file of notation.
    terms : callable
        Text -> its terms, each with its name.
    """
    faults, seen = [], {}
    for part, text in of_parts.items():
        names = [term.name for term in terms(text)]
        if names != sorted(names, key=str.casefold):
            faults.append(f"notation/{part}.md: terms out of the alphabet's order")
        for name in names:
            if name.casefold() in seen:
                faults.append(f"notation/{part}.md: {name} is explained in {seen[name.casefold()]} already")
            seen[name.casefold()] = part
        if not re.search(r"\A### \S", text):
            faults.append(f"notation/{part}.md: must open with a heading of level three")
    return faults


def home_faults(terms, chapters):
    """Terms without a home, with one that is not in the book, or whose home uses none of their words.

    Parameters
    ----------
    terms : list
        Terms of the glossary, each with name, home and words.
    chapters : dict of str: str
        "part/chapter" -> text.
    """
    faults = []
    for term in terms:
        text = chapters.get(term.home, "").casefold()
        if not term.home:
            faults.append(f"{term.name}: no line that says Home: part/chapter.")
        elif not text:
            faults.append(f"{term.name}: its home {term.home} is no chapter of the book")
        elif not any(word.casefold() in text for word in (term.name, *term.words)):
            faults.append(f"{term.name}: {term.home} uses neither this term nor one of its words")
    return faults


def _stem(word):
    """A word of a text and its plural are one."""
    return " ".join(part.removesuffix("s") for part in re.split(r"[ -]", word.casefold()))


def word_faults(entries, texts, glossary):
    """Words that lead nowhere, or that the page they lead to does not hold and does not explain.

    Parameters
    ----------
    entries : list of dict
        As in book/_data/search_words.yml: words, page, and for words that the page does not use, section and meaning.
    texts : dict of str: str
        Page as an entry names it -> its text.
    glossary : list
        Terms of the glossary, each with name and words.
    """
    faults = []
    seen = {_stem(word): "the glossary" for term in glossary for word in (term.name, *term.words)}
    for entry in entries:
        text, at = texts.get(entry["page"]), f"{entry['words'][0]}: {entry['page']}"
        if text is None:
            faults.append(f"{at} is no page of the book")
            continue
        if ("section" in entry) != ("meaning" in entry):
            faults.append(f"{at}: a section and a meaning stand together or not at all")
        elif "section" not in entry:
            told = _stem(re.sub(r"\s+", " ", text))
            faults += [f"{word}: {entry['page']} does not use it" for word in entry["words"] if _stem(word) not in told]
        elif not re.search(rf"^##+ {re.escape(entry['section'])}$", text, re.MULTILINE):
            faults.append(f"{at} has no heading {entry['section']}")
        for word in entry["words"]:
            if _stem(word) in seen:
                faults.append(f"{word}: {seen[_stem(word)]} has it too")
            seen[_stem(word)] = at
    return faults
