"""Random publications, worlds, queries and masked messages, in round numbers a learner can follow by hand."""

QUERIES = ("total", "profile", "peak", "histogram", "mean")
GROUPS = ("upper street", "lane", "square")


def publications(rng):
    """(query, low, high, readings, meters, neighbours, epsilon); a mean comes with "replace" only."""
    for number in range(60):
        query = QUERIES[number % 5]
        high = int(rng.integers(1, 7))
        low = 0 if number % 3 else -int(rng.integers(1, 9))
        neighbours = "replace" if query == "mean" or rng.integers(2) else "remove"
        readings, meters = int(rng.choice([4, 24, 48, 96])), int(rng.choice([3, 10, 50, 200]))
        yield query, low, high, readings, meters, neighbours, float(rng.choice([0.1, 0.2, 0.5, 2, 4]))


def worlds(rng):
    """(p, q): chances of up to five outcomes in two worlds, some of them zero."""
    for number in range(45):
        outcomes = int(rng.integers(2, 6))
        p, q = (_chances(rng, outcomes) for _ in range(2))
        if number % 5 == 0 and outcomes > 2:  # an outcome that only one world has; q has it at times
            gone = int(rng.integers(outcomes))
            one = p if number % 2 else q
            one[gone - 1] = round(one[gone - 1] + one[gone], 2)
            one[gone] = 0.0
        if number % 7 == 0:
            p, q = [*p, 0.0], [*q, 0.0]
        yield p, list(p) if number % 11 == 0 else q


def _chances(rng, outcomes):
    """Hundredths above zero that add up to 1."""
    cuts = sorted(int(cut) for cut in rng.choice(range(1, 100), outcomes - 1, replace=False))
    return [(high - low) / 100 for low, high in zip([0, *cuts], [*cuts, 100])]


def accounts(rng):
    """(groups, total, queries): which group is asked, or all, and what it costs, in hundredths of epsilon."""
    for number in range(50):
        groups = list(GROUPS[: int(rng.integers(1, 4))])
        total, queries = int(rng.integers(5, 13)) * 10, []
        for _ in range(int(rng.integers(2, 9))):
            whom = "all" if rng.integers(4) == 0 else groups[int(rng.integers(len(groups)))]
            queries.append((whom, int(rng.integers(1, 7)) * 10))
        yield groups, total, queries
    yield ["lane"], 100, []
    yield ["lane", "square"], 50, []


def rounds(rng):
    """(sent, shared, size): masked messages of which some are None, and who shares which mask."""
    for number in range(55):
        meters = int(rng.integers(2, 6))
        size = int(rng.choice([100, 1000]))
        low = 0 if number % 3 else -9
        readings = [int(x) for x in rng.integers(low, 10, meters)]
        shared = [
            (*((i, j) if rng.integers(2) else (j, i)), int(rng.integers(1, size)))
            for i in range(meters) for j in range(i + 1, meters)
        ]  # fmt: skip
        sent = [
            (readings[m] + sum(k for i, _, k in shared if i == m) - sum(k for _, j, k in shared if j == m)) % size
            for m in range(meters)
        ]
        drops = 0 if number % 4 == 0 else int(rng.integers(0, meters - 1))
        for gone in rng.choice(meters, drops, replace=False):
            sent[gone] = None
        yield sent, shared, size
