"""Cases for the exercises of consensus: votes, sizes of clusters, and what a replica has heard."""

MEMBERS = ("bakery", "clinic", "home1", "home2", "home5", "school", "shop")
TRADES = ("A", "B", "C")


def votes(rng):
    """Lists of (replica, view, place, trade, is the signature good), repeats, forgeries and later views among them."""
    for _ in range(80):
        count = int(rng.integers(0, 7))
        cast = []
        for _ in range(count):
            who, view = str(rng.choice(MEMBERS)), int(rng.integers(0, 2))
            place, trade, good = int(rng.integers(1, 3)), str(rng.choice(TRADES)), bool(rng.random() < 0.8)
            cast.append((who, view, place, trade, good))
            if rng.random() < 0.55:
                other = str(rng.choice([name for name in TRADES if name != trade]))
                kind = int(rng.integers(6))
                cast.append({
                    0: (who, view, place, trade, good), 1: (who, view + 1, place, other, True),
                    2: (who, view, place, other, False), 3: (who, view, place + 2, other, True),
                    4: (who, view, place, other, True), 5: (who, view, place, other, good),
                }[kind])  # fmt: skip
        yield ([cast[int(k)] for k in rng.permutation(len(cast))],)


def sizes(rng):
    """Numbers of replicas and of faults, around the limit of a third."""
    for _ in range(56):
        f = int(rng.integers(0, 7))
        yield max(1, 3 * f + int(rng.integers(-2, 5))), f


def heard(rng):
    """The own view, what was heard as (replica, view), the number of replicas and of faults."""
    for _ in range(80):
        f = int(rng.integers(1, 4))
        n = 3 * f + int(rng.integers(1, 4))
        view = int(rng.integers(1, 5))
        # Most are further on, or many are behind, or only few are heard.
        ahead, here, count = [(0.9, 0.95, n), (0.2, 0.6, n), (0.25, 0.85, int(rng.integers(1, n + 1)))][int(rng.integers(3))]
        told = [(0, view)]
        for who in (1 + rng.permutation(n - 1)[: count - 1]).tolist():
            toss = rng.random()
            told.append((who, view + 1 if toss < ahead else view if toss < here else view - 1))
        if rng.random() < 0.4:
            told += [told[int(rng.integers(len(told)))] for _ in range(int(rng.integers(1, 4)))]
        yield view, [told[int(k)] for k in rng.permutation(len(told))], n, f
