"""Checks of the part Markets: one file a chapter."""
