"""Financial transmission rights: who holds one is paid the price difference between two buses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.grid.consistency import check_network
from tefoundations.grid.dc.dispatch import Dispatch
from tefoundations.grid.dc.factors import ptdf
from tefoundations.grid.dc.flow import dc_power_flow
from tefoundations.grid.dc.optimum import DispatchModel
from tefoundations.grid.dc.wires import Wires
from tefoundations.grid.network import Network
from tefoundations.grid.security.optimum import after_limits
from tefoundations.grid.security.outages import Outages
from tefoundations.inputs import instance, not_negative, one_of, sequence
from tefoundations.programmes import NEAR, is_zero
from tefoundations.words import Explained, listed, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import ArrayLike


@dataclass(frozen=True, eq=False, repr=False)
class RightsFit(Explained):
    """Whether rights could all be used at once, each as a trade between its two buses.

    Parameters
    ----------
    net : Network
    rights : tuple of (object, object, float)
        (from_bus, to_bus, MW).
    flow : (m,) float array
        What each line would carry (MW), positive from `from_bus` to `to_bus`, with what phase shifters drive; of options, in
        the direction in which they can load it most.
    over : (m,) float array
        How much more than its limit (MW), 0 where it has room.
    after : dict
        {(line, what is lost): MW more than the line may carry after that loss}, where losses were asked for.
    """

    net: Network
    rights: tuple
    flow: np.ndarray
    over: np.ndarray
    after: dict

    @property
    def fits(self) -> bool:
        """Whether no line is overloaded, now or after a loss."""
        return not self.over.any() and not self.after

    def to_frame(self) -> pd.DataFrame:
        """The lines as a table.

        Returns
        -------
        pandas.DataFrame
            Index `line`; columns flow, over (MW).
        """
        import pandas as pd

        return pd.DataFrame({"flow": self.flow, "over": self.over}, index=pd.Index(self.net.lines.name, name="line"))

    def explain(self) -> str:
        """The result in words.

        Returns
        -------
        str
            Which lines would be overloaded.

        Examples
        --------
        >>> from tefoundations.data import grid
        >>> net = Network.from_frames(**grid("three_bus"))
        >>> print(rights_fit(net, rights=[(1, 2, 100)], limits={"1-2": 45}).explain())
        Line 1-2 would carry 5 MW more than its limit.
        """
        from tefoundations.grid.congestion.words import rights_words

        return rights_words(self)

    def __repr__(self):
        return f"RightsFit({len(self.rights)} rights, {'fit' if self.fits else 'do not fit'})"

    def _at_a_glance(self):
        beyond = ", ".join(map(str, self.net.lines.name[self.over > 0])) or "none"
        told = [("rights", len(self.rights)), ("lines beyond their limits", beyond)]
        pairs = [f"{line} after {lost}" for line, lost in self.after]
        return [*told, ("beyond them after a loss", listed(pairs))] if pairs else told


def rights_flow(net: Network, *, rights: Sequence[tuple]) -> np.ndarray:
    """What each line would carry if every right were used as a trade between its two buses.

    Parameters
    ----------
    net : Network
    rights : sequence of (object, object, float)
        (from_bus, to_bus, MW).

    Returns
    -------
    (m,) float array
        MW, positive from `from_bus` to `to_bus` of the line. What phase shifters drive is not in it.

    Raises
    ------
    InvalidInput
        An unknown bus, what is no right, an amount that is negative or no number; names the right.

    Examples
    --------
    Half of what goes from bus 1 to bus 2 takes line 1-2, a fifth of what goes from bus 3:

    >>> from tefoundations.data import grid
    >>> net = Network.from_frames(**grid("three_bus"))
    >>> rights_flow(net, rights=[]), rights_flow(net, rights=[(1, 2, 40), (3, 2, 100)]).round(9)
    (array([0., 0., 0.]), array([  40.,    0., -100.]))
    """
    each = _flows(net, _read(net, rights))
    flow = each.sum(axis=0)
    flow[is_zero(flow, of=np.abs(each).sum(axis=0))] = 0.0  # what two rights undo is no flow
    return flow


def rights_fit(
    net: Network,
    *,
    rights: Sequence[tuple],
    limits: Mapping | ArrayLike | None = None,
    options: bool = False,
    outages: str | Sequence = (),
    emergency: float | Mapping | ArrayLike = 1.0,
) -> RightsFit:
    """Whether rights can be used all at once: the test before they are sold (simultaneous feasibility).

    Parameters
    ----------
    net : Network
    rights : sequence of (object, object, float)
        (from_bus, to_bus, MW).
    limits : dict or (m,) array, optional
        {line: MW} replaces the limits of these lines, an array those of all (MW).
    options : bool
        Whether a right may be left unused. Then one that relieves a line makes no room for others: nobody can count on it.
    outages : "lines" or sequence of str
        Lines that may be lost, one at a time, as in `scopf`: the test of who runs a secure market. None by default.
    emergency : float, dict or (m,) array
        Share of its limit that a line may carry after a loss, as in `scopf`.

    Returns
    -------
    RightsFit

    Raises
    ------
    InvalidInput
        An unknown bus or line, what is no right, an amount that is negative or no number; names the right. A bridge among
        the outages that is asked for by name.
    InvalidNetwork
        A limit that is negative or nan.

    Notes
    -----
    If rights fit, the rent of any optimal dispatch of the same network covers what they are paid: it is the dearest use of
    the lines at its prices, and the rights are another use. Lines must be lossless, and on the day as they were in the test:
    their limits, which may differ by direction, and their phase shifters, whose own flow takes up room. The rent of `scopf`
    comes from flows after a loss too: it covers rights that fit with the same `outages` and `emergency`.

    References
    ----------
    Hogan, W. W. (1992), "Contract networks for electric power transmission", Journal of Regulatory Economics 4, 211-242.

    Examples
    --------
    >>> from tefoundations.data import grid
    >>> net = Network.from_frames(**grid("three_bus"))
    >>> rights_fit(net, rights=[(1, 2, 90)], limits={"1-2": 45}).fits
    True

    100 MW more from 2 to 1 would make room for 100 MW from 1 to 2, if its holder must use it:

    >>> both = [(1, 2, 190), (2, 1, 100)]
    >>> [rights_fit(net, rights=both, limits={"1-2": 45}, options=may).fits for may in (False, True)]
    [True, False]

    After the loss of line 1-2 all of a right takes the other way:

    >>> alone = rights_fit(net, rights=[(1, 2, 90)], limits={"1-2": 45, "1-3": 60}, outages=["1-2"])
    >>> alone.fits, alone.after
    (False, {('1-3', '1-2'): 30.0})
    """
    one_of(options, (False, True), "options")
    read = _read(net, rights)
    low, high = DispatchModel(net).flow_limits(limits)
    each, driven = _flows(net, read), dc_power_flow(net, injection=np.zeros(len(net.buses))).flow
    flow, over = _worst(each, driven, low, high, options)
    lost, limit, after = Outages(net, Wires(net, "x_tap"), outages), after_limits(net, limits, emergency), {}
    for at, (name, line) in enumerate(zip(lost.names, lost.lines)):
        part = lost.parts(np.array([at]))[:, 0]  # what each line takes over of a megawatt of the lost one
        moved, pushed = each + part * each[:, [line]], driven + part * driven[line]
        moved[:, line], pushed[line] = 0.0, 0.0
        _, more = _worst(moved, pushed, -limit, limit, options)
        after |= {(net.lines.name[row], name): float(more[row]) for row in np.flatnonzero(more)}
    return RightsFit(net, read, flow, over, after)


def _worst(each, driven, low, high, options):
    """What each line carries the way that loads it most, and how much more than its limit: (m,) MW, (m,) MW."""
    ways = [np.maximum(each, 0).sum(axis=0), np.minimum(each, 0).sum(axis=0)] if options else [each.sum(axis=0)] * 2
    ways = [way + driven for way in ways]
    beyond = ways[0] - high, low - ways[1]
    over, of = np.maximum(*beyond), np.abs(each).sum(axis=0) + np.abs(driven)
    over[(over < 0) | is_zero(over, of=of, share=NEAR)] = 0.0
    return np.where(beyond[0] >= beyond[1], *ways) + 0.0, over + 0.0


def rights_payout(dispatch: Dispatch, *, rights: Sequence[tuple]) -> np.ndarray:
    """What rights are paid on the day: the price at `to_bus` less that at `from_bus`, for each megawatt.

    Parameters
    ----------
    dispatch : Dispatch
        The market of the day.
    rights : sequence of (object, object, float)
        (from_bus, to_bus, MW).

    Returns
    -------
    (r,) float array
        $/h for each right; below 0 its holder pays (an obligation; who has an option does not use it then).

    Raises
    ------
    InvalidInput
        What is no Dispatch; an unknown bus, what is no right, an amount that is negative or no number.

    Examples
    --------
    >>> from tefoundations.data import grid
    >>> from tefoundations.grid import Network, dc_opf
    >>> d = dc_opf(Network.from_frames(**grid("three_bus")), limits={"1-2": 45})
    >>> rights_payout(d, rights=[(1, 2, 90), (2, 3, 10)]).round(6), round(d.congestion_rent, 6)
    (array([900., -40.]), np.float64(900.0))
    """
    instance(dispatch, Dispatch, "dispatch", advice="dc_opf makes one")
    return np.array([mw * dispatch.transfer_price(a, b) for a, b, mw in _read(dispatch.net, rights)], dtype=float) + 0.0


def _read(net, rights):
    """The rights as a tuple of (from_bus, to_bus, MW), checked."""
    check_network(net)
    read = []
    for place, right in enumerate(sequence(rights, "rights", of="(from_bus, to_bus, MW)")):
        if not isinstance(right, (tuple, list)) or len(right) != 3:
            raise InvalidInput(f"right {place}: {shown(right)} must be (from_bus, to_bus, MW)")
        for bus in right[:2]:
            if not _known(net, bus):
                raise InvalidInput(f"right {place}: {shown(bus)} is no bus of this network")
        read.append((right[0], right[1], not_negative(right[2], f"right {place}: amount", unit="of MW")))
    return tuple(read)


def _known(net, bus):
    try:
        return bus in net.index
    except TypeError:  # a list, say: nothing that could be a label
        return False


def _flows(net, rights):
    """(r, m) float array: what each right would drive through each line (MW)."""
    factors = ptdf(net)
    given = np.zeros((len(rights), len(net.buses)))
    for row, (a, b, mw) in enumerate(rights):
        given[row, net.position(a)] += mw
        given[row, net.position(b)] -= mw
    return given @ factors.T
