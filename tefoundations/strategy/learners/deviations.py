"""What a player would gain by leaving: its best reply to the policy of the other, found exactly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.indices import check_labels
from tefoundations.inputs import numbers, sequence, share, whole
from tefoundations.programmes import NEAR
from tefoundations.strategy.learners.decision_checks import check_sums
from tefoundations.words import shown

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

MOST = 60  # actions: a reply is found in tables of their cube


def worth_leaving(
    pay: ArrayLike, mine: Sequence[int], other: Sequence[int], discount: float, *, start: tuple[int, int] = (0, 0)
) -> float:
    """What a player gains a round, on average, by its best reply to the other's policy instead of its own.

    The game is played for ever and both see what both did last. Against a policy that is known, the best reply is a Markov
    decision with a state for each pair of last actions, and is found exactly. It may leave once, for ever, or come and go.
    Two policies of which neither is worth leaving are an equilibrium of the repeated game from `start` on.

    Parameters
    ----------
    pay : (m, m) array
        ``pay[a, b]``: what a player gets that does a while the other does b; the same for both. From 2 to 60 actions.
    mine, other : (m * m,) int arrays, or (1,) int arrays
        What a player does next, for each pair of last actions: entry ``own * m + others``, in its own view. With one entry
        it does the same whatever happened.
    discount : float
        What one unit counts if it comes a round later, from 0 and below 1.
    start : (int, int)
        What was done last when the player thinks of leaving: its own action, and the other's.

    Returns
    -------
    float
        Gain a round: (1 - discount) times that of the discounted sum. 0 where staying is best.

    Raises
    ------
    InvalidInput
        Payoffs that are no square table, a policy of another length, an action that is none, a discount of 1.

    Examples
    --------
    Both sell 3 kWh (action 0) for 18 ct each. Who sells 4 gets 20; if both do, 16. A rival that never answers is worth
    leaving. One that sells 4 for ever after is not, if tomorrow counts at least half. One that forgives after a round of 16
    always is: a breach loses 2 a round later, and gains 2 at once.

    >>> pay = [[18, 15], [20, 16]]
    >>> round(worth_leaving(pay, [0], [0], 0.9), 6)
    2.0
    >>> grim, win_stay = [0, 1, 1, 1], [0, 1, 1, 0]
    >>> worth_leaving(pay, grim, grim, 0.5), round(worth_leaving(pay, grim, grim, 0.4), 6)
    (0.0, 0.4)
    >>> round(worth_leaving(pay, win_stay, win_stay, 0.9), 6)
    0.105263
    """
    table = read_pay(pay)
    delta = share(discount, "discount", zero=True)
    check_sums(table, delta)
    policies = [read_policy(policy, name, len(table)) for policy, name in ((mine, "mine"), (other, "other"))]
    last = sequence(start, "start", of="two actions")
    if len(last) != 2:
        raise InvalidInput(f"start must be two actions, the own and the other's, not {len(last)}")
    own, others = (whole(one, "start", least=0, most=len(table) - 1) for one in last)
    return float(gains(table, policies[0], policies[1], delta)[own * len(table) + others])


def gains(pay, mine, other, discount):
    """(m * m,) float array: what leaving gains a round, from each pair of last actions on.

    Nothing is left to chance, so a past leads to one next past only, and a table of these does: no chances of m^5 entries.
    The best reply comes by policy iteration, as in `MarkovDecision.solve`.

    Parameters
    ----------
    pay : (m, m) float array
    mine, other : (m * m,) int arrays
    discount : float
    """
    m = len(pay)
    past = np.arange(m * m)
    answer = other[past % m * m + past // m]  # the other sees its own action first
    after, brings = np.arange(m) * m + answer[:, None], pay[:, answer].T  # by past and own action
    largest, kept, best = np.abs(pay).max(), _each_round(brings, after, mine, discount), None
    policy = brings.argmax(axis=1)
    while True:
        mean, above = best = _each_round(brings, after, policy, discount)
        worth = brings + discount * (above - above[0])[after]
        better = worth.max(axis=1) - worth[past, policy] > NEAR * max(largest, np.ptp(above))
        if not better.any():
            break
        policy = np.where(better, worth.argmax(axis=1), policy)
    more = best[0] - kept[0] + (1 - discount) * (best[1] - kept[1])
    return np.where(more > NEAR * largest, more, 0.0)


def _each_round(brings, after, policy, discount):
    """What a policy brings, as (a number a round, discounted sum from each past of what is brought above that number).

    With a discount near 1 the sums are large and nearly alike, and what they differ by decides. The number is the mean over
    the rounds that return for ever from the first past on, so that only differences are summed. Sums of 1, 2, 4 ... rounds
    are each made of two of the last.
    """
    past = np.arange(len(policy))
    step, reward = after[past, policy], brings[past, policy]
    seen, spot, following = {}, 0, step.tolist()
    while spot not in seen:
        seen[spot] = len(seen)
        spot = following[spot]
    mean = float(reward[list(seen)[seen[spot] :]].mean())
    above, weight = reward - mean, discount
    while weight > 0:
        above, step, weight = above + weight * above[step], step[step], weight * weight
    return mean, above


def read_pay(pay):
    """A square table of payoffs of at least two actions."""
    read = numbers(pay, "payoff", ndim=2, place="pair of actions")
    check_labels(getattr(pay, "columns", None), "columns of pay", pay, "its rows")
    if read.shape[0] != read.shape[1] or not 2 <= len(read) <= MOST:
        raise InvalidInput(f"pay must be a square table of 2 to {MOST} actions, not of shape {read.shape}")
    return read


def read_policy(policy, name, m):
    """(m * m,) int array: what is done after each pair of last actions."""
    read = [whole(one, name, least=0, most=m - 1) for one in sequence(policy, name, of="actions")]
    if len(read) not in (1, m * m):
        wanted = f"1 action, or {m * m}, one for each pair of last actions"
        raise InvalidInput(f"{name} must be {wanted}, not {len(read)}: {shown(read)}")
    return np.array(read * (m * m if len(read) == 1 else 1))
