"""A Merkle tree as a picture: what an edit changes, and what a proof consists of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tefoundations.errors import InvalidInput
from tefoundations.explore.engine.theme import HEIGHT, ROLES, fade, figure

if TYPE_CHECKING:
    import plotly.graph_objects as go

SIZE = 36  # px of a node: holds four digits
MARGIN = {"l": 8, "r": 8, "t": 44, "b": 8}
BELOW, ABOVE = 0.85, 0.45  # rows left free for the words under the leaves and over the root
LOOKS = {  # by what a node is: colour, fill, width of its outline, symbol
    "Same": ("rejected", 0.0, 1.5, "circle"),
    "Changed": ("supply", 0.3, 4, "square"),
    "Proof": ("price", 0.18, 3, "octagon"),
}


def hash_tree(
    leaves: Sequence[bytes],
    now: Sequence[bytes] | None = None,
    *,
    picked: int | None = None,
    labels: Sequence[str] | None = None,
    digits: int = 4,
) -> go.Figure:
    """Draw a Merkle tree by the first digits of its hashes: what changed since, and the proof of one leaf.

    Changed hashes stand in thick orange squares, joined by thick lines; those that prove the picked leaf in purple octagons;
    the others in thin grey circles. Up to eight leaves can be read on a phone.

    Parameters
    ----------
    leaves : list of bytes
        The leaves as they were.
    now : list of bytes, optional
        As many leaves, as they are now; default: as they were.
    picked : int, optional
        Leaf whose proof is marked, counted from 0; default: none.
    labels : list of str, optional
        Words under the leaves; default: their numbers.
    digits : int
        Hexadecimal digits shown of each hash.

    Returns
    -------
    plotly.graph_objects.Figure
        Traces: lines, lines between changed nodes, words under the leaves, and the nodes of each of the three kinds.

    Raises
    ------
    InvalidInput
        If there are no leaves, the two lists differ in length, a leaf is not bytes, or no leaf is `picked`.

    Examples
    --------
    >>> drawn = hash_tree([b"1", b"2", b"3", b"4"], [b"1", b"2", b"30", b"4"], picked=2)
    >>> {trace.name: len(trace.x) for trace in drawn.data[3:]}
    {'Same': 2, 'Changed': 3, 'Proof': 2}
    """
    from tefoundations.ledger import MerkleTree

    old, new = MerkleTree(leaves), MerkleTree(leaves if now is None else now)
    if old.size == 0 or old.size != new.size:
        raise InvalidInput(f"{old.size} leaves and {new.size} now: as many are needed, and at least one")
    if picked is not None:
        new.inclusion_proof(picked)  # refuses a leaf that is not there
    labels = [str(i) for i in range(old.size)] if labels is None else [str(label) for label in labels]
    if len(labels) != old.size:
        raise InvalidInput(f"{len(labels)} labels for {old.size} leaves")
    nodes = _nodes(old, new, picked)
    span = len(old.rows) - 1 + BELOW + ABOVE
    gap = 0.5 * (SIZE + 6) * span / (HEIGHT - MARGIN["t"] - MARGIN["b"])
    traces = [_edges(nodes, gap, False), _edges(nodes, gap, True), _words(labels, gap)]
    traces += [_kind(nodes, kind, labels, digits) for kind in LOOKS]
    blank = {"visible": False, "fixedrange": True}
    axes = {
        "xaxis": blank | {"range": [-0.6, old.size - 0.4]},
        "yaxis": blank | {"range": [-BELOW, len(old.rows) - 1 + ABOVE]},
    }
    # The axes are not drawn; their titles head the table of numbers and tell a screen reader what the picture is.
    return figure(traces, "Hash of", f"First {digits} digits", margin=MARGIN, **axes)


def _nodes(old, new, picked):
    """Every hash as a dict: row, x, leaves under it, kind, and the one above. A hash that goes up alone is one node."""
    rows, proof = new.rows, _proof(new.rows, picked)
    nodes, below = {}, [(i, i, i) for i in range(new.size)]  # x, first and last leaf of each hash of a row
    for row, hashes in enumerate(rows):
        if row:
            pairs = [below[i : i + 2] for i in range(0, len(below), 2)]
            below = [(sum(part[0] for part in pair) / len(pair), pair[0][1], pair[-1][2]) for pair in pairs]
        for place, digest in enumerate(hashes):
            if _lowest(rows, row, place) != (row, place):
                continue
            before, (x, first, last) = old.rows[row][place], below[place]
            kind = "Changed" if digest != before else "Proof" if (row, place) in proof else "Same"
            up, at = row + 1, place // 2
            while up < len(rows) and _lowest(rows, up, at) != (up, at):
                up, at = up + 1, at // 2
            nodes[row, place] = {
                "row": row, "x": x, "leaves": (first, last), "kind": kind, "now": digest.hex(), "was": before.hex(),
                "parent": (up, at),
            }  # fmt: skip
    return nodes


def _lowest(rows, row, place):
    """Where a hash stands first: one left over at the end of a row stands in the row above as well."""
    while row and len(rows[row - 1]) % 2 and place == len(rows[row]) - 1:
        row, place = row - 1, len(rows[row - 1]) - 1
    return row, place


def _proof(rows, picked):
    """Places of the hashes that prove a leaf."""
    found, place = set(), picked
    for row in range(len(rows) - 1) if picked is not None else ():
        if place ^ 1 < len(rows[row]):
            found.add(_lowest(rows, row, place ^ 1))
        place //= 2
    return found


def _edges(nodes, gap, changed):
    """Lines from each node up to the one above, ending short of both."""
    x, y = [], []
    for node in nodes.values():
        above = nodes.get(node["parent"])
        if above and (node["kind"] == "Changed") == changed:
            x += [node["x"], above["x"], None]
            y += [node["row"] + gap, above["row"] - gap, None]
    line = {"color": ROLES["supply"], "width": 5} if changed else {"color": ROLES["rejected"], "width": 1.5}
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": line, "hoverinfo": "skip", "showlegend": False}


def _words(labels, gap):
    return {
        "type": "scatter", "mode": "text", "x": list(range(len(labels))), "y": [-1.1 * gap] * len(labels), "text": labels,
        "textposition": "bottom center", "hoverinfo": "skip", "showlegend": False,
    }  # fmt: skip


def _kind(nodes, kind, labels, digits):
    role, opacity, width, symbol = LOOKS[kind]
    own = [node for node in nodes.values() if node["kind"] == kind]
    short = [node["now"][:digits] for node in own]
    said = [f"{now}, was {node['was'][:digits]}" if kind == "Changed" else now for now, node in zip(short, own)]
    names = [_name(node, labels, len(labels)) for node in own]
    return {
        "type": "scatter", "mode": "markers+text", "name": kind, "showlegend": True,
        # A kind of which there is none keeps its place in the legend.
        "x": [node["x"] for node in own] or [None], "y": [node["row"] for node in own] or [None],
        "text": [f"<b>{now}</b>" for now in short] if kind == "Changed" else short, "textfont": {"size": 12},
        "customdata": [list(pair) for pair in zip(names, said)],
        "hoverinfo": "text", "hovertext": [f"{name}: {words}" for name, words in zip(names, said)],
        "marker": {
            "symbol": symbol, "size": SIZE, "color": fade(role, opacity), "line": {"color": ROLES[role], "width": width},
        },
    }  # fmt: skip


def _name(node, labels, count):
    """What a hash stands for, in words."""
    first, last = node["leaves"]
    if first == last:
        return f"leaf {first}" if labels[first] == str(first) else f"leaf {first} ({labels[first].split('<br>')[-1]})"
    return f"leaves {first} to {last}" + (", the root" if last - first + 1 == count else "")
