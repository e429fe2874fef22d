"""Consensus: how computers that do not trust each other keep one ledger; four families as seeded simulations.

Each family is a module with a function ``simulate``: `proof_of_work`, `proof_of_stake`, `proof_of_authority` and `pbft`.
Beside them stand `event_queue` (time, delays, partitions), `adversaries` (what faulty replicas and a hostile network do),
`double_spend` (how likely a payment is reversed) and `hash_time_lock` (a swap between two ledgers). The payloads that are
put in order are opaque: bytes or canonical values. What they mean is the business of those who wrote them.

Time is in seconds throughout; every run is fixed by its `rng`.
"""
