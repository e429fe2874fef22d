"""Numbers and tables in words, and what every result can do: explain itself, become a frame, show itself in a notebook."""

import sys
from decimal import Decimal
from html import escape

SHOWN = 8  # rows of a table that is shown; a longer one hides its middle
NAMED = 6  # labels that a message names before it only counts
BAR = 30  # characters of a bar that grows
LONGEST = 60  # characters of a value in a message
MISSING = "is missing"
LARGEST = int(sys.float_info.max)


def say(value, *beside):
    """A number to six significant digits, without the rounding dust of sums.

    Dust is less than a billionth of the largest number it stands beside, in the same unit: what it was made of. A number
    that was told and not made stands beside itself. Where nothing is given, it is taken to stand beside 1.

    >>> say(0.1 + 0.2), say(-1e-12), say(1234567.0)
    ('0.3', '0', '1,234,570')
    >>> say(4e-10, 4e-10), say(4e-10, 30.0), say(4e-10)
    ('4e-10', '0', '0')
    >>> say(float("inf"), float("inf"))     # without end is no dust
    'inf'
    >>> say(10**400)                        # no float is as large, and a message must still be able to tell it
    '1e+400'
    """
    if isinstance(value, int) and abs(value) > LARGEST:
        return f"{Decimal(value).normalize():.6g}"
    if not beside:
        return six_digits(round(float(value), 9) + 0.0)  # + 0.0 turns -0 into 0
    dust = abs(value) < float("inf") and abs(value) <= 1e-9 * max(abs(float(one)) for one in beside)
    return six_digits(0.0 if dust else float(value))


def six_digits(value):
    """Millions are written out, what is larger still in powers of ten."""
    told = f"{value:.6g}"
    return f"{float(told):,.0f}" if 1e6 <= abs(float(told)) < 1e12 else told


def percent(share):
    """A share between 0 and 1 in whole percent, or with as many digits as tell it from none and from all.

    >>> percent(0.5), percent(0.9996), percent(0.002), percent(1.0)
    ('50%', '99.96%', '0.2%', '100%')
    """
    texts = [f"{share:.{digits}%}" for digits in range(16)]
    return next((text for text in texts if share in (0, 1) or 0 < float(text[:-1]) < 100), texts[-1])


def count(number, kind):
    """So many of a kind.

    >>> count(1, "line"), count(3, "bus")
    ('1 line', '3 buses')
    """
    plural = kind if number == 1 else f"{kind}es" if kind.endswith("s") else f"{kind}s"
    return f"{number} {plural}"


def listed(labels, most=NAMED):
    """The first labels of a list, and how many more there are.

    >>> listed([1, 2, 3], most=2), listed(["a"])
    ('1, 2 and 1 more', 'a')
    """
    labels = list(labels)
    rest = f" and {len(labels) - most} more" if len(labels) > most else ""
    return ", ".join(str(label) for label in labels[:most]) + rest


def shown(value):
    """A value as a message shows it: as Python writes it, not numpy, and not too long.

    >>> import numpy as np
    >>> shown(np.int64(1)), shown(np.float64("nan")), shown("a"), shown([np.float64(0.5)])
    ('1', 'nan', "'a'", '[0.5]')
    """
    text = repr(_plain(value))
    return text if len(text) <= LONGEST else text[:LONGEST] + " ..."


def bar(done, most):
    """How far something has come, as a bar for a terminal.

    >>> bar(2, 3)
    '[####################..........] 2/3'
    """
    filled = BAR * done // most
    return f"[{'#' * filled}{'.' * (BAR - filled)}] {done}/{most}"


def faulty(value, message):
    """A value and what is wrong with it; of one that is missing, only that.

    Whether pandas holds None, nan or NA where a value is missing hangs on its version and on the type of the column.

    >>> faulty(None, "must be a number"), faulty(None, MISSING)
    ('None must be a number', 'is missing')
    """
    return message if message.startswith(MISSING) else f"{shown(value)} {message}"


def _plain(value):
    """The same value without numpy's types, as far as there is one."""
    if type(value) in (list, tuple) and len(value) <= LONGEST:
        return type(value)(_plain(part) for part in value)
    if type(value).__module__ != "numpy" or getattr(value, "ndim", 1):
        return value
    return str(value) if value.dtype.kind in "mM" else value.item()  # the item of a date may be a number


