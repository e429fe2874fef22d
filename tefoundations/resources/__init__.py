"""Resources: what can wait, store and shift. A battery, its best plan for known prices, and its plan with forecasts."""

from tefoundations.resources.batteries import Battery
from tefoundations.resources.foresight import Rolling, rolling
from tefoundations.resources.schedules import Schedule
from tefoundations.resources.storage import arbitrage

__all__ = [
    # A store of energy
    "Battery",
    # Its best plan
    "arbitrage", "Schedule",
    # Its plan with forecasts
    "rolling", "Rolling",
]  # fmt: skip
