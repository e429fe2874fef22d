"""The tables of a network: buses, lines, generators, bids of elastic demand and DC lines, as columns that never change."""

from dataclasses import dataclass, fields

import numpy as np

from tefoundations.grid.columns import NUMBERS
from tefoundations.words import columns_table, columns_text, count

POSITIONS = {"start", "end", "at"}


class Table:
    """Columns of equal length, read-only; shown as a table without the columns that say nothing."""

    def __post_init__(self):
        for column in fields(self):
            array = getattr(self, column.name).copy()
            array.flags.writeable = False
            object.__setattr__(self, column.name, array)

    def __len__(self):
        return len(getattr(self, fields(self)[0].name))

    def _told(self):
        """The columns that are shown, and the names of those that hold their default throughout."""
        defaults, columns, left_out = NUMBERS[type(self).__name__.lower()], {}, []
        for name in [column.name for column in fields(self) if column.name not in POSITIONS]:
            values, default = getattr(self, name), defaults.get(name)
            silent = [value is None for value in values] if name == "curve" else values == default
            if default is not None and default != default:
                silent = np.isnan(values)
            if (default is not None or name == "curve") and np.all(silent):
                left_out.append(name)
            else:
                columns[name] = values
        return columns, left_out

    def __repr__(self):
        columns, left_out = self._told()
        if not len(self):
            return f"{type(self).__name__}(0 rows)"
        head = f"{type(self).__name__}({count(len(self), 'row')})"
        return "\n".join([head, columns_text(columns), *(f"as by default: {', '.join(left_out)}" for _ in left_out[:1])])

    def _repr_html_(self):
        return columns_table(self._told()[0], f"te-{type(self).__name__.lower()}")


@dataclass(frozen=True, eq=False, repr=False)
class Buses(Table):
    """Where lines meet, and the load that must be served there whatever the price.

    Parameters
    ----------
    bus : (n,) array
        Labels (numbers or names).
    load : (n,) float array
        Fixed load (MW); negative for a fixed source.
    q_load : (n,) float array
        Reactive load (MVAr), drawn beside the MW of `load`.
    g_shunt, b_shunt : (n,) float arrays
        Power that a shunt draws (MW) and gives (MVAr) at 1 p.u.
    v_min, v_max : (n,) float arrays
        Limits of the voltage (p.u.).
    v_start, angle_start : (n,) float arrays
        Voltage (p.u., degrees) from which an AC power flow may start, as a solved case holds it; nan where unknown.
    east, north : (n,) float arrays
        Place on a map, any unit; nan where unknown.
    """

    bus: np.ndarray
    load: np.ndarray
    q_load: np.ndarray
    g_shunt: np.ndarray
    b_shunt: np.ndarray
    v_min: np.ndarray
    v_max: np.ndarray
    v_start: np.ndarray
    angle_start: np.ndarray
    east: np.ndarray
    north: np.ndarray


@dataclass(frozen=True, eq=False, repr=False)
class Lines(Table):
    """Lines and transformers: a pi circuit with an ideal transformer at the `from_bus` end.

    A flow is positive from `from_bus` to `to_bus`.

    Parameters
    ----------
    name : (m,) array
        Unique names; "1-3" where none was given, "1-3 #2" for the second of two parallel lines.
    from_bus, to_bus : (m,) arrays
        Labels of the two ends.
    start, end : (m,) int arrays
        The same ends as positions in the table of buses.
    r, x : (m,) float arrays
        Series resistance and reactance (p.u.).
    g, b : (m,) float arrays
        Shunt conductance and susceptance of the whole line (p.u.), half at each end.
    tap : (m,) float array
        Ratio of the ideal transformer, 1 for a line.
    shift : (m,) float array
        Phase shift of the ideal transformer (degrees), positive if the `to_bus` side lags.
    limit : (m,) float array
        Largest flow in either direction (MW; MVA where reactive power is modelled); inf for none.
    angle_min, angle_max : (m,) float arrays
        Limits of angle(from_bus) - angle(to_bus) (degrees); -inf and inf for none.
    """

    name: np.ndarray
    from_bus: np.ndarray
    to_bus: np.ndarray
    start: np.ndarray
    end: np.ndarray
    r: np.ndarray
    x: np.ndarray
    g: np.ndarray
    b: np.ndarray
    tap: np.ndarray
    shift: np.ndarray
    limit: np.ndarray
    angle_min: np.ndarray
    angle_max: np.ndarray


