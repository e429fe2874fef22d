"""Storage arbitrage: plans for known prices and with forecasts, and what a stored kWh is worth."""
