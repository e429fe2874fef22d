"""What a MATPOWER case computes after its tables, and the forms in which its tables are written."""

import os
from pathlib import Path

import numpy as np
import pytest

from tefoundations.errors import InvalidNetwork
from tefoundations.grid import Network, ac_power_flow
from tests.grid.networks import PECULIAR

FEEDER = """
function mpc = street
mpc.version = '2';
mpc.baseMVA = 30/3;
mpc.bus = [  % kW and kVAr
  1 3 0 0 0 0 1 1 0 12.66/1 1 1 1; 2 1 100 60 0 0 1 1 0 12.66 1 1.1 0.9; 3 1 90 40 0 0 1 1 0 12.66 1 1.1 0.9
];
mpc.gen = [1 0 0 10 -10 1 100 1 10 ...
  0;];
mpc.branch = [
  1 2 0.0922 0.0470 0 0 0 0 0 0 1 -360 360;
  2 3 0.4930 0.2511 0 0 0 0 0 0 1 -360 360;
];
mpc.gencost = [2 0 0 3 0 20 0];
%% convert branch impedances from Ohms to p.u.
[PQ, PV, REF, NONE, BUS_I, BUS_TYPE, PD, QD, GS, BS, BUS_AREA, VM, ...
    VA, BASE_KV, ZONE, VMAX, VMIN, LAM_P, LAM_Q, MU_VMAX, MU_VMIN] = idx_bus;
[F_BUS, T_BUS, BR_R, BR_X, BR_B, RATE_A, RATE_B, RATE_C, TAP, SHIFT, BR_STATUS] = idx_brch;
Vbase = mpc.bus(1, BASE_KV) * 1e3;      %% in Volts
Sbase = mpc.baseMVA * 1e6;              %% in VA
mpc.branch(:, [BR_R BR_X]) = mpc.branch(:, [BR_R BR_X]) / (Vbase^2 / Sbase);
mpc.bus(:, [PD, QD]) = mpc.bus(:, [PD, QD]) / 1e3;
"""


def test_a_feeder_in_kw_and_ohm():
    net = Network.from_matpower(FEEDER)
    assert net.base == 10 and net.buses.load.tolist() == pytest.approx([0, 0.1, 0.09])
    assert net.buses.q_load.tolist() == pytest.approx([0, 0.06, 0.04])
    assert net.lines.r.tolist() == pytest.approx([0.0922 / (12.66**2 / 10), 0.4930 / (12.66**2 / 10)])
    assert net.lines.x.tolist() == pytest.approx([0.0470 / (12.66**2 / 10), 0.2511 / (12.66**2 / 10)])
    assert net.generators.cost.tolist() == [20] and net.generators.p_max.tolist() == [10]


def test_a_power_factor_takes_load_apart():
    more = "pf = 0.85;\nmpc.bus(:, QD) = mpc.bus(:, PD) * sin(acos(pf));\nmpc.bus(:, PD) = mpc.bus(:, PD) * pf;\n"
    net = Network.from_matpower(FEEDER + more)
    assert net.buses.load[1] == pytest.approx(0.085) and net.buses.q_load[1] == pytest.approx(0.1 * np.sin(np.arccos(0.85)))


