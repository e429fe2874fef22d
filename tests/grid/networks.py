"""Networks of the tests: the books' examples, a MATPOWER text with every peculiarity, and random ones."""

import numpy as np
from hypothesis import strategies as st

from tefoundations.grid import Network


def three_bus(**lines):
    """The meshed three-bus network; `lines` replaces columns, as in limit=[45, inf, inf]."""
    return Network.from_frames(
        buses={"bus": [1, 2, 3]},
        lines={"from_bus": [1, 1, 2], "to_bus": [2, 3, 3], "x": [0.5, 0.3, 0.2]} | lines,
        generators={"bus": [1, 3], "p_max": [400, 200], "cost": [5, 10], "cost2": [0.025, 0.0625], "name": ["S1", "S3"]},
        bids={"bus": [2, 3], "p_max": [200, 90], "value": [40, 18], "value2": [0.1, 0.1], "name": ["D2", "D3"]},
    )


def kirschen_strbac():
    """The three-bus example of Kirschen and Strbac, Fundamentals of Power System Economics, chapter 6."""
    return Network.from_frames(
        buses={"bus": [1, 2, 3], "load": [50, 60, 300]},
        lines={"from_bus": [1, 1, 2], "to_bus": [2, 3, 3], "x": [0.2, 0.2, 0.1], "limit": [126, 250, 130]},
        generators={"bus": [1, 1, 2, 3], "p_max": [140, 285, 90, 85], "cost": [7.5, 6, 14, 10], "name": list("ABCD")},
    )


def pjm_five_bus(**columns):
    """The PJM five-bus network of Li and Bo; keyword "lines" replaces columns of lines."""
    lines = {
        "from_bus": list("AAABCD"), "to_bus": list("BDECDE"), "r": [0.00281, 0.00304, 0.00064, 0.00108, 0.00297, 0.00297],
        "x": [0.0281, 0.0304, 0.0064, 0.0108, 0.0297, 0.0297], "limit": [400, np.inf, np.inf, np.inf, np.inf, 240],
    }  # fmt: skip
    return Network.from_frames(
        buses={"bus": list("ABCDE"), "load": [0, 300, 300, 400, 0]},
        lines=lines | columns,
        generators={"bus": list("AACDE"), "p_max": [40, 170, 520, 200, 600], "cost": [14, 15, 30, 40, 10]},
        slack="D",
    )


# Rating 0, tap, phase shift, shunt, negative load, parallel lines, an isolated bus, offline units and lines, three
# forms of cost, angle limits written in each of the ways that mean "none" and one that binds nothing.
PECULIAR = """
function mpc = peculiar
mpc.version = '2';
mpc.baseMVA = 50;
mpc.bus = [   % type Pd Qd Gs Bs
    10 1 120 20  5 -3 1 1 0 230 1 1.05 0.95;
    20 3   0  0  0  0 1 1 0 230 1 1.1  0.9;
    30 2 -15  0  0 10 1 1 0 230 1 1.1  0.9;
    40 4  70  7  0  0 1 1 0 230 1 1.1  0.9;
];
mpc.gen = [
    20 60 1 30 -30 1.02 100 1 150  0;
    30 40 2 20 -20 0.99 100 1  80 10;
    10  5 3 10 -10 1    100 1  60  0;
    10  9 9 10 -10 1    100 0  99  0;
    40  9 9 10 -10 1    100 1  99  0;
];
mpc.branch = [
    20 10 0.01 0.10 0.02  90 0 0 0    0  1 -360 360;
    20 10 0.01 0.12 0.02  80 0 0 0.98 0  1 0 0;
    20 30 0.02 0.20 0.04   0 0 0 0    -4 1 -30 30;
    30 10 0.02 0.20 0.04  70 0 0 0    0  1 -360 25;
    30 10 0.02 0.20 0.04  70 0 0 0    0  0 -360 360;
    30 40 0.02 0.20 0.04  70 0 0 0    0  1 -360 360;
];
mpc.gencost = [
    2 0 0 3 0.02 11 40 0 0 0;
    1 0 0 3 0 0 40 600 80 1800;
    2 0 0 2 25 7 0 0 0 0;
    2 0 0 2 1 0 0 0 0 0;
    2 0 0 2 1 0 0 0 0 0;
];
"""


@st.composite
def networks(draw, quadratic=None, most=6, unlimited=False):
    """Connected networks of a few buses that can serve their load if no line is in the way.

    Reactances, limits, loads and costs are round numbers, so that ties and exactly full lines do occur.
    """
    n = draw(st.integers(2, most))
    tree = [(draw(st.integers(0, i - 1)), i) for i in range(1, n)]
    chords = draw(
        st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda e: e[0] != e[1]), max_size=n)
    )
    ends = np.array(tree + chords)
    m, units, wants = len(ends), draw(st.integers(1, 4)), draw(st.integers(0, 3))

    def whole(low, high, size):
        return np.array(draw(st.lists(st.integers(low, high), min_size=size, max_size=size)), dtype=float)

    quadratic = draw(st.booleans()) if quadratic is None else quadratic
    load = whole(0, 10, n) * 10
    p_max = whole(1, 20, units) * 10
    p_max[0] += load.sum()
    limit = np.where(whole(0, 2, m) > 1, whole(1, 15, m) * 10, np.inf)
    return Network.from_frames(
        buses={"bus": np.arange(n) + 1, "load": load, "g_shunt": whole(0, 1, n)},
        lines={
            "from_bus": ends[:, 0] + 1, "to_bus": ends[:, 1] + 1, "x": whole(1, 10, m) / 20, "r": whole(0, 5, m) / 100,
            "limit": np.full(m, np.inf) if unlimited else limit, "tap": 1 + whole(-1, 1, m) / 20, "shift": whole(-1, 1, m),
        },
        generators={
            "bus": (whole(0, 99, units) % n).astype(int) + 1, "p_max": p_max + n, "cost": whole(-2, 40, units),
            "cost2": whole(1, 8, units) / 40 * quadratic, "cost0": whole(0, 5, units),
        },
        bids={
            "bus": (whole(0, 99, wants) % n).astype(int) + 1, "p_max": whole(1, 9, wants) * 10,
            "value": whole(1, 60, wants), "value2": whole(0, 4, wants) / 20 * quadratic,
        },
    )  # fmt: skip
