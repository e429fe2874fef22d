"""The network: buses, lines, generators, elastic demand and DC lines, checked once and never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

from tefoundations.errors import InvalidNetwork
from tefoundations.grid.columns import MAY_BE_NAN, curves, index_of, names, place_of, positions, read_table, replaced
from tefoundations.grid.consistency import check_joined, check_values, refuse_islands
from tefoundations.grid.tables import Bids, Buses, DCLines, Generators, Lines
from tefoundations.inputs import positive, sequence
from tefoundations.words import Explained

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import ArrayLike

TABLES = ("buses", "lines", "generators", "bids", "dclines")


@dataclass(frozen=True, eq=False, repr=False)
class Network(Explained):
    """A transmission or distribution network, balanced and in per unit.

    Make one with `Network.from_frames`, `Network.from_matpower` or `Network.from_pandapower`. It holds only what is in
    service, and every bus can be reached from every other.

    Parameters
    ----------
    buses : Buses
        n buses with their fixed load (MW).
    lines : Lines
        m lines and transformers (p.u. on `base`; limits in MW).
    generators : Generators
        g units (MW, $/MWh).
    bids : Bids
        d bids of elastic demand (MW, $/MWh).
    dclines : DCLines
        h DC lines (MW).
    base : float
        Power that is 1 p.u. (MVA).
    slack : object
        Label of the reference bus: its angle is 0, and it balances a power flow.
    notes : tuple of str
        What a reader read, left out or changed, in words.
    joined : dict
        Buses that switches join to another: label -> label in `buses`.

    Examples
    --------
    >>> net = Network.from_frames(
    ...     buses={"bus": [1, 2], "load": [0, 80]},
    ...     lines={"from_bus": [1], "to_bus": [2], "x": [0.1], "limit": [100]},
    ...     generators={"bus": [1], "p_max": [200], "cost": [20]})
    >>> net
    Network(2 buses, 1 lines, 1 generators, 0 bids)
    >>> net.lines.limit
    array([100.])
    """

    buses: Buses
    lines: Lines
    generators: Generators
    bids: Bids
    dclines: DCLines
    base: float
    slack: object
    notes: tuple = ()
    joined: Mapping = field(default_factory=dict)

    @classmethod
    def from_frames(cls, buses: pd.DataFrame | Mapping, lines: pd.DataFrame | Mapping, generators: pd.DataFrame | Mapping,
                    bids: pd.DataFrame | Mapping | None = None, dclines: pd.DataFrame | Mapping | None = None, *,
                    base: float = 100.0, slack: object = None, notes: Sequence[str] = (),
                    joined: Mapping = MappingProxyType({})) -> Self:  # fmt: skip
        """A network from tables, one row an element; columns of other names are refused.

        Parameters
        ----------
        buses : pandas.DataFrame
            `bus`; optional `load` (MW), `q_load` (MVAr), `g_shunt` (MW), `b_shunt` (MVAr), `v_min`, `v_max` (p.u.; 0.9
            and 1.1), `v_start`, `angle_start` (p.u., degrees), `east`, `north` (place on a map). A dict of lists will do.
        lines : pandas.DataFrame
            `from_bus`, `to_bus`, `x` (p.u.); optional `limit` (MW, inf), `r`, `g`, `b` (p.u., 0), `tap` (1), `shift`
            (degrees), `angle_min`, `angle_max` (degrees), `name`. See `Lines`.
        generators : pandas.DataFrame
            `bus`, `p_max` (MW), `cost` ($/MWh); optional `p_min` (MW, 0), `cost2` ($/MW^2 h), `cost0` ($/h), `curve`
            (points), `q_min`, `q_max` (MVAr), `s_max` (MVA), `q_per_p`, `p_set`, `q_set`, `v_set`, `name`, `co2` (t/MWh).
        bids : pandas.DataFrame, optional
            `bus`, `p_max` (MW), `value` ($/MWh); optional `value2` ($/MW^2 h), `name`. See `Bids`.
        dclines : pandas.DataFrame, optional
            `from_bus`, `to_bus`, `p_max` (MW); optional `p_min` (MW, 0), `loss0` (MW), `loss1` (MW/MW), `cost` ($/MWh),
            `cost2`, `cost0`, `p_set` (MW), `name`. See `DCLines`. `dc_opf` and `dc_power_flow` model them.
        base : float
            Power that is 1 p.u. (MVA).
        slack : object, optional
            Label of the reference bus; else the bus of the first generator, or the first bus.
        notes, joined : tuple of str, dict
            Kept as they are; further labels: label -> label in `buses`.

        Raises
        ------
        InvalidNetwork
            Names table, row, column and value at fault, or the buses that no line joins to the slack.

        Examples
        --------
        >>> lines, generators = {"from_bus": [], "to_bus": [], "x": []}, {"bus": [], "p_max": [], "cost": []}
        >>> Network.from_frames({"bus": [1, 1]}, lines, generators)
        Traceback (most recent call last):
            ...
        tefoundations.errors.InvalidNetwork: buses, row 1: bus 1 is there twice
        """
        base = positive(base, "base", unit="(MVA)", error=InvalidNetwork)
        notes = (notes,) if isinstance(notes, str) else sequence(notes, "notes", of="texts", error=InvalidNetwork)
        bus_columns, line_columns = read_table(buses, "buses"), read_table(lines, "lines")
        unit_columns, bid_columns = read_table(generators, "generators"), read_table(bids, "bids")
        dc_columns = read_table(dclines, "dclines")
        index = index_of(bus_columns["bus"])
        check_joined(joined, index)
        for columns, table, prefix in ((line_columns, "lines", ""), (dc_columns, "dclines", "DC ")):
            ends = [f"{prefix}{a}-{b}" for a, b in zip(columns["from_bus"], columns["to_bus"])]
            columns["name"] = names(columns["name"], ends, table)
            for end, position in (("from_bus", "start"), ("to_bus", "end")):
                columns[position] = positions(columns[end], index, table, end)
        unit_columns["curve"] = curves(unit_columns["curve"], len(unit_columns["bus"]))
        for columns, table, kind in ((unit_columns, "generators", "generator"), (bid_columns, "bids", "bid")):
            columns["name"] = names(columns["name"], [f"{kind} {i + 1}" for i in range(len(columns["bus"]))], table)
            columns["at"] = positions(columns["bus"], index, table, "bus")
        if slack is None:
            slack = (unit_columns["bus"] if len(unit_columns["bus"]) else bus_columns["bus"]).tolist()[0]
        tables = Buses(**bus_columns), Lines(**line_columns), Generators(**unit_columns), Bids(**bid_columns)
        net = cls(*tables, DCLines(**dc_columns), base, slack, tuple(notes), dict(joined))
        check_values(net)
        refuse_islands(net)
        return net

    @classmethod
    def from_matpower(cls, case: object, *, slack: object = None) -> Self:
        """A network from a MATPOWER case.

        Read as MATPOWER reads it: a rating of 0 is no limit, a tap of 0 is 1, angle limits of 0 and 0, or of 360, are
        none; DC lines come with their losses and costs (`dcline`, `dclinecost`). Elements out of service and isolated
        buses (type 4) are left out; `notes` says how many. Reactive costs are left out. A dispatchable load (PMIN < 0,
        PMAX = 0) keeps the power factor of its limits, as in MATPOWER. Voltages of the file (VM, VA) are kept for the
        start of a power flow.

        Parameters
        ----------
        case : path, str, dict or CaseFrames
            A .m file, its text, a dict of tables as PYPOWER has it, or tables read already.
        slack : object, optional
            Number of the reference bus; needed where the case has none (type 3) or several.

        Raises
        ------
        InvalidNetwork
            What `from_frames` refuses, no or several reference buses, a cubic cost, and a file that goes on computing
            after its tables with more than arithmetic on whole columns.

        Examples
        --------
        >>> Network.from_matpower('''
        ... function mpc = two_buses
        ... mpc.version = '2';
        ... mpc.baseMVA = 100;
        ... mpc.bus = [
        ...   1 3 0 0 0 0 1 1 0 230 1 1.1 0.9;
        ...   2 1 80 0 0 0 1 1 0 230 1 1.1 0.9;
        ... ];
        ... mpc.gen = [
        ...   1 80 0 100 -100 1 100 1 200 0;
        ... ];
        ... mpc.branch = [
        ...   1 2 0.01 0.1 0 100 0 0 0 0 1 -360 360;
        ... ];
        ... mpc.gencost = [
        ...   2 0 0 2 20 0;
        ... ];
        ... ''')
        Network(2 buses, 1 lines, 1 generators, 0 bids)
        """
        from tefoundations.grid.cases.matpower import frames_of_case

        return cls.from_frames(**frames_of_case(case, slack))

    @classmethod
    def from_pandapower(cls, net: object, *, slack: object = None) -> Self:
        """A network from a pandapower net, which is not changed.

        pandapower's own converter joins what switches join, leaves out what is not in service, and turns every element
        into buses, branches and injections; `notes` accounts for each. Buses keep their index (the lowest, where several are
        joined; `joined` tells the others); generators are named after their element, as in "load 3". A cost is one of the
        element's own power, whatever its sign here. Unbalanced loads are taken as balanced. A generator without limits stays
        at its set point; an external grid holds its voltage, unless its `controllable` is true. Voltages in `res_bus` are
        kept for the start of a power flow.

        A limit is `max_i_ka` times the nominal voltage, an apparent power (MVA); pandapower's optimum limits the current, so
        at 1.05 p.u. it lets 5 % more pass. Resistances are those at 20 degrees: temperatures of lines are not read.

        Parameters
        ----------
        net : pandapower.pandapowerNet
        slack : object, optional
            Index of the reference bus; needed where several external grids are in service. Its island is read.

        Raises
        ------
        InvalidNetwork
            What is no pandapower net, what `from_frames` or pandapower's converter refuses, no or several external grids,
            power electronics, loads of constant current, dispatched loads of constant impedance, a branch that is not
            symmetric, two costs of one element, areas of a cost that are not convex.
        """
        from tefoundations.grid.cases.pandapower import frames_of_net

        return cls.from_frames(**frames_of_net(net, slack))

    @cached_property
    def slack_at(self) -> int:
        """Position of the slack bus."""
        return self.position(self.slack)

    @cached_property
    def index(self) -> dict[object, int]:
        """dict: label of a bus, also of one that is joined to another -> its position."""
        own = {label: i for i, label in enumerate(self.buses.bus.tolist())}
        return own | {label: own[goes] for label, goes in self.joined.items()}

    def position(self, bus: object) -> int:
        """Position of a bus.

        Parameters
        ----------
        bus : object
            Its label.

        Raises
        ------
        InvalidInput
            No bus bears this label.
        """
        return place_of(bus, self.index, "bus")

    def load_vector(self, load: Mapping | ArrayLike | None = None) -> np.ndarray:
        """Fixed load by bus (MW), with some of it replaced.

        Parameters
        ----------
        load : dict, pandas.Series or (n,) array, optional
            {bus: MW}, or a series with buses for its index, replaces the load of these buses; an array, in the order of
            `buses`, replaces all. MW.

        Returns
        -------
        (n,) float array
            MW.

        Raises
        ------
        InvalidInput
            An unknown bus, an array of another length.
        InvalidNetwork
            A load that is not a finite number.
        """
        return replaced(load, self.buses.load, self.index, "load", "bus")

    def to_frames(self) -> dict[str, pd.DataFrame]:
        """The tables as frames: `Network.from_frames(**net.to_frames(), base=net.base, slack=net.slack)` is the network.

        Returns
        -------
        dict
            "buses", "lines", "generators", "bids" and, where there are any, "dclines" -> pandas.DataFrame; columns as in
            `Network.from_frames`, without those that hold nothing (a map without places, costs without curves).
        """
        import pandas as pd

        frames = {}
        for table in TABLES:
            columns = {c.name: getattr(getattr(self, table), c.name) for c in fields(getattr(self, table))}
            for derived in ("start", "end", "at"):
                columns.pop(derived, None)
            frame = pd.DataFrame({name: column.copy() for name, column in columns.items()})
            optional = [name for name in (*MAY_BE_NAN, "curve") if name in frame and name != "v_set"]
            frames[table] = frame.drop(columns=[name for name in optional if frame[name].isna().all()])
        return frames if len(self.dclines) else {name: frame for name, frame in frames.items() if name != "dclines"}

    def explain(self) -> str:
        """What is in this network, in words.

        Returns
        -------
        str
            A few lines: elements, load against capacity (MW), limits, loops, and the notes of the reader.

        Examples
        --------
        >>> from tefoundations.data import grid
        >>> print(Network.from_frames(**grid("three_bus")).explain())
        3 buses, slack 1; 3 lines, 0 with a limit; 1 loop.
        Fixed load 0 MW; 2 generators of 600 MW together, at least 0 MW.
        2 bids for up to 290 MW, worth up to 40 $/MWh.
        """
        from tefoundations.grid.words import network_words

        return network_words(self)

    def __repr__(self):
        sizes = (f"{len(getattr(self, table))} {table}" for table in (TABLES if len(self.dclines) else TABLES[:-1]))
        return f"Network({', '.join(sizes)})"

    def _at_a_glance(self):
        from tefoundations.grid.words import network_glance

        return network_glance(self)
