"""Networks from elsewhere, as the tables of `Network.from_frames`: MATPOWER and pandapower."""
