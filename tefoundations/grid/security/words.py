"""A security-constrained dispatch in words and as tables."""

import numpy as np

from tefoundations.grid.dc import words as plain
from tefoundations.grid.dc.words import interval_words
from tefoundations.programmes import NEAR, is_zero
from tefoundations.words import NAMED, count, listed, say


def bus_words(dispatch, at):
    """The price of one bus: energy, what each full line adds, what each line adds that a loss would fill."""
    now, dearest = set(dispatch.net.lines.name[dispatch.multiplier != 0].tolist()), np.abs(dispatch.lmp).max()
    parts = dispatch.line_components().iloc[at]
    told = [(name, part) for name, part in parts.items() if not is_zero(part, of=dearest, share=NEAR)]
    text = f"bus {dispatch.net.buses.bus[at]}: {say(dispatch._energy(), dearest)}"
    for name, part in told:
        why = f"congestion on line {name}" if name in now else f"security of line {name}"
        text += f" {'+' if part > 0 else '-'} {say(abs(part), dearest)} {why}"
    text += ("" if told else ", no congestion") + f" = {say(dispatch.lmp[at], dearest)}"
    ends = interval_words(dispatch, at) if dispatch._tells_ranges else ""
    return text + (f" (any price from {ends} supports this dispatch)" if " to " in ends else "")


def corrective_words(dispatch):
    """As `secure_words`, and how far units move after the losses that need it most."""
    told = []
    for lost in dict.fromkeys(lost for _, lost in dispatch.outage_multiplier):
        moved = dispatch.moved(lost)
        some = ", ".join(f"{name} by {say(mw)} MW" for name, mw in moved.items() if abs(mw) > 1e-6)
        told += [f"After the loss of {lost} these move: {some}."] if some and len(told) < NAMED else []
    words = secure_words(dispatch).split("\n")
    return "\n".join([*words[: -len(dispatch.lmp)], *told, *words[-len(dispatch.lmp) :]])


def secure_words(dispatch):
    """Money, full lines, pairs that bind or are overloaded, what is not protected, every price."""
    head, tail = plain.result_words(dispatch), [bus_words(dispatch, at) for at in range(len(dispatch.lmp))]
    first = f"{count(len(dispatch.outages), 'loss')} borne, one at a time"
    over = list(dict.fromkeys(lost for _, lost in dispatch.overload))
    if over:
        penalty = say(dispatch.penalty, dispatch.penalty)
        first = f"{len(dispatch.outages) - len(over)} of {count(len(dispatch.outages), 'loss')} borne, one at a time"
        first += f"; after that of {listed(over)} lines are over their limits, at {penalty} $ for each MWh"
    left = f"; the loss of {listed(dispatch.unprotected)} splits the network" if dispatch.unprotected else ""
    pairs = sorted(dispatch.outage_multiplier.items(), key=lambda pair: -abs(pair[1]))
    settled = _settled(dispatch)
    for (line, lost), mu in pairs[:NAMED]:
        flow = settled(lost)[line]
        if (line, lost) in dispatch.overload:
            too_much = dispatch.overload[line, lost]
            head.append(f"After the loss of {lost} line {line} is {say(too_much)} MW over: {say(flow)} MW.")
        else:
            head.append(
                f"After the loss of {lost} line {line} is full: {say(flow)} MW; one more would save {say(abs(mu))} $/h."
            )
    more = len(pairs) - NAMED
    head += [f"So {'is' if more == 1 else 'are'} {count(more, 'other pair')} of line and loss."] if more > 0 else []
    return "\n".join([head[0], f"{first}{left}.", *head[1:], *tail])


def outage_frame(dispatch):
    """The pairs of line and loss that are worth something or overloaded."""
    import pandas as pd

    pairs = sorted({*dispatch.outage_multiplier, *dispatch.overload}, key=lambda pair: -abs(_worth(dispatch, pair)))
    position = {name: row for row, name in enumerate(dispatch.net.lines.name.tolist())}
    at = np.array([position[line] for line, _ in pairs], dtype=int)
    settled = _settled(dispatch)
    return pd.DataFrame({
        "line": [line for line, _ in pairs], "lost": [lost for _, lost in pairs],
        "flow": [float(settled(lost)[line]) for line, lost in pairs], "limit": dispatch.after_limit[at],
        "multiplier": [_worth(dispatch, pair) for pair in pairs],
        "overload": [dispatch.overload.get(pair, 0.0) for pair in pairs],
    })  # fmt: skip


def secure_glance(dispatch):
    """Money, prices and binding pairs, as (name, value)."""
    pairs = [f"{line} after {lost}" for line, lost in dispatch.outage_multiplier]
    told = [*plain.dispatch_glance(dispatch), ("losses borne", _borne(dispatch))]
    told += [("full after a loss", listed(pairs) or "none")]
    if dispatch.overload:
        told += [("overload after losses, MW", say(sum(dispatch.overload.values())))]
    return [*told, ("not protected", listed(dispatch.unprotected) or "none")]


def _borne(dispatch):
    """How many losses overload nothing; of how many, where some do."""
    every, over = len(dispatch.outages), len({lost for _, lost in dispatch.overload})
    return f"{every - over} of {every}" if over else every


def _settled(dispatch):
    """Flows after a loss: once units have moved, where they may."""
    return getattr(dispatch, "settled_flow", dispatch.outage_flow)


def _worth(dispatch, pair):
    return dispatch.outage_multiplier.get(pair, 0.0)
