"""Checks of the part Markets: one file a chapter."""

from tefoundations.exercises.markets import double_auction, mechanism_design

CHAPTERS = (double_auction, mechanism_design)
EXERCISES = tuple(exercise for chapter in CHAPTERS for exercise in chapter.EXERCISES)
