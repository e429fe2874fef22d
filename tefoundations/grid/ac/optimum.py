"""AC optimal power flow: the cheapest dispatch on the full AC network, and the prices of active and reactive power."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import Infeasible, NoConvergence
from tefoundations.grid.ac.dispatch import ACDispatch
from tefoundations.grid.ac.interior_point import minimise
from tefoundations.grid.ac.prices import ACPricing
from tefoundations.grid.ac.problem import ACProblem
from tefoundations.grid.ac.shortage import SHORT, reasons_of, shortage, with_shedding
from tefoundations.grid.columns import replaced
from tefoundations.grid.consistency import check_network, refuse_dclines
from tefoundations.grid.offers import blocks_of, reactive_of
from tefoundations.inputs import positive, whole
from tefoundations.words import say

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from tefoundations.grid.network import Network

NAMED = 5  # limits that an error names at most


def ac_opf(
    net: Network,
    load: Mapping | ArrayLike | None = None,
    *,
    q_load: Mapping | ArrayLike | None = None,
    tolerance: float = 1e-8,
    max_iterations: int = 150,
) -> ACDispatch:
    """The cheapest dispatch that serves the load on the full AC network.

    Minimises the cost of generation less the value of served bids, over active and reactive outputs, voltages and angles.
    Line limits hold the apparent power at both ends, ratings that of a generator; voltages, outputs and angles along lines
    keep their limits. The slack bus has angle 0; its voltage is free within its limits.

    Parameters
    ----------
    net : Network
        Generators with linear, quadratic or convex piecewise linear costs, some with a constant power factor (`q_per_p`);
        bids of elastic demand, which draw no reactive power.
    load : dict or (n,) array, optional
        Replaces fixed load (MW) as in `Network.load_vector`; reactive load stays as it is.
    q_load : dict or (n,) array, optional
        {bus: MVAr} replaces the reactive load of these buses, an array that of all.
    tolerance : float
        Largest relative error of balance, gradient and complementarity.
    max_iterations : int
        Steps before giving up.

    Returns
    -------
    ACDispatch
        Its model is "AC".

    Raises
    ------
    Infeasible
        The load cannot be served; the message says how much can be and which limits are in the way. The problem is not
        convex, so this is what a search from a flat start sees.
    NoConvergence
        The method does not settle though all load might be served; names the bus and the limits that are not kept.
    InvalidInput
        An unknown bus, an array of another length, a tolerance that is not positive, iterations that are no
        whole number.
    InvalidNetwork
        A cost that is not convex, a value without meaning.

    Notes
    -----
    A primal-dual interior point method with exact second derivatives. It finds a local optimum; on the usual test cases that
    is the best known one. Where rounding keeps a large network from the tolerance, a relative error of 1e-5 is accepted.

    References
    ----------
    Wang, H., Murillo-Sanchez, C. E., Zimmerman, R. D. and Thomas, R. J. (2007), "On computational issues of market-based
    optimal power flow", IEEE Transactions on Power Systems 22(3), 1185-1193.

    Examples
    --------
    >>> from tefoundations.data import grid
    >>> from tefoundations.grid import Network
    >>> d = ac_opf(Network.from_frames(**grid("pjm_five_bus"), slack="D"))
    >>> round(d.cost, 1), d.lmp.round(2)
    (17551.9, array([16.94, 26.55, 30.  , 39.71, 10.  ]))
    """
    check_network(net)
    refuse_dclines(net, "ac_opf")
    tolerance = positive(tolerance, "tolerance")
    max_iterations = whole(max_iterations, "max_iterations", least=0)
    load, blocks = net.load_vector(load), blocks_of(net)
    q_load = replaced(q_load, net.buses.q_load, net.index, "q_load", "bus")
    reactive, *free_q = reactive_of(net, blocks)
    problem = ACProblem(net, blocks, load, q_load, reactive, free_q)
    optimum = minimise(problem, tolerance, max_iterations)
    if not optimum.converged:
        raise _refused(problem, optimum, load, q_load, max_iterations)
    return _dispatch(problem, optimum, load, q_load)


def _dispatch(problem, optimum, load, q_load):
    net, blocks, x, m, base = problem.net, problem.blocks, optimum.x, problem.m, problem.base
    power = problem.ends.power(x[problem.volt], x[problem.angle]) * base
    p = x[problem.p] * base
    q = x[problem.q] * base + blocks.generation(problem.reactive * p)
    cost, value = blocks.costs(p)
    pricing = ACPricing(problem, optimum)
    on_lines, on_voltages, on_angles, on_ratings = multipliers(problem, optimum, pricing)
    return ACDispatch(
        net=net, model="AC", load=load, q_load=q_load, generation=blocks.generation(p), demand=blocks.demand(p),
        q_generation=q, voltage=x[problem.volt].copy(), angle=np.rad2deg(x[problem.angle]) + 0.0,
        p_from=power.real[:m].copy(), q_from=power.imag[:m].copy(), p_to=power.real[m:].copy(), q_to=power.imag[m:].copy(),
        lmp=pricing.price.real.copy(), q_price=pricing.price.imag.copy(), multiplier=on_lines, angle_multiplier=on_angles,
        voltage_multiplier=on_voltages, rating_multiplier=on_ratings, cost=float(cost), value=float(value),
        cone_gap=np.zeros(m), iterations=optimum.steps, _pricing=pricing,
    )  # fmt: skip


def multipliers(problem, optimum, pricing):
    """What more room would save: lines ($/MVAh), voltages ($/h per p.u., signed), angles ($/h per degree, signed), ratings.

    An interior point method leaves a trace of a multiplier on every limit; one below the room that is left counts as 0.
    """
    active = np.where(optimum.mu > -problem.at(optimum.x).limits, optimum.mu, 0.0)
    by_end = np.zeros(2 * problem.m)
    by_end[problem.limited] = (
        2 * problem.limit * problem.weight * active[: len(problem.limited)] * problem.worth / problem.base
    )
    held = problem.fixed[problem.volt]
    voltages = np.where(
        held, pricing.causes["voltage"][problem.n :] * problem.base, problem.of_bounds(active)[problem.volt] * problem.worth
    )
    rated, per = problem.rated, problem.worth / problem.base
    ratings = np.zeros(problem.g)
    ratings[rated.units] = 2 * rated.limit * rated.weight * active[problem.cuts[-1] :] * per
    return by_end[: problem.m] + by_end[problem.m :], voltages, np.deg2rad(problem.along(active)) * problem.worth, ratings


def _refused(problem, optimum, load, q_load, most):
    """The error of a problem without solution: serve as much as can be, and see which limits are in the way."""
    net, blocks = problem.net, problem.blocks
    total, available = load.sum(), blocks_of(net, active_only=True).high.sum()
    if total > available + SHORT * np.abs(load).sum():
        return Infeasible(
            f"load {say(total)} MW exceeds the {say(available)} MW that all generators together can give",
            load=float(total),
        )
    served = np.flatnonzero(load > 0)
    with_q = np.concatenate([problem.reactive, q_load[served] / load[served]])
    relaxed = ACProblem(net, with_shedding(blocks, load, served), load, q_load, with_q, problem.free_q)
    found = minimise(relaxed, 1e-7, most)
    shed = np.zeros(len(load))
    shed[served] = found.x[relaxed.p][len(blocks.at) :] * relaxed.base
    if not found.converged or shed.max(initial=0.0) < 1e-6 * np.abs(load).sum():
        return _unsettled(problem, optimum)
    on_lines, on_voltages, _, on_ratings = multipliers(relaxed, found, ACPricing(relaxed, found))
    bounds = relaxed.of_bounds(found.mu)[relaxed.q]
    return shortage(net, load, shed, reasons_of(net, on_lines, on_voltages / problem.base, bounds, on_ratings))


def _unsettled(problem, optimum):
    """The error of a search that does not settle: the bus out of balance, the limits that are not kept or push hardest."""
    net, point = problem.net, problem.at(optimum.x)
    at = int(np.argmax(np.abs(point.balance)))
    left = float(np.abs(point.balance[at]) * problem.base)
    names = limit_names(problem)
    broken = [names[row] for row in np.argsort(-point.limits) if point.limits[row] > 1e-5]
    pushing = [names[row] for row in np.argsort(-optimum.mu)]
    broken, pushing = (list(dict.fromkeys(found))[:NAMED] for found in (broken, pushing))  # both ends of a line count once
    message = f"no optimum found in {optimum.steps} steps: {say(left)} MVA are left unbalanced at bus {net.buses.bus[at]}"
    message += f"; not kept: {', '.join(broken)}" if broken else ""
    message += f"; the strongest limits: {', '.join(pushing)}" if pushing else ""
    return NoConvergence(
        message, bus=net.buses.bus[at], mismatch=left, iterations=optimum.steps, in_conflict=broken or pushing
    )


def limit_names(problem):
    """Every limit in words, in the order of the problem's limits."""
    net, blocks = problem.net, problem.blocks
    line, bus, n = net.lines.name, net.buses.bus, problem.n
    owners = np.concatenate([net.generators.name, net.bids.name])[blocks.owner]
    variables = (
        [f"angle of bus {b}" for b in bus] + [f"voltage of bus {b}" for b in bus] + [f"output of {name}" for name in owners]
    )
    variables += [f"reactive output of {name}" for name in net.generators.name]
    assert len(variables) == 2 * n + problem.k + problem.g
    found = [f"limit of line {line[end % problem.m]}" for end in problem.limited]
    found += [f"highest {variables[i]}" for i in problem.below] + [f"lowest {variables[i]}" for i in problem.above]
    return (
        found
        + [f"highest angle along line {line[i]}" for i in problem.wide]
        + [f"lowest angle along line {line[i]}" for i in problem.narrow]
        + [f"rating of {net.generators.name[unit]}" for unit in problem.rated.units]
    )
