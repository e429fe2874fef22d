"""A game in normal form: a payoff for every player at every profile of actions; best replies, regret, equilibria."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import sequence, whole
from tefoundations.programmes import is_zero
from tefoundations.strategy.games.corners import extreme_equilibria
from tefoundations.strategy.games.equilibria import Equilibrium
from tefoundations.strategy.games.game_checks import action_names, player_names, read_profile, table, tabulated
from tefoundations.strategy.games.payoffs import against, are_best, mean
from tefoundations.words import Explained, columns_table, listed, say

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

TABLE = 8  # actions of a player up to which two players are shown as a table; equilibria that are told


@dataclass(frozen=True, eq=False, repr=False)
class NormalFormGame(Explained):
    """Players who choose at once, each one of a few actions, and what each gets for every choice of all.

    A *profile* names what each player does, in their order: one of its actions, or the chances with which it draws one.

    Parameters
    ----------
    payoffs : (actions of player 0, ..., actions of player k - 1, k) array
        What each of the k players gets, in any unit; who pays gets a negative payoff. At most ten million numbers.
    actions : sequence of sequences, optional
        Names of each player's actions, such as prices or hours; by default 0, 1, ...
    players : sequence of str, optional
        Names of the players; by default player 0, player 1, ...

    Raises
    ------
    InvalidInput
        Payoffs of another shape, too many of them, or not finite; actions or players of another number, or named twice.

    References
    ----------
    Nash, J. (1951), "Non-cooperative games", Annals of Mathematics 54(2), 286-295.

    Examples
    --------
    Two neighbours charge a car in hour 1 or hour 2. Together they make an hour dear; payoffs are costs, negative.

    >>> cars = NormalFormGame([[(-20, -20), (-15, -17)], [(-17, -15), (-22, -22)]], actions=[(1, 2), (1, 2)])
    >>> cars.pure_equilibria()
    [(1, 2), (2, 1)]
    >>> cars.regret((1, 1))
    array([3., 3.])
    >>> print(cars.mixed_equilibria()[-1].explain())
    player 0: 1 with 0.7, 2 with 0.3; gets -18.5 on average.
    player 1: 1 with 0.7, 2 with 0.3; gets -18.5 on average.
    """

    payoffs: np.ndarray
    actions: Any = None
    players: Any = None

    def __post_init__(self):
        object.__setattr__(self, "payoffs", table(self.payoffs))
        object.__setattr__(self, "players", player_names(self.players, self.payoffs.shape[-1]))
        object.__setattr__(self, "actions", action_names(self.actions, self.payoffs.shape[:-1], self.players))

    @classmethod
    def from_payoffs(
        cls, actions: Sequence[Sequence], payoff: Callable[[tuple], ArrayLike], players: Sequence[str] | None = None
    ) -> NormalFormGame:
        """A game from a function that says what each profile pays.

        Parameters
        ----------
        actions : sequence of sequences
            The actions of each player.
        payoff : callable
            ``payoff(profile)``: what each player gets where profile is a tuple of one action of each.
        players : sequence of str, optional
            Names of the players.

        Returns
        -------
        NormalFormGame

        Raises
        ------
        InvalidInput
            More than ten million payoffs, before any is computed; a profile whose payoffs are no numbers, one for each.

        Examples
        --------
        >>> def rent(offers):  # two sellers of one kWh to a buyer that pays up to 3 ct; the cheaper one sells
        ...     least = min(offers)
        ...     return [offer / offers.count(least) if offer == least else 0 for offer in offers]
        >>> NormalFormGame.from_payoffs([(1, 2, 3), (1, 2, 3)], rent).pure_equilibria()
        [(1, 1), (2, 2)]
        """
        given = [tuple(sequence(named, "actions", of="actions")) for named in sequence(actions, "actions", of="actions")]
        return cls(tabulated(given, payoff), given, players)

    def payoff(self, profile: Sequence) -> np.ndarray:
        """What each player gets, on average where somebody draws.

        Parameters
        ----------
        profile : sequence
            For each player an action, or an array of the chances of its actions.

        Returns
        -------
        (players,) float array

        Raises
        ------
        InvalidInput
            Names the player whose action is unknown, or whose chances are negative or do not add up to 1.

        Examples
        --------
        >>> cars = NormalFormGame([[(-20, -20), (-15, -17)], [(-17, -15), (-22, -22)]], players=["you", "neighbour"])
        >>> cars.payoff((0, 1)), cars.payoff((0, [0.7, 0.3]))
        (array([-15., -17.]), array([-18.5, -19.1]))
        >>> cars.payoff((0, [0.7, 0.4]))
        Traceback (most recent call last):
            ...
        tefoundations.errors.InvalidInput: neighbour: chances [0.7, 0.4] add up to 1.1, not to 1
        """
        taken = read_profile(profile, self.actions, self.players)
        return np.array([mean(against(self.payoffs, who, taken), mine) for who, mine in enumerate(taken)])

    def regret(self, profile: Sequence) -> np.ndarray:
        """What each player could gain by another action while the others stay; all 0 in an equilibrium and only there.

        Parameters
        ----------
        profile : sequence
            For each player an action, or an array of the chances of its actions.

        Returns
        -------
        (players,) float array
            At least 0.

        Raises
        ------
        InvalidInput
            As `payoff`.

        Examples
        --------
        >>> NormalFormGame([[(18, 18), (15, 20)], [(20, 15), (16, 16)]]).regret((0, 0))
        array([2., 2.])
        """
        taken, lost = read_profile(profile, self.actions, self.players), np.zeros(len(self.players))
        for who, mine in enumerate(taken):
            gains = against(self.payoffs, who, taken)
            more = gains.max() - mean(gains, mine)
            lost[who] = 0.0 if is_zero(more, np.abs(gains).max()) else max(more, 0.0)
        return lost

    def best_replies(self, player: int, others: Sequence) -> list:
        """The actions that pay a player most against what the others do, all of them where several do.

        Parameters
        ----------
        player : int
            From 0.
        others : sequence
            What each of the others does, in their order: an action, or an array of chances.

        Returns
        -------
        list
            Actions, in their order.

        Raises
        ------
        InvalidInput
            A player that is none, or as `payoff`.

        Examples
        --------
        >>> cars = NormalFormGame([[(-20, -20), (-15, -17)], [(-17, -15), (-22, -22)]], actions=[(1, 2), (1, 2)])
        >>> cars.best_replies(0, [1]), cars.best_replies(0, [[0.7, 0.3]])
        ([2], [1, 2])
        """
        who = whole(player, "player", least=0, most=len(self.players) - 1)
        given = list(sequence(others, "others", of="what each other player does"))
        if len(given) != len(self.players) - 1:
            raise InvalidInput(f"others must say what {len(self.players) - 1} others do, not {len(given)}")
        profile = [*given[:who], self.actions[who][0], *given[who:]]  # the own action has no say
        gains = against(self.payoffs, who, read_profile(profile, self.actions, self.players))
        return [action for action, best in zip(self.actions[who], are_best(gains, axis=0)) if best]

    def pure_equilibria(self) -> list[tuple]:
        """All profiles in which nobody gains by another action, with no lots drawn.

        Returns
        -------
        list of tuples
            One action of each player, in the order of the actions; empty where there is none.

        Examples
        --------
        >>> NormalFormGame([[(18, 18), (15, 20)], [(20, 15), (16, 16)]], actions=[(3, 4), (3, 4)]).pure_equilibria()
        [(4, 4)]
        >>> NormalFormGame([[(1, -1), (-1, 1)], [(-1, 1), (1, -1)]]).pure_equilibria()
        []
        """
        stays = np.ones(self.payoffs.shape[:-1], bool)
        for who in range(len(self.players)):
            stays &= are_best(self.payoffs[..., who], axis=who)
        return [tuple(named[place] for named, place in zip(self.actions, spot)) for spot in np.argwhere(stays).tolist()]

    def mixed_equilibria(self) -> list[Equilibrium]:
        """All extreme equilibria of two players, pure ones first, in which chances may be 0 and ties are no trouble.

        Every equilibrium is a mean of extreme ones. These are pairs of corners of two polytopes at which each action has
        chance 0 or is a best reply. All choices of facets are solved, so that none is missed where payoffs tie.

        Returns
        -------
        list of Equilibrium

        Raises
        ------
        InvalidInput
            Not two players; too many actions: ten each are just few enough, or sixty against three.

        References
        ----------
        von Stengel, B. (2002), "Computing equilibria for two-person games", Handbook of Game Theory 3, 1723-1759.

        Examples
        --------
        >>> NormalFormGame([[(1, -1), (-1, 1)], [(-1, 1), (1, -1)]]).mixed_equilibria()
        [Equilibrium(player 0: 0 with 0.5, 1 with 0.5; player 1: 0 with 0.5, 1 with 0.5)]
        """
        if len(self.players) != 2:
            raise InvalidInput(f"mixed equilibria are found for two players, and this game has {len(self.players)}")
        mine, theirs = self.payoffs[..., 0], self.payoffs[..., 1]
        found = [
            Equilibrium((x, y), np.array([x @ mine @ y, x @ theirs @ y]), self.actions, self.players)
            for x, y in extreme_equilibria(mine, theirs)
        ]
        return sorted(found, key=lambda one: [(len(s.nonzero()[0]), s.nonzero()[0].tolist()) for s in one.strategies])

    def explain(self) -> str:
        """Who plays what, and where nobody would move.

        Returns
        -------
        str

        Examples
        --------
        >>> print(NormalFormGame([[(18, 18), (15, 20)], [(20, 15), (16, 16)]], actions=[(3, 4), (3, 4)]).explain())
        player 0 chooses of 3, 4; player 1 chooses of 3, 4.
        1 pure equilibrium.
        (4, 4) pays 16, 16.
        """
        said = "; ".join(f"{who} chooses of {listed(named)}" for who, named in zip(self.players, self.actions))
        found = self.pure_equilibria()
        counted = "1 pure equilibrium" if len(found) == 1 else f"{len(found) or 'No'} pure equilibria"
        lines = [f"({listed(profile)}) pays {listed(map(say, self.payoff(profile)))}." for profile in found[:TABLE]]
        return "\n".join([f"{said}.", f"{counted}.", *lines, *(["..."] if len(found) > TABLE else [])])

    def to_frame(self) -> pd.DataFrame:
        """One row for each profile.

        Returns
        -------
        pandas.DataFrame
            A column for each player's action, under its name ("action of equilibrium", where a player bears the name of
            another column); then what each gets, ``payoff of <player>``; and whether the profile is an equilibrium.
        """
        import pandas as pd

        others = {"equilibrium", *(f"payoff of {name}" for name in self.players)}
        heads = [f"action of {name}" if name in others else name for name in self.players]
        frame = pd.DataFrame(list(product(*self.actions)), columns=heads)
        for who, name in enumerate(self.players):
            frame[f"payoff of {name}"] = self.payoffs[..., who].ravel()
        stays = set(self.pure_equilibria())
        frame["equilibrium"] = [profile in stays for profile in product(*self.actions)]
        return frame

    def _repr_html_(self):
        if len(self.players) != 2 or max(self.payoffs.shape) > TABLE:
            return super()._repr_html_()
        rows, (mine, theirs), stays = self.actions[0], self.players, set(self.pure_equilibria())
        columns = {f"{mine} \\ {theirs}": [f"{mine}: {action}" for action in rows]}
        for at, other in enumerate(self.actions[1]):
            paid = [f"{say(a)}, {say(b)}" for a, b in self.payoffs[:, at]]
            columns[f"{theirs}: {other}"] = [f"{p} *" if (a, other) in stays else p for a, p in zip(rows, paid)]
        return columns_table(columns, "te-normalformgame")

    def _at_a_glance(self):
        told = [f"({listed(profile)})" for profile in self.pure_equilibria()]
        return [*((f"actions of {who}", listed(named)) for who, named in zip(self.players, self.actions)),
                ("pure equilibria", listed(told) or "none")]  # fmt: skip

    def __repr__(self):
        return f"NormalFormGame({len(self.players)} players, {' x '.join(str(n) for n in self.payoffs.shape[:-1])} actions)"
