"""The best policy of a Markov decision process, and what each action is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.words import SHOWN, Explained, say

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False, repr=False)
class OptimalPolicy(Explained):
    """What to do in each state, and what it is worth.

    Parameters
    ----------
    value : (states,) float array or (steps, states) float array
        The most that can be had from each state on; with steps, from each step on.
    action_values : (states, actions) float array or (steps, states, actions) float array
        What each action is worth, if the best is done ever after; -inf where it is barred.
    policy : (states,) int array or (steps, states) int array
        The place of the best action, from 0; of equally good ones the first.
    states, actions : tuples
        Their names.
    """

    value: np.ndarray
    action_values: np.ndarray
    policy: np.ndarray
    states: tuple
    actions: tuple

    def explain(self) -> str:
        """What to do, state by state; with steps, in the first of them.

        Returns
        -------
        str

        Examples
        --------
        >>> from tefoundations.strategy import MarkovDecision
        >>> print(MarkovDecision([[1, 2]], [[[1], [1]]], 0.5, states=["here"], actions=["low", "high"]).solve().explain())
        here: high, worth 4 in all. low would be worth 3.
        """
        first = self.policy.ndim == 2
        value, worth, policy = ((part[0] if first else part) for part in (self.value, self.action_values, self.policy))
        scale = np.abs(value).max()
        lines = []
        for state, best in list(enumerate(policy))[:SHOWN]:
            others = ", ".join(
                f"{self.actions[action]} would be worth {say(each, scale)}"
                for action, each in enumerate(worth[state])
                if action != best and np.isfinite(each) and len(self.actions) <= 3
            )
            lines.append(f"{self.states[state]}: {self.actions[best]}, worth {say(value[state], scale)} in all."
                         f"{f' {others}.' if others and not first else ''}")  # fmt: skip
        return "\n".join([*lines, *(["..."] if len(policy) > SHOWN else [])])

    def to_frame(self) -> pd.DataFrame:
        """One row for each state, and each step where there are steps.

        Returns
        -------
        pandas.DataFrame
            Columns step (where there are steps), state, what each action is worth, under its name ("action 'state'", where
            its name is that of another column), and the best action.
        """
        import pandas as pd

        rows, heads = [], [str(action) for action in self.actions]
        taken = ["step", "state", "best", *heads]  # 1 and "1" are two actions
        heads = [f"action {action!r}" if taken.count(head) > 1 else head for head, action in zip(heads, self.actions)]
        for spot in np.ndindex(self.policy.shape):
            place = {"step": spot[0]} if len(spot) == 2 else {}
            worth = dict(zip(heads, self.action_values[spot].tolist()))
            rows.append({**place, "state": self.states[spot[-1]], **worth, "best": self.actions[self.policy[spot]]})
        return pd.DataFrame(rows)

    def _at_a_glance(self):
        value, policy = (self.value[0], self.policy[0]) if self.policy.ndim == 2 else (self.value, self.policy)
        rows = zip(self.states, policy, value)
        return [(str(state), f"{self.actions[best]}, worth {say(worth, *value)}") for state, best, worth in rows][:SHOWN]

    def __repr__(self):
        steps = f"{len(self.policy)} steps, " if self.policy.ndim == 2 else ""
        return f"OptimalPolicy({steps}{len(self.states)} states, best worth {say(self.value.max(), self.value.max())})"
