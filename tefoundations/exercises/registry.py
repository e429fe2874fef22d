"""All exercises by name: one package a part, listed here."""

from tefoundations.exercises import grid, markets, resources, strategy

PARTS = (markets, grid, resources, strategy)
EXERCISES = {exercise.name: exercise for part in PARTS for exercise in part.EXERCISES}