@dataclass(frozen=True, eq=False, repr=False)
class Generators(Table):
    """Units that sell: p MW cost cost0 + cost*p + cost2*p^2 an hour, or follow a piecewise linear curve.

    Parameters
    ----------
    name : (g,) array
        Unique names; "generator 1", ... where none was given.
    bus : (g,) array
        Label of the bus.
    at : (g,) int array
        The same bus as a position.
    p_min, p_max : (g,) float arrays
        Limits of the output (MW); a negative output is a load that is paid for like one.
    cost : (g,) float array
        Marginal cost of the first megawatt ($/MWh).
    cost2 : (g,) float array
        Half the slope of the marginal cost ($/MW^2 h): marginal cost = cost + 2*cost2*p.
    cost0 : (g,) float array
        Cost of running at all ($/h), paid also at p = 0.
    curve : (g,) object array
        Per unit None, or a (k, 2) float array of points (MW, $/h), joined by straight lines; then all three costs are 0.
    q_min, q_max : (g,) float arrays
        Limits of the reactive output (MVAr).
    s_max : (g,) float array
        Largest apparent output sqrt(p^2 + q^2), as the rating of an inverter (MVA); inf for none. The AC and feeder optima
        keep it, the DC optimum takes it as a limit of megawatts, a power flow tells where it is not kept. Files of MATPOWER
        and pandapower have no such limit (MBASE and sn_mva are bases), so their readers leave it inf.
    q_per_p : (g,) float array
        Reactive output that comes with each megawatt (MVAr per MW), as at a load with a constant power factor, which holds
        no voltage; nan where it is free within its limits.
    p_set, q_set : (g,) float arrays
        Scheduled output (MW, MVAr) for a power flow.
    v_set : (g,) float array
        Voltage that the unit holds in a power flow (p.u.); nan for a unit that holds q_set instead.
    co2 : (g,) float array
        Carbon dioxide of a megawatt-hour (t/MWh); nan where unknown. Negative for a unit that takes it out of the air.
    """

    name: np.ndarray
    bus: np.ndarray
    at: np.ndarray
    p_min: np.ndarray
    p_max: np.ndarray
    cost: np.ndarray
    cost2: np.ndarray
    cost0: np.ndarray
    curve: np.ndarray
    q_min: np.ndarray
    q_max: np.ndarray
    s_max: np.ndarray
    q_per_p: np.ndarray
    p_set: np.ndarray
    q_set: np.ndarray
    v_set: np.ndarray
    co2: np.ndarray


@dataclass(frozen=True, eq=False, repr=False)
class Bids(Table):
    """Elastic demand: p MW are worth value*p - value2*p^2 an hour to the buyer, so the next one value - 2*value2*p.

    Parameters
    ----------
    name : (d,) array
        Unique names; "bid 1", ... where none was given.
    bus : (d,) array
        Label of the bus.
    at : (d,) int array
        The same bus as a position.
    p_max : (d,) float array
        Most that is wanted (MW).
    value : (d,) float array
        Value of the first megawatt ($/MWh).
    value2 : (d,) float array
        Half the slope at which the marginal value falls ($/MW^2 h), not negative.
    """

    name: np.ndarray
    bus: np.ndarray
    at: np.ndarray
    p_max: np.ndarray
    value: np.ndarray
    value2: np.ndarray


@dataclass(frozen=True, eq=False, repr=False)
class DCLines(Table):
    """DC lines: what flows is chosen, and loss0 + loss1*p of p MW that leave `from_bus` do not arrive at `to_bus`.

    Parameters
    ----------
    name : (h,) array
        Unique names; "DC 1-3" where none was given.
    from_bus, to_bus : (h,) arrays
        Labels of the two ends.
    start, end : (h,) int arrays
        The same ends as positions in the table of buses.
    p_min, p_max : (h,) float arrays
        Limits of the flow p at `from_bus` (MW); negative for one that enters there.
    loss0 : (h,) float array
        Loss at any flow (MW).
    loss1 : (h,) float array
        Loss of the next megawatt (MW/MW), below 1.
    cost : (h,) float array
        Of the first megawatt of flow ($/MWh); p MW cost cost0 + cost*p + cost2*p^2 an hour.
    cost2 : (h,) float array
        Half the slope at which that rises ($/MW^2 h).
    cost0 : (h,) float array
        Cost at any flow ($/h).
    p_set : (h,) float array
        Scheduled flow (MW) for a power flow.

    References
    ----------
    MATPOWER reference manual, `idx_dcline` (the columns and the loss) and `toggle_dcline` (two ends as linked generators).
    """

    name: np.ndarray
    from_bus: np.ndarray
    to_bus: np.ndarray
    start: np.ndarray
    end: np.ndarray
    p_min: np.ndarray
    p_max: np.ndarray
    loss0: np.ndarray
    loss1: np.ndarray
    cost: np.ndarray
    cost2: np.ndarray
    cost0: np.ndarray
    p_set: np.ndarray
