"""Operating envelopes: how much each home of a feeder may send whatever the others do, and what its phases change."""
