"""The site's extension for what belongs together: a formula and the comma after it, a table's names and its head."""

import re

from docutils import nodes

AFTER = re.compile(r"[.,;:!?)\N{RIGHT DOUBLE QUOTATION MARK}'’]+(?=\s|$)")
# What pandas writes for an index with a name: a second row of the head that holds this name and nothing else.
TWO_ROWS = re.compile(
    r"(<thead>\s*<tr[^>]*>\s*)<th></th>(.*?</tr>)\s*<tr>\s*<th>([^<]+)</th>\s*(?:<th></th>\s*)*</tr>(\s*</thead>)", re.S
)


def one_head(html):
    """A table with the name of its index at the head of its column, where the others have theirs.

    >>> one_head("<thead><tr><th></th><th>kWh</th></tr><tr><th>member</th><th></th></tr></thead>")
    '<thead><tr><th>member</th><th>kWh</th></tr></thead>'
    """
    return TWO_ROWS.sub(r"\1<th>\3</th>\2\4", html)


def with_one_head(app, doctree, docname):
    """Give every printed table one row of names."""
    for raw in doctree.findall(nodes.raw):
        if 'class="dataframe"' in raw.rawsource or 'class="dataframe"' in raw.astext():
            made = one_head(raw.astext())
            raw.rawsource, raw[:] = made, [nodes.Text(made)]


def with_marks_kept(app, doctree, docname):
    """Bind a formula in a line to the punctuation after it: a browser may break the line between them."""
    for formula in list(doctree.findall(nodes.math)):
        siblings = formula.parent.children
        place = siblings.index(formula)
        after = siblings[place + 1] if place + 1 < len(siblings) else None
        mark = AFTER.match(after.astext()) if isinstance(after, nodes.Text) else None
        if mark:
            bound = nodes.inline("", "", formula.deepcopy(), nodes.Text(mark.group()), classes=["tef-bound"])
            formula.parent[place : place + 2] = [bound, nodes.Text(after.astext()[mark.end() :])]


def setup(app):
    """Register with Sphinx."""
    app.connect("doctree-resolved", with_one_head)
    app.connect("doctree-resolved", with_marks_kept)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