@pytest.mark.parametrize(
    "statement",
    [
        "mpc = scale_load(2, mpc);",
        "mpc.bus = sortrows(mpc.bus);",
        "mpc.bus(2, PD) = 5;",
        "mpc.bus(:, PD) = mpc.bus(:, PD) / 0 + unknown;",
        "mpc.bus(:, PD) = __import__('os').getcwd();",
        "mpc.bus(:, [PD QD]) = mpc.bus(:, [PD QD LOAD]);",
        "mpc.branch(mpc.branch(:, 11) == 0, :) = [];",
        "mpc.baseMVA = Sbase / 1e6;",
        "mpc.bus = [1 3 0 0 0 0 1 1 0 12 1 1 1];",
        "mpc.bus = [mpc.bus; 4 1 10 0 0 0 1 1 0 12.66 1 1.1 0.9];",
        "mpc.baseMVA = 10;",
        "mpc.gencost = [2 0 0 3 0 20 0] * 2;",
        "if 0\nmpc.bus(:, 3) = mpc.bus(:, 3) * 2;\nend",
        "for i = 1:3\nk = k * 2;\nend",
        "while 1\nend",
        "k = 2; k += 1; mpc.bus(:, 3) = mpc.bus(:, 3) * k;",
        "k = 2; k = max(k, 5); mpc.bus(:, 3) = mpc.bus(:, 3) * k;",
        "k = 2; [k, j] = deal(5, 6); mpc.bus(:, 3) = mpc.bus(:, 3) * k;",
        "mpc.bus(:, 3) = mpc.bus(:, 3) * 2^3^2;",
    ],
)
def test_what_is_not_carried_out_is_refused_by_its_text(statement):
    with pytest.raises(InvalidNetwork, match="the case computes") as caught:
        Network.from_matpower(FEEDER + statement + "\n")
    pieces = [piece.strip()[:12] for piece in statement.replace("\n", ";").split(";")]
    assert any(piece and piece in str(caught.value) for piece in pieces)


def loads(more="", case=FEEDER):
    return Network.from_matpower(case + more).buses.load.tolist()


def test_what_is_not_run_is_not_read():
    """Comments of several lines, quotes, what follows a return or stands in another function."""
    once = loads()
    assert loads("%{\nmpc.bus(:, 3) = mpc.bus(:, 3) * 2;\n%}\n") == once
    assert loads("return;\nmpc.bus(:, 3) = mpc.bus(:, 3) * 2;\n") == once
    assert loads("end\nfunction mpc = helper\nmpc.bus(:, 3) = 0;\n") == once
    block = FEEDER.replace("mpc.bus = [", "%{\nmpc.bus = [1 3 999 0 0 0 1 1 0 12 1 1 1];\n%}\nmpc.bus = [")
    assert loads(case=block) == once
    quoted = FEEDER.replace("mpc.baseMVA", "mpc.note = '100% ... mpc.bus = [';\nmpc.baseMVA", 1)
    assert loads(case=quoted) == once
    assert Network.from_matpower(FEEDER + "mpc.A = [1 2 3];\n").notes[-1] == "Left out: mpc.A."


def test_numbers_and_columns_as_matlab_takes_them():
    assert loads("PD = 4;\nmpc.bus(:, PD) = mpc.bus(:, PD) * 2;\n") == loads()  # a column of the case's own naming
    assert loads("mpc.bus(:, 3) = mpc.bus(:, 3) .* 2 .^ 2;\n")[1] == pytest.approx(0.4)
    entries = FEEDER.replace("2 1 100 60", "2 1 1d2 100-40")
    assert loads(case=entries) == loads()
    with pytest.raises(InvalidNetwork, match="bus, row 1: BUS_I 2.5 must be a whole number"):
        Network.from_matpower(FEEDER.replace("2 1 100 60", "2.5 1 100 60"))


@pytest.mark.parametrize("old, new, words", [
    ("mpc", "s", "the case has no table 'bus'"),
    ("mpc.gen = [1 0", "mpc.gen = []; x = [1 0", "no table 'gen', or an empty one"),
    ("mpc.baseMVA = 30/3;", "", "the case has no mpc.baseMVA"),
])  # fmt: skip
def test_what_is_missing_is_named(old, new, words):
    with pytest.raises(InvalidNetwork, match=words):
        Network.from_matpower(FEEDER.replace(old, new))


def test_a_case_without_costs_has_none():
    net = Network.from_matpower(FEEDER.replace("[2 0 0 3 0 20 0]", "[]"))
    assert net.generators.cost.tolist() == [0] and "The case has no costs; all are 0." in net.notes


