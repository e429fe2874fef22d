"""Transactions and blocks, and the chain of them."""
