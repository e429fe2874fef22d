"""Checks of the part Ledger: one file a chapter."""
