"""Decisions before the weather is known: scenarios, one schedule for all of them, and what knowing more is worth."""
