"""Automated market makers: a formula and its reserves are everybody's counterpart; amounts are whole numbers."""
