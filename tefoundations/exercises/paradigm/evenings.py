"""Random evenings in a lane, in whole numbers a learner can follow by hand."""

WAYS = ("central dispatch", "time-of-use tariff", "demand response", "transactive market")


def traffic(rng):
    """(way, homes, steps, rounds, events): every way, small lanes, sometimes no event or a single round."""
    for way in WAYS:
        for number in range(12):
            homes, steps = int(rng.integers(2, 13)), int(rng.integers(2, 49))
            rounds = 1 if number % 4 == 0 else int(rng.integers(2, 7))
            yield way, homes, steps, rounds, 0 if number % 5 == 0 else int(rng.integers(2, 5))


def patience(rng):
    """(homes, reward): (kWh, least reward in ct) of each home; equal rewards, rewards met exactly and empty lists too."""
    for number in range(40):
        count = 0 if number % 13 == 12 else int(rng.integers(1, 8))
        top = 4 if number % 3 == 0 else 12  # few prices: some are equal
        homes = [(int(rng.integers(1, 12)), int(rng.integers(1, top))) for _ in range(count)]
        at = [least for _, least in homes]
        meets = at and number % 2
        yield homes, int(rng.choice(at)) if meets else int(rng.integers(0, 14)) + 0.5


def nights(rng):
    """(wanted, most, prices): kWh, kWh an hour, ct/kWh hour by hour; some equal prices, some too few hours."""
    for number in range(44):
        hours, most = int(rng.integers(2, 9)), int(rng.integers(1, 8))
        prices = rng.integers(10, 13 if number % 4 == 0 else 45, hours).tolist()
        wanted = int(rng.integers(1, most * hours + 1))
        if number % 9 == 8:
            wanted = most * hours + int(rng.integers(1, 6))
        yield 0 if number % 11 == 10 else wanted, most, prices
