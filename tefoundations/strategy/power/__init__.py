"""Market power: how concentrated a market is, what a seller finds of it, and the offer that earns it most."""
