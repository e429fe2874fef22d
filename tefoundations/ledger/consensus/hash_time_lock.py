"""A swap between two ledgers without a middleman: both sides locked by one hash, each with a time after which it falls back.

Ada locks her side on the first ledger until `t1`, Ben his on the second until `t2`. Whoever shows the secret behind the hash
takes a side. Ada knows it. She takes Ben's side on the second ledger, and by that shows Ben the secret, with which he takes
hers on the first. Ben is safe if he always has the time for it.
"""

from tefoundations.errors import InvalidInput
from tefoundations.inputs import whole
from tefoundations.words import shown

MOST = 1_000_000  # courses of events that are tried


def is_safe(t1: int, t2: int, delta: int, reaction: int) -> bool:
    """Whether Ben cannot lose: t1 >= t2 + delta + reaction.

    Parameters
    ----------
    t1 : int
        Last time at which the first ledger gives Ada's side to Ben.
    t2 : int
        Last time at which the second gives Ben's side to Ada.
    delta : int
        Longest time from sending a transaction to its being in the ledger.
    reaction : int
        Longest time from the secret's being in the ledger to Ben's answer.

    Returns
    -------
    bool

    Raises
    ------
    InvalidInput
        If a time is not a whole number of at least 0.

    References
    ----------
    M. Herlihy, "Atomic cross-chain swaps", PODC 2018.

    Examples
    --------
    >>> is_safe(t1=10, t2=5, delta=3, reaction=2), is_safe(t1=9, t2=5, delta=3, reaction=2)
    (True, False)
    """
    for name, value in {"t1": t1, "t2": t2, "delta": delta, "reaction": reaction}.items():
        whole(value, name, least=0)
    return t1 >= t2 + delta + reaction


def losing_schedules(t1: int, t2: int, delta: int, reaction: int) -> list[tuple[int, int, int]]:
    """Every course of events in which Ada has both sides and Ben has nothing, by trying all of them on a small clock.

    Parameters
    ----------
    t1 : int
        Last time at which the first ledger gives Ada's side to Ben.
    t2 : int
        Last time at which the second gives Ben's side to Ada.
    delta : int
        Longest time from sending a transaction to its being in the ledger.
    reaction : int
        Longest time from the secret's being in the ledger to Ben's answer.

    Returns
    -------
    list of (int, int, int)
        When Ada's claim is in the ledger, when Ben answers, when his claim is in the ledger: too late.

    Raises
    ------
    InvalidInput
        If a time is not a whole number of at least 0, or they leave more than a million courses of events to try.

    Examples
    --------
    >>> losing_schedules(t1=9, t2=5, delta=3, reaction=2), losing_schedules(t1=10, t2=5, delta=3, reaction=2)
    ([(5, 7, 10)], [])
    """
    is_safe(t1, t2, delta, reaction)
    tried = (t2 + 1) * (delta + 1) ** 2 * (reaction + 1)
    if tried > MOST:
        raise InvalidInput(f"t2, delta and reaction leave {shown(tried)} courses of events to try, more than {MOST}")
    lost = []
    for sent in range(t2 + 1):
        for told in range(sent, sent + delta + 1):
            if told > t2:
                continue  # Ada's claim came too late: both sides fall back
            for answered in range(told, told + reaction + 1):
                lost += [(told, answered, there) for there in range(answered, answered + delta + 1) if there > t1]
    return sorted(dict.fromkeys(lost))
