"""Checks of the part Strategy: one file a chapter."""

from tefoundations.exercises.strategy import privacy

CHAPTERS = (privacy,)
EXERCISES = tuple(exercise for chapter in CHAPTERS for exercise in chapter.EXERCISES)
