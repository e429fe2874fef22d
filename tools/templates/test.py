"""The chapter CHAPTER: its answers against a second formulation."""

import numpy as np

from tefoundations.exercises.registry import EXERCISES


def test_bills_are_scalar_products(solutions):
    for prices, taken in EXERCISES["CHAPTER/bill"].cases("public"):
        assert np.isclose(solutions["CHAPTER/bill"](prices, taken), np.dot(prices, taken))
