"""Markets: orders, clearings and the mechanisms that turn the one into the other."""

from tefoundations.market.auditing import Audit, audit, audit_table
from tefoundations.market.blocks import Block, Window
from tefoundations.market.clearing import Clearing
from tefoundations.market.coupled_hours import DayAhead, day_ahead
from tefoundations.market.discriminatory import pay_as_bid
from tefoundations.market.heuristics import greedy
from tefoundations.market.interim import Interim, interim_audit, linear_equilibrium
from tefoundations.market.linear_program import lp_clearing
from tefoundations.market.merit_order import Serving, serve_by_merit
from tefoundations.market.orders import OrderBook, Orders
from tefoundations.market.pairing import Trade, trades
from tefoundations.market.random_halves import muda
from tefoundations.market.trade_reduction import mcafee
from tefoundations.market.uniform import uniform_price
from tefoundations.market.vickrey import second_price, vcg
from tefoundations.market.zi_traders import Session, zero_intelligence

__all__ = [
    # Orders
    "OrderBook", "Orders", "Block", "Window",
    # Results
    "Clearing", "DayAhead", "Serving", "Session",
    # Who trades with whom
    "trades", "Trade",
    # Mechanisms
    "uniform_price", "pay_as_bid", "mcafee", "vcg", "second_price", "muda", "lp_clearing", "greedy", "day_ahead",
    "serve_by_merit", "zero_intelligence",
    # Comparing mechanisms
    "audit", "audit_table", "Audit", "interim_audit", "Interim", "linear_equilibrium",
]  # fmt: skip
