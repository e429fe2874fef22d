"""All exercises by name: one package a part, listed here."""

from tefoundations.exercises import markets

PARTS = (markets,)
EXERCISES = {exercise.name: exercise for part in PARTS for exercise in part.EXERCISES}
