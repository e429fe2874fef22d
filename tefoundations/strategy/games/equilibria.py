"""An equilibrium of a game: with what chance each player takes which action, and what it then gets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.words import Explained, listed, say

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False, repr=False)
class Equilibrium(Explained):
    """Strategies of which nobody gains by leaving the own one alone.

    Parameters
    ----------
    strategies : tuple of (actions,) float arrays
        Chance of each action, for each player.
    payoffs : (players,) float array
        What each gets on average.
    actions : tuple of tuples
        Names of the actions of each player.
    players : tuple of str
        Their names.
    """

    strategies: tuple[np.ndarray, ...]
    payoffs: np.ndarray
    actions: tuple[tuple, ...]
    players: tuple[str, ...]

    @property
    def support(self) -> tuple[tuple, ...]:
        """The actions that each player takes with a chance above 0."""
        return tuple(
            tuple(action for action, chance in zip(named, strategy) if chance > 0)
            for named, strategy in zip(self.actions, self.strategies)
        )

    @property
    def is_pure(self) -> bool:
        """Whether nobody draws lots."""
        return all(len(taken) == 1 for taken in self.support)

    def explain(self) -> str:
        """Who does what, and what it brings.

        Returns
        -------
        str

        Examples
        --------
        >>> from tefoundations.strategy import NormalFormGame
        >>> matching = NormalFormGame([[(1, -1), (-1, 1)], [(-1, 1), (1, -1)]], actions=[("heads", "tails")] * 2)
        >>> print(matching.mixed_equilibria()[0].explain())
        player 0: heads with 0.5, tails with 0.5; gets 0 on average.
        player 1: heads with 0.5, tails with 0.5; gets 0 on average.
        """
        scale = np.abs(self.payoffs).max()
        return "\n".join(
            f"{who}: {listed(self._taken(place))}; gets {say(payoff, scale, 1.0)}{'' if self.is_pure else ' on average'}."
            for place, (who, payoff) in enumerate(zip(self.players, self.payoffs))
        )

    def _taken(self, place):
        taken = self.support[place]
        if len(taken) == 1:
            return [str(taken[0])]
        return [f"{a} with {say(p)}" for a, p in zip(self.actions[place], self.strategies[place]) if p > 0]

    def to_frame(self) -> pd.DataFrame:
        """One row for each player and action.

        Returns
        -------
        pandas.DataFrame
            Columns player, action, probability.
        """
        import pandas as pd

        rows = [
            (who, action, float(chance))
            for who, named, strategy in zip(self.players, self.actions, self.strategies)
            for action, chance in zip(named, strategy)
        ]
        return pd.DataFrame(rows, columns=["player", "action", "probability"])

    def _at_a_glance(self):
        rows = [(who, listed(self._taken(place))) for place, who in enumerate(self.players)]
        return [*rows, *((f"payoff of {who}", float(payoff)) for who, payoff in zip(self.players, self.payoffs))]

    def __repr__(self):
        doing = "; ".join(f"{who}: {listed(self._taken(place), most=2)}" for place, who in enumerate(self.players[:3]))
        return f"Equilibrium({doing})"[:190]
