"""Programs that every node runs, what they cost, and those that settle trades and open sealed bids."""
