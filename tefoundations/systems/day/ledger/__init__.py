"""The ledger plane of a day: the contract that bills it, and those who check the bill."""
