"""Checks of the chapter on security."""

import numpy as np

from tefoundations.exercises.grid.power_flow import transfer_factors
from tefoundations.exercises.kit.forms import number, numbers
from tefoundations.exercises.kit.recipe import almost, exercise, wrong
from tefoundations.exercises.kit.values import close
from tefoundations.grid import Dispatch, corrective_opf, dc_opf, lodf, outage_flows, scopf

# Ends of lines, positions from 0: the triangle, a ring with a diagonal, two lines side by side and a way round.
MESHES = (((0, 1), (0, 2), (1, 2)), ((0, 1), (1, 2), (2, 3), (3, 0), (0, 2)), ((0, 1), (0, 1), (0, 2), (2, 1)))


def sensitivities(rng):
    """PTDF for the first bus as slack, and LODF, both of three digits, as arrays; and the ends of the lines."""
    ends = MESHES[rng.choice(3, p=[0.25, 0.5, 0.25])]
    buses = max(map(max, ends)) + 1
    factors = transfer_factors(buses, [(*each, int(rng.integers(1, 10))) for each in ends], 0)
    start, end = zip(*ends)
    along = factors[:, start] - factors[:, end]
    part = along / (1 - np.diag(along))
    np.fill_diagonal(part, -1.0)
    return factors.round(3) + 0.0, part.round(3) + 0.0, ends


# security/after


def flows_now(rng):
    """(flows, factors, lost): flows in whole megawatts, of which some are 0."""
    factors, part, ends = sensitivities(rng)
    injection = rng.integers(-9, 10, factors.shape[1]) * 10.0
    flows = np.round(factors @ injection)
    lost = int(rng.integers(len(ends)))
    if rng.random() < 0.1:
        flows[lost] = 0.0
    return (flows + 0.0).tolist(), part.tolist(), lost


def after(
    flows, factors, lost, *, part=lambda factors, line, lost: factors[line][lost], gone=lambda flow: flow,
    own=lambda flow: flow, left=lambda flow: 0.0,
):  # fmt: skip
    """Each line keeps its `own` flow and takes over a `part` of what is `gone`; the lost one keeps what is `left`."""
    new = [own(flow) + part(factors, line, lost) * gone(flows[lost]) for line, flow in enumerate(flows)]
    new[lost] = left(flows[lost])
    return new


def lost_is_empty(answer, flows, factors, lost):
    if close(answer[lost], 0.0):
        return None
    return f"line {lost} (from 0) is lost, and your answer has {answer[lost]:.4g} MW on it"


AFTER = exercise(
    "security/after", after,
    example=(([55, 45, -70], [[-1, 1, -1], [1, -1, 1], [-1, 1, -1]], 0), [0.0, 100.0, -125.0]),
    draw=flows_now,
    form=numbers(lambda flows, *_: len(flows), "a list of {n} flows is asked for, one a line, in MW"),
    properties=(lost_is_empty,),
    mistakes=(
        wrong("the lost line carries on as before. Nothing flows on a line that is gone: its entry is 0.",
              left=lambda flow: flow),
        wrong("it spreads what is lost evenly over the other lines. Each takes over its own part, `factors[line][lost]`.",
              part=lambda factors, line, lost: 1 / (len(factors) - 1)),
        wrong("it reads the table the wrong way round. Row is the line that takes over, column the line that is lost:"
              " `factors[line][lost]`.", part=lambda factors, line, lost: factors[lost][line]),
        wrong("it gives only what each line takes over. Each line still carries what it carried before.",
              own=lambda flow: 0.0),
        wrong("it takes the change off instead of adding it. A factor says what is added for each megawatt lost.",
              gone=lambda flow: -flow),
        almost("right, except where the lost line carried power against its direction: then its flow is negative, and so is"
               " what the others take over.", gone=abs),
    ),
    corners={"when the lost line carried power against its direction": lambda flows, factors, lost: flows[lost] < 0,
             "when the lost line carried nothing": lambda flows, factors, lost: flows[lost] == 0,
             "when a line turns its direction": lambda *case: any(a * b < 0 for a, b in zip(case[0], after(*case)))},
    forbids=(outage_flows, lodf, scopf),
    hints=("Which column of the table speaks of this loss?",
           "New flow of a line: what it carried, and its factor times what the lost line carried, with its sign."),
)  # fmt: skip

