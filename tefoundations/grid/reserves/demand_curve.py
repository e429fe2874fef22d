"""What reserve is worth: the value of lost load times the chance that it is needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

from tefoundations.inputs import number, positive, whole
from tefoundations.words import Explained, say

if TYPE_CHECKING:
    import pandas as pd

FAR = 4.0  # standard deviations: beyond, a megawatt is needed in less than one hour of 30,000
MOST = 10_000  # steps


@dataclass(frozen=True, eq=False, repr=False)
class ScarcityCurve(Explained):
    """A demand curve for reserve, in steps of equal width.

    Parameters
    ----------
    voll : float
        Value of lost load ($/MWh).
    sigma : float
        Standard deviation of what may be missing (MW).
    mean : float
        Its mean (MW).
    steps : tuple of (float, float)
        MW of each step, and what each megawatt of it is worth ($/MWh), from the dearest down.
    """

    voll: float
    sigma: float
    mean: float
    steps: tuple

    def price(self, held: float) -> float:
        """What one more megawatt is worth where so much is held.

        Parameters
        ----------
        held : float
            MW.

        Returns
        -------
        float
            $/MWh: the value of lost load times the chance that more than `held` is missing.
        """
        return self.voll * float(ndtr(-(number(held, "held") - self.mean) / self.sigma))

    def expected_short(self, held: float) -> float:
        """What is expected to be missing beyond what is held.

        Parameters
        ----------
        held : float
            MW.

        Returns
        -------
        float
            MW.
        """
        return float(_short(np.array([number(held, "held")]), self.mean, self.sigma)[0])

    def to_frame(self) -> pd.DataFrame:
        """The steps as a table.

        Returns
        -------
        pandas.DataFrame
            Columns held (MW, where the step ends), quantity (MW), worth ($/MWh).
        """
        import pandas as pd

        quantity, worth = np.array(self.steps).T
        return pd.DataFrame({"held": quantity.cumsum(), "quantity": quantity, "worth": worth})

    def explain(self) -> str:
        """The curve in words.

        Returns
        -------
        str

        Examples
        --------
        >>> print(scarcity_curve(voll=1000, sigma=20).explain())
        A megawatt that is missing costs 1000 $/MWh; what may be missing is 0 MW on average, give or take 20.
        The first megawatt of reserve is worth 500 $/MWh, after 20 MW 158.655, after 40 MW 22.7501, after 60 MW 1.3499.
        """
        first, *rest = (say(self.price(self.mean + k * self.sigma), self.voll) for k in range(4))
        after = ", ".join(f"after {say(self.mean + k * self.sigma)} MW {worth}" for k, worth in enumerate(rest, 1))
        where = "The first megawatt of reserve" if self.mean == 0 else f"A megawatt after {say(self.mean)} MW"
        head = f"A megawatt that is missing costs {say(self.voll, self.voll)} $/MWh; what may be missing is"
        head += f" {say(self.mean)} MW on average, give or take {say(self.sigma, self.sigma)}."
        return f"{head}\n{where} is worth {first} $/MWh, {after}."

    def _at_a_glance(self):
        return [("value of lost load, $/MWh", self.voll), ("standard deviation, MW", self.sigma), ("steps", len(self.steps)),
                ("worth of the first MW, $/MWh", self.price(0.0))]  # fmt: skip

    def __repr__(self):
        return f"ScarcityCurve({len(self.steps)} steps, VOLL {self.voll:g}, sigma {self.sigma:g} MW)"


def scarcity_curve(*, voll: float, sigma: float, steps: int = 80, mean: float = 0.0) -> ScarcityCurve:
    """The demand curve for reserve where what may be missing is normally distributed.

    With R MW held, one more megawatt is needed with the chance that more than R is missing, and then it saves the value of
    lost load. The curve is cut into steps of equal width that reach four standard deviations beyond the mean; each is worth
    what its megawatts are worth on average, so that no worth is lost or made by the cutting.

    Operators who use such curves also set a least reserve below which the price is all of `voll`; here it is no more than
    `voll` times the chance that anything is missing. And they give as `voll` what is left of it beyond the cost of energy.

    Parameters
    ----------
    voll : float
        Value of lost load ($/MWh), above 0.
    sigma : float
        Standard deviation of what may be missing when reserve can no longer be bought (MW), above 0.
    steps : int
        How many, from 1 to 10,000.
    mean : float
        Mean of what may be missing (MW).

    Returns
    -------
    ScarcityCurve
        To be given to `reserve_opf` as `demand`.

    Raises
    ------
    InvalidInput
        A value of lost load or a standard deviation that is not positive, no step or too many.

    References
    ----------
    Hogan, W. W. (2013), "Electricity Scarcity Pricing Through Operating Reserves", Economics of Energy & Environmental
    Policy 2(2).

    Examples
    --------
    >>> curve = scarcity_curve(voll=1000, sigma=20, steps=4)
    >>> [(mw, round(worth, 2)) for mw, worth in curve.steps]
    [(20.0, 315.63), (20.0, 74.82), (20.0, 8.11), (20.0, 0.38)]
    >>> round(curve.price(40), 3)
    22.75
    """
    voll, sigma = positive(voll, "voll", unit="of $/MWh"), positive(sigma, "sigma", unit="of MW")
    count, mean = whole(steps, "steps", least=1, most=MOST), number(mean, "mean", unit="of MW")
    ends = np.linspace(0.0, max(mean, 0.0) + FAR * sigma, count + 1)
    worth = -voll * np.diff(_short(ends, mean, sigma)) / np.diff(ends)
    return ScarcityCurve(voll, sigma, mean, tuple(zip(np.diff(ends).tolist(), worth.tolist())))


def _short(held, mean, sigma):
    """Expected missing power beyond what is held (MW): of a normal distribution."""
    z = (held - mean) / sigma
    return sigma * (np.exp(-z * z / 2) / np.sqrt(2 * np.pi) - z * ndtr(-z))
