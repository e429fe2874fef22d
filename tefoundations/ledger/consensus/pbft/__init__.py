"""Practical Byzantine fault tolerance: n known replicas, f of them arbitrarily faulty, one order of requests."""

from tefoundations.ledger.consensus.pbft.outcome import PBFTRun
from tefoundations.ledger.consensus.pbft.simulation import messages_per_request, most_faulty, quorum, simulate

__all__ = ["PBFTRun", "messages_per_request", "most_faulty", "quorum", "simulate"]
