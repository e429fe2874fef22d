"""The retail side of the meter: tariffs and bills, who answers them, and who competes for the customer.

Energy is in kWh, prices are in ct/kWh, money is in ct. Net load is positive when a customer takes energy.

================================  =========================================================
What you want                     What to call
================================  =========================================================
a tariff and its bill             `Tariff`, `Bill`
a published tariff                `Tariff.from_urdb`, which gives a `CalendarTariff`
a list of prices as a tariff      `flat`, `time_of_use`, `critical_peak`, `real_time`
hourly prices without their risk  `hedged`
one price for many, who leaves    `break_even`, `unravel`
what would have been used         `baseline`, which gives a `Baseline`
paid for not using, who gains     `curtailment`, `net_benefit`, `threshold_price`
the right not to use              `option_value`
suppliers and their sleepers      `sales_equilibrium`
a kWh from next door, who pays    `kwh_ledger`
who pays for the wires            `share_wires`
solar, rates, and where it ends   `adoption_spiral`
================================  =========================================================
"""

from tefoundations.retail.competition.sales import SalesEquilibrium, sales_equilibrium
from tefoundations.retail.competition.spirals import AdoptionSpiral, adoption_spiral
from tefoundations.retail.competition.tills import KwhLedger, kwh_ledger
from tefoundations.retail.competition.wires import WireShares, share_wires
from tefoundations.retail.response.baselines import Baseline, baseline
from tefoundations.retail.response.negawatts import Curtailment, curtailment
from tefoundations.retail.response.options import option_value
from tefoundations.retail.response.thresholds import NetBenefit, net_benefit, threshold_price
from tefoundations.retail.tariffs.bills import Bill
from tefoundations.retail.tariffs.calendars import CalendarTariff
from tefoundations.retail.tariffs.lists import critical_peak, flat, hedged, real_time, time_of_use
from tefoundations.retail.tariffs.pools import Unravelling, break_even, unravel
from tefoundations.retail.tariffs.rates import Tariff

__all__ = [
    # Tariffs and bills
    "Tariff", "Bill", "CalendarTariff",
    # Lists of prices
    "flat", "time_of_use", "critical_peak", "real_time", "hedged",
    # Customers behind one price
    "break_even", "unravel", "Unravelling",
    # Using less when asked
    "baseline", "Baseline", "curtailment", "Curtailment", "net_benefit", "NetBenefit", "threshold_price", "option_value",
    # Many suppliers
    "sales_equilibrium", "SalesEquilibrium",
    # Neighbours, and the wires between them
    "kwh_ledger", "KwhLedger", "share_wires", "WireShares", "adoption_spiral", "AdoptionSpiral",
]  # fmt: skip
