"""The linear network: flows, sensitivities, the optimal dispatch and its prices, many hours of it."""
