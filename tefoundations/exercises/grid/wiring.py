"""Random networks and feeders, in round numbers a learner can follow by hand."""

REACTANCES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)


def meshes(rng):
    """(n, lines, slack): buses 0 to n - 1, lines (i, k, x), with and without loops, some of them twice."""
    for number in range(40):
        n = int(rng.integers(3, 6))
        yield _net(rng, n, loops=int(rng.integers(1, n - 1)), twice=number % 5 == 0, turned=number % 2 == 0)
    for _ in range(8):
        yield _net(rng, int(rng.integers(2, 6)), loops=0, twice=False, turned=False)


def _net(rng, n, loops, twice, turned):
    """A tree and so many lines more."""
    pairs = [(int(rng.integers(bus)), bus) for bus in range(1, n)]
    others = [(i, k) for k in range(n) for i in range(k) if (i, k) not in pairs]
    pairs += [others[at] for at in rng.permutation(len(others))[:loops]]
    if twice:
        pairs.append(pairs[int(rng.integers(len(pairs)))])
    lines = []
    for at in rng.permutation(len(pairs)):
        i, k = pairs[at][::-1] if turned and rng.random() < 0.5 else pairs[at]
        lines.append((i, k, float(rng.choice(REACTANCES))))
    return n, lines, int(rng.integers(n))


def feeders(rng):
    """(loads, lines): (P, Q) by bus, and lines (near, far, r, x) in p.u., bus 0 the substation; in any order."""
    for number in range(42):
        n = int(rng.integers(2, 7))
        backbone = number % 4 == 0  # a single path
        lines = []
        for bus in range(1, n):
            near = bus - 1 if backbone else int(rng.integers(max(bus - 3, 0), bus))
            lines.append((near, bus, int(rng.integers(1, 7)) / 200, int(rng.integers(1, 7)) / 200))
        if number % 3:
            names = [0, *(int(bus) for bus in 1 + rng.permutation(n - 1))]
            lines = [(names[near], names[far], r, x) for near, far, r, x in lines]
            lines = [lines[at] for at in rng.permutation(len(lines))]
        loads = [(0.0, 0.0), *((int(rng.integers(1, 6)) / 10, int(rng.integers(1, 5)) / 20) for _ in range(1, n))]
        if number % 6 == 1:
            giver = int(rng.integers(1, n))
            loads[giver] = (-loads[giver][0] - 0.2, loads[giver][1])
        yield loads, lines
    for _ in range(4):  # so long a line that a voltage and its square part
        loads = [(0.0, 0.0), (int(rng.integers(5, 8)) / 10, int(rng.integers(1, 4)) / 10)]
        yield loads, [(0, 1, int(rng.integers(6, 9)) / 20, int(rng.integers(2, 5)) / 20)]
    for _ in range(2):
        yield [(int(rng.integers(4)) / 10, int(rng.integers(3)) / 20)], []
