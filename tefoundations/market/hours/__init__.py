"""Many hours at once: blocks, energy that may come in any of several hours, the day-ahead auction."""
