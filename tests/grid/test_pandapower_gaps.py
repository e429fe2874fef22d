"""pandapower nets whose columns have gaps, as files and SimBench leave them: read as if the gaps were filled."""

import numpy as np
import pandas as pd
import pytest

from tefoundations.grid import Network

pandapower = pytest.importorskip("pandapower")


def _with_gaps():
    """A net as SimBench's: columns of objects, whose gaps are nan, for what may be controlled and within which limits."""
    net = pandapower.create_empty_network()
    a, b = pandapower.create_bus(net, 20.0), pandapower.create_bus(net, 20.0)
    pandapower.create_ext_grid(net, a, vm_pu=1.02)
    pandapower.create_line_from_parameters(net, a, b, 1.0, 0.3, 0.2, 0.0, 0.4)
    limits = {"min_p_mw": 0.0, "max_p_mw": 3.0, "min_q_mvar": -1.0, "max_q_mvar": 1.0}
    pandapower.create_gen(net, b, 1.0, vm_pu=1.01, **limits)
    for create in (pandapower.create_load, pandapower.create_sgen):
        create(net, b, 2.0, 0.5)
        create(net, b, 1.0, 0.2, controllable=True, **limits)
    return net


@pytest.mark.filterwarnings("error::FutureWarning")
def test_what_is_not_told_to_be_controllable_is_as_pandapower_creates_it():
    told, gaps = _with_gaps(), _with_gaps()
    for table, default in (("ext_grid", False), ("gen", True), ("sgen", False), ("load", False)):
        given = told[table].get("controllable", pd.Series(default, told[table].index))
        known = given.where(given.notna(), default).astype(bool)
        told[table]["controllable"] = known
        gaps[table]["controllable"] = known.astype(object).where(known != default, np.nan)
        for limit in ("min_p_mw", "max_p_mw"):
            column = gaps[table].get(limit, pd.Series(np.nan, gaps[table].index))
            gaps[table][limit] = column.astype(object)
    read, full = Network.from_pandapower(gaps), Network.from_pandapower(told)
    assert gaps.ext_grid.controllable.isna().all() and gaps.ext_grid.max_p_mw.dtype == object  # the net given stays as it is
    tables = full.to_frames()
    for table, frame in read.to_frames().items():
        pd.testing.assert_frame_equal(frame, tables[table])
    assert read.notes == full.notes and len(read.generators.p_max) == 4
    assert read.buses.v_max[0] == read.buses.v_min[0] == 1.02  # an external grid holds its voltage, a generator need not
    assert read.buses.v_max[1] > 1.01
