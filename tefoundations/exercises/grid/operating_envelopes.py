"""Checks of the chapter on operating envelopes."""

from tefoundations.exercises.kit.forms import number, numbers
from tefoundations.exercises.kit.recipe import almost, exercise, wrong
from tefoundations.grid import ac_power_flow, export_limits, hosting_capacity, lindistflow, sweep
from tefoundations.grid.envelopes.rules import filled
from tefoundations.grid.feeder.linear_flow import carried_down

SLACK = 1e-9  # kW: amounts this near are the same

# Streets: line l leads from bus parent[l] to bus l + 1, where home l is


def way(parent, home):
    """The lines from a home up to the transformer, its own first."""
    lines, bus = [], home + 1
    while bus:
        lines.append(bus - 1)
        bus = parent[bus - 1]
    return lines


def behind(parent, line):
    """The homes whose way leads over a line."""
    return [home for home in range(len(parent)) if line in way(parent, home)]


def next_to(parent, line):
    """The home at the end of a line, and those one line further."""
    return [line, *(home for home, near in enumerate(parent) if near == line + 1)]


def a_tree(rng, least, most):
    return [int(rng.integers(0, bus + 1)) for bus in range(int(rng.integers(least, most + 1)))]


# operating_envelopes/share_out


def roofed(rng):
    """(parent, limit, roof): fuses that leave room for about half of what is behind them, or for all of it."""
    parent = [0, *(max(near, 1) for near in a_tree(rng, 4, 6)[1:])] if rng.random() < 0.6 else a_tree(rng, 3, 6)
    roof = [int(each) for each in rng.choice([0, 4, 6, 10, 15], len(parent), p=[0.15, 0.25, 0.2, 0.2, 0.2])]
    roof[-1] = 10
    share = 1.2 if rng.random() < 0.1 else None
    sums = (sum(roof[home] for home in behind(parent, line)) for line in range(len(parent)))
    return parent, [round(max(3.0, each * (share or float(rng.uniform(0.4, 1.1)))), 1) for each in sums], roof


def share_out(parent, limit, roof, *, counted=behind, rate=lambda roof: [1.0] * len(roof), once=False, kept=list):
    """Filling: all grow at their rates until a fuse is full or a home has its roof."""
    homes, tops = range(len(parent)), kept(roof)
    rates, over = rate(roof), [counted(parent, line) for line in range(len(parent))]
    given, free = [0.0] * len(parent), {home for home in homes if roof[home] > 0}
    while free:
        steps = [(tops[home] - given[home]) / rates[home] for home in free]
        for line in homes:
            growing = sum(rates[home] for home in over[line] if home in free)
            steps += [(limit[line] - sum(given[home] for home in over[line])) / growing] if growing else []
        for home in free:
            given[home] += min(steps) * rates[home]
        full = {line for line in homes if limit[line] - sum(given[home] for home in over[line]) < SLACK}
        stopped = {home for line in full for home in over[line]} | {
            home for home in homes if tops[home] - given[home] < SLACK
        }
        free = set() if once and full else free - stopped
    return given


def by_heads(parent, limit, roof):
    """Each fuse divided once by the roofs behind it."""
    heads = [max(1, sum(roof[home] > 0 for home in behind(parent, line))) for line in range(len(parent))]
    return [
        float(min([roof[home], *(limit[line] / heads[line] for line in way(parent, home))])) for home in range(len(parent))
    ]


def one_percentage(parent, limit, roof):
    sums = [sum(roof[home] for home in behind(parent, line)) for line in range(len(parent))]
    share = min([1.0, *(each / total for each, total in zip(limit, sums) if total)])
    return [share * each for each in roof]


def full_lines(answer, parent, limit):
    sent = (sum(answer[home] for home in behind(parent, line)) for line in range(len(parent)))
    return [line for line, (used, most) in enumerate(zip(sent, limit)) if used > most - 1e-6]


def within_roofs(answer, parent, limit, roof):
    for home, (own, top) in enumerate(zip(answer, roof)):
        if not -SLACK <= own <= top + SLACK:
            return f"home {home} gets {own:.6g} kW, and its roof could send {top:g}"
    return None


def fuses_hold(answer, parent, limit, roof):
    for line, most in enumerate(limit):
        sent = sum(answer[home] for home in behind(parent, line))
        if sent > most + 1e-6:
            return f"the limits behind line {line} add up to {sent:.6g} kW, and its fuse holds {most:g}"
    return None


def nobody_stops_too_early(answer, parent, limit, roof):
    """Every home below its roof is behind a full fuse at which nobody has more."""
    full = full_lines(answer, parent, limit)
    for home, (own, top) in enumerate(zip(answer, roof)):
        mine = [line for line in way(parent, home) if line in full]
        if own > top - 1e-6 or any(own >= max(answer[other] for other in behind(parent, line)) - 1e-6 for line in mine):
            continue
        if not mine:
            return f"home {home} gets {own:.6g} of {top:g} kW, and no fuse on its way is full: it could get more"
        richer = max(behind(parent, mine[0]), key=lambda other: answer[other])
        return (
            f"home {home} gets {own:.6g} of {top:g} kW, while home {richer} behind the same full fuse gets"
            f" {answer[richer]:.6g}: the richer one could give it some"
        )
    return None


