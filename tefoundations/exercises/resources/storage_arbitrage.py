"""Checks of the chapter on storage arbitrage."""

from math import inf

from tefoundations.exercises.kit.records import Corner, Exercise, Mistake
from tefoundations.exercises.kit.values import is_number
from tefoundations.exercises.resources.price_days import days, days_with_some_stored, hours_to_trade
from tefoundations.resources import arbitrage, rolling

SLACK = 1e-9

# storage_arbitrage/best_trade


def _later(prices):
    return [(buy, sell) for at, buy in enumerate(prices) for sell in prices[at + 1 :]]


def _best_trade(prices, eta_c, eta_d, wear, gain=None, pairs=_later, least=0.0):
    """The best gain of all pairs, or that of a learner who counts gains or pairs otherwise."""
    out = eta_c * eta_d
    gain = gain or (lambda buy, sell: (sell - wear) * out - buy)
    return float(max([least, *(gain(buy, sell) for buy, sell in pairs(prices))]))


def _worst_if_no(prices, eta_c, eta_d, wear):
    if not _later(prices):
        return 0.0
    return _best_trade(prices, eta_c, eta_d, wear, least=-inf)


def _by_ratio(prices, eta_c, eta_d, wear):
    def pairs(prices):
        return [(buy, sell) for buy, sell in _later(prices) if buy != 0 and sell / buy >= 1 / (eta_c * eta_d)]

    return _best_trade(prices, eta_c, eta_d, wear, pairs=pairs)


def _one_number(answer, *_):
    return None if is_number(answer) else "one number is asked for, in ct"


def _not_below_zero(answer, *_):
    return f"it returns {answer:g}. Nobody has to trade: the worst is 0" if answer < -SLACK else None


BEST_TRADE = Exercise(
    name="storage_arbitrage/best_trade",
    function="best_trade",
    parameters=("prices", "eta_c", "eta_d", "wear"),
    example=(([30, 10, 40, 25], 0.8, 0.75, 5), 11.0),
    instances=hours_to_trade,
    reference=_best_trade,
    form=_one_number,
    properties=(_not_below_zero,),
    mistakes=(
        Mistake(
            "it forgets the losses. Of a kWh bought, only a part can be sold.",
            lambda p, c, d, w: _best_trade(p, c, d, w, lambda buy, sell: sell - w - buy),
        ),
        Mistake(
            "it counts the loss of charging only. Energy is lost on the way out as well.",
            lambda p, c, d, w: _best_trade(p, c, 1.0, w),
        ),
        Mistake(
            "it counts the loss of discharging only. Energy is lost on the way in as well.",
            lambda p, c, d, w: _best_trade(p, 1.0, d, w),
        ),
        Mistake(
            "it sells before it has bought. Only later hours count.",
            lambda p, c, d, w: _best_trade(p, c, d, w, pairs=lambda p: _later(p) + _later(p[::-1])),
        ),
        Mistake(
            "it gives the gain for a kWh sold. A kWh bought is asked for; less than that is sold.",
            lambda p, c, d, w: _best_trade(p, c, d, w, lambda buy, sell: sell - w - buy / (c * d)),
        ),
        Mistake(
            "it charges wear for each kWh bought. Wear is for each kWh that comes out.",
            lambda p, c, d, w: _best_trade(p, c, d, w, lambda buy, sell: sell * c * d - w - buy),
        ),
        Mistake(
            "it forgets the wear.",
            lambda p, c, d, w: _best_trade(p, c, d, 0),
        ),
        Mistake(
            "right, except that nobody has to trade. Where every trade loses, the best is 0.",
            _worst_if_no,
            almost=True,
        ),
        Mistake(
            "right for prices above zero. The rule with the ratio does not hold where the buying price is zero or below:"
            " compare money with money.",
            _by_ratio,
            almost=True,
        ),
    ),
    corners=(
        Corner("when there are fewer than two hours", lambda prices, *_: len(prices) < 2),
        Corner("when a price is below zero", lambda prices, *_: any(price < 0 for price in prices)),
    ),
    forbidden=(arbitrage, rolling),
)


