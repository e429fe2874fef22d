"""Runs inside PySAM's own environment: a year's bill of each tariff record, and the median seconds it takes, as JSON."""

import json
import statistics
import sys
import time
from pathlib import Path

import PySAM.Utilityrate5 as utility_rate

NO_END = 1e38
METERING = {"Net Metering": 1, "Net Billing Instantaneous": 2, "Buy All Sell All": 4}  # 1: what is left over is paid in $
ALWAYS = [[0] * 24] * 12


def tiers(structure):
    """Rows of period and tier, counted from 1, where it ends, and its prices; the peer wants all periods to end alike."""
    ends = sorted({min(each.get("max", NO_END), NO_END) for parts in structure for each in parts})
    rows = []
    for period, parts in enumerate(structure, 1):
        for tier, end in enumerate(ends, 1):
            rows.append((period, tier, end, next(each for each in parts if each.get("max", NO_END) >= end)))
    return rows


def counted(schedule):
    return [[period + 1 for period in month] for month in schedule]


def model(record, load, gen):
    """The peer's model of a record, filled and not run."""
    made = utility_rate.new()
    made.Lifetime.analysis_period, made.Lifetime.system_use_lifetime_output, made.Lifetime.inflation_rate = 1, 0, 0
    made.SystemOutput.degradation, made.SystemOutput.gen, made.Load.load = [0], gen, load
    rates = made.ElectricityRates
    rates.en_electricity_rates, rates.ur_metering_option = 1, METERING[record.get("dgrules", "Net Billing Instantaneous")]
    rates.ur_monthly_fixed_charge, rates.ur_nm_yearend_sell_rate, rates.ur_en_ts_sell_rate = 0, 0, 0
    rates.ur_nm_credit_month, rates.ur_nm_credit_rollover = 11, 0
    rates.ur_ec_sched_weekday = counted(record["energyweekdayschedule"])
    rates.ur_ec_sched_weekend = counted(record["energyweekendschedule"])
    rates.ur_ec_tou_mat = [
        [period, tier, top, 0, each.get("rate", 0) + each.get("adj", 0), each.get("sell", 0)]
        for period, tier, top, each in tiers(record["energyratestructure"])
    ]
    rates.ur_dc_enable = int("demandratestructure" in record or "flatdemandstructure" in record)
    if rates.ur_dc_enable:
        rates.ur_dc_sched_weekday = counted(record.get("demandweekdayschedule", ALWAYS))
        rates.ur_dc_sched_weekend = counted(record.get("demandweekendschedule", ALWAYS))
        power = record.get("demandratestructure", [[{"rate": 0}]])
        rates.ur_dc_tou_mat = [[period, tier, top, each["rate"]] for period, tier, top, each in tiers(power)]
        flat, months = record.get("flatdemandstructure", [[{"rate": 0}]]), record.get("flatdemandmonths", [0] * 12)
        rates.ur_dc_flat_mat = [
            [month, tier, min(each.get("max", NO_END), NO_END), each["rate"]]
            for month, period in enumerate(months)
            for tier, each in enumerate(flat[period], 1)
        ]
    return made


def main(file, runs):
    given = json.loads(Path(file).read_text())
    found = []
    for record in given["records"]:
        made, seconds = model(record, given["load"], given["gen"]), []
        for _ in range(runs):
            start = time.perf_counter()
            made.execute(0)
            seconds.append(time.perf_counter() - start)
        out = made.Outputs
        demand = sum(out.year1_monthly_dc_fixed_with_system) + sum(out.year1_monthly_dc_tou_with_system)
        energy = sum(out.year1_monthly_ec_charge_with_system)
        found.append({"seconds": statistics.median(seconds), "energy": energy, "demand": demand})
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
