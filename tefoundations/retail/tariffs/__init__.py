"""What a kWh costs at the meter: tariffs and their bills, the pools behind one price, published records."""
