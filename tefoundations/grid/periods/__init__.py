"""Hours that hang together: stores that fill and empty on a network, and generators that move no faster than their ramps."""
