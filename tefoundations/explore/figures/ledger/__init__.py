"""Figures of trees, chains, logs and messages."""
