"""The full network: voltages, losses, reactive power, and the optimal dispatch with them."""
