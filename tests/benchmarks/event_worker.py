"""Runs inside the environment of one matching engine: processor seconds for a stream of orders and cancellations, as JSON.

Times are of the processor, so that what else runs on the machine does not count. Orders and cancellations are read before
and not timed; what an engine needs as an object of its own is made in time, as its users do.
"""

import json
import statistics
import sys
import time
from datetime import datetime, timedelta


def events(file):
    """(number, buys, price, quantity, cancels) of each event, as plain Python numbers."""
    with open(file) as text:
        return list(zip(*json.load(text)))


def ours(stream):
    from tefoundations.market import Exchange

    exchange, number, came = Exchange(), {}, 0
    start = time.process_time()
    for event, buys, price, quantity, cancels in stream:
        if cancels >= 0:
            exchange.cancel(number[cancels])
        else:
            exchange.submit(None, "buy" if buys else "sell", price, quantity)
            number[event], came = came, came + 1
    seconds = time.process_time() - start
    traded = sum(fill.quantity for fill in exchange.fills)
    return seconds, traded


def loop(stream):
    from tefoundations.market import match_events

    _, buys, price, quantity, cancels = (list(column) for column in zip(*stream))
    start = time.process_time()
    fills, _ = match_events(buys, price, quantity, cancels)
    seconds = time.process_time() - start
    return seconds, sum(fill[3] for fill in fills)


def lightmatchingengine(stream):
    from lightmatchingengine.lightmatchingengine import LightMatchingEngine

    engine, number, traded = LightMatchingEngine(), {}, 0
    start = time.process_time()
    for event, buys, price, quantity, cancels in stream:
        if cancels >= 0:
            engine.cancel_order(number[cancels], "kWh")
        else:
            order, trades = engine.add_order("kWh", price, quantity, 1 if buys else 2)
            number[event] = order.order_id
            if trades:
                traded += quantity - order.leaves_qty
    return time.process_time() - start, traded


def order_matching(stream):
    from loguru import logger
    from order_matching.enums import Side
    from order_matching.matching_engine import MatchingEngine
    from order_matching.order import LimitOrder
    from order_matching.orders import Orders

    logger.remove()
    engine, traded = MatchingEngine(seed=1), 0
    moment = datetime(2026, 1, 1)
    start = time.process_time()
    for event, buys, price, quantity, cancels in stream:
        now = moment + timedelta(seconds=event)
        if cancels >= 0:
            engine.cancel_order(str(cancels))
            continue
        side = Side.BUY if buys else Side.SELL
        order = LimitOrder(side=side, price=price, size=quantity, timestamp=now, order_id=str(event), trader_id="a")
        engine.place(Orders([order]))
        traded += sum(trade.size for trade in engine.match(timestamp=now).trades)
    return time.process_time() - start, traded


ENGINES = {"class": ours, "loop": loop, "lightmatchingengine": lightmatchingengine, "order-matching": order_matching}


def main(file, engine, runs):
    stream = events(file)
    found = [ENGINES[engine](stream) for _ in range(int(runs))]
    print(json.dumps({"seconds": statistics.median(seconds for seconds, _ in found), "traded": found[0][1]}))


if __name__ == "__main__":
    main(*sys.argv[1:])
