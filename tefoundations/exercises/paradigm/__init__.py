"""Checks of the part Paradigm: one file a chapter."""
