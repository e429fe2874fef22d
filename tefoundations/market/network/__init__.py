"""Books on a network: one price a bus, VCG, and the question whether a clearing can be delivered."""
