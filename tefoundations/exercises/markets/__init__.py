"""Checks of the part Markets: one file a chapter."""

from tefoundations.exercises.markets import clearing_algorithms, double_auction, markets_quiz, mechanism_design, vcg

CHAPTERS = (double_auction, mechanism_design, clearing_algorithms, vcg, markets_quiz)
EXERCISES = tuple(exercise for chapter in CHAPTERS for exercise in chapter.EXERCISES)
