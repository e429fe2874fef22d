"""Checks of the chapter on power flow."""

import numpy as np

from tefoundations.exercises.kit.forms import numbers
from tefoundations.exercises.kit.recipe import exercise, wrong
from tefoundations.exercises.kit.values import are_numbers
from tefoundations.grid import ac_power_flow, dc_power_flow, lindistflow, lodf, ptdf, sweep
from tefoundations.grid.dc.wires import Wires
from tefoundations.grid.feeder.linear_flow import carried_down, squares

SLACK = 1e-6  # MW per MW, and squared p.u.: what a balance may be off

# power_flow/where_it_flows


def mesh(rng):
    """(n, lines, slack): a tree, mostly with a few lines more, now and then one of them twice; lines (i, k, x)."""
    n = int(rng.choice([2, 3, 3, 4, 4, 5, 5]))
    pairs = [(int(rng.integers(bus)), bus) for bus in range(1, n)]
    others = [(i, k) for k in range(n) for i in range(k) if (i, k) not in pairs]
    more = int(rng.integers(1, max(n - 1, 2))) if rng.random() < 0.85 else 0
    pairs += [others[at] for at in rng.permutation(len(others))[:more]]
    if rng.random() < 0.2:
        pairs.append(pairs[rng.integers(len(pairs))])
    turned = rng.random() < 0.5
    ends = [pairs[at][::-1] if turned and rng.random() < 0.5 else pairs[at] for at in rng.permutation(len(pairs))]
    return n, [(*each, float(rng.choice([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1]))) for each in ends], int(rng.integers(n))


def incidence(n, lines):
    """Lines by buses: 1 at one end, -1 at the other."""
    bus = np.eye(n)
    return np.array([bus[i] - bus[k] for i, k, _ in lines])


def grounded(balance, slack):
    """The inverse without the row and the column of the slack, whose angle is 0."""
    others = [bus for bus in range(len(balance)) if bus != slack]
    angle = np.zeros(balance.shape)
    angle[np.ix_(others, others)] = np.linalg.inv(balance[np.ix_(others, others)])
    return angle


def transfer_factors(n, lines, slack, *, weight=lambda x: 1 / x, invert=grounded, flow=lambda b, angle: b * angle):
    """Angles by the inverse of the weighted network, and the flow of each line from those of its ends."""
    along, b = incidence(n, lines), np.array([[weight(x)] for *_, x in lines])
    return flow(b, along @ invert(along.T @ (b * along), slack))


def a_row_each(answer, n, lines, slack):
    rows = len(lines)
    words = f"a list of {rows} rows is asked for, one a line, each of {n} numbers, one a bus"

    def is_table(rows, columns):
        return isinstance(answer, list) and len(answer) == rows and all(are_numbers(row, columns) for row in answer)

    if is_table(rows, n):
        return None
    if is_table(n, rows):
        return words + ": yours has a row for each bus, so turn it over"
    return words + ": the slack has a column too, full of zeros" if is_table(rows, n - 1) else words


def arrives(answer, n, lines, slack):
    """Kirchhoff's current law, a megawatt at a time."""
    leaving, bus = incidence(n, lines).T @ np.array(answer), np.eye(n)
    due = bus - bus[:, [slack]]
    for put_in, at in np.argwhere(np.abs(leaving - due).T > SLACK)[:1].tolist():
        where, there = "the slack" if at == slack else f"bus {at}", leaving[at, put_in]
        words = f"lines carry {there:.4g} MW away at {where}, and must carry {due[at, put_in]:g}"
        return f"of 1 MW put in at bus {put_in} and taken out at bus {slack}, {words}"
    return None


def turns_like_angles(answer, n, lines, slack):
    """Kirchhoff's voltage law: reactance times flow is a difference of angles."""
    along, drop = incidence(n, lines), np.array([[x] for *_, x in lines]) * np.array(answer)
    angle = np.linalg.lstsq(along, drop, rcond=None)[0]
    for row, put_in in np.argwhere(np.abs(along @ angle - drop) > SLACK)[:1].tolist():
        words = f"reactance times flow does not add up to 0 around the loop of line {row} (from 0)"
        return f"for 1 MW put in at bus {put_in} no angles give these flows: {words}"
    return None


