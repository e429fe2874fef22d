"""Three measures of market power: of shares, of a margin, and of who can be done without."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.indices import check_labels
from tefoundations.inputs import numbers, positive, sequence
from tefoundations.programmes import NEAR
from tefoundations.words import say

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

WHOLE = 10_000.0  # the index where one seller has all: a hundred per cent, squared


def herfindahl_hirschman(shares: ArrayLike) -> float:
    """The Herfindahl-Hirschman index: the sum of squared shares in per cent.

    Parameters
    ----------
    shares : (n,) float array
        The part of each seller, as parts of 1.

    Returns
    -------
    float
        From 10,000 / n where all are equal to 10,000 where one has all.

    Raises
    ------
    InvalidInput
        No shares, a negative one, or shares that do not add up to 1.

    Notes
    -----
    Of electricity it says little: who is needed in an hour hangs on demand, lines and costs, not on shares.

    References
    ----------
    Borenstein, S., Bushnell, J. and Knittel, C. R. (1999), "Market power in electricity markets: beyond concentration
    measures", The Energy Journal 20(4).

    Examples
    --------
    >>> herfindahl_hirschman([1])
    10000.0
    >>> round(herfindahl_hirschman([0.5, 0.3, 0.2]), 6)
    3800.0
    """
    parts = numbers(shares, "share", least=0, place="seller")
    if not parts.size or abs(parts.sum() - 1) > NEAR * max(1, parts.size):
        raise InvalidInput(f"shares must add up to 1, not to {say(parts.sum())}")
    return WHOLE * float(parts @ parts)


def lerner(price: ArrayLike, marginal_cost: ArrayLike) -> float | np.ndarray:
    """The Lerner index: the part of a price that is not marginal cost.

    A firm that is free to choose its quantity sets it to one over the elasticity of the demand *it* faces, its own share
    over the elasticity of the market under Cournot. At a limit of its capacity a part of it is the worth of that limit.

    Parameters
    ----------
    price : float or (n,) float array
        ct/kWh or $/MWh, above 0.
    marginal_cost : float or (n,) float array
        Cost of the next unit of energy (ct/kWh or $/MWh).

    Returns
    -------
    float or (n,) float array
        0 where the price is the marginal cost, 1 where nothing is; negative below cost.

    Raises
    ------
    InvalidInput
        A price that is not above 0, or so small beside the cost that the index is no number; a value that is no number;
        arrays of different lengths.

    References
    ----------
    Lerner, A. P. (1934), "The concept of monopoly and the measurement of monopoly power", Review of Economic Studies 1(3),
    157-175.

    Examples
    --------
    >>> lerner(5, 5), lerner(5, [0, 3])
    (0.0, array([1. , 0.4]))
    """
    asked = numbers(price, "price", above=0, ndim=None, place="seller")
    costs = numbers(marginal_cost, "marginal_cost", ndim=None, place="seller")
    if asked.ndim and costs.ndim and asked.shape != costs.shape:
        raise InvalidInput(f"there are {asked.size} prices and {costs.size} marginal costs")
    check_labels(marginal_cost, "marginal_cost", price, "price")
    with np.errstate(over="ignore"):
        found = (asked - costs) / asked
    for spot in np.argwhere(~np.isfinite(found))[:1].tolist():
        where = f"seller {spot[0]}: " if spot else ""
        raise InvalidInput(f"{where}the price is so small beside its marginal cost that no number holds the index")
    return found if found.ndim else float(found)


def residual_supply_index(
    capacity: ArrayLike, demand: float, owner: Sequence[Hashable] | None = None, contracted: ArrayLike | None = None
) -> dict:
    """How much of demand could be served without each owner: below 1 it is pivotal, and some is left that only it can serve.

    What an owner has sold beforehand it cannot hold back, so only the rest of its plants is taken away. The index knows no
    lines: an owner with an index above 1 may still be one that a place cannot do without.

    Parameters
    ----------
    capacity : (n,) float array
        Of each plant (kW, MW, or energy of one step).
    demand : float
        All that is wanted, in the same unit, above 0.
    owner : (n,) sequence, optional
        Who decides about each plant, a name or a number; by default each plant is its own owner.
    contracted : (n,) float array, optional
        What each plant has sold beforehand, in the same unit; by default nothing.

    Returns
    -------
    dict
        {owner: index}, owners in the order of their first plants.

    Raises
    ------
    InvalidInput
        No plant, a negative capacity or contract, demand that is not above 0, owners or contracts not one for each plant.

    References
    ----------
    Sheffrin, A. Y. and others (2004), "Watching watts to prevent abuse of power", IEEE Power and Energy Magazine.

    Examples
    --------
    >>> residual_supply_index([60, 50, 20], demand=100)
    {0: 0.7, 1: 0.8, 2: 1.1}
    >>> residual_supply_index([60, 50, 20], 100, owner=["east", "west", "east"], contracted=[30, 0, 0])
    {'east': 0.8, 'west': 0.8}
    """
    plants = numbers(capacity, "capacity", least=0, place="plant")
    if not len(plants):
        raise InvalidInput("capacity must be that of one plant at least, and there is none")
    wanted = positive(demand, "demand")
    for given, name in ((owner, "owner"), (contracted, "contracted")):
        check_labels(given, name, capacity, "capacity")
    sold = np.zeros(len(plants)) if contracted is None else numbers(
        contracted, "contracted", least=0, count=len(plants), place="plant")  # fmt: skip
    owners = range(len(plants)) if owner is None else sequence(owner, "owner", of="owners")
    if len(owners) != len(plants):
        raise InvalidInput(f"owner must name one for each of {len(plants)} plants, not {len(owners)}")
    own: dict = {}
    for who, size, promised in zip(owners, plants.tolist(), sold.tolist()):
        mine, out = own.get(_name(who), (0.0, 0.0))
        own[_name(who)] = mine + size, out + promised
    return {who: float(plants.sum() - max(mine - out, 0.0)) / wanted for who, (mine, out) in own.items()}


def _name(who):
    """A name that can stand in a dict and is shown as Python shows it."""
    who = who.item() if isinstance(who, np.generic) else who
    try:
        hash(who)
    except TypeError:  # a tuple of lists is Hashable by its class
        raise InvalidInput(f"owner {who!r} must be a name or a number") from None
    return who
