"""Sensitivities of flows: to injections (PTDF) and to the loss of a line (LODF)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tefoundations.grid.consistency import check_network
from tefoundations.grid.dc.wires import Wires, slack_weights

if TYPE_CHECKING:
    from tefoundations.grid.network import Network


def ptdf(net: Network, *, slack: object = None, susceptance: str = "x_tap") -> np.ndarray:
    """Power transfer distribution factors: how much more each line carries when a bus puts in one more megawatt.

    Parameters
    ----------
    net : Network
    slack : object, dict or "distributed", optional
        Where the megawatt is taken out: a bus, {bus: weight}, or "distributed" (in proportion to load). Default: the
        network's slack. Differences between two columns do not depend on it.
    susceptance : {"x_tap", "x", "r_x"}
        1/(x tap); 1/x; x/(r^2 + x^2).

    Returns
    -------
    (m, n) float array
        Lines by buses, in the order of the network's tables; a flow from `from_bus` to `to_bus` is positive.

    Raises
    ------
    InvalidInput
        An unknown bus, weights that add up to 0, another susceptance.
    InvalidNetwork
        A line without reactance.

    References
    ----------
    Wood, A. J., Wollenberg, B. F. and Sheble, G. B. (2014), "Power Generation, Operation, and Control", 3rd ed., Wiley,
    chapter 7.

    Examples
    --------
    From bus 1 to bus 2 the direct way has x = 0.5, the way round 0.3 + 0.2; from bus 3 it is 0.2 against 0.8:

    >>> from tefoundations.data import grid
    >>> from tefoundations.grid import Network
    >>> ptdf(Network.from_frames(**grid("three_bus")), slack=2).round(9)
    array([[ 0.5,  0. ,  0.2],
           [ 0.5,  0. , -0.2],
           [-0.5,  0. , -0.8]])
    """
    weights = slack_weights(net, slack)
    return Wires(net, susceptance).factors(np.arange(len(net.lines)), weights)


def lodf(net: Network, *, susceptance: str = "x_tap") -> np.ndarray:
    """Line outage distribution factors: which part of a lost line's flow each other line takes over.

    After line k is lost, line l carries flow[l] + lodf[l, k] * flow[k]. The flow of a line with a phase shifter is
    what it carried with its shift.

    Parameters
    ----------
    net : Network
    susceptance : {"x_tap", "x", "r_x"}
        1/(x tap); 1/x; x/(r^2 + x^2).

    Returns
    -------
    (m, m) float array
        Column k is for the loss of line k, -1 on the diagonal. The column of a bridge, whose loss splits the
        network (see `bridges`), is nan.

    Raises
    ------
    InvalidInput
        Another susceptance.
    InvalidNetwork
        A line without reactance.

    References
    ----------
    Wood, A. J., Wollenberg, B. F. and Sheble, G. B. (2014), "Power Generation, Operation, and Control", 3rd ed., Wiley,
    chapter 7.

    Examples
    --------
    In a triangle the two other lines are one path, so they take over all, each in its direction:

    >>> from tefoundations.data import grid
    >>> from tefoundations.grid import Network
    >>> lodf(Network.from_frames(**grid("three_bus"))).round(9)
    array([[-1.,  1., -1.],
           [ 1., -1.,  1.],
           [-1.,  1., -1.]])
    """
    check_network(net)
    lines = net.lines
    factors = ptdf(net, susceptance=susceptance)
    along = factors[:, lines.start] - factors[:, lines.end]  # a transfer between the ends of each line
    past = 1 - np.diag(along)  # the part of it that takes other ways
    split = np.isin(lines.name, bridges(net))
    with np.errstate(divide="ignore", invalid="ignore"):
        outage = along / np.where(split, np.nan, past)
    np.fill_diagonal(outage, np.where(split, np.nan, -1.0))
    return outage


def bridges(net: Network) -> tuple[str, ...]:
    """Lines whose loss splits the network.

    Parameters
    ----------
    net : Network

    Returns
    -------
    tuple of str
        Names, in the order of the network's lines.

    Examples
    --------
    >>> from tefoundations.grid import Network
    >>> bridges(Network.from_frames({"bus": [1, 2, 3]}, {"from_bus": [1, 1, 2], "to_bus": [2, 2, 3], "x": [0.1, 0.1, 0.1]},
    ...                             {"bus": [1], "p_max": [10], "cost": [5]}))
    ('2-3',)
    """
    check_network(net)
    neighbours = [[] for _ in range(len(net.buses))]
    for line, (a, b) in enumerate(zip(net.lines.start.tolist(), net.lines.end.tolist())):
        neighbours[a].append((b, line))
        neighbours[b].append((a, line))
    # Depth first search. `earliest` is the first visited bus that a bus or those found behind it have a line to: a
    # line into a part from which no line leads back before it is a bridge. No recursion: a long feeder would overflow it.
    visit, earliest, found = {0: 0}, {0: 0}, []
    path = [(0, -1, iter(neighbours[0]))]
    while path:
        bus, arrived_by, ahead = path[-1]
        for other, line in ahead:
            if other not in visit:
                visit[other] = earliest[other] = len(visit)
                path.append((other, line, iter(neighbours[other])))
                break
            if line != arrived_by:
                earliest[bus] = min(earliest[bus], visit[other])
        else:
            path.pop()
            if path:
                before = path[-1][0]
                earliest[before] = min(earliest[before], earliest[bus])
                if earliest[bus] > visit[before]:
                    found.append(arrived_by)
    return tuple(net.lines.name[sorted(found)].tolist())
