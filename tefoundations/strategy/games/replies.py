"""Walks of best replies: all answer the others, in turn or at once, until nobody moves or the walk goes in a circle."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING

from tefoundations.errors import InvalidInput
from tefoundations.inputs import number, one_of, sequence, whole
from tefoundations.programmes import NEAR
from tefoundations.strategy.games.game_checks import hashes, place_of
from tefoundations.strategy.games.normal_form import NormalFormGame
from tefoundations.words import Explained, an, count, listed, say

if TYPE_CHECKING:
    import pandas as pd

ORDERS = ("in turn", "at once")
MOST = 1_000  # rounds


@dataclass(frozen=True, repr=False)
class ReplyPath(Explained):
    """What everybody did, round for round.

    Parameters
    ----------
    path : tuple of tuples
        Profiles: the start, then one after each round.
    end : str
        "settled": nobody moved in the last round. "cycle": the last profile was met before, and the walk goes on in this
        circle for ever. "rounds over": neither was seen.
    order : str
        "in turn" or "at once".
    players : tuple of str
        Names.
    """

    path: tuple[tuple, ...]
    end: str
    order: str
    players: tuple[str, ...]

    @property
    def rounds(self) -> int:
        """Rounds that were played."""
        return len(self.path) - 1

    @property
    def circle(self) -> tuple[tuple, ...]:
        """The profiles that return for ever, each once; one where the walk settled, none where the rounds were over."""
        if self.end == "rounds over":
            return ()
        walk = _Walk(self.path)
        first = next(place for place, met in enumerate(self.path) if walk.is_last(met))
        return self.path[first:-1] if self.end == "cycle" else self.path[-1:]

    def explain(self) -> str:
        """How the walk began and ended.

        Returns
        -------
        str

        Examples
        --------
        >>> def reply(player, others):  # of a seller at price 12 - all that is sold, at no cost
        ...     return max(0, (12 - sum(others)) / 2)
        >>> print(best_reply_path(reply, [1, 1, 1], order="at once").explain())
        Best replies at once, from (1, 1, 1).
        A cycle of 2 profiles after 2 rounds: (1, 1, 1); (5, 5, 5).
        """
        began = f"Best replies {self.order}, from {_told(self.path[0])}."
        if self.end == "settled":
            return f"{began}\nSettled after {count(self.rounds, 'round')} at {_told(self.path[-1])}."
        if self.end == "rounds over":
            return f"{began}\nStill on the move after {count(self.rounds, 'round')}, at {_told(self.path[-1])}."
        circle = "; ".join([_told(profile) for profile in self.circle[:6]] + ["..."] * (len(self.circle) > 6))
        return f"{began}\nA cycle of {count(len(self.circle), 'profile')} after {count(self.rounds, 'round')}: {circle}."

    def to_frame(self) -> pd.DataFrame:
        """One row for each round, from the start, round 0.

        Returns
        -------
        pandas.DataFrame
            Columns round, and one for each player's action ("action of round" of a player of that name).
        """
        import pandas as pd

        heads = ["action of round" if name == "round" else name for name in self.players]
        frame = pd.DataFrame(list(self.path), columns=heads)
        frame.insert(0, "round", range(len(frame)))
        return frame

    def _at_a_glance(self):
        return [("order", self.order), ("start", _told(self.path[0])), ("rounds", self.rounds), ("end", self.end),
                ("last", _told(self.path[-1])), ("profiles that return", len(self.circle))]  # fmt: skip

    def __repr__(self):
        return f"ReplyPath({self.order}: {self.end} after {count(self.rounds, 'round')})"


def _told(profile):
    return f"({listed(say(one) if isinstance(one, Real) else one for one in profile)})"


def best_reply_path(
    game: NormalFormGame | Callable, start: Sequence, order: str = "in turn", rounds: int = 100
) -> ReplyPath:
    """Let everybody answer the others again and again.

    A player that does as well as it can stays. Else it takes its best action, the first of several in their order. A walk
    that settles ends in an equilibrium. One that does not proves nothing: there may be an equilibrium all the same.

    Parameters
    ----------
    game : NormalFormGame or callable
        A game, or ``reply(player, others)``: a player's best action (players count from 0) against the list of the others'.
    start : sequence
        What each player does at first.
    order : str
        "in turn": in each round the players move one after the other and see what was done before. "at once": all move
        together and answer the round before.
    rounds : int
        After how many rounds to stop at the latest, up to 1,000.

    Returns
    -------
    ReplyPath
        Two profiles of numbers are the same if they differ by no more than a billionth of the largest numbers met.

    Raises
    ------
    InvalidInput
        An unknown order or action; a start that does not name an action of each player; a reply that is no number or name,
        or not finite.

    References
    ----------
    Theocharis, R. D. (1960), "On the stability of the Cournot solution on the oligopoly problem", Review of Economic Studies
    27(2), 133-134; Monderer, D. and Shapley, L. S. (1996), "Potential games", Games and Economic Behavior 14(1), 124-143.

    Examples
    --------
    Three sellers settle if they answer in turn. If they answer at once, it hangs on the start: from (1, 1, 1) they never do,
    from (5, 3, 1), whose total is the right one, they do.

    >>> def reply(player, others):
    ...     return max(0, (12 - sum(others)) / 2)
    >>> best_reply_path(reply, [1, 1, 1])
    ReplyPath(in turn: settled after 21 rounds)
    >>> best_reply_path(reply, [1, 1, 1], order="at once")
    ReplyPath(at once: cycle after 2 rounds)
    >>> best_reply_path(reply, [5, 3, 1], order="at once")
    ReplyPath(at once: settled after 30 rounds)
    """
    one_of(order, ORDERS, "order")
    whole(rounds, "rounds", least=1, most=MOST)
    players, start, answer = _players(game, start)
    walk, end = _Walk([start]), "rounds over"
    for _ in range(rounds):
        walk.add(_round(walk.path[-1], answer, in_turn=order == "in turn"))
        if walk.is_last(walk.path[-2]):
            end = "settled"
            break
        if any(walk.is_last(met) for met in walk.path[:-2]):
            end = "cycle"
            break
    return ReplyPath(tuple(walk.path), end, order, players)


class _Walk:
    """Profiles one after the other, and the largest number that each player had."""

    def __init__(self, path):
        self.path, self.largest = [], [0.0] * len(path[0])
        for profile in path:
            self.add(profile)

    def add(self, profile):
        sizes = [abs(one) if isinstance(one, Real) else 0.0 for one in profile]
        self.path.append(profile)
        self.largest = [max(pair) for pair in zip(self.largest, sizes)]

    def is_last(self, met):
        """Whether a profile is the same as the last, numbers up to a billionth of the largest their player had."""
        return all(map(_alike, met, self.path[-1], self.largest))


def _round(before, answer, in_turn):
    """The profile after everybody has moved once."""
    after = list(before)
    for who in range(len(before)):
        seen = after if in_turn else before
        after[who] = answer(who, seen[who], [*seen[:who], *seen[who + 1 :]])
    return tuple(after)


def _players(game, start):
    """Names of the players, and what each of them answers to (player, own action, others)."""
    given = sequence(start, "start", of="what each player does")
    if isinstance(game, NormalFormGame):
        game.payoff(given)  # refuses what is no profile
        for who, named, one in zip(game.players, game.actions, given):
            if place_of(one, named) is None:
                raise InvalidInput(f"{who}: a walk starts at one of its actions, not at chances")

        def choose(who, own, others):
            best = game.best_replies(who, others)
            return own if own in best else best[0]

        return game.players, given, choose
    if not callable(game):
        raise InvalidInput(f"game must be a NormalFormGame or a function reply(player, others), not {type(game).__name__}")
    if not given:
        raise InvalidInput("start must say what each player does, and names none")
    for who, one in enumerate(given):
        if isinstance(one, Real):
            number(one, f"the start of player {who}")
        else:
            _name(one, f"the start of player {who}")

    def ask(who, _, others):
        told, what = game(who, others), f"the reply of player {who} to {_told(others)}"
        return number(told, what) if isinstance(told, Real) else _name(told, what)

    return tuple(f"player {who}" for who in range(len(given))), given, ask


def _name(one, what):
    """An action that is no number: whatever can be told from others, and is not nothing."""
    if one is None or not hashes(one):
        raise InvalidInput(f"{what} must be a number or a name, not {an(type(one).__name__)}")
    return one


def _alike(a, b, largest):
    if not (isinstance(a, Real) and isinstance(b, Real)):
        return a == b
    return abs(a - b) <= NEAR * largest