WHERE_IT_FLOWS = exercise(
    "power_flow/where_it_flows", transfer_factors,
    example=((3, [(0, 1, 0.5), (0, 2, 0.3), (1, 2, 0.2)], 1), [[0.5, 0.0, 0.2], [0.5, 0.0, -0.2], [-0.5, 0.0, -0.8]]),
    draw=mesh, form=a_row_each, properties=(arrives, turns_like_angles),
    mistakes=(
        wrong("its signs are turned. A megawatt put in at a bus leaves it, and a flow is positive from i to k of a line (i,"
              " k, x).", flow=lambda b, angle: -b * angle),
        wrong("bus 0 is its slack, whatever is given. The row and the column of the bus `slack` are left out.",
              invert=lambda balance, slack: grounded(balance, 0)),
        wrong("it takes the megawatt out at all buses alike: that is what a pseudoinverse of the whole matrix does. The"
              " slack takes it all. Leave out its row and its column before you invert.",
              invert=lambda balance, slack: np.linalg.pinv(balance)),
        wrong("it weighs each line by x. A line with twice the reactance carries half as much: weigh by 1/x.",
              weight=lambda x: x),
        wrong("it takes all lines for equal. Their reactances count: weigh each by 1/x.", weight=lambda x: 1),
        wrong("it gives differences of angles. The flow of a line is the difference divided by x.",
              flow=lambda b, angle: angle),
    ),
    corners={
        "when two lines join the same buses (their 1/x add up)":
            lambda n, lines, slack: len({frozenset(line[:2]) for line in lines}) < len(lines),
        "when the network has no loop": lambda n, lines, slack: len(lines) == n - 1,
        "when a line is written from the higher bus to the lower": lambda n, lines, slack: any(i > k for i, k, _ in lines),
    },
    forbids=(ptdf, lodf, dc_power_flow, Wires.factors, Wires.flows, Wires.angles),
    hints=("What leaves a bus, in terms of angles? Each line (i, k, x) adds to four places of one matrix, buses by buses.",
           "Invert it without the slack, then put zeros back. What is each column? Which two angles does a line need?"),
)  # fmt: skip

# power_flow/down_the_feeder


def feeder(rng):
    """(loads, lines): (P, Q) by bus, and (near, far, r, x) in p.u. in any order; bus 0 is the substation, seldom alone."""
    n = int(rng.integers(2, 7)) if rng.random() < 0.95 else 1
    back = rng.choice([1, 3, 3, 3])  # 1: a single path
    ends = [(int(rng.integers(max(bus - back, 0), bus)), bus) for bus in range(1, n)]
    if rng.random() < 0.65:
        name = [0, *(1 + rng.permutation(n - 1)).tolist()]
        ends = [(name[ends[at][0]], name[ends[at][1]]) for at in rng.permutation(n - 1)]
    lines = [(*each, int(rng.integers(1, 7)) / 200, int(rng.integers(1, 7)) / 200) for each in ends]
    loads = [(0.0, 0.0), *((int(rng.integers(1, 6)) / 10, int(rng.integers(1, 5)) / 20) for _ in range(1, n))]
    if n > 1 and rng.random() < 0.2:
        giver = rng.integers(1, n)
        loads[giver] = (-loads[giver][0] - 0.2, loads[giver][1])
    return loads, lines


def long_line(rng):
    """So long that a voltage and its square part."""
    load = int(rng.integers(5, 8)) / 10, int(rng.integers(1, 4)) / 10
    return [(0.0, 0.0), load], [(0, 1, int(rng.integers(6, 9)) / 20, int(rng.integers(2, 5)) / 20)]


def outwards(lines):
    """The lines from the substation outwards."""
    reached, ordered = {0}, []
    while len(ordered) < len(lines):
        ordered += [line for line in lines if line[0] in reached and line[1] not in reached]
        reached |= {line[1] for line in ordered}
    return ordered


