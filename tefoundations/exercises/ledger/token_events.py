"""Cases for the exercises of tokens: promises and readings, calls of a fungible token, lives of certificates."""

METERS = ("home3", "home9", "school")
PEOPLE = ("clinic", "home6", "shop")
USERS = ("bakery", "clinic", "mill")
HOURS = ("roof 12:00", "roof 18:00", "wind 12:00")


def _pick(rng, some):
    return some[int(rng.integers(len(some)))]


def promises_and_readings(rng):
    """Events of one half hour, each ("promise", number, meter, Wh) or ("reading", number, meter, Wh, signer)."""
    for _ in range(90):
        meters = METERS[: int(rng.integers(1, 3))]
        says = {meter: 100 * int(rng.integers(0, 16)) for meter in METERS}
        events, made = [], []
        for _ in range(int(rng.integers(0, 11))):
            toss = rng.random()
            if not made or toss < 0.35:
                made.append(_pick(rng, meters))
                events.append(("promise", len(made) - 1, made[-1], 100 * int(rng.integers(1, 11))))
                continue
            number = int(rng.integers(len(made)))
            meter, signer = made[number], "oracle"
            read = says[meter]
            kind = int(rng.integers(9))
            if kind == 0:
                signer = meter
            elif kind == 1:
                meter = _pick(rng, [other for other in METERS if other != meter])
                read = says[meter]
            elif kind == 2:
                read += 100 * int(rng.integers(1, 6))
            elif kind == 3:
                number = len(made)
            events.append(("reading", number, meter, read, signer))
        yield (events,)


def calls(rng):
    """Balances as (name, units), and calls (sender, "transfer", to, n), (sender, "approve", spender, n) or (sender,
    "transfer_from", owner, to, n)."""
    for _ in range(90):
        balances = [(name, int(rng.integers(0, 9))) for name in PEOPLE]
        made = []
        for _ in range(int(rng.integers(0, 4))):
            made += _scene(rng, *(PEOPLE[k] for k in rng.permutation(3).tolist()), dict(balances))
        yield balances, made


def _scene(rng, owner, spender, other, held):
    """A few calls among three; the balances are those of the start, so that some scenes come out otherwise."""
    n, more, has = int(rng.integers(0, 6)), int(rng.integers(1, 5)), held[owner]
    take = (spender, "transfer_from", owner, _pick(rng, (spender, other)))
    scenes = (
        [(owner, "transfer", spender, n + more)],
        [(owner, "transfer", owner, n), (owner, "transfer", other, has + more)],
        [(owner, "approve", spender, n), (*take, n)],
        [(owner, "approve", spender, n), (*take, n), (*take, more)],
        [(owner, "approve", spender, more), (owner, "approve", spender, n), (*take, n + more)],
        [
            (owner, "approve", spender, has + more),
            (*take, has + more),
            (other, "transfer", owner, more),
            (*take, has + more),
        ],
        [(owner, "approve", other, n), (*take, n)],
        [(owner, "transfer", spender, -more)],
    )
    return scenes[int(rng.choice(8, p=[0.15, 0.15, 0.15, 0.15, 0.15, 0.12, 0.08, 0.05]))]


def lives_of_certificates(rng):
    """Events ("issue", number, kWh), ("sell", number, who), ("cancel", number, who), ("green", kWh, who), ("plain", kWh, who)."""
    for _ in range(90):
        events, issued = [], []
        for _ in range(int(rng.integers(0, 14))):
            toss, hour, who = rng.random(), _pick(rng, HOURS), _pick(rng, USERS)
            if not issued or toss < 0.25:
                if hour in [made for _, made in issued] and rng.random() < 0.3:
                    continue
                issued.append((len(issued) + 1, hour))
                events.append(("issue", *issued[-1]))
            elif toss < 0.35:
                events.append(("sell", _pick(rng, issued)[0], who))
            elif toss < 0.7:
                number = len(issued) + 1 if rng.random() < 0.08 else _pick(rng, issued)[0]
                events.append(("cancel", number, who))
            else:
                events.append(("green" if rng.random() < 0.65 else "plain", _pick(rng, issued)[1], who))
        yield (events,)
