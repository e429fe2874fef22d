"""What is given for a game, looked at once: its table, its names, and what its players do."""

from itertools import product
from math import prod

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.indices import check_names
from tefoundations.inputs import as_array, function, numbers, sequence
from tefoundations.programmes import NEAR
from tefoundations.words import count, say, shown

MOST = 10_000_000  # payoffs
MOST_PLAYERS = 31  # an axis each, and numpy has 32 of them; more players with two actions each are too many payoffs anyway


def check_size(sizes):
    """Refuse a game with no players or actions, or with too many payoffs."""
    if not sizes or 0 in sizes:
        raise InvalidInput(f"a game needs players with actions each, not {' x '.join(map(str, sizes)) or 'none'}")
    if len(sizes) > MOST_PLAYERS:
        raise InvalidInput(f"a game has at most {MOST_PLAYERS} players, not {len(sizes)}")
    if prod(sizes) * len(sizes) > MOST:
        table = " x ".join(str(size) for size in sizes)
        raise InvalidInput(f"{table} actions of {count(len(sizes), 'player')} are {prod(sizes) * len(sizes):,} payoffs, "
                           f"and at most {MOST:,} are kept")  # fmt: skip


def table(payoffs):
    """The payoffs as an array of their own that nobody changes: an axis for each player, and the players last."""
    given = as_array(payoffs)
    if given.ndim and given.shape[-1] != given.ndim - 1:
        shape = f"payoffs of shape {given.shape} have {given.ndim - 1} axes of actions and {given.shape[-1]} payoffs"
        raise InvalidInput(f"{shape}; the last axis must hold one payoff for each of the others")
    check_size(given.shape[:-1])
    read = numbers(given, "payoff", ndim=None, place="profile and player")
    read.setflags(write=False)
    return read


def tabulated(actions, payoff):
    """The table of a function that says what each profile pays; a game that is too large is refused before any is asked."""
    sizes = [len(named) for named in actions]
    check_size(sizes)
    function(payoff, "payoff", of="a profile")
    found = np.empty((*sizes, len(sizes)))
    for spot, profile in zip(np.ndindex(*sizes), product(*actions)):
        try:
            found[spot] = numbers(payoff(profile), "payoff", count=len(sizes), place="player")
        except InvalidInput as error:
            raise InvalidInput(f"profile {shown(profile)}: {error}") from None
    return found


def player_names(given, number):
    """A name for each player, all different."""
    names = (f"player {who}" for who in range(number)) if given is None else sequence(given, "players", of="names")
    return distinct(tuple(str(name) for name in names), "players", number)


def action_names(given, sizes, players):
    """Names of the actions of each player, all different."""
    if given is None:
        return tuple(tuple(range(size)) for size in sizes)
    given = sequence(given, "actions", of="each player's actions")
    if len(given) != len(sizes):
        raise InvalidInput(f"actions must name those of {count(len(sizes), 'player')}, not of {len(given)}")
    read = [sequence(named, f"actions of {who}", of="actions") for named, who in zip(given, players)]
    plain = [tuple(one.item() if isinstance(one, np.generic) else one for one in named) for named in read]
    return tuple(distinct(named, f"actions of {who}", size) for named, who, size in zip(plain, players, sizes))


def distinct(names, what, number):
    """The names, so many as are asked for and all different."""
    if len(names) != number:
        raise InvalidInput(f"{what} must be {number}, not {len(names)}")
    try:
        twice = [name for place, name in enumerate(names) if name in set(names[:place])]
    except TypeError:
        raise InvalidInput(f"{what} must be names, numbers or tuples, not lists or arrays") from None
    if twice:
        raise InvalidInput(f"{what}: {shown(twice[0])} stands there twice")
    return names


def read_profile(profile, actions, players):
    """For each player the place of its action, or the array of its chances."""
    given = sequence(profile, "profile", of="what each player does")
    if len(given) != len(players):
        raise InvalidInput(f"a profile says what each of {count(len(players), 'player')} does, not {len(given)}")
    return [_read(one, named, who) for one, named, who in zip(given, actions, players)]


def place_of(action, named):
    """Where an action stands among those of a player; None where it does not. An array is none, and True is not 1."""
    if not hashes(action):
        return None
    kind = isinstance(action, (bool, np.bool_))
    return next((at for at, name in enumerate(named) if name == action and isinstance(name, (bool, np.bool_)) == kind), None)


def hashes(value):
    """Whether a value can be a name: a tuple of lists cannot, though its class says so."""
    try:
        hash(value)
    except TypeError:
        return False
    return True


def _read(one, named, who):
    place = place_of(one, named)
    if place is not None:
        return place
    if isinstance(one, str) or not np.iterable(one):
        raise InvalidInput(f"{who}: {shown(one)} is none of its actions {shown(list(named))}")
    chances = numbers(one, f"{who}: chance", least=0, count=len(named), place="action")
    check_names(one, f"chances of {who}", named, "its actions")
    if abs(chances.sum() - 1) > NEAR:
        raise InvalidInput(f"{who}: chances {shown(chances.tolist())} add up to {say(chances.sum())}, not to 1")
    return chances
