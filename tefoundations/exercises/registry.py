"""All exercises by name: one package a part, listed here."""

from tefoundations.exercises import grid, ledger, markets, paradigm, resources, strategy

PARTS = (paradigm, markets, grid, resources, strategy, ledger)
EXERCISES = {exercise.name: exercise for part in PARTS for exercise in part.EXERCISES}
