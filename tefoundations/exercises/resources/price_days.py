"""Random prices and batteries of whole kWh, in round numbers a learner can follow by hand."""

EFFICIENCIES = (0.9, 0.8, 0.75, 0.5)


def _prices(rng, count, least=5, most=45):
    return rng.integers(least, most, count).tolist()


def _losses(rng, lossless=False):
    return (1.0, 1.0) if lossless else tuple(float(each) for each in rng.choice(EFFICIENCIES, 2))


def hours_to_trade(rng):
    """(prices, eta_c, eta_d, wear): rising, falling and mixed prices, few of them, some below zero."""
    for number in range(36):
        prices = _prices(rng, int(rng.integers(2, 8)))
        if number % 6 == 0:
            prices = sorted(prices, reverse=True)
        yield prices, *_losses(rng), int(rng.integers(0, 6))
    for _ in range(8):
        yield _prices(rng, int(rng.integers(2, 6)), -30, 30), *_losses(rng), int(rng.integers(0, 6))
    for count in (0, 1, 1):
        yield _prices(rng, count), *_losses(rng), 1


def days(rng):
    """(prices, energy, power, eta_c, eta_d): stores of a few kWh, full in an hour or in several, prices of any sign."""
    for number in range(36):
        energy = int(rng.integers(1, 6))
        power = energy + 1 if number % 6 == 0 else int(rng.integers(1, energy + 1))
        yield _prices(rng, int(rng.integers(3, 8))), energy, power, *_losses(rng)
    for _ in range(12):
        energy = int(rng.integers(2, 5))
        yield _prices(rng, int(rng.integers(3, 7)), -40, 30), energy, int(rng.integers(1, energy + 1)), *_losses(rng)
    yield [], 2, 1, 0.9, 0.9
    yield [], 1, 1, 1.0, 1.0


def days_with_some_stored(rng):
    """(prices, stored, energy, power, eta_c, eta_d): between one kWh and room for one more is stored; prices from zero."""
    for number in range(48):
        energy = int(rng.integers(2, 7))
        stored = int(rng.integers(1, energy))
        prices = _prices(rng, int(rng.integers(2, 8)), 0)
        if number % 8 == 0:
            prices = [int(rng.integers(5, 40))] * len(prices)
        yield prices, stored, energy, int(rng.integers(1, 4)), *_losses(rng, number % 4 == 0)
