"""Checks of the part Paradigm: one file a chapter."""

from tefoundations.exercises.paradigm import one_way_grid

CHAPTERS = (one_way_grid,)
EXERCISES = tuple(exercise for chapter in CHAPTERS for exercise in chapter.EXERCISES)
