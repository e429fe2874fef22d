"""What a market has sold beyond its lines: undone, paid for, insured, and made room for."""
