"""One day of a community on its feeder, in eight steps and on three planes: physical, market and ledger."""
