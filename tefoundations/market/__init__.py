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
many hours, blocks, energy that can wait  `day_ahead` with `BlockOrder` and `WindowOrder`, `serve_by_merit`
blocks that need or exclude each other    ``BlockOrder(..., with_=name)``, `Exclusive`
a battery that sells what it bought       `BatteryOrder`
three prices for blocks                   ``day_ahead(..., pricing="marginal")``, "convex_hull", "european"
a book on a network                       `nodal`, `nodal_vcg`; can a clearing be delivered: `deliverable`
what a rule is worth, who gains by lying  `audit`, `audit_table` (any function of a book), `interim_audit`,
                                          `linear_equilibrium`
who trades with whom                      `trades`
who pays and receives what, hour by hour  ``Clearing.statement()``, ``DayAhead.statement()``
========================================  =================================================================
"""

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
from tefoundations.market.exchange.zi_traders import Session, zero_intelligence
from tefoundations.market.hours.blocks import BlockOrder, WindowOrder
from tefoundations.market.hours.coupled_auction import day_ahead
from tefoundations.market.hours.merit_order import Serving, serve_by_merit
from tefoundations.market.hours.outcome import DayAhead
from tefoundations.market.hours.stores import BatteryOrder
from tefoundations.market.hours.ties import Exclusive
from tefoundations.market.orders import OrderBook, Orders
from tefoundations.market.pairing import Trade, trades

__all__ = [
    # Orders
    "OrderBook", "Orders", "BlockOrder", "WindowOrder", "BatteryOrder", "Exclusive",
    # Results
    "Clearing", "TransferClearing", "DayAhead", "Serving", "Session",
    # Who trades with whom
    "trades", "Trade",
    # Mechanisms
    "uniform_price", "pay_as_bid", "mcafee", "vcg", "second_price", "muda", "posted_price", "threshold_price",
    "expected_externality", "Prior", "lp_clearing", "greedy", "day_ahead", "serve_by_merit", "zero_intelligence",
    "welfare_without_each",
    # Comparing mechanisms
    "audit", "audit_table", "Audit", "interim_audit", "Interim", "linear_equilibrium",
    # On a network
    "nodal", "nodal_vcg", "deliverable", "Delivery",
]  # fmt: skip


def __getattr__(name):
    """The names on a network: they need the grid, whose import a market without a map does not pay for."""
    if name not in {"Delivery", "deliverable", "nodal", "nodal_vcg"}:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from tefoundations.market.network import clearing, delivery

    return getattr(clearing if name.startswith("nodal") else delivery, name)
