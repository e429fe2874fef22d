"""What readers type into the search, and the page that must come first; the table was made before the search was mended."""

ONE, AUCTION, CLEARING, DESIGN, VCG = (
    "notebooks/paradigm/one_way_grid",
    "notebooks/markets/double_auction",
    "notebooks/markets/clearing_algorithms",
    "notebooks/markets/mechanism_design",
    "notebooks/markets/vcg",
)
WELFARE, FLOW, LMP, DLMP, OWN = (
    f"notebooks/grid/{name}"
    for name in ("welfare_optimization", "power_flow", "locational_prices", "distribution_prices", "your_own_grid")
)
STORAGE, PRIVACY = "notebooks/resources/storage_arbitrage", "notebooks/strategy/privacy"
HASHES, CONSENSUS, CONTRACTS, TOKENS = (
    f"notebooks/ledger/{name}" for name in ("cryptography", "consensus", "smart_contracts", "tokens")
)

QUERIES = {
    # Terms and their short forms
    "LMP": LMP,
    "locational marginal price": LMP,
    "nodal prices": LMP,
    "electricity price at a node": LMP,
    "congestion rent": LMP,
    "PTDF": LMP,
    "DLMP": DLMP,
    "feeder prices": DLMP,
    "voltage limit price": DLMP,
    "clearing price": AUCTION,
    "double auction": AUCTION,
    "order book": AUCTION,
    "pay-as-bid": AUCTION,
    "Pay as bid": AUCTION,
    "zero intelligence": AUCTION,
    "zero-intelligence traders": AUCTION,
    "uniform price": AUCTION,
    "block orders": CLEARING,
    "linked block": CLEARING,
    "convex hull pricing": CLEARING,
    "make-whole": CLEARING,
    "VOLL": CLEARING,
    "merit order": AUCTION,
    "elasticity": AUCTION,
    "individual rationality": DESIGN,
    "revenue equivalence": DESIGN,
    "incentive compatible": DESIGN,
    "Bayesian": DESIGN,
    "AGV": DESIGN,
    "trade reduction": DESIGN,
    "false names": VCG,
    "budget balance": DESIGN,
    "KKT": WELFARE,
    "lagrange multiplier": WELFARE,
    "Pareto front": WELFARE,
    "duality gap": WELFARE,
    "Newton-Raphson": FLOW,
    "load flow": FLOW,
    "reactive power": FLOW,
    "pandapower": OWN,
    "MATPOWER case": OWN,
    "battery": STORAGE,
    "rolling horizon": STORAGE,
    "round-trip efficiency": STORAGE,
    "differential privacy": PRIVACY,
    "smart meter privacy": PRIVACY,
    "secure aggregation": PRIVACY,
    # People
    "Vickrey": VCG,
    "Clarke": VCG,
    "McAfee": DESIGN,
    "Nakamoto": CONSENSUS,
    # The ledger
    "merkle tree": HASHES,
    "SHA-256": HASHES,
    "byzantine": CONSENSUS,
    "proof of stake": CONSENSUS,
    "gas": CONTRACTS,
    "smart contract": CONTRACTS,
    "ERC-20": TOKENS,
    "guarantees of origin": TOKENS,
    # The lane, the sheets, the package
    "peer-to-peer": ONE,
    "time of use tariff": ONE,
    "demand response": ONE,
    "exercises double auction": "exercises/markets/double_auction",
    "exercise vcg": "exercises/markets/vcg",
    "uniform_price": "book/api/market",
    "dc_opf": "book/api/grid",
    "OrderBook": "book/api/market",
    "install": "book/how_to_use",
    "nbgrader": "book/for_instructors",
}
