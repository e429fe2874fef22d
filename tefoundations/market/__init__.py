"""Markets: orders, clearings and the mechanisms that turn the one into the other.

Energy is in kWh, prices in ct/kWh; on a network, `nodal` and its sisters, in MWh and $/MWh.

========================================  =================================================================
What you want                             What to call
========================================  =================================================================
a book of orders                          `OrderBook.of`, `OrderBook.from_frame`
one price for everybody who trades        `uniform_price`; as a linear programme `lp_clearing`
who is served when prices are equal       ``uniform_price(..., ties="time")``, "pro rata"
all prices that would hold                `Clearing.price_interval`
each at its own price                     `pay_as_bid`
a rule under which honesty is best        `vcg`, `second_price`, `mcafee`, `muda`, `posted_price`
... whatever names the agents take        `threshold_price`, `posted_price`
... on average, with a balanced budget    `expected_externality` with a `Prior`
the harm that each does to the others     `welfare_without_each`
a simple rule, to compare with            `greedy`, `zero_intelligence`
orders that trade as they come            `continuous`; in calls, `batched`; order by order, `Exchange`
... a million of them                     `match_events`
neighbours who choose whom they trade     `bilateral` with fees and preferences; without a centre, `by_messages`
many hours, blocks, energy that can wait  `day_ahead` with `BlockOrder` and `WindowOrder`, `serve_by_merit`
blocks that need or exclude each other    ``BlockOrder(..., with_=name)``, `Exclusive`
a battery that sells what it bought       `BatteryOrder`
three prices for blocks                   ``day_ahead(..., pricing="marginal")``, "convex_hull", "european"
a book on a network                       `nodal`, `nodal_vcg`; can a clearing be delivered: `deliverable`
what a rule is worth, who gains by lying  `audit`, `audit_table` (any function of a book), `interim_audit`,
                                          `linear_equilibrium`
a formula as everybody's counterpart      `ConstantProduct`, `ConstantSum`, `StableSwap`; for chances `ScoringRule`
... and what its provider loses           `impermanent_loss`, `loss_versus_rebalancing`
who trades with whom                      `trades`
sold the day before, made today           `two_settlement`, `imbalance_charges`; how much to sell: `best_bid`
a contract on the price                   `hedge_ratio`, `forward_price`, `call`, `put`, `ContractForDifference`
forwards that weaken a few strong firms   `cournot_with_forwards`
who pays and receives what, hour by hour  ``Clearing.statement()``, ``DayAhead.statement()``
supply and demand as curves               `equilibrium` with `LinearSupply`, `LinearDemand`, `Isoelastic`
the price of a shortage                   `scarcity_price`
energy and capacity, priced apart         `peak_load_prices`
========================================  =================================================================
"""

