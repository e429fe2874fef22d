"""Customers who use less when they are asked to, what they are paid for it, and against which baseline."""
