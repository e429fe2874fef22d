"""Resources: what can wait, store and shift. A device and its best plan; a battery, and its plan with forecasts.

Energy is in kWh, power in kW, prices in ct/kWh, lengths of time in hours.

===============================================  ============
What you want                                    What to call
===============================================  ============
a car, a battery, a warm house                   `Device`
its plan for known prices, its bids              `Device.answer`, `Device.bid_curve`
a battery                                        `Battery`
its best plan for known prices                   `arbitrage`
its plan with forecasts, made anew each step     `rolling`
a community cut off from the grid                `Island`
===============================================  ============
"""

from tefoundations.resources.batteries import Battery
from tefoundations.resources.device_plans import BidCurve, DevicePlan
from tefoundations.resources.device_steps import DeviceSteps
from tefoundations.resources.devices import Device
from tefoundations.resources.islands import Island, IslandDispatch
from tefoundations.resources.storage.foresight import Rolling, rolling
from tefoundations.resources.storage.optimum import arbitrage
from tefoundations.resources.storage.schedule import Schedule

__all__ = [
    # A device that can wait
    "Device", "DevicePlan", "BidCurve", "DeviceSteps",
    # A store of energy
    "Battery",
    # Its best plan
    "arbitrage", "Schedule",
    # Its plan with forecasts
    "rolling", "Rolling",
    # Cut off from the grid
    "Island", "IslandDispatch",
]  # fmt: skip
