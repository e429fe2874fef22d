"""A coalition game: what each group of members is worth by itself, and what may follow for the shares of all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import function, number, numbers
from tefoundations.strategy.fairness.core import LeastCore, WorstExcess, least_core, worst_excess
from tefoundations.strategy.fairness.nucleolus import nucleolus
from tefoundations.strategy.fairness.savings import Netting
from tefoundations.strategy.fairness.shapley import ShapleyEstimate, exact, sampled
from tefoundations.strategy.fairness.subsets import MOST_MEMBERS, by_member, few, names_of, number_of, read_members, together
from tefoundations.words import NAMED, Explained, count, listed, say

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike


@dataclass(frozen=True, eq=False, repr=False)
class CoalitionGame(Explained):
    """What each coalition of a few members is worth by itself.

    Coalitions are numbered: bit i of S says whether member i is in it. So `values[0]` is nobody's worth, 0, and the last
    is that of all. The unit of a worth is the caller's; for a community it is ct.

    Parameters
    ----------
    values : (2^n,) float array
        The worth of each coalition, n from 2 to 20.
    members : (n,) sequence of str, optional
        Their names.

    Raises
    ------
    InvalidInput
        Values that are not 2^n finite numbers, more than 20 members, a worth of nobody, or names that do not fit.

    Examples
    --------
    >>> CoalitionGame([0, 0, 0, 0]).shapley()
    array([0., 0.])
    >>> CoalitionGame([0, 2, 0, 10], members=("roof", "home")).shapley()
    array([6., 4.])
    """

    values: np.ndarray
    members: tuple[str, ...] = ()

    def __post_init__(self):
        values = numbers(self.values, "values", place="coalition")
        n = len(values).bit_length() - 1
        if n > MOST_MEMBERS:
            raise InvalidInput(f"values: a game has at most {MOST_MEMBERS} members, not {n}; `shapley_sampled` takes more")
        if len(values) < 4 or len(values) != 2**n:
            raise InvalidInput(f"values must be 4, 8, 16 ... numbers, one for each coalition, not {len(values)}")
        if values[0] != 0:
            raise InvalidInput(f"values: the worth of nobody, the first, must be 0, not {values[0]:g}")
        given = self.members if not isinstance(self.members, tuple) or self.members else None
        values.setflags(write=False)
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "members", read_members(given, n))

    @classmethod
    def of(cls, members: Sequence[str], worth: Callable) -> CoalitionGame:
        """A game from a function of coalitions.

        Parameters
        ----------
        members : sequence of str
            2 to 20 names; a text is read as names of one letter.
        worth : callable
            ``worth(coalition)`` takes a tuple of names, in the order of `members`, and returns a number. It is called for
            each coalition but the empty one.

        Returns
        -------
        CoalitionGame

        Raises
        ------
        InvalidInput
            Names that do not fit or are too many, or a worth that is no number.

        Examples
        --------
        >>> CoalitionGame.of("ABC", lambda who: 60 * (len(who) > 1)).values
        array([ 0.,  0.,  0., 60.,  0., 60., 60., 60.])
        """
        names = few(read_members(members))
        function(worth, "worth", of="a tuple of names")
        values = np.zeros(2 ** len(names))
        for coalition in range(1, len(values)):
            who = names_of(coalition, names)
            values[coalition] = number(worth(who), f"worth of {together(who)}")
        return cls(values, names)

    @classmethod
    def of_community(cls, net_load: ArrayLike, tariff: ArrayLike, feed_in: ArrayLike) -> CoalitionGame:
        """The game of neighbours who net among themselves: each coalition is worth what `community_saving` says of it.

        Parameters
        ----------
        net_load : (T, n) array or pandas.DataFrame
            kWh; **positive takes from the feeder, negative gives to it**. A table has a column for each member.
        tariff : (n,) array
            What each pays outside (ct/kWh). A series of pandas is read by its index.
        feed_in : (n,) array
            What each earns outside (ct/kWh).

        Returns
        -------
        CoalitionGame, worths in ct over all steps

        Raises
        ------
        InvalidInput
            As for `community_saving`; more than 20 members.

        References
        ----------
        Owen, G. (1975), "On the core of linear production games", Mathematical Programming 9, 358-370: the core is never
        empty, and the price that balances is in it.

        Examples
        --------
        A roof with 4 kWh over, and two homes that need 2 and 4; a kWh from next door saves 20 ct:

        >>> CoalitionGame.of_community([[-4, 2, 4]], tariff=[30, 30, 30], feed_in=[10, 10, 10]).values
        array([ 0.,  0.,  0., 40.,  0., 80.,  0., 80.])
        """
        netting = Netting.read(net_load, tariff, feed_in)
        return cls(netting.worth(), netting.members)

    def worth(self, coalition: Sequence[str]) -> float:
        """What a coalition is worth by itself.

        Parameters
        ----------
        coalition : sequence of str
            Names of members, in any order.

        Returns
        -------
        float

        Raises
        ------
        InvalidInput
            Who is no member, or stands there twice.

        Examples
        --------
        >>> CoalitionGame([0, 2, 0, 10], members=("roof", "home")).worth(["home", "roof"])
        10.0
        """
        return float(self.values[number_of(coalition, self.members)])

    def shapley(self) -> np.ndarray:
        """What each member adds to those before it, on average over all orders.

        Returns
        -------
        (n,) float array that adds up to the worth of all; it need not be in the core

        References
        ----------
        Shapley, L. S. (1953), "A value for n-person games", Contributions to the Theory of Games II, 307-317.

        Examples
        --------
        >>> CoalitionGame([0, 0, 0, 40, 0, 80, 0, 80]).shapley().round(2)
        array([46.67,  6.67, 26.67])
        """
        return exact(self.values)

    def shapley_sampled(self, orders: int, *, rng: np.random.Generator | int) -> ShapleyEstimate:
        """The same from a sample of orders, with standard errors; `shapley_sampled` says how.

        Parameters
        ----------
        orders : int
            An even number, at least 4.
        rng : numpy.random.Generator or int
            Source of all randomness.

        Returns
        -------
        ShapleyEstimate

        Raises
        ------
        InvalidInput
            An odd number of orders, or what is no source of chance.

        Examples
        --------
        >>> CoalitionGame([0, 2, 0, 10]).shapley_sampled(100, rng=1).shares    # an order and its reverse: exact for two
        array([6., 4.])
        """
        return sampled(self.values, self.members, orders, rng)

    def worst_excess(self, shares: ArrayLike) -> WorstExcess:
        """The coalition that gains most by leaving, or loses least; all together are none.

        Parameters
        ----------
        shares : (n,) array
            What each member gets. A series of pandas is read by its index.

        Returns
        -------
        WorstExcess
            Its `gain` is above 0 if somebody gains by leaving. Shares of the whole worth are in the core where it is not.

        Raises
        ------
        InvalidInput
            Shares that are not one finite number for each member.

        Examples
        --------
        >>> CoalitionGame([0, 2, 0, 10]).worst_excess([1, 9])
        WorstExcess(1, 1 leave)
        """
        return worst_excess(self.values, self.members, by_member(shares, "shares", self.members))

    def least_core(self) -> LeastCore:
        """The smallest largest excess, and shares that reach it, by a linear programme.

        Returns
        -------
        LeastCore, whose `epsilon` is above 0 if the core is empty

        References
        ----------
        Maschler, Peleg and Shapley (1979), "Geometric properties of the kernel, nucleolus, and related solution concepts".

        Examples
        --------
        >>> CoalitionGame([0, 2, 0, 10]).least_core().epsilon
        -4.0
        """
        return least_core(self.values, self.members)

    def nucleolus(self) -> np.ndarray:
        """The shares at which the largest excess is smallest, then the next largest, and so on.

        Nobody gets less than it has alone. It is in the core wherever there is one.

        Returns
        -------
        (n,) float array that adds up to the worth of all

        Raises
        ------
        InvalidInput
            All together are worth less than each alone.

        References
        ----------
        Schmeidler, D. (1969), "The nucleolus of a characteristic function game", SIAM Journal on Applied Mathematics 17(6),
        1163-1170; by linear programmes: Maschler, Peleg and Shapley (1979), Mathematics of OR 4(4), 303-338.

        Examples
        --------
        >>> CoalitionGame([0, 2, 0, 10]).nucleolus()
        array([6., 4.])
        """
        return nucleolus(self.values)

    def explain(self) -> str:
        """What there is to share, in words.

        Returns
        -------
        str

        Examples
        --------
        >>> print(CoalitionGame([0, 2, 0, 10], members=("roof", "home")).explain())
        roof and home are worth 10 together, and 2 in all where each is alone.
        There is 8 to share that nobody has alone.
        """
        whole, apart = float(self.values[-1]), self._apart()
        who = together(self.members) if len(self.members) <= NAMED else count(len(self.members), "member")
        return (
            f"{who} are worth {say(whole)} together, and {say(apart)} in all where each is alone.\n"
            f"There is {say(whole - apart, whole, apart)} to share that nobody has alone."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row a coalition, the empty one first.

        Returns
        -------
        pandas.DataFrame
            Columns coalition (names), size and worth.
        """
        import pandas as pd

        who = [names_of(coalition, self.members) for coalition in range(len(self.values))]
        return pd.DataFrame({"coalition": list(map(", ".join, who)), "size": list(map(len, who)), "worth": self.values})

    def _apart(self):
        return float(self.values[1 << np.arange(len(self.members))].sum())

    def __repr__(self):
        return f"CoalitionGame({count(len(self.members), 'member')}, together {self.values[-1]:.6g})"

    def _at_a_glance(self):
        return [
            ("members", listed(self.members)), ("coalitions", len(self.values)), ("worth together", float(self.values[-1])),
            ("worth of each alone, in all", self._apart()),
        ]  # fmt: skip
