"""The physical plane of a day: the feeder, what is stored, what flows and what the meters read."""
