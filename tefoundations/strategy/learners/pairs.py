"""Two learners that play against each other, many pairs at once; and what they ended in, looked at exactly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import generator, instance, one_of, sequence, share, whole
from tefoundations.strategy.learners.decision_checks import check_sums
from tefoundations.strategy.learners.deviations import gains, read_pay
from tefoundations.strategy.learners.schedules import read_rounds, schedule
from tefoundations.words import Explained, count, say

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

MANY = 100_000  # pairs
ENTRIES = 10_000_000  # of all tables
FADES = 1000.0  # rounds in which blind tries fall to 1/e of what they were


@dataclass(frozen=True, eq=False, repr=False)
class LearnedPlay(Explained):
    """What pairs of learners do once they try nothing new.

    Parameters
    ----------
    pay : (m, m) float array
        ``pay[a, b]``: what a player gets that does a while the other does b.
    discount : float
        What the learners counted of one unit a round later.
    policies : (pairs, 2, m * m) int array
        What each of two does next, for each pair of last actions, ``own * m + others`` in its own view. One without memory
        does the same after all of them.
    last : (pairs, 2) int array
        What both did last when they stopped trying.
    """

    pay: np.ndarray
    discount: float
    policies: np.ndarray
    last: np.ndarray

    @cached_property
    def cycles(self) -> list[list[tuple[int, int]]]:
        """For each pair the rounds that it repeats for ever, as actions of both."""
        return [_cycle(policies, last, len(self.pay)) for policies, last in zip(self.policies, self.last.tolist())]

    @property
    def outcome(self) -> np.ndarray:
        """(pairs, 2) float array: what each gets a round, on average over its cycle."""
        return np.array([[np.mean([self.pay[a, b] for a, b in cycle]), np.mean([self.pay[b, a] for a, b in cycle])]
                         for cycle in self.cycles])  # fmt: skip

    @cached_property
    def worth_leaving(self) -> np.ndarray:
        """(pairs, 2) float array: what each would gain a round by its best reply, at best, from a round of its cycle on."""
        m, known, found = len(self.pay), {}, np.zeros((len(self.policies), 2))
        for k, (both, cycle) in enumerate(zip(self.policies, self.cycles)):
            for who in (0, 1):
                mine, other = both[who], both[1 - who]
                key = mine.tobytes() + other.tobytes()
                if key not in known:
                    known[key] = gains(self.pay, mine, other, self.discount)
                found[k, who] = max(known[key][spot[who] * m + spot[1 - who]] for spot in cycle)
        return found

    @property
    def is_equilibrium(self) -> np.ndarray:
        """(pairs,) bool array: neither gains by leaving."""
        return (self.worth_leaving == 0).all(axis=1)

    def ends_at(self, profile: Sequence[int]) -> np.ndarray:
        """Which pairs do the same for ever.

        Parameters
        ----------
        profile : (int, int)
            An action of each.

        Returns
        -------
        (pairs,) bool array

        Raises
        ------
        InvalidInput
            An action that is none.

        Examples
        --------
        >>> play = repeated_learners([[18, 15], [20, 16]], 0.9, rng=1, pairs=50)
        >>> bool(play.ends_at((0, 0)).any()), bool(play.ends_at((1, 1)).any())
        (True, True)
        """
        given = sequence(profile, "profile", of="two actions")
        if len(given) != 2:
            raise InvalidInput(f"profile must be two actions, not {len(given)}")
        wanted = [tuple(whole(one, "profile", least=0, most=len(self.pay) - 1) for one in given)]
        return np.array([cycle == wanted for cycle in self.cycles])

    def explain(self) -> str:
        """Where the pairs end, and whether they would stay.

        Returns
        -------
        str

        Examples
        --------
        >>> print(repeated_learners([[2, 0], [3, 1]], 0, rng=1, pairs=20).explain())
        20 pairs; they get 1 a round on average.
        20 end at (1, 1); in 20 of them neither would gain by leaving.
        """
        stay, mean, table = self.is_equilibrium, self.outcome.mean(), self.to_frame()
        lines = [f"{count(len(stay), 'pair')}; they get {say(mean, np.abs(self.pay).max())} a round on average."]
        for row in table.sort_values("pairs", ascending=False, kind="stable").head(6).itertuples():
            ends = "end at" if " " not in row.ends.replace(", ", ",") else "go round"
            lines.append(f"{row.pairs} {ends} {row.ends}; in {row.equilibria} of them neither would gain by leaving.")
        return "\n".join(lines)

    def to_frame(self) -> pd.DataFrame:
        """One row for each cycle that some pair ended in.

        Returns
        -------
        pandas.DataFrame
            Columns ends (the cycle), pairs (how many), share, error (its standard error), pay (what one gets a round, mean
            of the two), equilibria (pairs in which neither would gain by leaving), most_gain (of one that would).
        """
        import pandas as pd

        cycles = [" ".join(str(spot) for spot in _turned(cycle)) for cycle in self.cycles]
        frame = pd.DataFrame({"ends": cycles, "pay": self.outcome.mean(axis=1), "stays": self.is_equilibrium,
                              "gain": self.worth_leaving.max(axis=1)})  # fmt: skip
        found = frame.groupby("ends").agg(pairs=("pay", "size"), pay=("pay", "mean"), equilibria=("stays", "sum"),
                                          most_gain=("gain", "max")).reset_index()  # fmt: skip
        part = found["pairs"] / len(cycles)
        found.insert(2, "share", part)
        found.insert(3, "error", np.sqrt(part * (1 - part) / len(cycles)))
        return found

    def _at_a_glance(self):
        return [
            ("pairs", len(self.policies)),
            ("what one gets a round, on average", float(self.outcome.mean())),
            ("pairs that neither would leave", int(self.is_equilibrium.sum())),
            ("what leaving gains a round, on average", float(self.worth_leaving.mean())),
        ]

    def __repr__(self):
        return f"LearnedPlay({count(len(self.policies), 'pair')}, {len(self.pay)} actions, discount {say(self.discount)})"


def _turned(cycle):
    """The cycle from its smallest round on, and of the two views of it the smaller: who is first has no meaning."""
    views = (cycle, [(b, a) for a, b in cycle])
    return min(view[k:] + view[:k] for view in views for k in range(len(view)))


def _cycle(policies, last, m):
    first, second = policies.tolist()
    seen, spot = {}, tuple(last)
    while spot not in seen:
        seen[spot] = len(seen)
        a, b = spot
        spot = (first[a * m + b], second[b * m + a])
    return list(seen)[seen[spot] :]


def repeated_learners(
    pay: ArrayLike,
    discount: float,
    *,
    rng: np.random.Generator | int,
    memory: bool = True,
    learns: str = "own action",
    rate: float | Callable[[np.ndarray], ArrayLike] = 0.1,
    explore: float | Callable[[np.ndarray], ArrayLike] | None = None,
    rounds: int = 10_000,
    pairs: int = 300,
) -> LearnedPlay:
    """Let two Q-learners play a game against each other, over and over; neither knows the game, nor that the other learns.

    Each has a table of what its actions seem to be worth, for each pair of last actions if it has a memory. In each round
    both act at once, each mostly by its table, see what they got, and move one entry a part of the way; see `q_learning`.
    An action begins with what it would bring for ever against one that draws lots. Whoever learns from "all actions" also
    moves the entries of what it did not do, by what that would have brought against what the other did.

    No theorem promises that they settle, or in what: to each, the other is a world that changes while it learns.

    Parameters
    ----------
    pay : (m, m) array
        ``pay[a, b]``: what a player gets that does a while the other does b; the same for both. From 2 to 60 actions.
    discount : float
        What one unit counts if it comes a round later, from 0 and below 1.
    rng : numpy.random.Generator or int
        Source of chance, or its seed.
    memory : bool
        Whether a learner sees what both did last.
    learns : {"own action", "all actions"}
        From what.
    rate : float or function of an (n,) array
        Part of the way, above 0 and at most 1; or a function of the rounds 1, 2, ...
    explore : float or function of an (n,) array, optional
        Chance of an action taken blindly, from 0 to 1; or a function of the rounds 1, 2, ... By default exp(-n / 1000).
    rounds : int
    pairs : int
        How many pairs play, each for itself.

    Returns
    -------
    LearnedPlay
        What they do from then on, if they try nothing new.

    Raises
    ------
    InvalidInput
        Payoffs that are no square table; a discount, rates, chances or counts that make no sense; too many tables.

    References
    ----------
    Calvano, E., Calzolari, G., Denicolo, V. and Pastorello, S. (2020), "Artificial Intelligence, Algorithmic Pricing, and
    Collusion", American Economic Review 110(10), 3267-3297; Asker, J., Fershtman, C. and Pakes, A. (2024), "The impact of
    artificial intelligence design on pricing", Journal of Economics & Management Strategy 33(2), 276-304 ("all actions").

    Examples
    --------
    Each sells 3 or 4 kWh. Who forgets the past and counts the future ends at the cartel's 3, though leaving pays 2 ct a day:

    >>> play = repeated_learners([[18, 15], [20, 16]], 0.99, rng=1, memory=False, pairs=20)
    >>> int(play.ends_at((0, 0)).sum()), round(float(play.worth_leaving.mean()), 6), int(play.is_equilibrium.sum())
    (20, 2.0, 0)
    """
    table, delta, chance = read_pay(pay), share(discount, "discount", zero=True), generator(rng)
    check_sums(table, delta)
    memory = instance(memory, bool, "memory")
    whole_row = one_of(learns, ("own action", "all actions"), "learns") == "all actions"
    rounds, many, m = read_rounds(rounds), whole(pairs, "pairs", least=1, most=MANY), len(table)
    states = m * m if memory else 1
    if 2 * many * states * m > ENTRIES:
        raise InvalidInput(
            f"{many} pairs with tables of {states * m} entries are too many; at most {ENTRIES:,} are kept in all"
        )
    rates = schedule(rate, "rate", rounds, zero=False)
    blind = schedule((lambda n: np.exp(-n / FADES)) if explore is None else explore, "explore", rounds, zero=True)
    worth, last = _play(table, delta, chance, rates, blind, many, states, whole_row)
    policies = worth.argmax(axis=-1).transpose(1, 0, 2)
    return LearnedPlay(table, delta, np.repeat(policies, m * m // states, axis=2), last.T)


def _play(pay, discount, chance, rates, blind, many, states, whole_row):
    """Tables (2, pairs, states, m) and last actions (2, pairs)."""
    m, who, pair = len(pay), np.arange(2)[:, None], np.arange(many)
    worth = np.tile(pay.mean(axis=1) / (1 - discount), (2, many, states, 1))
    worth += 1e-7 * np.abs(pay).max() * chance.random(worth.shape)  # no two actions tie
    last = chance.integers(m, size=(2, many))
    all_actions = np.arange(m)
    for rate, tries in zip(rates, blind):
        state = last * m + last[::-1] if states > 1 else np.zeros_like(last)
        lots = chance.random((2, 2, many))
        act = worth[who, pair, state].argmax(axis=2)
        act = np.where(lots[0] < tries, (lots[1] * m).astype(int), act)
        other = act[::-1]
        if whole_row:  # (2, pairs, m): what each action would have brought, and where it would have led
            after = all_actions * m + other[..., None] if states > 1 else np.zeros((2, many, m), int)
            ahead = worth[who[..., None], pair[:, None], after].max(axis=3)
            target = pay[:, other].transpose(1, 2, 0) + discount * ahead
            worth[who, pair, state] += rate * (target - worth[who, pair, state])
        else:
            after = act * m + other if states > 1 else state
            target = pay[act, other] + discount * worth[who, pair, after].max(axis=2)
            worth[who, pair, state, act] += rate * (target - worth[who, pair, state, act])
        last = act
    return worth, last
