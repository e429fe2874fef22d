"""Learners: what the best plan is, what trial and error finds, and what two learners find together."""
