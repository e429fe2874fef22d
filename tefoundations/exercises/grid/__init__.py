"""Checks of the part Grid: one file a chapter."""
