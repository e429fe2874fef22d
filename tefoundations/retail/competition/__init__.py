"""Many suppliers and one set of wires: margins, sleepers, and who pays when neighbours trade."""
