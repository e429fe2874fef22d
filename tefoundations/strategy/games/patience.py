"""Games that are played again tomorrow: how patient one must be to keep a promise."""

from __future__ import annotations

from tefoundations.errors import InvalidInput
from tefoundations.inputs import number
from tefoundations.words import say


def critical_discount(together: float, cheat: float, punished: float, seen: float = 1.0) -> float:
    """The least weight of tomorrow at which nobody breaks an agreement that ends for ever when a breach is seen.

    Who keeps it gets `together` every day. Who breaks it gets `cheat` once; if it is seen, all get `punished` from the next
    day on. A day that comes after another counts d times as much. To keep it is best, today and so on every day, if

        (cheat - together) (1 - d) <= d seen (together - punished).

    Parameters
    ----------
    together : float
        What a day of agreement brings.
    cheat : float
        What the day of the breach brings to who breaks it.
    punished : float
        What each day after it brings, to be an equilibrium of the day by itself.
    seen : float
        Chance that a breach is seen, from 0 to 1.

    Returns
    -------
    float
        d, from 0: a breach never pays, to 1: no patience is enough, for d itself is below 1.

    Raises
    ------
    InvalidInput
        A payoff that is not finite; a chance that is none; a breach that costs something today and after which all are
        better off: who breaks is then the patient one, and no least patience keeps an agreement.

    References
    ----------
    Friedman, J. W. (1971), "A non-cooperative equilibrium for supergames", Review of Economic Studies 38(1), 1-12.

    Examples
    --------
    Two batteries that sell 3 kWh each rather than 4:

    >>> critical_discount(together=18, cheat=20, punished=16)
    0.5
    >>> round(critical_discount(18, 20, 16, seen=0.25), 9)
    0.8
    >>> critical_discount(18, 20, 18), critical_discount(18, 17, 16)
    (1.0, 0.0)
    """
    together, cheat, punished = (
        number(value, name) for value, name in ((together, "together"), (cheat, "cheat"), (punished, "punished"))
    )
    chance = number(seen, "seen", least=0, most=1)
    if cheat <= together < punished:
        raise InvalidInput(
            f"punished {say(punished)} must not be above together {say(together)} where cheat {say(cheat)} is not: a breach "
            "would pay the more, the more tomorrow counts"
        )
    together, cheat, punished = together / 4, cheat / 4, punished / 4  # no difference is more than a number can hold
    gain, loss = cheat - together, chance * max(together - punished, 0.0)
    return gain / (gain + loss) if gain > 0 else 0.0
