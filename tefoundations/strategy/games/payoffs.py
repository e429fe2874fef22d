"""Arithmetic on a table of payoffs: what each action brings against the others, and which is best."""

import numpy as np

from tefoundations.programmes import is_zero


def against(payoffs, player, taken):
    """What each action of a player brings while the others do as taken.

    Parameters
    ----------
    payoffs : (actions, ..., players) array
    player : int
    taken : list
        For each player the place of an action, or an array of chances; the player's own is not looked at.

    Returns
    -------
    (actions of the player,) float array
    """
    pure = tuple(slice(None) if who == player or np.ndim(one) else one for who, one in enumerate(taken))
    left = payoffs[(*pure, player)]
    draws = [who for who, part in enumerate(pure) if isinstance(part, slice)]  # whose axes are left
    for axis in reversed(range(len(draws))):
        if draws[axis] != player:
            left = np.tensordot(left, taken[draws[axis]], axes=(axis, 0))
    return left


def mean(gains, own):
    """What a player gets that takes an action, or draws one."""
    return float(gains @ own if np.ndim(own) else gains[own])


def are_best(gains, axis):
    """Where no action along the axis brings more, by more than rounding."""
    best = gains.max(axis=axis, keepdims=True)
    return is_zero(best - gains, np.maximum(np.abs(best), np.abs(gains)))
