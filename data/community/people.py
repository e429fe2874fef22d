"""Who lives on the feeder, what they own, what power is worth to them, and the cables between them.

Plain tables, read by build.py; README.md gives the source of each column.
"""

# agent, name, kind, bus, BDEW profile, kWh/a (without heat pump and car), power factor
MEMBERS = [
    ("clinic", "Health centre with ten beds", "clinic", 2, "g3", 65000, 0.95),
    ("school", "Primary school", "school", 3, "g1", 32000, 0.95),
    ("bakery", "Bakery", "bakery", 4, "g5", 38000, 0.95),
    ("home1", "Couple next to the bakery", "household", 4, "h0_dyn", 3100, 0.97),
    ("home2", "Flat of one", "household", 5, "h0_dyn", 2500, 0.97),
    ("home3", "Family with a west roof", "household", 5, "h0_dyn", 4200, 0.97),
    ("home4", "Family with a heat pump", "household", 6, "h0_dyn", 3600, 0.97),
    ("home5", "Retired couple", "household", 7, "h0_dyn", 2800, 0.97),
    ("home6", "Commuters with an electric car", "household", 8, "h0_dyn", 3400, 0.97),
    ("home7", "Couple with an old roof and a fuel cell", "household", 8, "h0_dyn", 3000, 0.97),
    ("home8", "Tenant family of five", "household", 9, "h0_dyn", 4300, 0.97),
    ("home9", "Family with the largest battery", "household", 9, "h0_dyn", 3300, 0.97),
    ("shop", "Farm shop at the end of the lane", "shop", 10, "g4", 16000, 0.95),
]

# agent: kWp, tilt (degrees), azimuth (degrees, 180 = south, 270 = west)
ROOFS = {
    "clinic": (15.0, 15, 180),
    "school": (20.0, 10, 200),
    "bakery": (9.9, 35, 150),
    "home1": (7.5, 40, 175),
    "home3": (6.0, 40, 265),
    "home4": (9.9, 35, 195),
    "home6": (9.9, 30, 225),
    "home7": (5.0, 45, 180),
    "home9": (10.0, 35, 210),
    "shop": (34.5, 20, 190),
}

# agent: kWh usable, kW, charge efficiency, discharge efficiency
BATTERIES = {
    "home1": (7.5, 3.5, 0.96, 0.96),
    "home4": (10.0, 5.0, 0.95, 0.95),
    "home9": (12.0, 6.0, 0.95, 0.96),
}

# agent: kW electric, and for each day the hours (from, to) in which heat is wanted and the unit runs
CHP = {
    "school": (9.0, {"winter": (5, 21)}),
    "bakery": (5.5, {"summer": (3, 11), "winter": (3, 20), "holiday": (3, 11)}),
    "home7": (0.75, {"winter": (6, 23), "holiday": (6, 23)}),
}

# agent: kWh of the car's battery, kW of the charger,
# and for each day (arrival, departure next morning, kWh wanted at the plug)
CARS = {
    "home6": (
        58.0,
        11.0,
        {"summer": ("17:30", "07:00", 13.5), "winter": ("17:30", "07:00", 19.0), "holiday": ("17:30", "07:00", 16.0)},
    ),
    "shop": (
        45.0,
        11.0,
        {"summer": ("18:30", "06:30", 15.0), "winter": ("18:30", "06:30", 21.0)},
    ),  # the van; idle on the holiday
}

# agent: heat loss of the house (kW per kelvin), hot water (kWh of heat a day)
HEAT_PUMPS = {"home4": (0.16, 5.0)}

