"""Forwards: power sold before it is made, how it is settled, and contracts on its price."""
