"""An order book in words, and as a ladder of bids and asks."""

from html import escape

from tefoundations.words import SHOWN, say


def book_table(book):
    """HTML: bids and asks side by side, best first."""
    lines = []
    depth = max(len(book.bids), len(book.asks))
    for rank in range(min(depth, SHOWN)):
        bid = _cells(book.bids, rank, ("agent", "quantity", "price"))
        ask = _cells(book.asks, rank, ("price", "quantity", "agent"))
        lines.append(f"<tr>{bid}{ask}</tr>")
    if depth > SHOWN:
        more = [max(len(side) - SHOWN, 0) for side in (book.bids, book.asks)]
        lines.append(f'<tr><td colspan="3">{more[0]} more bids</td><td colspan="3">{more[1]} more asks</td></tr>')
    names = ("buyer", "quantity", "bid", "ask", "quantity", "seller")
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    return f'<table class="dataframe te-book"><thead><tr>{head}</tr></thead><tbody>{"".join(lines)}</tbody></table>'


def _cells(orders, rank, names):
    if rank >= len(orders):
        return "<td></td>" * len(names)
    values = [getattr(orders, name)[orders.priority[rank]] for name in names]
    return "".join(f"<td>{escape(_text(value))}</td>" for value in values)


def _text(value):
    return say(value) if isinstance(value, float) else str(value)


def book_words(book):
    """How much is wanted and offered, and whether anybody can trade (see `OrderBook.explain`)."""
    lines, best = [], {}
    for name, side in (("bids", book.bids), ("asks", book.asks)):
        if not len(side):
            lines.append(f"No {name}.")
            continue
        best[name], worst = side.price[side.priority[0]], side.price[side.priority[-1]]
        prices = (
            f"at {say(best[name])}" if best[name] == worst else f"the best at {say(best[name])}, the worst at {say(worst)}"
        )
        number = f"{len(side)} {name}" if len(side) > 1 else f"1 {name[:-1]}"
        lines.append(f"{number} of {say(side.quantity.sum())} in all, {prices}.")
    if len(best) == 2:
        above = best["bids"] >= best["asks"]
        lines.append(
            f"The best bid is {'not below the best ask: they can trade' if above else 'below the best ask: no trade'}."
        )
    return "\n".join(lines)