def bounds(kind, unit, above, least, most, below, infinite=False):
    """What a number must be, in words: "a number above 0 and at most 1", "a whole number of steps, at least 1"."""
    kind = f"{kind} {unit}" if unit else kind
    if (least, most, below) == (None, None, None):
        if above is None:
            return f"a {kind}" if infinite or kind.startswith("whole") else f"a finite {kind}"
        return f"a positive {kind}" if above == 0 else f"a {kind} above {above:g}"
    if least is not None and most is not None:
        return f"a {kind} from {_exactly(least)} to {_exactly(most)}"
    parts = [(above, "above"), (least, "at least"), (most, "at most"), (below, "below")]
    said = " and ".join(f"{word} {_exactly(bound)}" for bound, word in parts if bound is not None)
    comma = "," if said.startswith("at") and " " in kind else ""
    return f"a {kind}{comma} {said}"


def _exactly(bound):
    return str(bound) if isinstance(bound, int) else f"{bound:g}"  # g would write a million as 1e+06


def an(noun):
    """A noun with its article.

    >>> an("list"), an("int"), an("ndarray")
    ('a list', 'an int', 'an ndarray')
    """
    return f"an {noun}" if noun[:1].lower() in "aeiou" or noun == "ndarray" else f"a {noun}"


def distinct(one, other):
    """Two numbers with as many digits as tell them apart.

    >>> distinct(0.1 + 0.2, 0.3), distinct(1.0, 2.5)
    (('0.30000000000000004', '0.3'), ('1', '2.5'))
    """
    short = f"{one:g}", f"{other:g}"
    return short if short[0] != short[1] else (repr(float(one)), repr(float(other)))


def html_table(rows, kind):
    """HTML: one line a (name, value); a float is told as `say` tells it.

    >>> html_table([("price, ct/kWh", 9.5)], "te-clearing")
    '<table class="dataframe te-clearing"><tbody><tr><th scope="row">price, ct/kWh</th><td>9.5</td></tr></tbody></table>'
    """
    body = "".join(f'<tr><th scope="row">{escape(str(name))}</th><td>{_cell(value)}</td></tr>' for name, value in rows)
    return f'<table class="dataframe {kind}"><tbody>{body}</tbody></table>'


def columns_table(columns, kind, most=SHOWN):
    """HTML: a table of {heading: values}; a long one shows its first rows and says how many are left.

    >>> columns_table({"bus": [1, 2], "load, MW": [0.0, 80.0]}, "te-buses", most=1).count("<tr>")
    3
    """
    head = "".join(f'<th scope="col">{escape(str(name))}</th>' for name in columns)
    length = max((len(values) for values in columns.values()), default=0)
    lines = ["".join(f"<td>{_cell(values[row])}</td>" for values in columns.values()) for row in range(min(length, most))]
    if length > most:
        lines.append(f'<td colspan="{len(columns)}">{length - most} more rows</td>')
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f'<table class="dataframe {kind}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def columns_text(columns, most=SHOWN):
    """The same table as lines of text; the first column stands to the left, the others to the right.

    >>> print(columns_text({"bus": ["home", "school"], "load": [0.0, 80.0]}))
    bus     load
    home       0
    school    80
    """
    length = max((len(values) for values in columns.values()), default=0)
    rows = [[_text(values[row]) for values in columns.values()] for row in range(min(length, most))]
    table = [[str(name) for name in columns], *rows]
    widths = [max(len(line[place]) for line in table) for place in range(len(columns))]
    pads = [str.ljust] + [str.rjust] * (len(columns) - 1)
    lines = ["  ".join(pad(cell, width) for pad, cell, width in zip(pads, line, widths)).rstrip() for line in table]
    return "\n".join([*lines, f"... {length - most} more"] if length > most else lines)


def _text(value):
    return say(value) if hasattr(value, "__float__") and not hasattr(value, "__index__") else str(value)


def _cell(value):
    return escape(_text(value))


class Explained:
    """A result that tells what it is.

    A class that stands on this has `explain()`, the arithmetic in words; `to_frame()`, a table with units in the names of
    its columns or in its docstring; and `_at_a_glance()`, a few (name, value) with units, which a notebook shows. Its `repr`
    is one line.
    """

    def _repr_html_(self):
        return html_table(self._at_a_glance(), f"te-{type(self).__name__.lower()}")
