"""Markets: orders, clearings and the mechanisms that turn the one into the other."""

from tefoundations.market.auditing import Audit, audit, audit_table
from tefoundations.market.clearing import Clearing
from tefoundations.market.discriminatory import pay_as_bid
from tefoundations.market.orders import OrderBook, Orders
from tefoundations.market.trade_reduction import mcafee
from tefoundations.market.uniform import uniform_price
from tefoundations.market.vickrey import second_price, vcg
from tefoundations.market.zi_traders import Session, zero_intelligence

__all__ = [
    "Audit",
    "Clearing",
    "OrderBook",
    "Orders",
    "Session",
    "audit",
    "audit_table",
    "mcafee",
    "pay_as_bid",
    "second_price",
    "uniform_price",
    "vcg",
    "zero_intelligence",
]
