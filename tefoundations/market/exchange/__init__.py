"""Continuous trade: orders arrive one by one and meet the best that stands."""