def carried(loads, lines, *, order=outwards):
    """What each line carries (P, Q), by the bus at its far end: all that is drawn there and behind."""
    flow = np.array(loads, dtype=float)
    for near, far, *_ in reversed(order(lines)):
        flow[near] += flow[far]
    return flow


def fall(r, x, p, q):
    return 2 * (r * p + x * q)


def feeder_voltages(loads, lines, *, carried=carried, fall=fall, start=lambda near: near, volts=lambda square: square**0.5):
    flow, square = carried(loads, lines), [1.0] * len(loads)
    for near, far, r, x in outwards(lines):
        square[far] = start(square[near]) - fall(r, x, *flow[far])
    return [volts(each) for each in square]


def held(answer, *_):
    return None if abs(answer[0] - 1) <= SLACK else f"bus 0 is the substation and stands at 1 p.u., not {answer[0]:.6g}"


def falls_line_by_line(answer, loads, lines):
    flow = carried(loads, lines)
    for near, far, r, x in outwards(lines):
        (p, q), there = flow[far], answer[near] ** 2 - answer[far] ** 2
        if abs(there - fall(r, x, p, q)) > SLACK:
            return (
                f"from bus {near} to bus {far} its squared voltage falls by {there:.6g}. The line carries P = {p:.6g} and"
                f" Q = {q:.6g}, so 2 (r P + x Q) is {fall(r, x, p, q):.6g}"
            )
    return None


DOWN_THE_FEEDER = exercise(
    "power_flow/down_the_feeder", feeder_voltages,
    example=(([(0, 0), (0.2, 0.1), (0.3, 0.1), (0.1, 0.05)],
              [(1, 3, 0.08, 0.031), (0, 1, 0.052, 0.032), (1, 2, 0.05, 0.04)]), [1.0, 0.96, 0.94, 0.95]),
    draw=feeder, also=(long_line,),
    form=numbers(lambda loads, lines: len(loads), "a list of one voltage a bus is asked for, here {n}"),
    properties=(held, falls_line_by_line),
    mistakes=(
        wrong("it leaves out reactive power. The fall is 2 (r P + x Q): x Q counts as much as r P.",
              fall=lambda r, x, p, q: 2 * r * p),
        wrong("it forgets the factor 2: squared voltages fall by 2 (r P + x Q).", fall=lambda *line: fall(*line) / 2),
        wrong("each line carries only the load of the bus at its end. It carries all that is drawn behind it as well.",
              carried=lambda loads, lines: loads),
        wrong("every line starts at 1 p.u. in it. Only the substation does: what was lost on the way up to a line stays"
              " lost.", start=lambda near: 1),
        wrong("it lets the voltage itself fall by r P + x Q. In LinDistFlow the square of the voltage falls, by twice that.",
              fall=lambda *line: fall(*line) / 2, volts=float),
        wrong("it adds up loads in the order in which the lines are listed. A line may be listed before those that feed it:"
              " start at the ends of the feeder.", carried=lambda *case: carried(*case, order=list)),
    ),
    corners={"when some bus gives power (its load is negative)": lambda loads, lines: any(p < 0 for p, _ in loads),
             "when lines are not listed from the substation outwards": lambda loads, lines: any(
                 near in [line[1] for line in lines[at:]] for at, (near, *_) in enumerate(lines)),
             "when there is only the substation": lambda loads, lines: not lines,
             "when the feeder branches": lambda loads, lines: len({near for near, *_ in lines}) < len(lines)},
    forbids=(lindistflow, sweep, ac_power_flow, carried_down, squares),
    hints=("Each bus is fed by one line. Keep lines by the bus they feed, and you can climb from any bus to the substation.",
           "What a bus draws flows on every line of its way: climb from each bus and add its P and Q to those lines.",
           "The square of a voltage is that of the bus above, less the fall. Which bus has to be known first?"),
)  # fmt: skip

EXERCISES = (WHERE_IT_FLOWS, DOWN_THE_FEEDER)
