"""Radial feeders: sweeps, the linear model, and the optimal dispatch as a cone programme."""
