"""Consensus: how computers that do not trust each other keep one ledger; four families as seeded simulations.

Each family is a module with a function ``simulate``: ``proof_of_authority.simulate(payloads, count=5, silent=[2], rng=1)``.
The payloads that are put in order are opaque: bytes or canonical
values. What they mean is the business of those who wrote them. Time is in seconds throughout; every run is fixed by
its `rng`.

==================================  ================================================================================
What you want                       What to call
==================================  ================================================================================
votes of known replicas             `pbft`, with `Crash`, `Equivocate`, `LieAsNewLeader`, `Forge`, `WithholdCommits`
blocks by work, by stake, by turns  `proof_of_work`, `proof_of_stake`, `proof_of_authority`; each run a `ChainRun`
how likely a payment is reversed    `double_spend.exact`, `double_spend.original`, `double_spend.race`
delays, losses, partitions          `Links`, `Partition`
a swap between two ledgers          `is_safe`, `losing_schedules`
==================================  ================================================================================
"""

from tefoundations.ledger.consensus.blocks import BlockTree, SimBlock
from tefoundations.ledger.consensus.chain_run import ChainRun
from tefoundations.ledger.consensus.event_queue import Links, Partition
from tefoundations.ledger.consensus.hash_time_lock import is_safe, losing_schedules
from tefoundations.ledger.consensus.pbft.adversaries import Crash, Equivocate, Forge, LieAsNewLeader, WithholdCommits

__all__ = [
    "BlockTree",
    "ChainRun",
    "Crash",
    "Equivocate",
    "Forge",
    "LieAsNewLeader",
    "Links",
    "Partition",
    "SimBlock",
    "WithholdCommits",
    "is_safe",
    "losing_schedules",
]
