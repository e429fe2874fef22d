"""Trade between peers: who buys from whom matters, by a fee for the way or by a liking."""
