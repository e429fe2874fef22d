"""Prices of active and reactive power, taken apart by cause."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class PriceParts:
    """Parts of the price of active (`p`) and of reactive power (`q`): {cause: (n,) array} in $/MWh and $/MVArh.

    `loss_factor` (n,): active power that the slack gives for one more megawatt of load at a bus, less that megawatt.
    """

    p: dict
    q: dict
    loss_factor: np.ndarray

    @property
    def price(self):
        """Price of active power ($/MWh): the sum of its parts."""
        return sum(self.p.values())

    @property
    def q_price(self):
        """Price of reactive power ($/MVArh): the sum of its parts."""
        return sum(self.q.values())
