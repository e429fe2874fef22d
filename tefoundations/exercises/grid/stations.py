"""Random hours for the exercises on welfare: stations, a load and a cap on carbon, in numbers a learner can follow by hand."""


def candidates(rng):
    """Markets built from their answer, so that all numbers are round; most answers are then spoilt in one or two places."""
    for number in range(54):
        stations, plan, low, up = [], [], [], []
        price = int(rng.integers(-12, 0) if number % 9 == 4 else rng.integers(15, 45))
        tonne = int(rng.integers(2, 15)) if rng.random() < 0.5 else 0
        for _ in range(int(rng.integers(1, 5))):
            most, slope, e = (
                int(rng.integers(4, 13)) * 5,
                float(rng.choice([0.25, 0.5, 1.0])),
                float(rng.choice([0.0, 0.5, 1.0])),
            )
            end = rng.choice(["low", "inside", "up"], p=[0.25, 0.5, 0.25])
            g = {"low": 0, "inside": int(rng.integers(1, most // 2)) * 2, "up": most}[end]
            below, above = (int(rng.integers(0, 8)) if end == each else 0 for each in ("low", "up"))
            stations.append((price - slope * g - e * tonne + below - above, slope, most, e))
            plan.append(g), low.append(below), up.append(above)
        emitted = sum(e * g for (*_, e), g in zip(stations, plan))
        case = [stations, sum(plan), emitted if tonne else emitted + int(rng.integers(0, 9)), plan, price, tonne, low, up]
        for _ in range(min(number % 4, 2)):
            _spoil(rng, case)
        yield tuple(case)


def _spoil(rng, case):
    """Change one thing: load, cap, price or an output by a step, or set the price of a tonne or a multiplier to it."""
    place, step = int(rng.choice([1, 2, 3, 4, 5, 6, 7])), int(rng.choice([-7, -4, -2, 3, 5, 8]))
    if place == 5:
        case[place] = step
    elif place in (1, 2, 4):
        case[place] += step
    else:
        row = int(rng.integers(len(case[place])))
        case[place][row] = step + (case[place][row] if place == 3 else 0)


def emissions(stations, load, tax, ties=1):
    """Tonnes of the cheapest plan under a tax; in ties the cleanest goes first, with -1 the dirtiest."""
    emitted = 0.0
    for _, most, e in sorted(stations, key=lambda s: (s[0] + tax * s[2], ties * s[2])):
        power = min(most, load)
        emitted, load = emitted + power * e, load - power
    return emitted


def switches(stations):
    """Zero, and every tax at which two stations cost the same."""
    every = {(a[0] - b[0]) / (b[2] - a[2]) for a in stations for b in stations if b[2] > a[2]}
    return [0.0, *sorted(tax for tax in every if tax > 0)]


def capped(rng):
    """(stations, load, cap): stations in blocks; all numbers are halves or quarters, so that ties are exact."""
    for number in range(48):
        count = int(rng.integers(2, 6))
        intensity = [float(e) for e in rng.choice([0.0, 0.5, 1.0], count)]
        if number % 3:
            intensity[:2] = [1.0, 0.5]
        costs = [int(x) / 2 - int(12 * e) for x, e in zip(rng.integers(40, 120, count), intensity)]
        stations = [(cost, int(rng.integers(2, 9)) * 10, e) for cost, e in zip(costs, intensity)]
        load = int(rng.integers(2, max(3, sum(most for _, most, _ in stations) // 10))) * 10
        most, least = emissions(stations, load, 0), emissions(stations, load, 1e6)
        cap = least + (most - least) * float(rng.random())
        cap = round(cap) + 0.25
        if number % 8 == 3:
            cap = emissions(stations, load, float(rng.choice(switches(stations))))
        elif number % 8 == 5:
            cap = least - 2.0
        elif number % 8 == 7:
            cap = most + float(rng.integers(0, 5))
        if cap >= 0:
            yield stations, load, cap
