"""Checks of the part Strategy: one file a chapter."""