# storage_arbitrage/plan


def _move(change, price, eta_c, eta_d):
    """Money of a change of so many stored kWh."""
    return -price * change / eta_c if change > 0 else -price * change * eta_d


def _best_profit(prices, energy, power, eta_c, eta_d, stored=0, move=_move, final=0, worth=None):
    """The dynamic programme over whole kWh; `move(change, price, eta_c, eta_d)` is the money of a change."""
    worth = worth or [0.0 if level >= final else -inf for level in range(energy + 1)]
    for price in reversed(prices):
        worth = [
            max(
                worth[after] + move(after - before, price, eta_c, eta_d)
                for after in range(max(before - power, 0), min(before + power, energy) + 1)
            )
            for before in range(energy + 1)
        ]
    return float(worth[stored])


def _both_at_once(prices, energy, power, eta_c, eta_d):
    def move(change, price, eta_c, eta_d):
        ways = [(into, into - change) for into in range(power + 1) if 0 <= into - change <= power]
        return max(price * (out * eta_d - into / eta_c) for into, out in ways)

    return _best_profit(prices, energy, power, eta_c, eta_d, move=move)


def _emptied(prices, energy, power, eta_c, eta_d):
    return _best_profit(prices, energy, power, eta_c, eta_d, worth=[0.0] + [-inf] * energy)


def _one_hour_ahead(prices, energy, power, eta_c, eta_d):
    """Buys where the next hour pays for it, sells as much as it can in that hour."""
    money, stored = 0.0, 0
    for price, later in zip(prices, [*prices[1:], 0]):
        sold = min(stored, power) if price > 0 else 0
        money, stored = money + sold * price * eta_d, stored - sold
        if not sold and later * eta_d > price / eta_c:
            bought = min(power, energy - stored)
            money, stored = money - bought * price / eta_c, stored + bought
    return money


def _cannot_be_more(answer, prices, energy, power, eta_c, eta_d):
    most = _best_profit(prices, energy, power, eta_c, eta_d)
    if answer > most + SLACK * max(1, most):
        return f"it returns {answer:g} ct, and no plan of such a battery earns more than {most:g}"
    return None


def _limited(change):
    """The reference with one limit or loss changed: `change(energy, power, eta_c, eta_d)` gives the four that are used."""
    return lambda prices, *battery: _best_profit(prices, *change(*battery))


PLAN = Exercise(
    name="storage_arbitrage/plan",
    function="best_profit",
    parameters=("prices", "energy", "power", "eta_c", "eta_d"),
    example=(([10, 20, 40, 30], 2, 1, 0.8, 0.75), 17.5),
    instances=days,
    reference=_best_profit,
    form=_one_number,
    properties=(_not_below_zero, _cannot_be_more),
    mistakes=(
        Mistake("it forgets the losses.", _limited(lambda e, p, c, d: (e, p, 1.0, 1.0))),
        Mistake(
            "it turns the losses round. To store a kWh it must buy more than one, and of a stored kWh less than one is sold.",
            lambda prices, e, p, c, d: _best_profit(prices, e, p, 1 / c, 1 / d),
        ),
        Mistake(
            "it counts the loss of charging only.",
            _limited(lambda e, p, c, d: (e, p, c, 1.0)),
        ),
        Mistake(
            "it counts the loss of discharging only.",
            _limited(lambda e, p, c, d: (e, p, 1.0, d)),
        ),
        Mistake(
            "it fills or empties the store in one hour. At most `power` kWh go in or out of it in each.",
            _limited(lambda e, p, c, d: (e, e, c, d)),
        ),
        Mistake(
            "it stores more than the battery can hold.",
            lambda prices, e, p, c, d: _best_profit(prices, max(e, p * len(prices)), p, c, d),
        ),
        Mistake(
            "it looks only one hour ahead. The best hour to sell may come later: work backwards from the last.",
            _one_hour_ahead,
        ),
        Mistake(
            "right, except below zero. There it charges and discharges in one hour to burn energy, and no battery can.",
            _both_at_once,
            almost=True,
        ),
        Mistake(
            "right, except that the battery need not end empty. Where the last prices are below zero it is paid to fill up.",
            _emptied,
            almost=True,
        ),
    ),
    corners=(
        Corner("when there are no hours", lambda prices, *_: not prices),
        Corner("when a price is below zero", lambda prices, *_: any(price < 0 for price in prices)),
        Corner("when it could be filled in less than an hour", lambda prices, energy, power, *_: power > energy),
    ),
    forbidden=(arbitrage, rolling),
)


