"""Checks of the part Grid: one file a chapter."""

from tefoundations.exercises.grid import distribution_prices, locational_prices, power_flow, welfare_optimization

CHAPTERS = (welfare_optimization, power_flow, locational_prices, distribution_prices)
EXERCISES = tuple(exercise for chapter in CHAPTERS for exercise in chapter.EXERCISES)
