"""Checks of the part Resources: one file a chapter."""
