"""Strategy: people who think about what the others will do. Games, and what follows from them for energy.

Functions take arrays, and callables such as ``payoff(profile)``: who clears a market or a network writes the line that does.
Players and actions are counted from 0 where they have no names. Quantities are in kWh and prices in ct/kWh in the examples;
nothing here depends on it.

====================================  ========================================================================
What you want                         What to call
====================================  ========================================================================
a game from its payoffs               `NormalFormGame`, `NormalFormGame.from_payoffs`
its equilibria                        `NormalFormGame.pure_equilibria`, `NormalFormGame.mixed_equilibria`
what somebody would gain by moving    `NormalFormGame.regret`, `NormalFormGame.best_replies`
where it leads if all keep answering  `best_reply_path`
a few firms that choose quantities    `cournot`; one of them before the others: `stackelberg`
whether a promise holds               `critical_discount`
how much power sellers have           `herfindahl_hirschman`, `lerner`, `residual_supply_index`
what the market leaves to a seller    `residual_demand`; the offer that earns most of it: `best_offer`
sellers who offer lines               `linear_supply_function`
decisions one after the other         `MarkovDecision`; the best policy `MarkovDecision.solve`
what trial and error finds            `q_learning`; of two learners `repeated_learners`
what leaving a policy would gain      `worth_leaving`
what a forecast is worth              `value_of_information`, and to one who sells in advance `newsvendor`
who pays for what others know         `spread` of a market maker, `winners_curse` of bidders
what groups are worth by themselves   `CoalitionGame`, `CoalitionGame.of_community`
what each adds, who leaves            `CoalitionGame.shapley`, `shapley_sampled`, `CoalitionGame.worst_excess`
shares at which nobody leaves         `CoalitionGame.least_core`, `CoalitionGame.nucleolus`
what neighbours save, keys for it     `community_saving`, `sharing_keys`
how unequal incomes are               `gini`, `lorenz`
shares of energy, of lines            `max_min`, `proportional_fair`, `alpha_fair`
a bargain, envy                       `nash_bargaining`, `envy`
====================================  ========================================================================
"""

from tefoundations.strategy.fairness.allocations import FairAllocation, alpha_fair, max_min, proportional_fair
from tefoundations.strategy.fairness.bargains import Bargain, nash_bargaining
from tefoundations.strategy.fairness.coalitions import CoalitionGame
from tefoundations.strategy.fairness.comparisons import EnvyTable, envy
from tefoundations.strategy.fairness.core import LeastCore, WorstExcess
from tefoundations.strategy.fairness.inequality import gini, lorenz
from tefoundations.strategy.fairness.keys import SharingKeys, sharing_keys
from tefoundations.strategy.fairness.savings import community_saving
from tefoundations.strategy.fairness.shapley import ShapleyEstimate, shapley_sampled
from tefoundations.strategy.games.equilibria import Equilibrium
from tefoundations.strategy.games.normal_form import NormalFormGame
from tefoundations.strategy.games.oligopoly import Oligopoly, cournot, stackelberg
from tefoundations.strategy.games.patience import critical_discount
from tefoundations.strategy.games.replies import ReplyPath, best_reply_path
from tefoundations.strategy.information.common_value import WinnersCurse, winners_curse
from tefoundations.strategy.information.forecasts import ForecastWorth, value_of_information
from tefoundations.strategy.information.market_maker import Spread, spread
from tefoundations.strategy.information.schedules import AdvanceSale, newsvendor
from tefoundations.strategy.learners.decisions import MarkovDecision
from tefoundations.strategy.learners.deviations import worth_leaving
from tefoundations.strategy.learners.pairs import LearnedPlay, repeated_learners
from tefoundations.strategy.learners.policies import OptimalPolicy
from tefoundations.strategy.learners.q_tables import LearnedTables, q_learning
from tefoundations.strategy.power.measures import herfindahl_hirschman, lerner, residual_supply_index
from tefoundations.strategy.power.offers import BestOffer, best_offer
from tefoundations.strategy.power.staircase import ResidualDemand, residual_demand
from tefoundations.strategy.power.supply import SupplyEquilibrium, linear_supply_function

__all__ = [
    # Games
    "NormalFormGame", "Equilibrium",
    # Walks of best replies
    "best_reply_path", "ReplyPath",
    # A few firms
    "cournot", "stackelberg", "Oligopoly",
    # Day after day
    "critical_discount",
    # Market power
    "herfindahl_hirschman", "lerner", "residual_supply_index",
    "residual_demand", "ResidualDemand", "best_offer", "BestOffer", "linear_supply_function", "SupplyEquilibrium",
    # Learners
    "MarkovDecision", "OptimalPolicy", "q_learning", "LearnedTables", "repeated_learners", "LearnedPlay",
    "worth_leaving",
    # Information
    "value_of_information", "newsvendor", "spread", "winners_curse", "ForecastWorth", "AdvanceSale", "Spread",
    "WinnersCurse",
    # Coalitions
    "CoalitionGame", "WorstExcess", "LeastCore", "ShapleyEstimate", "shapley_sampled",
    # Sharing what a community saves
    "community_saving", "sharing_keys", "SharingKeys",
    # Inequality and envy
    "gini", "lorenz", "envy", "EnvyTable",
    # Fair shares
    "max_min", "proportional_fair", "alpha_fair", "FairAllocation", "nash_bargaining", "Bargain",
]  # fmt: skip
