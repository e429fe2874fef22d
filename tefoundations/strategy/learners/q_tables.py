"""Q-learning: tables of what each action seems to be worth, learned by trying; and what the tables are really worth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.indices import check_names
from tefoundations.inputs import generator, instance, numbers, sequence, whole
from tefoundations.programmes import NEAR
from tefoundations.strategy.learners.decisions import MarkovDecision
from tefoundations.strategy.learners.schedules import read_rounds, schedule
from tefoundations.words import Explained, count, say

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

MANY = 10_000  # learners
ENTRIES = 10_000_000  # of all tables


@dataclass(frozen=True, eq=False, repr=False)
class LearnedTables(Explained):
    """Tables of Q-learning, and the policies they stand for.

    Parameters
    ----------
    decision : MarkovDecision
        What was learned; the learners never saw it, they only met its states and rewards.
    rounds : (looks,) int array
        After how many rounds the tables were looked at.
    tables : (looks, learners, states, actions) float array or (looks, learners, steps, states, actions) float array
        What each action seems to be worth; -inf where it is barred.
    begin : (states,) float array
        Chances of the state in which a walk begins.
    """

    decision: MarkovDecision
    rounds: np.ndarray
    tables: np.ndarray
    begin: np.ndarray

    @property
    def policies(self) -> np.ndarray:
        """(looks, learners, states) or (looks, learners, steps, states) int array: what seems best; of equals the first."""
        return self.tables.argmax(axis=-1)

    def values(self, begin: ArrayLike | None = None) -> np.ndarray:
        """What the learned policies are really worth, computed exactly, without a further try.

        Parameters
        ----------
        begin : (states,) float array, optional
            Chances of the first state; by default those with which the learners began.

        Returns
        -------
        (looks, learners) float array

        Raises
        ------
        InvalidInput
            Chances that do not add up to 1, or are not one for each state.

        Examples
        --------
        >>> coin = MarkovDecision([[1, 2]], [[[1], [1]]], 0.5)
        >>> q_learning(coin, 200, rng=1, explore=0.5).values()
        array([[4.]])
        """
        chances = self.begin if begin is None else _read_begin(begin, self.decision)
        first = self.decision.steps is not None
        found = [
            [float((value[0] if first else value) @ chances) for value in map(self.decision.value, policies)]
            for policies in self.policies
        ]
        return np.array(found)

    def explain(self) -> str:
        """How good the learned policies are beside the best.

        Returns
        -------
        str

        Examples
        --------
        >>> coin = MarkovDecision([[1, 2]], [[[1], [1]]], 0.5)
        >>> print(q_learning(coin, 200, rng=1, explore=0.5).explain())
        After 200 rounds the policies of 1 learner are worth 4 on average.
        The best policy is worth 4.
        """
        best, values = self._best(), self.values()
        learners = count(self.tables.shape[1], "learner")
        lines = [f"After {rounds:,} rounds the policies of {learners} are worth {say(worth, best, worth)} on average."
                 for rounds, worth in zip(self.rounds, values.mean(axis=1))]  # fmt: skip
        return "\n".join([*lines, f"The best policy is worth {say(best, best)}."])

    def _best(self):
        value = self.decision.solve().value
        return float((value[0] if self.decision.steps is not None else value) @ self.begin)

    def to_frame(self) -> pd.DataFrame:
        """One row for each look and learner.

        Returns
        -------
        pandas.DataFrame
            Columns rounds, learner, worth (of the learned policy, exactly) and best (of the best policy).
        """
        import pandas as pd

        values, best = self.values(), self._best()
        rows = [(int(n), k, worth, best) for n, row in zip(self.rounds, values) for k, worth in enumerate(row.tolist())]
        return pd.DataFrame(rows, columns=["rounds", "learner", "worth", "best"])

    def _at_a_glance(self):
        means = zip(self.rounds.tolist(), self.values().mean(axis=1).tolist())
        rows = [(f"worth after {rounds:,} rounds, on average", worth) for rounds, worth in means]
        return [("learners", self.tables.shape[1]), *rows, ("worth of the best policy", self._best())]

    def __repr__(self):
        return f"LearnedTables({count(self.tables.shape[1], 'learner')}, {self.rounds[-1]} rounds of {self.decision!r})"


def q_learning(
    decision: MarkovDecision,
    rounds: int,
    *,
    rng: np.random.Generator | int,
    explore: float | Callable[[np.ndarray], ArrayLike] = 0.2,
    rate: float | Callable[[np.ndarray], ArrayLike] | None = None,
    learners: int = 1,
    looks: Sequence[int] | None = None,
    begin: ArrayLike | None = None,
) -> LearnedTables:
    """Learn by trying what each action is worth, with no knowledge of rewards and chances; many learners, each on its own.

    In each step a learner takes the action that seems best, or now and then any. It sees a reward r and the next state s',
    and moves its entry a part of the way: ``Q[s, a] += rate * (r + discount * max(Q[s']) - Q[s, a])``. All entries begin at
    0, and of equal ones the first is taken. If every pair is met for ever, the rates of each pair add up to infinity and
    their squares do not, then the table comes to the right one in the end; how soon is another question.

    Parameters
    ----------
    decision : MarkovDecision
        What is to be learned. With steps a round is one walk through all of them, else it is one step of one endless walk.
    rounds : int
    rng : numpy.random.Generator or int
        Source of chance, or its seed.
    explore : float or function of an (n,) array
        Chance of an action taken blindly among those that are open, from 0 to 1; or a function of the rounds 1, 2, ...
    rate : float or function of an (n,) array, optional
        Part of the way, above 0 and at most 1; or a function of how often a pair has been met, 1, 2, ... By default n**-0.6.
    learners : int
        How many learn side by side, each for itself.
    looks : sequence of int, optional
        After which rounds the tables are kept, in rising order; by default after the last only.
    begin : (states,) float array, optional
        Chances of the state in which a walk begins; by default all are equally likely.

    Returns
    -------
    LearnedTables

    Raises
    ------
    InvalidInput
        Rounds, rates, chances or looks that make no sense; too many tables.

    References
    ----------
    Watkins, C. J. C. H. and Dayan, P. (1992), "Q-learning", Machine Learning 8, 279-292; Even-Dar, E. and Mansour, Y.
    (2003), "Learning rates for Q-learning", Journal of Machine Learning Research 5, 1-25 (why n**-0.6 and not 1/n).

    Examples
    --------
    The battery that meets a price of 4 or 10 ct learns to buy low and sell high:

    >>> empty, full = [0.5, 0.5, 0, 0], [0, 0, 0.5, 0.5]
    >>> store = MarkovDecision([[0, -4], [0, -10], [0, 4], [0, 10]],
    ...                        [[empty, full], [empty, full], [full, empty], [full, empty]], 0.9)
    >>> learned = q_learning(store, 5000, rng=1)
    >>> learned.policies.tolist()
    [[[1, 0, 0, 1]]]
    >>> bool(abs(learned.tables[0, 0] - store.solve().action_values).max() < 2)
    True
    """
    decision = instance(decision, MarkovDecision, "decision")
    chance, rounds = generator(rng), read_rounds(rounds)
    often = schedule(explore, "explore", rounds, zero=True)
    rates = schedule((lambda n: n**-0.6) if rate is None else rate, "rate", rounds, zero=False)
    many = whole(learners, "learners", least=1, most=MANY)
    kept = _read_looks(looks, rounds)
    if many * decision.reward.size * (len(kept) + 2) > ENTRIES:
        raise InvalidInput(
            f"{many} learners with tables of {decision.reward.size} entries, kept {len(kept)} times, are too many"
        )
    begin = np.full(len(decision.states), 1 / len(decision.states)) if begin is None else _read_begin(begin, decision)
    tables = _learn(decision, chance, often, rates, many, kept, begin)
    return LearnedTables(decision, np.array(kept), tables if decision.steps else tables[:, :, 0], begin)


def _learn(decision, chance, often, rates, many, kept, begin):
    """The tables (looks, learners, steps, states, actions); an endless walk has one step, whose next one is itself."""
    reward = decision.reward if decision.steps else decision.reward[None]
    steps, states, actions = reward.shape
    is_open, reach, first = np.isfinite(reward), _cumulated(decision.transition), _cumulated(begin)
    rows = np.where(is_open, 0.0, -np.inf).reshape(-1, actions)  # one learner's: step by step, state by state
    rows = np.tile(rows, (many, 1))
    entries, met, found = rows.reshape(-1), np.zeros(rows.size, int), []
    mine = np.arange(many) * (steps * states)
    for turn, blind in enumerate(often, start=1):
        if decision.steps or turn == 1:
            state = _drawn(first, chance.random(many))
        lots = chance.random((steps, many, actions + 2))
        for step in range(steps):
            row, lot = mine + (step * states) + state, lots[step]
            any_one = np.where(is_open[step, state], lot[:, 2:], -1.0).argmax(axis=1)
            action = np.where(lot[:, 0] < blind, any_one, rows[row].argmax(axis=1))
            after = _drawn(reach[state, action], lot[:, 1])
            target = reward[step, state, action]
            if not decision.steps or step + 1 < steps:
                target = target + decision.discount * rows[mine + ((step + 1) % steps) * states + after].max(axis=1)
            pair = row * actions + action
            entries[pair] += rates[met[pair]] * (target - entries[pair])
            met[pair] += 1
            state = after
        if turn in kept:
            found.append(rows.reshape(many, steps, states, actions).copy())
    return np.array(found)


def _cumulated(chances):
    """Chances added up, so that the last possible one is reached for certain."""
    summed = chances.cumsum(axis=-1)
    return summed / np.where(summed[..., -1:] > 0, summed[..., -1:], 1.0)


def _drawn(summed, lot):
    """The first place whose sum is above the lot."""
    return (lot[:, None] < summed).argmax(axis=-1)


def _read_looks(looks, rounds):
    if looks is None:
        return [rounds]
    read = [whole(one, "looks", least=1, most=rounds) for one in sequence(looks, "looks", of="rounds")]
    if not read or any(a >= b for a, b in zip(read, read[1:])):
        raise InvalidInput(f"looks must be rounds in rising order, not {read}")
    return read


def _read_begin(begin, decision):
    read = numbers(begin, "begin", least=0, count=len(decision.states), place="state")
    check_names(begin, "begin", decision.states, "the states")
    if abs(read.sum() - 1) > NEAR:
        raise InvalidInput(f"begin: chances of the first state add up to {say(read.sum())}, not to 1")
    return read
