"""The tree of a radial feeder: every bus is fed by one line, seen from the slack (the root)."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order

from tefoundations.errors import InvalidNetwork
from tefoundations.grid.consistency import check_network
from tefoundations.words import listed


@dataclass(frozen=True, eq=False)
class Tree:
    """Lines of a feeder in the order of their distance from the root; n buses, n - 1 lines.

    Parameters
    ----------
    root : int
        Position of the slack bus.
    line : (n-1,) int array
        Positions of the lines, those near the root first.
    parent, child : (n-1,) int arrays
        Positions of the buses at the near and the far end of each of these lines.
    forward : (n-1,) bool array
        Whether the line runs away from the root from its `from_bus` to its `to_bus`.
    """

    root: int
    line: np.ndarray
    parent: np.ndarray
    child: np.ndarray
    forward: np.ndarray

    @classmethod
    def of(cls, net):
        """The tree of a network.

        Raises
        ------
        InvalidNetwork
            The network has a loop; names a line that closes one. Of parallel lines it says what one line in their place
            would be.
        """
        check_network(net)
        lines, n = net.lines, len(net.buses)
        joined = csr_array((np.ones(len(lines)), (lines.start, lines.end)), shape=(n, n))
        order, before = breadth_first_order(joined, net.slack_at, directed=False)
        child = order[1:].astype(np.intp)
        parent = before[child].astype(np.intp)
        between = {(a, b): row for row, (a, b) in enumerate(zip(lines.start.tolist(), lines.end.tolist()))}
        line = np.array(
            [between.get((a, b), between.get((b, a))) for a, b in zip(parent.tolist(), child.tolist())], dtype=np.intp
        )
        for closing in np.setdiff1d(np.arange(len(lines)), line)[:1]:
            beside = _beside(lines, closing)
            if len(beside) > 1:
                raise InvalidNetwork(_as_one(lines, beside))
            loops = len(lines) - n + 1
            many = f"{loops} loops" if loops > 1 else "a loop"
            raise InvalidNetwork(
                f"line {lines.name[closing]} closes {many}: "
                "this method needs a radial network, in which each bus is fed by one line"
            )
        return cls(net.slack_at, line, parent, child, lines.start[line] == parent)

    def ratios(self, net):
        """Squared voltage ratios of a transformer at the near (n-1,) and the far end (n-1,) of each line: 1 or 1/tap^2."""
        scale = 1 / net.lines.tap[self.line] ** 2
        return np.where(self.forward, scale, 1.0), np.where(self.forward, 1.0, scale)


def _beside(lines, line):
    """Positions of the lines between the same two buses as a line, itself among them."""
    ends = np.sort(np.column_stack([lines.start, lines.end]), axis=1)
    return np.flatnonzero((ends == ends[line]).all(axis=1))


def _as_one(lines, rows):
    """What to do with parallel lines: one line carries what they carry together, each its part by its admittance."""
    head = f"lines {listed(lines.name[rows])} are parallel: this method needs one line between two buses"
    like = (lines.start[rows] == lines.start[rows[0]]) | (lines.tap[rows] == 1.0) & (lines.shift[rows] == 0.0)
    if not like.all() or np.ptp(lines.tap[rows]) or np.ptp(lines.shift[rows]):
        return f"{head}, and these have different taps or shifts; leave all but one out"
    each = 1 / (lines.r[rows] + 1j * lines.x[rows])
    z, limit = 1 / each.sum(), float(np.min(lines.limit[rows] * np.abs(each.sum() / each)))
    of = f"r {z.real + 0.0:.6g}, x {z.imag:.6g}, g {lines.g[rows].sum():.6g}, b {lines.b[rows].sum():.6g}"
    return f"{head}; give one of {of} (p.u.), limit {limit:.6g} (MW) in their place"