from tefoundations.market.amm.chances import ScoringRule
from tefoundations.market.amm.constant_product import ConstantProduct
from tefoundations.market.amm.constant_sum import ConstantSum
from tefoundations.market.amm.losses import ProviderLosses, impermanent_loss, loss_versus_rebalancing
from tefoundations.market.amm.stable_swap import StableSwap
from tefoundations.market.auction.beliefs import Prior
from tefoundations.market.auction.discriminatory import pay_as_bid
from tefoundations.market.auction.fixed_price import posted_price
from tefoundations.market.auction.heuristics import greedy
from tefoundations.market.auction.linear_programme import lp_clearing
from tefoundations.market.auction.random_halves import muda
from tefoundations.market.auction.threshold import threshold_price
from tefoundations.market.auction.trade_reduction import mcafee
from tefoundations.market.auction.transfers import TransferClearing, expected_externality
from tefoundations.market.auction.uniform import uniform_price
from tefoundations.market.auction.vickrey import second_price, vcg, welfare_without_each
from tefoundations.market.audits.ex_post import Audit, audit, audit_table
from tefoundations.market.audits.interim import Interim, interim_audit, linear_equilibrium
from tefoundations.market.clearing import Clearing
from tefoundations.market.curves.balance import MarketEquilibrium, equilibrium
from tefoundations.market.curves.capacity_prices import CapacityPrices, peak_load_prices
from tefoundations.market.curves.constant_elasticity import Isoelastic
from tefoundations.market.curves.shortage import scarcity_price
from tefoundations.market.curves.straight import LinearDemand, LinearSupply
from tefoundations.market.exchange.arrivals import continuous
from tefoundations.market.exchange.event_stream import match_events
from tefoundations.market.exchange.frequent_calls import batched
from tefoundations.market.exchange.price_time import Exchange
from tefoundations.market.exchange.zi_traders import Session, zero_intelligence
from tefoundations.market.forwards.contracted_firms import ContractedFirms, cournot_with_forwards
from tefoundations.market.forwards.day_ahead_sales import TwoSettlement, two_settlement
from tefoundations.market.forwards.difference_contracts import ContractForDifference, ContractRun
from tefoundations.market.forwards.forward_markets import ForwardMarket, forward_price
from tefoundations.market.forwards.hedges import Hedge, hedge_ratio
from tefoundations.market.forwards.imbalances import ImbalanceCharges, imbalance_charges
from tefoundations.market.forwards.option_worth import OptionWorth, call, put
from tefoundations.market.forwards.output_bids import OutputBid, best_bid
from tefoundations.market.hours.blocks import BlockOrder, WindowOrder
from tefoundations.market.hours.coupled_auction import day_ahead
from tefoundations.market.hours.merit_order import Serving, serve_by_merit
from tefoundations.market.hours.outcome import DayAhead
from tefoundations.market.hours.stores import BatteryOrder
from tefoundations.market.hours.ties import Exclusive
from tefoundations.market.matches import MatchedClearing
from tefoundations.market.orders import OrderBook, Orders
from tefoundations.market.pairing import Trade, trades
from tefoundations.market.peers.negotiation import PeerTalks, by_messages
from tefoundations.market.peers.transport import PeerClearing, bilateral

__all__ = [
    # Orders
    "OrderBook", "Orders", "BlockOrder", "WindowOrder", "BatteryOrder", "Exclusive",
    # Results
    "Clearing", "TransferClearing", "DayAhead", "Serving", "Session", "MatchedClearing", "PeerClearing", "PeerTalks",
    # Who trades with whom
    "trades", "Trade",
    # Mechanisms
    "uniform_price", "pay_as_bid", "mcafee", "vcg", "second_price", "muda", "posted_price", "threshold_price",
    "expected_externality", "Prior", "lp_clearing", "greedy", "day_ahead", "serve_by_merit", "zero_intelligence",
    "welfare_without_each",
    # Trade as orders come, and between peers
    "Exchange", "match_events", "continuous", "batched", "bilateral", "by_messages",
    # Pools
    "ConstantProduct", "ConstantSum", "StableSwap", "ScoringRule", "impermanent_loss", "loss_versus_rebalancing",
    "ProviderLosses",
    # Comparing mechanisms
    "audit", "audit_table", "Audit", "interim_audit", "Interim", "linear_equilibrium",
    # Supply and demand as curves
    "LinearDemand", "LinearSupply", "Isoelastic", "equilibrium", "MarketEquilibrium", "scarcity_price", "peak_load_prices",
    "CapacityPrices",
    # Forwards and their settlement
    "two_settlement", "TwoSettlement", "imbalance_charges", "ImbalanceCharges", "best_bid", "OutputBid",
    "hedge_ratio", "Hedge", "forward_price", "ForwardMarket", "call", "put", "OptionWorth",
    "ContractForDifference", "ContractRun", "cournot_with_forwards", "ContractedFirms",
    # On a network
    "nodal", "nodal_vcg", "deliverable", "Delivery",
]  # fmt: skip


def __getattr__(name):
    """The names on a network: they need the grid, whose import a market without a map does not pay for."""
    if name not in {"Delivery", "deliverable", "nodal", "nodal_vcg"}:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name.startswith("nodal"):
        from tefoundations.market.network import clearing as room
    else:
        from tefoundations.market.network import delivery as room
    return getattr(room, name)
