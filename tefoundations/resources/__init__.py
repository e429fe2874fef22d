"""Resources: what can wait, store and shift. A battery, its best plan for known prices, and its plan with forecasts."""

from tefoundations.resources.batteries import Battery
from tefoundations.resources.foresight import Rolling, rolling
from tefoundations.resources.schedules import Schedule
from tefoundations.resources.storage import arbitrage

__all__ = ["Battery", "Rolling", "Schedule", "arbitrage", "rolling"]
