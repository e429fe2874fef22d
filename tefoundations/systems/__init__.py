"""Whole systems: one community and one day, run in different ways.

Energy is in kWh, prices in ct/kWh, a step is half an hour.

=======================  ===================================================================================================
What you want            What to call
=======================  ===================================================================================================
a lane for a day         `lane_day`, `Lane`
the day run in one way   `as_usual`, `time_of_use`, `demand_response`, `central_dispatch`, `transactive_market`
the day under a tariff   `tariff_day`
bills, peak, welfare     `Way`, which each of these gives
all ways side by side    `all_ways`, `correspondence`; with ways of your own, by name, `comparison`
the market step by step  `half_hour_book`, `clear_step`, `market_day`, `settled`, `price_bound`
... with pools instead   `pool_day`
... what it replaces     `local_trades`: which kWh only change hands, and which are new
when to call an event    `busiest`
every rule of the book   `mechanism_table`, `book_rules`; with a `BookRule` of your own
the day on its feeder    `DayPlan`, `transactive_day`; measured by `central_day`, `usual_day`
the day step by step     `respond`, `bid`, `aggregate`, `clear`, `broadcast`, `deliver`, `import_`, `settle`
who checks the day       `DayBook`, `audit_day`, `billing_run`, `till`; `feeder_gap`, `meter_balance`, `recleared`; `Fault`
a step cleared jointly   `clear_jointly`
paths, the platform      `transaction_paths`, `platform_baseline`
a day on your own grid   `day_from_network`
many lanes, many days    `day_sweep`, `day_record`; streets to sweep over: `Street`, `street_days`, `varied`
=======================  ===================================================================================================
"""

from tefoundations.systems.centre import central_dispatch
from tefoundations.systems.day.faults import Fault
from tefoundations.systems.day.ledger.auditors import DayAudit, audit_day, billing_run
from tefoundations.systems.day.ledger.baseline import platform_baseline
from tefoundations.systems.day.ledger.day_book import DayBook, DayRoots
from tefoundations.systems.day.ledger.inspections import feeder_gap, meter_balance
from tefoundations.systems.day.ledger.letter_checks import recleared
from tefoundations.systems.day.ledger.paths import transaction_paths
from tefoundations.systems.day.ledger.settlement import settle, till
from tefoundations.systems.day.market.island_span import IslandNeeds
from tefoundations.systems.day.market.negotiation import clear_jointly
from tefoundations.systems.day.market.network_clearing import StepClearing, clear
from tefoundations.systems.day.market.placed_curves import PlacedCurve, aggregate, bid, broadcast, respond
from tefoundations.systems.day.own_grids import day_from_network
from tefoundations.systems.day.physical.delivery import deliver, import_
from tefoundations.systems.day.plans import DayPlan
from tefoundations.systems.day.records import day_record
from tefoundations.systems.day.runs import DayRun
from tefoundations.systems.day.streets import Street, street_days, varied
from tefoundations.systems.day.sweeps import SweepStopped, day_sweep
from tefoundations.systems.day.whole_day import central_day, transactive_day, usual_day
from tefoundations.systems.events import busiest, demand_response
from tefoundations.systems.future_lane import lane_day
from tefoundations.systems.half_hours import Deal, clear_step, half_hour_book
from tefoundations.systems.lanes import Lane
from tefoundations.systems.market import market_day, price_bound, settled, transactive_market
from tefoundations.systems.mechanisms.comparison_table import mechanism_table
from tefoundations.systems.mechanisms.registry import BookRule, book_rules
from tefoundations.systems.mechanisms.tables import MechanismBlock, MechanismTable
from tefoundations.systems.outcomes import MarketDay, Traffic, Way
from tefoundations.systems.pools import PoolDay, pool_day
from tefoundations.systems.replaced_kwh import LocalTrades, local_trades
from tefoundations.systems.tariff_days import tariff_day
from tefoundations.systems.tariffs import as_usual, time_of_use
from tefoundations.systems.ways import all_ways, comparison, correspondence

__all__ = [
    # A lane for one day
    "lane_day", "Lane",
    # Ways to run it
    "as_usual", "central_dispatch", "time_of_use", "tariff_day", "demand_response", "busiest",
    "transactive_market",
    # What comes of them
    "all_ways", "comparison", "correspondence", "Way", "Traffic",
    # The market, half hour by half hour
    "market_day", "MarketDay", "settled", "clear_step", "Deal", "half_hour_book",
    "local_trades", "LocalTrades",
    # Pools in place of the auction
    "pool_day", "PoolDay",
    # The mechanisms of the book
    "mechanism_table", "MechanismTable", "MechanismBlock", "book_rules", "BookRule",
    # The whole day on its feeder
    "DayPlan", "IslandNeeds", "transactive_day", "central_day", "usual_day", "DayRun",
    # The day's steps, one by one
    "respond", "bid", "PlacedCurve", "aggregate", "clear", "clear_jointly", "StepClearing", "broadcast",
    "deliver", "import_", "settle",
    # What is kept of it, and who checks it
    "DayBook", "DayRoots", "audit_day", "DayAudit", "billing_run", "till", "feeder_gap", "meter_balance",
    "recleared", "Fault",
    "transaction_paths", "platform_baseline",
    # Your own grid
    "day_from_network",
    # Many lanes, many days
    "day_sweep", "day_record", "SweepStopped", "Street", "street_days", "varied",
    # Lower bounds
    "price_bound",
]  # fmt: skip