def test_version_1_and_a_dict_are_the_same_case():
    case = PECULIAR.replace("function mpc = peculiar", "function [baseMVA, bus, gen, branch, areas, gencost] = peculiar")
    old = case.replace("mpc.version = '2';", "").replace("mpc.", "")
    read, wanted = Network.from_matpower(old), Network.from_matpower(PECULIAR)
    for table in ("buses", "lines", "generators"):
        assert read.to_frames()[table].equals(wanted.to_frames()[table])
    from matpowercaseframes import CaseFrames

    frames = CaseFrames(str(write(PECULIAR)))
    tables = {name: getattr(frames, name).to_numpy() for name in ("bus", "gen", "branch", "gencost")}
    given = Network.from_matpower({"version": "2", "baseMVA": 50.0} | tables)
    assert given.buses.load.tolist() == wanted.buses.load.tolist() and given.slack == wanted.slack


def write(text):
    import tempfile

    path = Path(tempfile.mkdtemp()) / "case.m"
    path.write_text(text)
    return path


NO_CASES = [
    (None, "a NoneType is no MATPOWER case"),
    ({}, "has no table 'bus'"),
    (7, "a int is no"),
    ({"bus": "x"}, "must be rows of numbers"),
    ("nowhere.m", "is neither a file"),
]


@pytest.mark.parametrize("case, words", NO_CASES)
def test_what_is_no_case_is_named(case, words):
    with pytest.raises(InvalidNetwork, match=words):
        Network.from_matpower(case)


def test_dispatchable_loads_are_told_of():
    case = PECULIAR.replace("mpc.gencost = [", "mpc.gencost = [", 1)
    assert not any("power factor" in note for note in Network.from_matpower(case).notes)
    more = FEEDER.replace("0;];", "0; 3 -0.05 -0.01 0 -0.02 1 100 1 0 -0.05];").replace("20 0];", "20 0; 2 0 0 3 0 40 0];")
    read = Network.from_matpower(more)
    assert "Read with a constant power factor: 1 dispatchable load." in read.notes
    assert np.isnan(read.generators.q_per_p[0]) and read.generators.q_per_p[1] == pytest.approx(0.02 / 0.05)
    both = Network.from_matpower(more.replace("-0.05 -0.01 0 -0.02", "-0.05 -0.01 0.01 -0.02"))
    assert (
        "Left free: the reactive power of 1 dispatchable load without a power factor, for neither limit is 0." in both.notes
    )
    assert np.isnan(both.generators.q_per_p).all()


def test_matpowers_own_files():
    """$MATPOWER_DATA: the folder `data` of MATPOWER. Its 72 files are read, or refused for a reason that is told."""
    folder = Path(os.environ.get("MATPOWER_DATA") or "nowhere")
    files = sorted(folder.glob("case*.m"))
    if not files:
        pytest.skip("MATPOWER_DATA names no folder with MATPOWER's cases")
    refused = {}
    for file in files:
        try:
            net = Network.from_matpower(file)
        except InvalidNetwork as error:
            refused[file.stem] = str(error)
        else:
            assert len(net.buses) and np.isfinite(net.lines.x).all()
    assert set(refused) == {"case16ci", "case70da"}, refused
    assert all("name one with slack=" in words for words in refused.values())
    assert len(Network.from_matpower(folder / "case_RTS_GMLC.m").dclines) == 1
    for name, slack in (("case16ci", 2), ("case70da", 70)):  # feeders apart, each with a reference of its own
        net = Network.from_matpower(folder / f"{name}.m", slack=slack)
        assert net.slack == slack and any(f"no line joins to bus {slack}" in note for note in net.notes)
    assert ac_power_flow(Network.from_matpower(folder / "case33bw.m")).voltage.min() == pytest.approx(0.9131, abs=2e-4)


def test_a_row_that_is_too_short_is_named():
    with pytest.raises(InvalidNetwork, match="bus, row 1: 12 entries, where row 0 has 13"):
        Network.from_matpower(FEEDER.replace("2 1 100 60", "2 1 100"))
