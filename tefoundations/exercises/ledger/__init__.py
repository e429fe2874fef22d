"""Checks of the part Ledger: one file a chapter."""

from tefoundations.exercises.ledger import consensus, cryptography

CHAPTERS = (cryptography, consensus)
EXERCISES = tuple(exercise for chapter in CHAPTERS for exercise in chapter.EXERCISES)
