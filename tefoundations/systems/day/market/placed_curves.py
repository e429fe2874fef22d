"""Steps 1 to 3 and 5 of the day: devices respond, sites bid, aggregators add up, and the answer goes back the same way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tefoundations.errors import InvalidInput
from tefoundations.inputs import instance, not_negative, number, sequence
from tefoundations.resources import BidCurve, DevicePlan
from tefoundations.systems.day.physical.feeders import is_label
from tefoundations.words import Explained, count, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd


@dataclass(frozen=True, eq=False, repr=False)
class PlacedCurve(Explained):
    """What somebody would take and give in a step at every price, and at which bus. Made by `bid` and `aggregate`.

    Energies are kWh in the step, prices ct/kWh.

    Parameters
    ----------
    sender : str
        A member, an aggregator, the operator.
    bids, asks : tuple of (object, float, float)
        (bus, price, energy): so many kWh more are taken where the price of the bus is at most this, given where it is at
        least this. What must be taken is bid at infinity.
    fixed : dict of object to float
        Net load at any price (kWh) by bus; below 0: energy that is there at any price.
    roofs : dict of object to float
        How much of that may be turned down (kWh) by bus.
    parts : tuple of (str, int, int)
        Of whom it is made, in the order of the rows: name, bids, asks. So the answer is taken apart again.
    """

    sender: str
    bids: tuple = ()
    asks: tuple = ()
    fixed: Mapping = field(default_factory=dict)
    roofs: Mapping = field(default_factory=dict)
    parts: tuple = ()

    def explain(self) -> str:
        """The curve in words.

        Returns
        -------
        str

        Examples
        --------
        >>> print(bid("home8", 9, {"car": BidCurve(bids=[(30, 5)], asks=[])}, fixed=0.4).explain())
        home8 takes 0.4 kWh at any price.
        At bus 9 it takes 5 kWh below 30 ct/kWh.
        """
        total = sum(self.fixed.values())
        first = f"{self.sender} {'takes' if total >= 0 else 'gives'} {say(abs(total))} kWh at any price."
        lines = [f"At bus {bus} it takes {say(energy)} kWh below {say(price)} ct/kWh." for bus, price, energy in self.bids]
        lines += [f"At bus {bus} it gives {say(energy)} kWh above {say(price)} ct/kWh." for bus, price, energy in self.asks]
        return "\n".join([first, *lines])

    def to_frame(self) -> pd.DataFrame:
        """One row an order.

        Returns
        -------
        pandas.DataFrame
            Columns sender (whose part it is), side ("buy" or "sell"), bus, price (ct/kWh), quantity (kWh).
        """
        import pandas as pd

        rows = []
        for side, orders, place in (("buy", self.bids, 1), ("sell", self.asks, 2)):
            names = [part[0] for part in self.parts for _ in range(part[place])]
            rows += [(name, side, *order) for name, order in zip(names, orders)]
        return pd.DataFrame(rows, columns=["sender", "side", "bus", "price", "quantity"])

    def _at_a_glance(self):
        return [
            ("sender", self.sender), ("bids", len(self.bids)), ("asks", len(self.asks)),
            ("at any price, kWh", float(sum(self.fixed.values()))), ("made of", len(self.parts)),
        ]  # fmt: skip

    def __repr__(self):
        return f"PlacedCurve({self.sender:.40}: {count(len(self.bids), 'bid')}, {count(len(self.asks), 'ask')})"


def respond(answer: DevicePlan, step: int, stored: float | None = None) -> BidCurve:
    """Step 1: a device writes what it would take or give in a step at every price.

    It knows its own needs and the prices that it expects in the other steps, and nothing else.

    Parameters
    ----------
    answer : DevicePlan
        The device's answer to the prices it expects (`Device.answer`).
    step : int
        Position of the step.
    stored : float or None
        Energy in store when the step begins (kWh); None: it is not known yet.

    Returns
    -------
    BidCurve

    Raises
    ------
    InvalidInput
        What is no plan of a device, a step that is not there, stored energy that it cannot hold.

    Examples
    --------
    >>> from tefoundations.resources import Device
    >>> car = Device("car", "home8", energy=4, power=2, end=3, final_energy=4)
    >>> respond(car.answer([10, 20, 30]), 1, stored=1)          # 1 kWh must be taken now, for the last hour brings but 2
    BidCurve(bids: 1 kWh at inf, 1 kWh at 30; asks: none)
    """
    return instance(answer, DevicePlan, "answer").bid_curve(step, stored)


def bid(
    member: str, bus: object, curves: Mapping[str, BidCurve] = {}, fixed: float = 0.0, roof: float = 0.0
) -> PlacedCurve:  # fmt: skip
    """Step 2: a site adds up the curves of its devices, and says what it takes or gives at any price.

    Who has no device that listens bids with `fixed` alone: its rate plan, sent once for all steps.

    Parameters
    ----------
    member : str
    bus : object
        Where it stands.
    curves : dict of str to BidCurve
        By device; the names stay at home.
    fixed : float
        Net load at any price (kWh); below 0: energy that is there.
    roof : float
        How much of what the roof gives may be turned down (kWh).

    Returns
    -------
    PlacedCurve

    Raises
    ------
    InvalidInput
        Names what has no meaning.

    Examples
    --------
    >>> bid("clinic", 2, fixed=3.5)
    PlacedCurve(clinic: 0 bids, 0 asks)
    """
    instance(member, str, "member")
    for name, curve in instance(curves, Mapping, "curves", advice="device -> BidCurve").items():
        instance(curve, BidCurve, f"curves: {name!r}")
    fixed, roof = number(fixed, "fixed", unit="of kWh"), not_negative(roof, "roof", unit="of kWh")
    if not is_label(bus):
        raise InvalidInput(f"bus must be a label, not a {type(bus).__name__}")
    return placed(member, bus, curves, fixed, roof)


def placed(member, bus, curves, fixed, roof):
    """`bid` for what was read before."""
    bids = tuple([(bus, *order) for curve in curves.values() for order in curve.bids])
    asks = tuple([(bus, *order) for curve in curves.values() for order in curve.asks])
    parts = tuple([(name, len(curve.bids), len(curve.asks)) for name, curve in curves.items()])
    return PlacedCurve(member, bids, asks, {bus: fixed}, {bus: roof}, parts)


def aggregate(name: str, curves: Sequence[PlacedCurve]) -> PlacedCurve:
    """Step 3: curves are added up, and every row keeps its place.

    The sum is horizontal: at each price the energies add up. Cleared with the place kept, it comes to what all the curves
    would come to one by one. Without the place nobody could see which line a kWh uses.

    Parameters
    ----------
    name : str
        Who adds up: an aggregator, or at last the operator.
    curves : sequence of PlacedCurve

    Returns
    -------
    PlacedCurve

    Raises
    ------
    InvalidInput
        What is no curve.

    Examples
    --------
    >>> van, home = bid("shop", 10, {"van": BidCurve([(30, 5)], [])}, fixed=1), bid("home8", 9, fixed=0.5)
    >>> both = aggregate("Lane", [van, home])
    >>> both.bids, both.fixed, both.parts
    (((10, 30.0, 5.0),), {10: 1.0, 9: 0.5}, (('shop', 1, 0), ('home8', 0, 0)))
    """
    instance(name, str, "name")
    for i, curve in enumerate(sequence(curves, "curves", of="PlacedCurves")):
        instance(curve, PlacedCurve, f"curves: entry {i}")
    return summed(name, list(curves))


def summed(name, curves):
    """`aggregate` for what was read before."""
    fixed, roofs = {}, {}
    for curve in curves:
        for bus, energy in curve.fixed.items():
            fixed[bus] = fixed.get(bus, 0.0) + energy
        for bus, energy in curve.roofs.items():
            roofs[bus] = roofs.get(bus, 0.0) + energy
    bids = tuple([order for curve in curves for order in curve.bids])
    asks = tuple([order for curve in curves for order in curve.asks])
    parts = tuple([(curve.sender, len(curve.bids), len(curve.asks)) for curve in curves])
    return PlacedCurve(name, bids, asks, fixed, roofs, parts)


def broadcast(curve: PlacedCurve, bought: Sequence[float], sold: Sequence[float]) -> dict[str, tuple[tuple, tuple]]:
    """Step 5: an answer to a curve is taken apart for those of whom it is made.

    The operator does so for aggregators and direct sites, an aggregator for its sites, a site for its devices.

    Parameters
    ----------
    curve : PlacedCurve
    bought, sold : sequences of float
        Energy of each of its bids and asks (kWh).

    Returns
    -------
    dict of str to (tuple, tuple)
        By part: energy of its bids, energy of its asks.

    Raises
    ------
    InvalidInput
        What is no curve, or energies that are not one for each row.

    Examples
    --------
    >>> van, home = bid("shop", 10, {"van": BidCurve([(30, 5)], [])}), bid("home8", 9)
    >>> broadcast(aggregate("Lane", [van, home]), bought=[2.0], sold=[])
    {'shop': ((2.0,), ()), 'home8': ((), ())}
    """
    instance(curve, PlacedCurve, "curve")
    rows = []
    for name, values, orders in (("bought", bought, curve.bids), ("sold", sold, curve.asks)):
        given = sequence(values, name, of="energies")
        if len(given) != len(orders):
            raise InvalidInput(f"{name} must be {len(orders)} energies, one for each row of the curve, not {len(given)}")
        rows.append(tuple(not_negative(one, f"{name}: row {i}", unit="of kWh") for i, one in enumerate(given)))
    return taken_apart(curve, *rows)


def taken_apart(curve, bought, sold):
    """`broadcast` for what was read before."""
    found, first_bid, first_ask = {}, 0, 0
    for name, bids, asks in curve.parts:
        found[name] = bought[first_bid : first_bid + bids], sold[first_ask : first_ask + asks]
        first_bid, first_ask = first_bid + bids, first_ask + asks
    return found