SHARE_OUT = exercise(
    "operating_envelopes/share_out", share_out,
    example=(([0, 1, 1], [13, 5, 10], [2, 8, 10]), [2.0, 5.0, 6.0]),
    draw=roofed, form=numbers(lambda parent, *_: len(parent), "a list of one number a home is asked for, here {n}"),
    properties=(within_roofs, fuses_hold, nobody_stops_too_early),
    mistakes=(
        wrong("it stops everybody as soon as one fuse is full. Only those behind that fuse stop; the others go on.",
              once=True),
        wrong("it raises limits in proportion to the roofs. Raise all by the same amount, whatever their roofs.",
              rate=lambda roof: [each or 1.0 for each in roof]),
        wrong("it gives all the same share of their roofs. Limits are to be equal in kW.", one_percentage),
        wrong("a fuse of its holds only the home at its end and the next ones. All homes further out send through it too.",
              counted=next_to),
        wrong("it divides each fuse once, by the roofs behind it. What one home cannot use, because of its roof or another"
              " fuse, goes to the others.", by_heads),
        wrong("it forgets the roofs: nobody gets more than its roof could send.", kept=lambda roof: [1e3] * len(roof)),
    ),
    corners={"when a home has no roof": lambda parent, limit, roof: 0 in roof,
             "when no fuse holds anybody back": lambda *case: share_out(*case) == [float(each) for each in case[2]],
             "when fuses are full one after the other": lambda parent, limit, roof:
                 len({round(x, 6) for x, top in zip(share_out(parent, limit, roof), roof) if x < top - SLACK}) > 1},
    forbids=(export_limits, hosting_capacity, filled),
    hints=("First write a function that gives the homes behind each line: those whose way up leads over it.",
           "How far can all that still grow be raised? Each fuse says: what is left of it over the number of growing homes"
           " behind it. Each roof says: what is left of it.",
           "Take the smallest of these, raise all that grow, and take out whoever has its roof or a full fuse on its way."),
)  # fmt: skip

# operating_envelopes/highest


def mixed(rng):
    """(parent, r, out): hundredths p.u.; some homes draw, now and then all of them."""
    parent = a_tree(rng, 3, 6)
    parent = list(range(len(parent))) if rng.random() < 0.25 else parent
    r = [int(each) / 100 for each in rng.integers(1, 6, len(parent))]
    out = [int(each) / 100 for each in rng.integers(1, 50, len(parent)) * rng.choice([1, 1, 1, 1, 1, -0.4], len(parent))]
    return parent, r, [-abs(each) for each in out] if rng.random() < 0.1 else out


def shared(i, k, own, other):
    return [line for line in own if line in other]


def squares(parent, r, out, meets=shared, factor=2):
    """Squared voltage at each home; `meets` are the lines by which home k counts at home i."""
    ways = [way(parent, home) for home in range(len(parent))]
    return [
        1 + factor * sum(sum(r[line] for line in meets(i, k, own, other)) * out[k] for k, other in enumerate(ways))
        for i, own in enumerate(ways)
    ]


def highest(parent, r, out, *, of=squares, at_grid=(1.0,), told=float):
    return told(max([*at_grid, *of(parent, r, out)]))


def with_meeting(meets):
    return lambda *case: squares(*case, meets=meets)


def at_least_the_transformer(answer, *_):
    return (
        None if answer >= 1 - SLACK else f"it returns {answer:.6g}. The transformer is one of the buses, and its square is 1"
    )


def no_more_than_all_alone(answer, parent, r, out):
    most = 1 + 2 * sum(sum(r[line] for line in way(parent, k)) * max(sent, 0) for k, sent in enumerate(out))
    words = f"it returns {answer:.6g}. If all that send hung at one end, with nobody drawing, it would be {most:.6g} at most"
    return None if answer <= most + 1e-9 else words


HIGHEST = exercise(
    "operating_envelopes/highest", highest,
    example=(([0, 1, 1], [0.02, 0.03, 0.05], [0.1, 0.4, -0.2]), 1.036),
    draw=mixed, form=number("one number is asked for, the highest squared voltage"),
    properties=(at_least_the_transformer, no_more_than_all_alone),
    mistakes=(
        wrong("at each bus it counts only what the home there sends. Homes elsewhere count too, by what their ways share"
              " with that of the bus.", of=with_meeting(lambda i, k, own, other: own if i == k else [])),
        wrong("it counts every home with the whole way of the bus. Only what the two ways share counts.",
              of=with_meeting(lambda i, k, own, other: own)),
        wrong("it forgets the factor 2: the square of a voltage rises by 2 r P.", of=lambda *case: squares(*case, factor=1)),
        wrong("with it, who sends pulls the voltage down. What is sent lifts it; what is drawn pulls it down.",
              of=lambda *case: squares(*case, factor=-2)),
        wrong("it takes the street for one cable, in which bus i hangs on bus i - 1. Go up by `parent`.",
              of=lambda parent, r, out: squares(list(range(len(parent))), r, out)),
        wrong("it returns the voltage. Its square is asked for.", told=lambda square: square**0.5),
        almost("right, except where all voltages fall: then the highest is that of the transformer, 1.", at_grid=()),
    ),
    corners={"when every home draws": lambda parent, r, out: max(out) < 0,
             "when the street forks": lambda parent, *_: len(set(parent)) < len(parent),
             "when a home draws": lambda parent, r, out: min(out) < 0},
    forbids=(lindistflow, carried_down, ac_power_flow, sweep),
    hints=("What does a line carry upwards? All that is sent by the homes behind it, less what is drawn there.",
           "From bus to bus along a line the square changes by 2 times its resistance times what it carries upwards.",
           "Go through the lines from the last to the first to find what they carry, then from the first to the last."),
)  # fmt: skip

EXERCISES = (SHARE_OUT, HIGHEST)
