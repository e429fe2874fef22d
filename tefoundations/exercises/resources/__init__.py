"""Checks of the part Resources: one file a chapter."""

from tefoundations.exercises.resources import storage_arbitrage

CHAPTERS = (storage_arbitrage,)
EXERCISES = tuple(exercise for chapter in CHAPTERS for exercise in chapter.EXERCISES)