# security/transfer


def corridor(rng):
    """(reactances, limits, emergency): two to four lines between two towns."""
    count = int(rng.choice([2, 3, 3, 4]))
    reactances = [int(x) / 10 for x in rng.integers(1, 10, count)]
    limits = [10 * int(limit) for limit in rng.integers(4, 21, count)]
    return reactances, limits, float(rng.choice([1, 1.2, 1.5, 2.5]))


def with_lines(lines, reactances, limits, weight=lambda x: 1 / x):
    """The most that these lines carry between the towns, sharing it by `weight`."""
    total = sum(weight(reactances[line]) for line in lines)
    return min(limits[line] * total / weight(reactances[line]) for line in lines)


def transfer(
    reactances, limits, emergency, *, weight=lambda x: 1 / x, now=True, losses=lambda limits: range(len(limits)),
    grown=lambda emergency: emergency,
):  # fmt: skip
    """The least of what fits `now` and after each of the `losses`, when limits have `grown`."""
    every = range(len(limits))
    most = [with_lines(every, reactances, limits, weight)] if now else []
    after_loss = [grown(emergency) * limit for limit in limits]
    most += [with_lines([line for line in every if line != lost], reactances, after_loss, weight) for lost in losses(limits)]
    return min(most)


def keeps_limits(answer, reactances, limits, emergency):
    """Whether a line is overloaded by the answer, now or after a loss."""
    every = range(len(limits))
    for lost in (None, *every):
        lines, share = [line for line in every if line != lost], 1.0 if lost is None else emergency
        total = sum(1 / reactances[line] for line in lines)
        for line in lines:
            flow, most = answer / reactances[line] / total, share * limits[line]
            if flow > most * (1 + 1e-6):
                when = "with all lines in" if lost is None else f"after the loss of line {lost}"
                return f"{when} line {line} (from 0) would carry {flow:.5g} MW, and may carry {most:.5g}"
    return None


TRANSFER = exercise(
    "security/transfer", transfer,
    example=(([0.2, 0.4, 0.4], [100, 60, 80], 1.2), 144.0),
    draw=corridor,
    form=number("one number is asked for, in MW"),
    mistakes=(
        wrong("it adds up the limits of all lines but the largest. The lines that are left share by 1 over reactance, so the"
              " first of them is full before the others are.",
              lambda reactances, limits, emergency: float(sum(limits) - max(limits))),
        wrong("it does not lose any line. Take the most that fits with all lines in, and after each loss: the least of them"
              " counts.", losses=lambda limits: ()),
        wrong("it lets all lines carry the same. The less a line resists, the more it carries: weigh each by 1/x.",
              weight=lambda x: 1.0),
        wrong("it weighs each line by its reactance. The less a line resists, the more it carries: weigh by 1/x.",
              weight=lambda x: x),
        wrong("it loses only the line with the largest limit. Another loss may leave less: try each.",
              losses=lambda limits: (limits.index(max(limits)),)),
        almost("right, except where more may be carried after a loss than before it: all limits must hold with every line in"
               " too.", now=False),
        almost("right, except that after a loss each line may carry `emergency` times its limit.",
               grown=lambda emergency: 1.0),
    ),
    properties=(keeps_limits,),
    corners={"when nothing but the limits with all lines in binds":
             lambda *case: close(transfer(*case), transfer(*case, losses=lambda limits: ())),
             "when there are two lines": lambda reactances, *_: len(reactances) == 2,
             "when not the loss of the largest line is the worst":
             lambda *case: transfer(*case, now=False) < transfer(*case, now=False,
                                                                   losses=lambda limits: (limits.index(max(limits)),))},
    forbids=(scopf, corrective_opf, dc_opf, outage_flows, lodf),
    hints=("Two lines share a flow as 1 over their reactances. When is the first of them full?",
           "Write a function for the most that some of the lines carry. Call it for all lines, and once for each loss."),
)  # fmt: skip

