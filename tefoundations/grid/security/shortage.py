"""Why no dispatch is secure: the pairs of line and loss that cannot be kept together with the least overload in all."""

from dataclasses import replace

import numpy as np

from tefoundations.errors import Infeasible
from tefoundations.grid.dc.programmes import NoSolution
from tefoundations.grid.dc.shortage import infeasible
from tefoundations.words import say

TOLD = 3  # pairs that a message names


def insecure(case):
    """The error for a network that no dispatch makes secure.

    Power is free in another market on the same network, and each megawatt beyond a limit after a loss costs 1 $/MWh: what is
    left over in all is the least that must be, and where it is left is one way of it.

    Parameters
    ----------
    case : Case

    Returns
    -------
    Infeasible
        To be raised; its `lines` are a line that is overloaded and what is lost then.
    """
    net = case.net
    free = replace(case.blocks, cost=np.zeros(len(case.blocks.at)), cost2=np.zeros(len(case.blocks.at)))
    market = case.market(1.0, free)
    try:
        _, _, beyond = case.clear(market)
    except NoSolution:
        return infeasible(net, case.wires, case.blocks, case.drawn, case.low, case.high)
    worst = [row for row in np.argsort(-beyond, kind="stable") if beyond[row] > 1e-8 * market.units.energy]
    pairs = [(next(iter(market.rows.pairs[row][0])), case.outages.names[market.rows.pairs[row][1]]) for row in worst]
    if not pairs:
        return Infeasible("limits with nothing lost and after a loss contradict each other by rounding")
    told = [
        f"line {net.lines.name[line]} after the loss of {lost} by {say(beyond[row])} MW (limit {say(case.after[line])} MW)"
        for row, (line, lost) in list(zip(worst, pairs))[:TOLD]
    ]
    more = f", and {len(pairs) - TOLD} more" if len(pairs) > TOLD else ""
    total = say(beyond.sum())
    message = f"no dispatch survives every loss: at least {total} MW are too much in all; one way: {', '.join(told)}{more}"
    return Infeasible(f"{message}; a penalty lets them be", lines=(net.lines.name[pairs[0][0]], pairs[0][1]))
