"""Grading a class, and assembling what it is given."""
