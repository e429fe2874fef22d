"""Checks of the chapter on power flow."""

import numpy as np

from tefoundations.exercises.grid.wiring import feeders, meshes
from tefoundations.exercises.kit.records import Corner, Exercise, Mistake
from tefoundations.exercises.kit.values import are_numbers
from tefoundations.grid import ac_power_flow, dc_power_flow, lindistflow, lodf, ptdf, sweep
from tefoundations.grid.linear_feeder import carried_down, squares
from tefoundations.grid.wires import Wires

SLACK = 1e-6  # MW per MW, and squared p.u.: what a balance may be off

# power_flow/where_it_flows


def _matrices(n, lines, weight):
    """Lines by buses (1 at one end, -1 at the other), and buses by buses, each line with its weight."""
    incidence = np.zeros((len(lines), n))
    for row, (i, k, _) in enumerate(lines):
        incidence[row, i], incidence[row, k] = 1, -1
    b = np.array([weight(x) for _, _, x in lines])
    return incidence, b, incidence.T @ (b[:, None] * incidence)


def _factors(n, lines, slack, weight=lambda x: 1 / x, angles_only=False):
    incidence, b, balance = _matrices(n, lines, weight)
    others = [bus for bus in range(n) if bus != slack]
    angle = np.zeros((n, n))
    angle[np.ix_(others, others)] = np.linalg.inv(balance[np.ix_(others, others)])
    flow = incidence @ angle
    return (flow if angles_only else b[:, None] * flow).tolist()


def _everywhere(n, lines, slack):
    """The slack forgotten: what is put in is taken out at all buses alike."""
    incidence, b, balance = _matrices(n, lines, lambda x: 1 / x)
    return (b[:, None] * incidence @ np.linalg.pinv(balance)).tolist()


def _one_path(n, lines, slack):
    """All of it on a way of least reactance."""
    away, best = np.full(n, np.inf), [[] for _ in range(n)]
    away[slack] = 0
    for _ in range(n):
        for row, (i, k, x) in enumerate(lines):
            for near, far, sign in ((i, k, -1.0), (k, i, 1.0)):
                if away[near] + x < away[far] - 1e-12:
                    away[far], best[far] = away[near] + x, [*best[near], (row, sign)]
    flow = np.zeros((len(lines), n))
    for bus, path in enumerate(best):
        for row, sign in path:
            flow[row, bus] = sign
    return flow.tolist()


def _a_row_each(answer, n, lines, slack):
    rows = len(lines)
    if isinstance(answer, list) and len(answer) == rows and all(are_numbers(row, n) for row in answer):
        return None
    words = f"a list of {rows} rows is asked for, one a line, each of {n} numbers, one a bus"
    if isinstance(answer, list) and len(answer) == n and all(are_numbers(row, rows) for row in answer):
        return words + ": yours has a row for each bus, so turn it over"
    if isinstance(answer, list) and len(answer) == rows and all(are_numbers(row, n - 1) for row in answer):
        return words + ": the slack has a column too, full of zeros"
    return words


def _arrives(answer, n, lines, slack):
    """Kirchhoff's current law, a megawatt at a time."""
    flow = np.array(answer)
    incidence, _, _ = _matrices(n, lines, lambda x: 1)
    leaving = incidence.T @ flow
    for put_in in range(n):
        for bus in range(n):
            due = float(bus == put_in) - float(bus == slack)
            if abs(leaving[bus, put_in] - due) > SLACK:
                where = "at the slack" if bus == slack else f"at bus {bus}"
                return (
                    f"of 1 MW put in at bus {put_in} and taken out at bus {slack}, lines carry {leaving[bus, put_in]:.4g} MW"
                    f" away {where}, and must carry {due:g}"
                )
    return None


def _turns_like_angles(answer, n, lines, slack):
    """Kirchhoff's voltage law: reactance times flow is a difference of angles."""
    incidence, _, _ = _matrices(n, lines, lambda x: 1)
    drop = np.array([x for *_, x in lines])[:, None] * np.array(answer)
    angle = np.linalg.lstsq(incidence, drop, rcond=None)[0]
    for row, put_in in np.argwhere(np.abs(incidence @ angle - drop) > SLACK)[:1].tolist():
        return (
            f"for 1 MW put in at bus {put_in} no angles give these flows: reactance times flow does not add up to 0 around"
            f" the loop of line {row} (from 0)"
        )
    return None


