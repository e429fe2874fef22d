"""What every clearing of the form (quantity, bid_fills, ask_fills) must hold to.

Each function takes such an answer and the two lists of (price, quantity), and says what is wrong, or None.
"""

from tefoundations.exercises.kit.values import are_numbers, is_number

SLACK = 1e-9  # kWh: quantities this near are the same


def wrong_form(answer, bids, asks):
    if not (isinstance(answer, list) and len(answer) == 3 and is_number(answer[0])):
        return "three things are asked for, (quantity, bid_fills, ask_fills)"
    for name, fills, side in (("bid", answer[1], bids), ("ask", answer[2], asks)):
        if not are_numbers(fills, len(side)):
            return f"{name}_fills must be a list of one number for each {name}, here {len(side)}"
    return None


def within_orders(answer, bids, asks):
    for name, fills, side in (("bid", answer[1], bids), ("ask", answer[2], asks)):
        for (price, quantity), fill in zip(side, fills):
            if not -SLACK <= fill <= quantity + SLACK:
                return f"it fills the {name} at {price:g} with {fill:g} of its {quantity:g} kWh"
    return None


def balance(answer, bids, asks):
    bought, sold = sum(answer[1]), sum(answer[2])
    if abs(bought - sold) > SLACK:
        return f"the bids are filled with {bought:g} kWh and the asks with {sold:g}; what is bought must be sold"
    if abs(bought - answer[0]) > SLACK:
        return f"the fills of each side add up to {bought:g} kWh, but the quantity is {answer[0]:g}"
    return None


def nobody_loses(answer, bids, asks):
    bid = min((price for (price, _), fill in zip(bids, answer[1]) if fill > SLACK), default=0)
    ask = max((price for (price, _), fill in zip(asks, answer[2]) if fill > SLACK), default=0)
    return f"it fills a bid at {bid:g} and an ask at {ask:g}: no price suits both" if bid < ask else None


def best_first(answer, bids, asks):
    for name, fills, side, sign in (("bid", answer[1], bids, -1), ("ask", answer[2], asks, 1)):
        ranks = sorted(range(len(side)), key=lambda i: (sign * side[i][0], i))
        for better, worse in zip(ranks, ranks[1:]):
            if fills[worse] > SLACK and fills[better] < side[better][1] - SLACK:
                return (
                    f"it serves the {name} in position {worse} (from 0) before position {better}, which goes first"
                )
    return None


def nothing_left(answer, bids, asks):
    bid = max((price for (price, quantity), fill in zip(bids, answer[1]) if fill < quantity - SLACK), default=None)
    ask = min((price for (price, quantity), fill in zip(asks, answer[2]) if fill < quantity - SLACK), default=None)
    if bid is None or ask is None or bid < ask:
        return None
    return f"it stops too early: a bid at {bid:g} and an ask at {ask:g} could still trade"
