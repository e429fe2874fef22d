"""Supply and demand as curves: what a price moves, where both meet, and what capacity costs."""
