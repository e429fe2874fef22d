"""Whole systems: one community and one day, run in different ways.

Energy is in kWh, prices in ct/kWh, a step is half an hour.

=======================  ======================================================================================
What you want            What to call
=======================  ======================================================================================
a lane for a day         `lane_day`, `Lane`
the day run in one way   `as_usual`, `time_of_use`, `demand_response`, `central_dispatch`, `transactive_market`
bills, peak, welfare     `Way`, which each of these gives
all ways side by side    `all_ways`, `correspondence`; with ways of your own, by name, `comparison`
the market step by step  `half_hour_book`, `clear_step`, `market_day`, `settled`, `price_bound`
when to call an event    `busiest`
=======================  ======================================================================================
"""

from tefoundations.systems.centre import central_dispatch
from tefoundations.systems.events import busiest, demand_response
from tefoundations.systems.future_lane import lane_day
from tefoundations.systems.half_hours import Deal, clear_step, half_hour_book
from tefoundations.systems.lanes import Lane
from tefoundations.systems.market import market_day, price_bound, settled, transactive_market
from tefoundations.systems.outcomes import MarketDay, Traffic, Way
from tefoundations.systems.tariffs import as_usual, time_of_use
from tefoundations.systems.ways import all_ways, comparison, correspondence

__all__ = [
    # A lane for one day
    "lane_day", "Lane",
    # Ways to run it
    "as_usual", "central_dispatch", "time_of_use", "demand_response", "busiest", "transactive_market",
    # What comes of them
    "all_ways", "comparison", "correspondence", "Way", "Traffic",
    # The market, half hour by half hour
    "market_day", "MarketDay", "settled", "clear_step", "Deal", "half_hour_book",
    # Lower bounds
    "price_bound",
]  # fmt: skip
