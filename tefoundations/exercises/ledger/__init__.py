"""Checks of the part Ledger: one file a chapter."""

from tefoundations.exercises.ledger import consensus, cryptography, smart_contracts, tokens

CHAPTERS = (cryptography, consensus, smart_contracts, tokens)
EXERCISES = tuple(exercise for chapter in CHAPTERS for exercise in chapter.EXERCISES)
