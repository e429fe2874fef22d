"""Five published tariffs made by hand, each small enough that its bill can be added up on paper."""

ALWAYS = [[0] * 24] * 12
EVENING = [[0] * 16 + [1] * 5 + [0] * 3] * 12  # 16:00 to 21:00
SUMMER = [[0] * 24] * 5 + [[0] * 16 + [1] * 5 + [0] * 3] * 4 + [[0] * 24] * 3


def both(table, kind="energy"):
    return {f"{kind}weekdayschedule": table, f"{kind}weekendschedule": table}


FLAT = {
    "name": "flat",
    "energyratestructure": [[{"rate": 0.25, "unit": "kWh"}]],
    **both(ALWAYS),
    "fixedchargefirstmeter": 10,
}
EVENINGS = {
    "name": "evenings of weekdays", "energyratestructure": [[{"rate": 0.20}], [{"rate": 0.35, "adj": 0.05, "sell": 0.10}]],
    "energyweekdayschedule": EVENING, "energyweekendschedule": ALWAYS, "fixedchargefirstmeter": 0.5,
    "fixedchargeunits": "$/day", "utility": "a town", "dgrules": "Net Billing Instantaneous",
}  # fmt: skip
TIERS = {
    "name": "tiers", "energyratestructure": [[{"rate": 0.10, "max": 100}, {"rate": 0.20, "max": 300}, {"rate": 0.30}]],
    **both(ALWAYS),
}  # fmt: skip
POWER = {
    "name": "power", "energyratestructure": [[{"rate": 0.10}]], **both(ALWAYS),
    "demandratestructure": [[{"rate": 2.0}], [{"rate": 5.0, "max": 3}, {"rate": 9.0}]], **both(EVENING, "demand"),
    "demandrateunit": "kW", "flatdemandstructure": [[{"rate": 1.0}], [{"rate": 4.0}]],
    "flatdemandmonths": [0] * 5 + [1] * 4 + [0] * 3,
}  # fmt: skip
METERING = {
    "name": "meter runs backwards", **both(EVENING), "dgrules": "Net Metering",
    "energyratestructure": [[{"rate": 0.20, "sell": 0.04}], [{"rate": 0.40, "sell": 0.06}]],
}  # fmt: skip
RECORDS = (FLAT, EVENINGS, TIERS, POWER, METERING)