# storage_arbitrage/one_more


def _profit(stored, prices, energy, power, eta_c, eta_d):
    return _best_profit(prices, energy, power, eta_c, eta_d, stored=stored)


def _one_more(prices, stored, energy, power, eta_c, eta_d):
    less, now, more = (_profit(stored + kwh, prices, energy, power, eta_c, eta_d) for kwh in (-1, 0, 1))
    return [more - now, now - less]


def _best_price(prices, stored, energy, power, eta_c, eta_d):
    return [float(max(prices) * eta_d)] * 2


def _two_numbers(answer, *_):
    if isinstance(answer, list) and len(answer) == 2 and all(map(is_number, answer)):
        return None
    return "two numbers are asked for, (more, less), in ct"


def _in_order(answer, *_):
    more, less = answer
    if more > less + SLACK * max(1, abs(less)):
        return f"its second kWh, at {more:g} ct, is worth more than the first, at {less:g}. At prices from zero it never is"
    return None


ONE_MORE = Exercise(
    name="storage_arbitrage/one_more",
    function="worth_of_one",
    parameters=("prices", "stored", "energy", "power", "eta_c", "eta_d"),
    example=(([10, 40, 30], 1, 3, 1, 1.0, 1.0), [10.0, 30.0]),
    instances=days_with_some_stored,
    reference=_one_more,
    form=_two_numbers,
    properties=(_in_order,),
    mistakes=(
        Mistake(
            "it gives profits. What one kWh changes is the difference of two.",
            lambda p, s, *b: [_profit(s + 1, p, *b), _profit(s - 1, p, *b)],
        ),
        Mistake(
            "it has both in the wrong order: first what one more adds, then what one less costs.",
            lambda *case: _one_more(*case)[::-1],
        ),
        Mistake(
            "its second number has the wrong sign. What a missing kWh costs is positive.",
            lambda *case: [_one_more(*case)[0], -_one_more(*case)[1]],
        ),
        Mistake(
            "it values a kWh at the highest price. Power may be all used in that hour, and a kWh may also save a purchase.",
            _best_price,
        ),
        Mistake(
            "it divides the profit by what is stored. That is the mean of all stored kWh; the next one is asked for.",
            lambda p, s, *b: [_profit(s, p, *b) / s] * 2,
        ),
        Mistake(
            "it forgets what is in store: it starts from an empty battery.",
            lambda p, s, *b: [_profit(1, p, *b) - _profit(0, p, *b)] * 2,
        ),
        Mistake(
            "right, except at kinks. One more and one less are two questions with two answers.",
            lambda *case: [_one_more(*case)[0]] * 2,
            almost=True,
        ),
    ),
    corners=(
        Corner("when all prices are equal", lambda prices, *_: len(set(prices)) == 1),
        Corner("when nothing is lost", lambda prices, stored, energy, power, eta_c, eta_d: eta_c * eta_d == 1),
        Corner("when the battery has room for only one kWh more", lambda prices, stored, energy, *_: stored == energy - 1),
    ),
)

EXERCISES = (BEST_TRADE, PLAN, ONE_MORE)
