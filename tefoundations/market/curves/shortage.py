"""How far a price must rise until what is wanted fits into what there is."""

from __future__ import annotations

from tefoundations.inputs import positive
from tefoundations.market.curves.constant_elasticity import elasticity_of


def scarcity_price(price: float, demand: float, capacity: float, elasticity: float) -> float:
    """The price at which a demand of constant elasticity wants no more than the capacity.

    Parameters
    ----------
    price : float
        At which `demand` is wanted (ct/kWh, or $/MWh), above 0.
    demand : float
        What is wanted at that price (kWh, or MW), above 0.
    capacity : float
        What there is (kWh, or MW), above 0.
    elasticity : float
        Of demand, below 0.

    Returns
    -------
    float
        ``price * (capacity / demand) ** (1 / elasticity)``; the price itself where there is enough. inf where no number is
        large enough.

    Raises
    ------
    InvalidInput
        Names the argument that is not above 0, or the elasticity that is not below 0: a demand that no price moves has no
        price that makes it fit.

    Examples
    --------
    >>> scarcity_price(price=20, demand=100, capacity=120, elasticity=-0.1)
    20.0
    >>> round(scarcity_price(20, 100, 95, -0.1) / 20, 4)
    1.6702
    >>> scarcity_price(20, 100, 95, 0)
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: elasticity 0 must be below 0: at 0 no price moves the quantity
    """
    price, demand = positive(price, "price"), positive(demand, "demand")
    capacity, elasticity = positive(capacity, "capacity"), elasticity_of(elasticity)
    if capacity >= demand:
        return price
    try:
        return price * (capacity / demand) ** (1 / elasticity)
    except OverflowError:
        return float("inf")
