"""Markets: orders, clearings and the mechanisms that turn the one into the other."""

from tefoundations.market.clearing import Clearing
from tefoundations.market.discriminatory import pay_as_bid
from tefoundations.market.orders import OrderBook, Orders
from tefoundations.market.uniform import uniform_price
from tefoundations.market.zi_traders import Session, zero_intelligence

__all__ = ["Clearing", "OrderBook", "Orders", "Session", "pay_as_bid", "uniform_price", "zero_intelligence"]