def _parallel(n, lines, slack):
    return len({frozenset(line[:2]) for line in lines}) < len(lines)


WHERE_IT_FLOWS = Exercise(
    name="power_flow/where_it_flows",
    function="transfer_factors",
    parameters=("n", "lines", "slack"),
    example=((3, [(0, 1, 0.5), (0, 2, 0.3), (1, 2, 0.2)], 1), [[0.5, 0.0, 0.2], [0.5, 0.0, -0.2], [-0.5, 0.0, -0.8]]),
    instances=meshes,
    reference=_factors,
    form=_a_row_each,
    properties=(_arrives, _turns_like_angles),
    mistakes=(
        Mistake(
            "its signs are turned. A megawatt put in at a bus leaves it, and a flow is positive from i to k of a line"
            " (i, k, x).",
            lambda *case: (-np.array(_factors(*case))).tolist(),
        ),
        Mistake(
            "bus 0 is its slack, whatever is given. The row and the column of the bus `slack` are left out.",
            lambda n, lines, slack: _factors(n, lines, 0),
        ),
        Mistake(
            "the last bus is its slack, whatever is given. The row and the column of the bus `slack` are left out.",
            lambda n, lines, slack: _factors(n, lines, n - 1),
        ),
        Mistake(
            "it takes the megawatt out at all buses alike: that is what a pseudoinverse of the whole matrix does. The slack"
            " takes it all. Leave out its row and its column before you invert.",
            _everywhere,
        ),
        Mistake(
            "it weighs each line by x. A line with twice the reactance carries half as much: weigh by 1/x.",
            lambda *case: _factors(*case, weight=lambda x: x),
        ),
        Mistake(
            "it takes all lines for equal. Their reactances count: weigh each by 1/x.",
            lambda *case: _factors(*case, weight=lambda x: 1),
        ),
        Mistake(
            "it gives differences of angles. The flow of a line is the difference divided by x.",
            lambda *case: _factors(*case, angles_only=True),
        ),
        Mistake(
            "it sends everything the shortest way. Power takes all ways at once, less where reactance is larger.",
            _one_path,
        ),
        Mistake(
            "it gives how lines share a trade without its direction. A flow against (i, k) is negative.",
            lambda *case: np.abs(_factors(*case)).tolist(),
        ),
    ),
    corners=(
        Corner("when two lines join the same buses (their 1/x add up)", _parallel),
        Corner("when the network has no loop", lambda n, lines, slack: len(lines) == n - 1),
        Corner("when a line is written from the higher bus to the lower", lambda n, lines, slack: any(i > k for i, k, _ in lines)),
    ),
    forbidden=(ptdf, lodf, dc_power_flow, Wires.factors, Wires.flows, Wires.angles),
)


# power_flow/down_the_feeder


def _order(n, lines):
    """The lines from the substation outwards."""
    reached, ordered, waiting = {0}, [], list(lines)
    while waiting:
        ready = [line for line in waiting if line[0] in reached]
        reached |= {line[1] for line in ready}
        ordered += ready
        waiting = [line for line in waiting if line not in ready]
    return ordered


def _carried(loads, lines):
    """What each line carries (P, Q), by the bus at its far end: all that is drawn there and behind."""
    flow = [list(load) for load in loads]
    for near, far, *_ in reversed(_order(len(loads), lines)):
        flow[near] = [a + b for a, b in zip(flow[near], flow[far])]
    return flow


def _fall(r, x, p, q):
    return 2 * (r * p + x * q)


def _down(loads, lines, carried=_carried, fall=_fall, squared=True, root=True, add_up=True):
    flow, level = carried(loads, lines), [1.0] * len(loads)
    for near, far, r, x in _order(len(loads), lines):
        level[far] = (level[near] if add_up else 1.0) - fall(r, x, *flow[far])
    return [value**0.5 if squared and root else value for value in level]


def _in_the_order_given(loads, lines):
    flow = [list(load) for load in loads]
    for near, far, *_ in reversed(lines):
        flow[near] = [a + b for a, b in zip(flow[near], flow[far])]
    return flow