# agent: tariff, feed-in payment (0: has nothing to feed in), cost of selling from roof, CHP, battery; all ct/kWh
PRICES = {
    "clinic": (27.4, 12.0, 1.2, 0.0, 0.0),
    "school": (29.1, 7.6, 1.5, 13.2, 0.0),
    "bakery": (26.2, 8.1, 0.9, 15.4, 0.0),
    "home1": (33.8, 8.2, 0.6, 0.0, 5.0),
    "home2": (39.2, 0.0, 0.0, 0.0, 0.0),
    "home3": (34.6, 7.7, 1.9, 0.0, 0.0),
    "home4": (31.5, 8.1, 2.3, 0.0, 6.4),
    "home5": (37.9, 0.0, 0.0, 0.0, 0.0),
    "home6": (30.9, 9.9, 0.5, 0.0, 0.0),
    "home7": (35.3, 12.6, 0.8, 16.8, 0.0),
    "home8": (36.4, 0.0, 0.0, 0.0, 0.0),
    "home9": (32.7, 6.8, 1.4, 0.0, 4.1),
    "shop": (30.3, 11.9, 0.6, 0.0, 0.0),
}

# agent: (share, value in ct/kWh) of the essential, normal and flexible part of what is used
VALUES = {
    "clinic": ((0.60, 2500.0), (0.32, 300.0), (0.08, 19.5)),
    "school": ((0.25, 400.0), (0.63, 70.0), (0.12, 16.0)),
    "bakery": ((0.50, 900.0), (0.35, 140.0), (0.15, 17.5)),
    "home1": ((0.30, 520.0), (0.50, 62.0), (0.20, 21.0)),
    "home2": ((0.40, 480.0), (0.50, 58.0), (0.10, 24.5)),
    "home3": ((0.30, 560.0), (0.45, 66.0), (0.25, 18.2)),
    "home4": ((0.30, 540.0), (0.45, 64.0), (0.25, 22.3)),
    "home5": ((0.45, 620.0), (0.45, 55.0), (0.10, 26.0)),
    "home6": ((0.25, 500.0), (0.50, 72.0), (0.25, 23.6)),
    "home7": ((0.35, 510.0), (0.50, 60.0), (0.15, 20.4)),
    "home8": ((0.35, 600.0), (0.40, 68.0), (0.25, 25.1)),
    "home9": ((0.30, 530.0), (0.45, 61.0), (0.25, 15.7)),
    "shop": ((0.45, 350.0), (0.40, 80.0), (0.15, 14.0)),
}

# bus, name, metres east and north of the transformer (for drawing)
BUSES = [
    (0, "20 kV grid", -30, 0),
    (1, "transformer busbar", 0, 0),
    (2, "clinic", 80, 0),
    (3, "school", 150, 0),
    (4, "market square", 210, 0),
    (5, "upper street 1", 270, 0),
    (6, "upper street 2", 340, 0),
    (7, "upper street 3", 400, 0),
    (8, "lane 1", 210, -90),
    (9, "lane 2", 210, -160),
    (10, "lane end", 210, -220),
]

# cable: ohm per km, ohm per km, ampere; NAYY-J 0.6/1 kV with aluminium conductors, laid in earth
CABLES = {"NAYY 4x150": (0.208, 0.080, 270), "NAYY 4x50": (0.642, 0.083, 142)}

# from bus, to bus, cable, metres, ampere of the fuse at its head
LINES = [
    (1, 2, "NAYY 4x150", 80, 160),
    (2, 3, "NAYY 4x150", 70, 160),
    (3, 4, "NAYY 4x150", 60, 160),
    (4, 5, "NAYY 4x150", 60, 100),
    (5, 6, "NAYY 4x50", 70, 63),
    (6, 7, "NAYY 4x50", 60, 63),
    (4, 8, "NAYY 4x50", 90, 50),
    (8, 9, "NAYY 4x50", 70, 50),
    (9, 10, "NAYY 4x50", 60, 50),
]

# g of carbon dioxide a kWh from outside, hour by hour of the clock, on each of the three days: written by us, in the shape
# of a system with much sun at noon and gas and coal in the evening
CARBON = [320] * 6 + [380, 420, 400, 330, 260, 210, 180, 180, 200, 260, 340, 420, 480, 500, 480, 440, 380, 340]

# kVA, short-circuit voltage (%), load losses at rated current (W): an ordinary 20/0.4 kV oil transformer
TRANSFORMER = (100, 4.0, 1750)
