"""Published tariff records, as the Utility Rate Database writes them: what is read, and what is refused by its key."""

from collections.abc import Mapping

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import instance, not_negative, number, sequence
from tefoundations.retail.tariffs.calendars import BY_HOUR, CalendarTariff
from tefoundations.words import listed, shown

CENTS = 100.0  # ct in a dollar
NETTING = {
    "Net Metering": "net metering", "Net Billing Instantaneous": "net billing", "Net Billing Hourly": BY_HOUR,
    "Buy All Sell All": "buy all, sell all",
}  # fmt: skip
FIXED = {"$/month": ("month", 1.0), "$/day": ("day", 1.0), "$/year": ("month", 1 / 12)}
READ = {
    "energyratestructure", "energyweekdayschedule", "energyweekendschedule", "demandratestructure", "demandweekdayschedule",
    "demandweekendschedule", "demandrateunit", "flatdemandstructure", "flatdemandmonths", "flatdemandunit", "demandwindow",
    "fixedchargefirstmeter", "fixedchargeunits", "dgrules", "name",
}  # fmt: skip
# Who, where, since when, for whom: nothing of it changes a bill.
LABELS = {
    "label", "uri", "utility", "eiaid", "sector", "servicetype", "description", "source", "sourceparent", "sourcereference",
    "startdate", "enddate", "approved", "revisions", "country", "is_default", "supersedes", "basicinformationcomments",
    "energycomments", "demandcomments", "voltagecategory", "voltageminimum", "voltagemaximum", "phasewiring",
    "usenetmetering", "peakkwcapacitymin", "peakkwcapacitymax", "peakkwhusagemin", "peakkwhusagemax", "rateclass",
}  # fmt: skip


def read_record(record):
    """A `CalendarTariff` of a record; every key is read, a label, or refused."""
    record = instance(record, Mapping, "record", advice="the keys of one published tariff")
    for key in ("energyratestructure", "energyweekdayschedule", "energyweekendschedule"):
        if key not in record:
            raise InvalidInput(f"{key} is missing, and without it there is no price for a kWh")
    for key, value in record.items():
        if key not in READ | LABELS and _there(value):
            raise InvalidInput(
                f"{key}: {shown(value)} would change the bill, and cannot be expressed; known are {listed(sorted(READ), 20)}"
            )
    energy = _structure(record, "energyratestructure", ("kWh",), signed=True)
    netting = record.get("dgrules")
    if netting is not None and (not isinstance(netting, str) or netting not in NETTING):
        raise InvalidInput(f"dgrules: {shown(netting)} is not one of {', '.join(NETTING)}")
    rule = NETTING.get(netting, "net billing")
    limits = {tuple(up for up, _, _ in tiers) for tiers in energy}
    if rule == "net metering" and len(limits) > 1:
        raise InvalidInput(
            "energyratestructure: under Net Metering all periods must have the same tiers: the month's balance has no order"
        )
    demand = _structure(record, "demandratestructure", ("kW",)) if _there(record.get("demandratestructure")) else ()
    flat = _structure(record, "flatdemandstructure", ("kW",)) if _there(record.get("flatdemandstructure")) else ()
    for key in ("demandrateunit", "flatdemandunit"):
        if _there(record.get(key)) and record[key] != "kW":
            raise InvalidInput(f"{key}: {shown(record[key])} cannot be expressed; power is charged by the kW of a month")
    units = record.get("fixedchargeunits", "$/month")
    if not isinstance(units, str) or units not in FIXED:
        raise InvalidInput(f"fixedchargeunits: {shown(units)} is not one of {', '.join(FIXED)}")
    per, share = FIXED[units]
    first = number(record.get("fixedchargefirstmeter", 0), "fixedchargefirstmeter", unit="($)")
    window = record.get("demandwindow")
    return CalendarTariff(
        str(record.get("name", "tariff")), energy, _both_days(record, "energy", len(energy)), rule,
        (CENTS * first * share, per), demand,
        _both_days(record, "demand", len(demand)) if demand else np.zeros((2, 12, 24), int),
        flat, _months(record.get("flatdemandmonths", [0] * 12), len(flat)) if flat else np.zeros(12, int),
        None if window is None else number(window, "demandwindow", above=0, unit="of minutes"),
    )  # fmt: skip