# security/secure_price


def pairs_of(rng):
    """(energy, factors, outage, worth): one or two pairs that are worth something, now and then a line by itself."""
    factors, part, ends = sensitivities(rng)
    count = len(ends)
    worth = [[0] * count for _ in range(count)]
    for _ in range(rng.choice([0, 1, 2], p=[0.08, 0.6, 0.32])):
        line, lost = rng.choice(count, 2, replace=False)
        worth[line][lost] = int(rng.integers(2, 30)) * int(rng.choice([-1, 1]))
    if rng.random() < 0.35:
        line = int(rng.integers(count))
        worth[line][line] = int(rng.integers(2, 30)) * int(rng.choice([-1, 1]))
    return int(rng.integers(8, 40)), factors.tolist(), part.tolist(), worth


def secure_price(
    energy, factors, outage, worth, *, sign=-1, own=1, over=1, way=lambda outage, line, lost: outage[line][lost],
    itself=lambda factor: factor, size=lambda mu: mu,
):  # fmt: skip
    """From each bus: energy and, for each pair, `sign` times its worth times what a megawatt put in there adds to it."""
    told = []
    for bus in range(len(factors[0])):
        added = 0.0
        for line, row in enumerate(worth):
            for lost, mu in enumerate(row):
                more = over * way(outage, line, lost) * factors[lost][bus] if line != lost else 0.0
                kept = own * factors[line][bus] if line != lost else itself(factors[line][bus])
                added += size(mu) * (kept + more)
        told.append(energy + sign * added)
    return told


def slack_pays_energy(answer, energy, factors, *_):
    if close(answer[0], float(energy)):
        return None
    return (
        f"a megawatt put in at the first bus and taken out there adds to no line: its price is {energy}, not {answer[0]:.5g}"
    )


SECURE_PRICE = exercise(
    "security/secure_price", secure_price,
    example=((10, [[0, -0.5, -0.3], [0, -0.5, -0.7], [0, 0.5, -0.3]], [[-1, 1, -1], [1, -1, 1], [-1, 1, -1]],
              [[0, 0, 0], [5, 0, 0], [0, 0, 0]]), [10.0, 15.0, 15.0]),
    draw=pairs_of,
    form=numbers(lambda energy, factors, *_: len(factors[0]), "a list of {n} prices is asked for, one a bus, in $/MWh"),
    properties=(slack_pays_energy,),
    mistakes=(
        wrong("it forgets the loss. After it the line carries its own flow and a part of the lost line's, so what a megawatt"
              " adds is its factor and `outage[line][lost]` times the factor of the lost line.", over=0),
        wrong("it counts only what is taken over. The line still carries its own flow: add its own factor too.", own=0),
        wrong("it reads the table of losses the wrong way round: `outage[line][lost]`, row the line that takes over.",
              way=lambda outage, line, lost: outage[lost][line]),
        wrong("its signs are turned. A bus that feeds a line that is worth something has a low price: take it off.", sign=1),
        wrong("it takes each worth without its sign. It is negative where the flow after the loss is against the direction"
              " of the line.", size=abs),
        almost("right, except where a line is full with nothing lost: `worth[line][line]` counts its own factor, once.",
               itself=lambda factor: 0.0),
    ),
    corners={"when a line is full with nothing lost": lambda e, f, o, worth: any(row[i] for i, row in enumerate(worth)),
             "when no line is worth anything": lambda e, f, o, worth: not any(map(any, worth)),
             "when the flow after the loss is against the line's direction":
             lambda e, f, o, worth: min(map(min, worth)) < 0},
    forbids=(scopf, corrective_opf, Dispatch.price_components, Dispatch.line_components),
    hints=("What does a megawatt put in at a bus add to a line with all lines in? And to the lost line, before it is lost?",
           "For each pair: worth times (own factor + part taken over times the lost line's factor). Is that added or taken"
           " off?"),
)  # fmt: skip

EXERCISES = (AFTER, TRANSFER, SECURE_PRICE)
