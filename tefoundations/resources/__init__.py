"""Resources: what can wait, store and shift. A battery, its best plan for known prices, and its plan with forecasts.

============================================  ============
What you want                                 What to call
============================================  ============
a battery                                     `Battery`
its best plan for known prices                `arbitrage`
its plan with forecasts, made anew each step  `rolling`
============================================  ============
"""

from tefoundations.resources.batteries import Battery
from tefoundations.resources.storage.foresight import Rolling, rolling
from tefoundations.resources.storage.optimum import arbitrage
from tefoundations.resources.storage.schedule import Schedule

__all__ = [
    # A store of energy
    "Battery",
    # Its best plan
    "arbitrage", "Schedule",
    # Its plan with forecasts
    "rolling", "Rolling",
]  # fmt: skip