def _there(value):
    """Is something said? 0, an empty list and a list of zeros say nothing."""
    if isinstance(value, (str, Mapping)):
        return bool(value)
    if isinstance(value, (list, tuple)):
        return any(_there(part) for part in value)
    return value is not None and value is not False and not (isinstance(value, (int, float)) and value == 0)


def _structure(record, key, units, *, signed=False):
    periods = []
    for p, tiers in enumerate(sequence(record[key], key, of="periods")):
        found, low = [], 0.0
        given = sequence(tiers, f"{key}[{p}]", of="tiers")
        for t, tier in enumerate(given):
            place = f"{key}[{p}][{t}]"
            tier = instance(tier, Mapping, place, advice="rate, and adj, sell, max, unit where there are any")
            for word in set(tier) - {"rate", "adj", "sell", "max", "unit"}:
                raise InvalidInput(f"{place}: {word} cannot be expressed")
            if not isinstance(tier.get("unit", units[0]), str) or tier.get("unit", units[0]) not in units:
                raise InvalidInput(f"{place}: unit {shown(tier['unit'])} cannot be expressed; it must be {units[0]}")
            rate, adjusted, sell = (
                number(tier.get(word, 0.0), f"{place}: {word}", unit="($)") for word in ("rate", "adj", "sell")
            )
            if rate + adjusted < 0 and not signed:
                raise InvalidInput(f"{place}: rate {rate + adjusted:g} must not be negative")
            top = (
                np.inf
                if t == len(given) - 1 and "max" not in tier
                else not_negative(tier.get("max", 0.0), f"{place}: max", infinite=True)
            )
            if top <= low:
                raise InvalidInput(f"{place}: max {top:g} must be above {low:g}, where the tier begins")
            found.append((top, CENTS * (rate + adjusted), CENTS * sell))
            low = top
        if not found:
            raise InvalidInput(f"{key}[{p}] has no tier")
        found[-1] = (np.inf, *found[-1][1:]) if found[-1][0] >= 1e38 else found[-1]
        if np.isfinite(found[-1][0]):
            raise InvalidInput(
                f"{key}[{p}]: nothing is said beyond {found[-1][0]:g} {units[0]}; the last tier must have no max"
            )
        periods.append(tuple(found))
    return tuple(periods)


def _both_days(record, kind, count):
    return np.stack([_schedule(record, f"{kind}{day}schedule", count) for day in ("weekday", "weekend")])


def _schedule(record, key, count):
    table = np.zeros((12, 24), int)
    months = sequence(record.get(key, ()), key, of="months")
    if len(months) != 12:
        raise InvalidInput(f"{key} must be 12 months, not {len(months)}")
    for m, month in enumerate(months):
        hours = sequence(month, f"{key}[{m}]", of="hours")
        if len(hours) != 24:
            raise InvalidInput(f"{key}[{m}] must be 24 hours, not {len(hours)}")
        table[m] = [_period(value, f"{key}[{m}][{h}]", count) for h, value in enumerate(hours)]
    return table


def _months(values, count):
    given = sequence(values, "flatdemandmonths", of="months")
    if len(given) != 12:
        raise InvalidInput(f"flatdemandmonths must be 12 periods, not {len(given)}")
    return np.array([_period(value, f"flatdemandmonths[{m}]", count) for m, value in enumerate(given)])


def _period(value, place, count):
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)) or not 0 <= value < count:
        raise InvalidInput(f"{place}: {shown(value)} is no period; there are {count}, counted from 0")
    return int(value)
