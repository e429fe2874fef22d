"""A chain of blocks as a picture: who made which block when, which branch stayed and which was given up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tefoundations.errors import InvalidInput
from tefoundations.explore.engine.theme import ROLES, figure
from tefoundations.explore.figures.arguments import ends
from tefoundations.inputs import instance, sequence

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from tefoundations.ledger.consensus import ChainRun

WIDTH, LETTER = 260.0, 7.6  # px: of the axis where the figure is narrowest, on a phone, and of a letter


def block_forks(
    run: ChainRun, *, names: Sequence[str] | None = None, time_range: tuple[float, float] | None = None
) -> go.Figure:
    """Draw all blocks of a run over time; each branch has a row of its own.

    Blocks on somebody's chain in the end are blue circles, lost ones orange squares; each bears its producer, above or
    below its mark; where blocks stand too close for that, it is told to who points at the mark.

    Parameters
    ----------
    run : ChainRun
        Of one of the families of chains.
    names : sequence of str, optional
        What to call the producers; default: their numbers.
    time_range : (low, high), optional
        Ends of the time axis (s), so that it stands still while a slider moves.

    Returns
    -------
    plotly.graph_objects.Figure
        Traces: links, kept blocks, lost blocks.

    Raises
    ------
    InvalidInput
        What is no run, too few names, or no pair of ends.

    Examples
    --------
    >>> from tefoundations.ledger.consensus import proof_of_authority
    >>> drawn = block_forks(proof_of_authority.simulate(["a trade"], 3, rng=1))
    >>> [(trace.name, trace.text) for trace in drawn.data[1:]]
    [('Kept', ('1', '2')), ('Lost', ('',))]
    """
    from tefoundations.ledger.consensus import ChainRun

    instance(run, ChainRun, "run", advice="a family of chains makes one, such as proof_of_authority.simulate")
    if names is not None:
        names = sequence(list(names) if isinstance(names, str) else names, "names", of="names")
        producers = 1 + max((block.producer for block in run.blocks), default=-1)
        if len(names) < producers:
            raise InvalidInput(f"names must be one for each of {producers} producers, not {len(names)}")
    kept = {block.id: True for chain in run.chains for block in chain}
    rows, place = _rows(run)
    links_x, links_y = [], []
    for block in run.blocks:
        x, y = place.get(block.parent, (0.0, 0))
        links_x += [x, block.time / 1000, None]
        links_y += [y, rows[block.id], None]
    traces = [{
        "type": "scatter", "mode": "lines", "x": links_x, "y": links_y, "hoverinfo": "skip", "showlegend": False,
        "line": {"color": ROLES["rejected"], "width": 1.5},
    }]  # fmt: skip
    called = (lambda k: str(k)) if names is None else (lambda k: str(names[k]))
    if time_range is None:
        span = max((block.time for block in run.blocks), default=0) / 1000
    else:
        low, high = time_range = ends(time_range, "time_range")
        span = high - low
    side = _sides(run, rows, called, span)
    for name, role, symbol, wanted in (("Kept", "demand", "circle", True), ("Lost", "supply", "square", False)):
        own = [block for block in run.blocks if (block.id in kept) == wanted]
        traces.append({
            "type": "scatter", "mode": "markers+text", "name": name, "showlegend": True,
            "x": [b.time / 1000 for b in own] or [None], "y": [rows[b.id] for b in own] or [None],
            "text": [called(b.producer) if side[b.id] else "" for b in own] or [""],
            "textposition": [side[b.id] or "top center" for b in own] or "top center",
            "hovertext": [f"{called(b.producer)}, {b.time / 1000:.4g} s" for b in own] or [""], "hoverinfo": "text",
            "marker": {"color": ROLES[role], "symbol": symbol, "size": 13},
        })  # fmt: skip
    most = max([*rows.values(), 1])
    axes: dict[str, object] = {
        "yaxis": {"range": [-0.6, most + 0.8], "dtick": 1, "showticklabels": False, "ticks": "", "showgrid": False}
    }
    if time_range is not None:
        axes["xaxis_range"] = time_range
    return figure(traces, "Time (s)", "Branch", **axes)


def _sides(run, rows, called, span):
    """Above or below its mark, where the producer's name meets neither another name of its row nor a mark; else nowhere."""
    px, free, side = WIDTH / max(span, 1e-9), {}, {}
    for block in sorted(run.blocks, key=lambda block: block.time):
        at, half = block.time / 1000 * px, 0.5 * LETTER * len(called(block.producer)) + 1
        for place in ("top center", "bottom center"):
            if free.get((rows[block.id], place), -1e9) <= at - half:
                free[rows[block.id], place] = at + half
                side[block.id] = place
                break
        else:
            side[block.id] = ""
    return side


def _rows(run):
    """Row of each block, and the place of its mark: the first node's chain at the bottom, other branches in rows above it.

    A row serves again for a branch that leaves the chain after the last block in it.
    """
    main = {block.id: True for block in run.chains[0]}
    rows, ends, place = {}, {}, {}
    for block in run.blocks:
        if block.id in main:
            row = 0
        else:
            own = [r for r, (last, _) in ends.items() if last == block.parent]
            since = place.get(block.parent, (0.0, 0))[0]
            row = next((r for r in [*own, *sorted(ends)] if r in own or ends[r][1] < since), 1 + len(ends))
            ends[row] = (block.id, block.time / 1000)
        rows[block.id] = row
        place[block.id] = (block.time / 1000, row)
    return rows, place
