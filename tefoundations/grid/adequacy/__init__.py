"""Whether there is enough: the chance of a shortage, what a resource adds against it, and what pays to be built."""
