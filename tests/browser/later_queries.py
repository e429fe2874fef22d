"""What readers of the later chapters on tariffs and markets type into the search, and the page that must come first."""

GOOD = "notebooks/paradigm/electricity_as_a_good"
CONTINUOUS = "notebooks/markets/bilateral_and_continuous"
PRICING = "notebooks/paradigm/dynamic_pricing"
RESPONSE = "notebooks/paradigm/demand_response"
RETAIL = "notebooks/paradigm/retail_competition"
EMISSIONS = "notebooks/grid/marginal_emissions"
FORWARDS = "notebooks/markets/forwards_and_settlement"
CONGESTION = "notebooks/grid/congestion_management"
SECURITY = "notebooks/grid/security"
UNCERTAINTY = "notebooks/grid/uncertainty"

LATER = {
    # Sold before it is made
    "forward contracts": FORWARDS,
    "forwards": FORWARDS,
    "two-settlement": FORWARDS,
    "imbalance price": FORWARDS,
    "dual pricing": FORWARDS,
    "balancing energy": FORWARDS,
    "hedging": FORWARDS,
    "contract for difference": FORWARDS,
    "CfD": FORWARDS,
    "call option": FORWARDS,
    "price cap": FORWARDS,
    "margin call": FORWARDS,
    "risk premium": FORWARDS,
    "exercises forwards": "exercises/markets/forwards_and_settlement",
}

# What a kWh costs at the meter, and what is paid for one that is not used
LATER |= dict.fromkeys((
    "dynamic pricing", "real-time pricing", "critical peak pricing", "CPP", "flat rate", "demand charge", "net billing",
    "two-part tariff", "cross-subsidy", "adverse selection", "coincidence factor", "URDB",
), PRICING)  # fmt: skip
LATER |= dict.fromkeys((
    "negawatt", "negawatts", "curtailment", "net benefits test", "Order 745", "baseline gaming", "inflated baseline",
    "customer baseline load", "option value",
), RESPONSE)  # fmt: skip
LATER |= {
    "dynamic pricing exercises": "exercises/paradigm/dynamic_pricing",
    "CalendarTariff": "book/api/retail",
    "demand response exercises": "exercises/paradigm/demand_response",
    "NetBenefit": "book/api/retail",
}

# Who supplies, and who pays for the wires
LATER |= dict.fromkeys((
    "retail competition", "retail choice", "switching supplier", "price dispersion", "Bertrand", "Varian", "sleeper",
    "reservation price", "death spiral", "grid defection", "network tariff", "coincident peak",
), RETAIL)  # fmt: skip
LATER |= {
    "retail competition exercises": "exercises/paradigm/retail_competition",
    "SalesEquilibrium": "book/api/retail",
}

# What a price is, and trade as orders come
LATER |= dict.fromkeys(("elasticity", "peak-load pricing", "scarcity price", "demand curve"), GOOD)
LATER |= dict.fromkeys((
    "continuous double auction", "limit order book", "price-time priority", "frequent batch auction", "distance fee",
), CONTINUOUS)  # fmt: skip

# Sold beyond the lines
LATER |= dict.fromkeys((
    "redispatch", "countertrading", "zonal pricing", "inc-dec game", "FTR", "financial transmission rights",
    "revenue adequacy", "virtual bidding", "non-wires alternative", "transmission expansion",
), CONGESTION)  # fmt: skip
LATER |= {
    "congestion management exercises": "exercises/grid/congestion_management",
    "RightsFit": "book/api/grid",
}

LATER |= {"paradigm quiz": "exercises/paradigm/paradigm_quiz"}

# A formula as counterpart
POOLS = "notebooks/markets/automated_market_makers"
TERMS = "automated market maker, AMM, constant product, liquidity pool, impermanent loss, StableSwap, slippage, scoring rule"
LATER |= dict.fromkeys([*TERMS.split(", "), "prediction market"], POOLS) | {
    "automated market makers exercises": "exercises/markets/automated_market_makers",
    "ConstantProduct": "book/api/market",
    "pool_day": "book/api/systems",
}

# What comes out of which chimney
LATER |= dict.fromkeys((
    "marginal emissions", "LME", "carbon cap", "cap and trade", "waterbed", "flow tracing", "carbon intensity",
    "co2",
), EMISSIONS)  # fmt: skip
LATER |= {
    "marginal emissions exercises": "exercises/grid/marginal_emissions",
    "traced_emissions": "book/api/grid",
}
# What must survive a loss
LATER |= dict.fromkeys((
    "N-1", "contingency", "SCOPF", "security-constrained", "LODF", "outage factor", "emergency rating", "single outage",
    "corrective security", "N-1-1", "SCLOPF",
), SECURITY)  # fmt: skip
LATER |= {"security exercises": "exercises/grid/security", "SecureDispatch": "book/api/grid"}
# Decided before the weather is known
LATER |= dict.fromkeys((
    "two-stage stochastic", "stochastic programming", "recourse", "EVPI", "VSS", "expected value of perfect information",
    "CVaR", "conditional value at risk", "scenario", "Benders decomposition", "out-of-sample",
), UNCERTAINTY)  # fmt: skip
LATER |= {"uncertainty exercises": "exercises/grid/uncertainty", "stochastic_opf": "book/api/grid"}
# Hours that stores couple
LATER |= dict.fromkeys(
    ("multi-period OPF", "storage on a network", "grid battery", "ramp rate"), "notebooks/grid/your_own_grid"
) | {"multi_period_opf": "book/api/grid"}
# Megavars
REACTIVE = "notebooks/grid/reactive_power"
LATER |= dict.fromkeys((
    "reactive price", "price of reactive power", "power factor", "inverter", "smart inverter", "volt-var control",
    "capability curve", "capacitor bank",
), REACTIVE) | {"reactive power exercises": "exercises/grid/reactive_power"}  # fmt: skip
# What homes may send
ENVELOPES = "notebooks/grid/operating_envelopes"
TERMS = "operating envelope, operating envelopes, dynamic operating envelope, DOE, export limit, hosting capacity"
MORE = ("neutral conductor", "voltage rise", "progressive filling", "three-phase")
LATER |= dict.fromkeys([*TERMS.split(", "), *MORE], ENVELOPES) | {
    "operating envelopes exercises": "exercises/grid/operating_envelopes",
    "export_limits": "book/api/grid",
}
# Power that is held back, and whether there is enough
ADEQUACY = "notebooks/grid/reserves_and_adequacy"
TERMS = "operating reserve, spinning reserve, inertia constant, droop, capacity credit, ELCC, LOLE, expected unserved energy"
LATER |= dict.fromkeys([*TERMS.split(", "), "missing money", "capacity market", "co-optimisation"], ADEQUACY) | {
    "reserves and adequacy exercises": "exercises/grid/reserves_and_adequacy",
    "ReserveDispatch": "book/api/grid",
    "capacity_credit": "book/api/grid",
}
LATER |= {"grid quiz": "exercises/grid/grid_quiz"}
