"""Long runs of learners that are kept, because a page cannot wait for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tefoundations.data.files import read_table
from tefoundations.inputs import one_of

if TYPE_CHECKING:
    import pandas as pd

RUNS = ("battery", "two_learners", "duopoly", "duopoly_policies")


def learning_runs(name: str) -> pd.DataFrame:
    """Kept results of learners that ran for long; `data/learners/build.py` made them.

    Parameters
    ----------
    name : {"battery", "two_learners", "duopoly", "duopoly_policies"}
        Which runs: the lane's largest battery over 3,000 winter days; two sellers of 3 or 4 kWh at nine discounts; two
        sellers with fifteen prices each and 1.4 million rounds, after Calvano et al. (2020); what these sellers do after
        each past, and forty pairs more after 2.5 million rounds.

    Returns
    -------
    pandas.DataFrame
        "battery": begins, explore (chance of a blind action), days, learners, share (of the best policy's worth, mean over
        them), spread (standard deviation). "two_learners": pace ("quick", "slow"), discount, memory, learns, begins, pairs;
        of these the number that end at 3 and 3 where neither would gain by leaving (cartel_stays) and where one would
        (cartel_leaves), at 4 and 4 (nash), elsewhere (other); pay_ct a round, and gain_ct a round by leaving, means.
        "duopoly": pair, gain (0 in a round's equilibrium, 1 in the cartel), price, cycle (its length), and what leaving
        gains the first and the second a round. "duopoly_policies": rounds learned, pair; first and second, the policy of
        each as 225 letters, "a" the lowest price, at place 15 * own + other's last price; last_first and last_second, what
        both did last, from 0.

    Raises
    ------
    InvalidInput
        No such runs.
    TEError
        The file is not the one that was built.

    Examples
    --------
    >>> runs = learning_runs("two_learners")
    >>> runs.query("discount == 0.99 and memory == 'none' and learns == 'own action'")["cartel_leaves"].tolist()
    [300, 300]
    """
    return read_table(f"learners/{one_of(name, RUNS, 'name')}")
