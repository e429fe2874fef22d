"""Tokens: alike, one of a kind, and credits for energy delivered."""
