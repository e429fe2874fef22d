"""Why a feeder has no dispatch: serve as much load as can be, and see which limits are in the way."""

from dataclasses import replace

import numpy as np

from tefoundations.errors import Infeasible
from tefoundations.grid.ac.shortage import reasons_of, shortage, with_shedding
from tefoundations.grid.feeder.multipliers import line_multipliers, rating_multipliers, voltage_multipliers
from tefoundations.grid.feeder.programmes import NoOperation


def infeasible(program):
    """The error for a load that cannot be served: power is free, and load may be shed with its reactive power at 1 $/MWh.

    Parameters
    ----------
    program : FeederProgram

    Returns
    -------
    Infeasible
        To be raised.
    """
    net, load, blocks = program.net, program.load, program.blocks
    served = np.flatnonzero(load > 0)
    shedding = with_shedding(blocks, load, served)
    with_q = np.concatenate([program.reactive, program.q_load[served] / load[served]])
    relaxed = replace(program, blocks=shedding, reactive=with_q, rows={})
    try:
        optimum = relaxed.solve()
    except NoOperation:
        return Infeasible("limits of voltages, lines and generators cannot be kept together even without any load")
    shed = np.zeros(len(load))
    shed[served] = optimum.value["p"][len(blocks.at) :] * relaxed.scale
    return shortage(net, load, shed, _in_the_way(relaxed, optimum))


def _in_the_way(program, optimum):
    units = np.zeros(program.laws.shape[1])
    for name in ("below", "fixed", "above"):
        if name in optimum.dual:
            units[program.rows[name]] += np.abs(optimum.dual[name][0]) / program.scale
    reactive = units[program.columns["q"]]
    voltages, ratings = voltage_multipliers(program, optimum), rating_multipliers(program, optimum)
    return reasons_of(program.net, line_multipliers(program, optimum), voltages, reactive, ratings)
