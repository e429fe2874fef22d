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
    "Audit",
    "Block",
    "Clearing",
    "DayAhead",
    "Interim",
    "OrderBook",
    "Orders",
    "Serving",
    "Session",
    "Trade",
    "Window",
    "audit",
    "audit_table",
    "day_ahead",
    "greedy",
    "interim_audit",
    "linear_equilibrium",
    "lp_clearing",
    "mcafee",
    "muda",
    "pay_as_bid",
    "second_price",
    "serve_by_merit",
    "trades",
    "uniform_price",
    "vcg",
    "zero_intelligence",
]