def _only_behind(loads, lines):
    flow = _carried(loads, lines)
    return [[a - b for a, b in zip(whole, own)] for whole, own in zip(flow, loads)]


def _a_voltage_each(answer, loads, lines):
    return None if are_numbers(answer, len(loads)) else f"a list of one voltage a bus is asked for, here {len(loads)}"


def _held(answer, *_):
    return None if abs(answer[0] - 1) <= SLACK else f"bus 0 is the substation and stands at 1 p.u., not {answer[0]:.6g}"


def _falls_line_by_line(answer, loads, lines):
    flow = _carried(loads, lines)
    for near, far, r, x in _order(len(loads), lines):
        due, there = _fall(r, x, *flow[far]), answer[near] ** 2 - answer[far] ** 2
        if abs(there - due) > SLACK:
            p, q = flow[far]
            return (
                f"from bus {near} to bus {far} its squared voltage falls by {there:.6g}. The line carries P = {p:.6g} and"
                f" Q = {q:.6g}, so 2 (r P + x Q) is {due:.6g}"
            )
    return None


def _unordered(loads, lines):
    return _in_the_order_given(loads, lines) != _carried(loads, lines)


DOWN_THE_FEEDER = Exercise(
    name="power_flow/down_the_feeder",
    function="feeder_voltages",
    parameters=("loads", "lines"),
    example=(
        ([(0, 0), (0.2, 0.1), (0.3, 0.1), (0.1, 0.05)], [(1, 3, 0.08, 0.031), (0, 1, 0.052, 0.032), (1, 2, 0.05, 0.04)]),
        [1.0, 0.96, 0.94, 0.95],
    ),
    instances=feeders,
    reference=_down,
    form=_a_voltage_each,
    properties=(_held, _falls_line_by_line),
    mistakes=(
        Mistake(
            "it leaves out reactive power. The fall is 2 (r P + x Q): x Q counts as much as r P.",
            lambda *case: _down(*case, fall=lambda r, x, p, q: 2 * r * p),
        ),
        Mistake(
            "it forgets the factor 2: squared voltages fall by 2 (r P + x Q).",
            lambda *case: _down(*case, fall=lambda r, x, p, q: r * p + x * q),
        ),
        Mistake(
            "each line carries only the load of the bus at its end. It carries all that is drawn behind it as well.",
            lambda *case: _down(*case, carried=lambda loads, lines: loads),
        ),
        Mistake(
            "each line carries only what is drawn beyond its end. The bus at its end draws too.",
            lambda *case: _down(*case, carried=_only_behind),
        ),
        Mistake(
            "every line starts at 1 p.u. in it. Only the substation does: what was lost on the way up to a line stays lost.",
            lambda *case: _down(*case, add_up=False),
        ),
        Mistake(
            "it lets the voltage itself fall by r P + x Q. In LinDistFlow the square of the voltage falls, by twice that.",
            lambda *case: _down(*case, fall=lambda r, x, p, q: r * p + x * q, squared=False),
        ),
        Mistake(
            "it returns squared voltages. Take the roots at the end.",
            lambda *case: _down(*case, root=False),
        ),
        Mistake(
            "r goes with Q in it and x with P. It is the other way round: r P + x Q.",
            lambda *case: _down(*case, fall=lambda r, x, p, q: 2 * (r * q + x * p)),
        ),
        Mistake(
            "its voltages rise where power is drawn. They fall.",
            lambda *case: _down(*case, fall=lambda r, x, p, q: -_fall(r, x, p, q)),
        ),
        Mistake(
            "it adds up loads in the order in which the lines are listed. A line may be listed before those that feed it:"
            " start at the ends of the feeder.",
            lambda *case: _down(*case, carried=_in_the_order_given),
        ),
    ),
    corners=(
        Corner("when some bus gives power (its load is negative)", lambda loads, lines: any(p < 0 for p, _ in loads)),
        Corner("when lines are not listed from the substation outwards", _unordered),
        Corner("when there is only the substation", lambda loads, lines: not lines),
        Corner("when the feeder branches", lambda loads, lines: len({near for near, *_ in lines}) < len(lines)),
    ),
    forbidden=(lindistflow, sweep, ac_power_flow, carried_down, squares),
)

EXERCISES = (WHERE_IT_FLOWS, DOWN_THE_FEEDER)
