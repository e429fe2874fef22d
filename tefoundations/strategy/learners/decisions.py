"""A Markov decision process: states, what can be done in each, what it brings, and where it leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tefoundations.programmes import NEAR
from tefoundations.strategy.learners import decision_checks as checks
from tefoundations.strategy.learners.policies import OptimalPolicy
from tefoundations.words import Explained, count, listed, say

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike


@dataclass(frozen=True, eq=False, repr=False)
class MarkovDecision(Explained):
    """Decisions one after the other: each brings something now, and moves the chances of what comes next.

    What comes next depends on the present state and action alone, not on how one got there. Without a last step, a reward
    t steps ahead counts `discount` to the power of t. With a number of steps the rewards may differ from step to step, and
    after the last one nothing counts.

    Parameters
    ----------
    reward : (states, actions) or (steps, states, actions) array
        What an action brings in a state, on average, in any unit; -inf where it cannot be taken. At most ten million.
    transition : (states, actions, states) array
        Chance of each next state, the same in every step; rows add up to 1 where the action can be taken.
    discount : float
        What one unit counts if it comes a step later: from 0, and below 1; with steps, up to 1.
    states, actions : sequences, optional
        Their names; by default 0, 1, ...

    Raises
    ------
    InvalidInput
        A discount of 1 without a last step; chances outside 0 to 1, or that do not add up to 1: it names state and action.
        Rewards that are no numbers, a state without an action, other shapes, or names that stand twice.

    References
    ----------
    Bellman, R. (1957), "A Markovian decision process", Journal of Mathematics and Mechanics 6(5), 679-684.

    Examples
    --------
    A battery of 1 kWh meets a price of 4 or 10 ct, with even odds. To trade is to buy when empty, to sell when full.

    >>> states = ["empty, 4 ct", "empty, 10 ct", "full, 4 ct", "full, 10 ct"]
    >>> empty, full = [0.5, 0.5, 0, 0], [0, 0, 0.5, 0.5]
    >>> store = MarkovDecision(
    ...     reward=[[0, -4], [0, -10], [0, 4], [0, 10]],
    ...     transition=[[empty, full], [empty, full], [full, empty], [full, empty]],
    ...     discount=0.9, states=states, actions=["wait", "trade"])
    >>> best = store.solve()
    >>> best.action_values.round(2).tolist()
    [[10.35, 12.65], [10.35, 6.65], [16.65, 14.35], [16.65, 20.35]]
    >>> best.policy
    array([1, 0, 0, 1])
    >>> store.value([1, 1, 1, 1]).round(2)  # always trade
    array([-0.68, -6.68,  0.68,  6.68])
    """

    reward: np.ndarray
    transition: np.ndarray
    discount: float
    states: Any = None
    actions: Any = None

    def __post_init__(self):
        reward = checks.read_reward(self.reward)
        states = checks.names(self.states, reward.shape[-2], "states")
        actions = checks.names(self.actions, reward.shape[-1], "actions")
        is_open = np.isfinite(reward).reshape(-1, len(states), len(actions)).any(axis=0)
        transition = checks.read_transition(self.transition, is_open, states, actions)
        for name, value in (("reward", reward), ("transition", transition)):
            value.setflags(write=False)
            object.__setattr__(self, name, value)
        object.__setattr__(self, "discount", checks.read_discount(self.discount, is_endless=reward.ndim == 2))
        checks.check_sums(reward, self.discount)
        object.__setattr__(self, "states", states)
        object.__setattr__(self, "actions", actions)

    @property
    def steps(self) -> int | None:
        """How many steps there are; None where there is no last one."""
        return len(self.reward) if self.reward.ndim == 3 else None

    def solve(self) -> OptimalPolicy:
        """The policy that is best in every state, and what each action is worth if the best is done ever after.

        With a last step it is found backwards from there. Without one by *policy iteration*: value a policy by linear
        equations, let each state take the action that is best against these values, and so on until no state gains.

        Returns
        -------
        OptimalPolicy
            Of several actions that are equally good, it takes the first.

        References
        ----------
        Howard, R. A. (1960), Dynamic Programming and Markov Processes, MIT Press.

        Examples
        --------
        Two steps, and a kWh that can be sold once, for 3 ct now or for 5 ct later:

        >>> kwh = MarkovDecision(
        ...     reward=[[[0, 3], [0, float("-inf")]], [[0, 5], [0, float("-inf")]]],
        ...     transition=[[[1, 0], [0, 1]], [[0, 1], [0, 0]]], discount=1,
        ...     states=["there", "gone"], actions=["keep", "sell"])
        >>> print(kwh.solve().explain())
        there: keep, worth 5 in all.
        gone: keep, worth 0 in all.
        """
        if self.steps is None:
            return self._iterated()
        after, found = np.zeros(len(self.states)), []
        for reward in self.reward[::-1]:
            worth = reward + self.discount * self.transition @ after
            after = worth.max(axis=1)
            found.append((after, worth, _first_best(worth, reward, after)))
        value, action_values, policy = (np.array(part[::-1]) for part in zip(*found))
        return OptimalPolicy(value, action_values, policy, self.states, self.actions)

    def _iterated(self):
        policy = self.reward.argmax(axis=1)
        while True:
            level, above = self._level_and_rest(np.eye(len(self.actions))[policy])
            worth = self.reward + self.discount * self.transition @ above
            if not self._gains(worth, policy, above).any():
                break
            policy = np.where(self._gains(worth, policy, above), worth.argmax(axis=1), policy)
        policy = _first_best(worth, self.reward, above)
        value = above + level
        return OptimalPolicy(value, worth + self.discount * level, policy, self.states, self.actions)

    def _gains(self, worth, policy, above):
        """Where another action is better, by more than rounding: so each round is a true gain, and rounds end."""
        here = worth[np.arange(len(policy)), policy]
        return worth.max(axis=1) - here > NEAR * _scale(self.reward, above)

    def _level_and_rest(self, chances):
        """The values of a policy as (value of state 0, what each state is above it).

        With a discount near 1 all values are large and nearly alike. What they differ by decides, so it is solved for.
        """
        size = len(self.states)
        reward = np.where(chances > 0, self.reward, 0.0)
        matrix = np.eye(size) - self.discount * np.einsum("sa,san->sn", chances, self.transition)
        matrix[:, 0] = 1 - self.discount
        solved = np.linalg.solve(matrix, (chances * reward).sum(axis=1))
        level, solved[0] = solved[0], 0.0
        return level, solved

    def value(self, policy: ArrayLike) -> np.ndarray:
        """What a policy brings in all from each state on, on average.

        Parameters
        ----------
        policy : (states,) int array or (states, actions) float array
            What is done in each state: the place of an action, from 0, or the chance of each action. With steps it may say
            so for each step, as (steps, states) or (steps, states, actions).

        Returns
        -------
        (states,) float array or (steps, states) float array
            From each state on, and with steps from each step on.

        Raises
        ------
        InvalidInput
            A policy of another shape, or one that takes a barred action: it names the state.

        Examples
        --------
        >>> MarkovDecision([[1, 2], [0, 0]], [[[0, 1], [1, 0]]] * 2, 0.5).value([[0.5, 0.5], [1, 0]]).round(2)
        array([2., 0.])
        """
        chances = checks.read_policy(policy, self.reward, self.states, self.actions)
        if self.steps is None:
            level, above = self._level_and_rest(chances)
            return above + level
        after, found = np.zeros(len(self.states)), []
        for chance, reward in zip(chances[::-1], self.reward[::-1]):
            worth = np.where(chance > 0, reward, 0.0) + self.discount * self.transition @ after
            after = (chance * worth).sum(axis=1)
            found.append(after)
        return np.array(found[::-1])

    def explain(self) -> str:
        """What there is to decide.

        Returns
        -------
        str

        Examples
        --------
        >>> print(MarkovDecision([[1, 2]], [[[1], [1]]], 0.5, states=["here"], actions=["low", "high"]).explain())
        1 state: here.
        2 actions: low, high.
        No last step; what comes a step later counts 0.5.
        """
        ends = "No last step" if self.steps is None else count(self.steps, "step")
        return (
            f"{count(len(self.states), 'state')}: {listed(self.states)}.\n"
            f"{count(len(self.actions), 'action')}: {listed(self.actions)}.\n"
            f"{ends}; what comes a step later counts {say(self.discount)}."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each step, state and action that can be taken.

        Returns
        -------
        pandas.DataFrame
            Columns step (where there are steps), state, action, reward, and the chance of each next state, under its name.
        """
        import pandas as pd

        rows, named = [], [f"to {name}" for name in self.states]
        heads = [f"to {name!r}" if named.count(head) > 1 else head for head, name in zip(named, self.states)]
        for spot in np.argwhere(np.isfinite(self.reward)).tolist():
            state, action = spot[-2:]
            ahead = dict(zip(heads, self.transition[state, action].tolist()))
            place = {"step": spot[0]} if self.steps is not None else {}
            rows.append({**place, "state": self.states[state], "action": self.actions[action],
                         "reward": float(self.reward[tuple(spot)]), **ahead})  # fmt: skip
        return pd.DataFrame(rows)

    def _at_a_glance(self):
        return [
            ("states", listed(self.states)), ("actions", listed(self.actions)),
            ("steps", "no last one" if self.steps is None else self.steps), ("discount", self.discount),
        ]  # fmt: skip

    def __repr__(self):
        ends = "" if self.steps is None else f"{count(self.steps, 'step')}, "
        sizes = f"{count(len(self.states), 'state')}, {count(len(self.actions), 'action')}"
        return f"MarkovDecision({ends}{sizes}, discount {say(self.discount)})"


def _scale(reward, ahead):
    """What the worth of an action is made of, one number for the whole process."""
    return max(np.abs(reward[np.isfinite(reward)]).max(), np.ptp(ahead))


def _first_best(worth, reward, ahead):
    """The first action in each state that is as good as the best, but for rounding."""
    return (worth >= worth.max(axis=1, keepdims=True) - NEAR * _scale(reward, ahead)).argmax(axis=1)
