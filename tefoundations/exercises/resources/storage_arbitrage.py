"""Checks of the chapter on storage arbitrage."""

from itertools import combinations, permutations
from math import inf

from tefoundations.exercises.kit.forms import number, numbers
from tefoundations.exercises.kit.recipe import almost, exercise, wrong
from tefoundations.exercises.kit.values import close
from tefoundations.resources import arbitrage, rolling


def prices_of(rng, fewest, negative=0.2, least=5):
    """Up to seven whole ct/kWh, now and then some of them below zero."""
    low, high = (-35, 30) if rng.random() < negative else (least, 45)
    return rng.integers(low, high, rng.integers(fewest, 8)).tolist()


def losses(rng):
    return [float(each) for each in rng.choice([0.9, 0.8, 0.75, 0.5], 2)]


def not_below_zero(answer, *_):
    return f"it returns {answer:g}. Nobody has to trade: the worst is 0" if answer < -1e-9 else None


# storage_arbitrage/best_trade


def hours(rng):
    """(prices, eta_c, eta_d, wear): now and then falling prices, or fewer than two."""
    count = rng.integers(2) if rng.random() < 0.08 else 7
    prices = sorted(prices_of(rng, 2), reverse=True) if rng.random() < 0.15 else prices_of(rng, 2)
    return prices[:count], *losses(rng), int(rng.integers(6))


def best_trade(
    prices, eta_c, eta_d, wear, *, gain=lambda buy, sell, out, wear: (sell - wear) * out - buy,
    pairs=combinations, pays=lambda buy, sell, out: True, must=False,
):  # fmt: skip
    """The largest gain of all pairs that seem to pay; trade is a must where there is a pair, or not."""
    out = eta_c * eta_d
    gains = [gain(*pair, out, wear) for pair in pairs(prices, 2) if pays(*pair, out)]
    return max(gains if must and gains else [0, *gains])


BEST_TRADE = exercise(
    "storage_arbitrage/best_trade", best_trade,
    example=(([30, 10, 40, 25], 0.8, 0.75, 5), 11.0),
    draw=hours, form=number("one number is asked for, in ct"), properties=(not_below_zero,),
    mistakes=(
        wrong("it forgets the losses. Of a kWh bought, only a part can be sold.",
              gain=lambda buy, sell, out, wear: sell - wear - buy),
        wrong("it counts the loss of charging only. Energy is lost on the way out as well.",
              lambda p, c, d, w: best_trade(p, c, 1, w)),
        wrong("it sells before it has bought. Only later hours count.", pairs=permutations),
        wrong("it gives the gain for a kWh sold. A kWh bought is asked for; less than that is sold.",
              gain=lambda buy, sell, out, wear: sell - wear - buy / out),
        wrong("it charges wear for each kWh bought. Wear is for each kWh that comes out.",
              gain=lambda buy, sell, out, wear: sell * out - wear - buy),
        almost("right, except that nobody has to trade. Where every trade loses, the best is 0.", must=True),
        almost("right for prices above zero. The rule with the ratio does not hold where the buying price is zero or below:"
               " compare money with money.", pays=lambda buy, sell, out: buy and sell / buy >= 1 / out),
    ),
    corners={"when there are fewer than two hours": lambda prices, *_: len(prices) < 2,
             "when a price is below zero": lambda prices, *_: min(prices, default=0) < 0},
    forbids=(arbitrage, rolling),
    hints=("Follow one kWh: how much of it is stored, how much is sold, and for what part of it is wear paid?",
           "Try every pair of hours, the first to buy in and a later one to sell in. What is the best if each loses?"),
)  # fmt: skip

# storage_arbitrage/plan


def day(rng):
    """(prices, energy, power, eta_c, eta_d): stores of a few kWh, full in an hour or in several."""
    energy = int(rng.integers(1, 6))
    power = energy + 1 if rng.random() < 0.12 else int(rng.integers(1, energy + 1))
    return prices_of(rng, 3, negative=0.25) if rng.random() < 0.95 else [], energy, power, *losses(rng)


def one_way(change, price, eta_c, eta_d, power):
    """Money of a change of so many stored kWh."""
    return -price * change / eta_c if change > 0 else -price * change * eta_d


def both_at_once(change, price, eta_c, eta_d, power):
    ways = [(into, into - change) for into in range(power + 1) if 0 <= into - change <= power]
    return max(price * (out * eta_d - into / eta_c) for into, out in ways)


def best_profit(prices, energy, power, eta_c, eta_d, *, stored=0, move=one_way, left=lambda kwh: 0):
    """Backwards over whole kWh: what each level is worth before an hour, from what it is worth after; `left` at the end."""
    levels = range(energy + 1)
    worth = [left(kwh) for kwh in levels]
    for price in reversed(prices):
        ways = [[after for after in levels if abs(after - now) <= power] for now in levels]
        worth = [max(worth[x] + move(x - now, price, eta_c, eta_d, power) for x in ways[now]) for now in levels]
    return worth[stored]


def one_hour_ahead(prices, energy, power, eta_c, eta_d):
    """Buys where the next hour pays for it, sells as much as it can in that hour."""
    money, stored = 0, 0
    for price, following in zip(prices, [*prices[1:], 0]):
        sold = min(stored, power) if price > 0 else 0
        bought = min(power, energy - stored) if not sold and following * eta_d > price / eta_c else 0
        money, stored = money + sold * price * eta_d - bought * price / eta_c, stored + bought - sold
    return money


def cannot_be_more(answer, *case):
    most = float(best_profit(*case))
    if answer > most and not close(answer, most):
        return f"it returns {answer:g} ct, and no plan of such a battery earns more than {most:g}"
    return None


PLAN = exercise(
    "storage_arbitrage/plan", best_profit,
    example=(([10, 20, 40, 30], 2, 1, 0.8, 0.75), 17.5),
    draw=day, form=number("one number is asked for, in ct"), properties=(not_below_zero, cannot_be_more),
    mistakes=(
        wrong("it forgets the losses.", lambda prices, e, p, c, d: best_profit(prices, e, p, 1, 1)),
        wrong("it turns the losses round. To store a kWh it must buy more than one, and of a stored kWh less than one is"
              " sold.", lambda prices, e, p, c, d: best_profit(prices, e, p, 1 / c, 1 / d)),
        wrong("it fills or empties the store in one hour. At most `power` kWh go in or out of it in each.",
              lambda prices, e, p, c, d: best_profit(prices, e, e, c, d)),
        wrong("it looks only one hour ahead. The best hour to sell may come later: work backwards from the last.",
              one_hour_ahead),
        almost("right, except below zero. There it charges and discharges in one hour to burn energy, and no battery can.",
               move=both_at_once),
        almost("right, except that the battery need not end empty. Where the last prices are below zero it is paid to fill"
               " up.", left=lambda kwh: -inf if kwh else 0),
    ),
    corners={"when there are no hours": lambda prices, *_: not prices,
             "when a price is below zero": lambda prices, *_: min(prices, default=0) < 0,
             "when it could be filled in less than an hour": lambda prices, energy, power, *_: power > energy},
    forbids=(arbitrage, rolling),
    hints=("Keep a list with the worth of each level of energy. After the last hour all are 0. What are they before it?",
           "To which levels can you get from each, what does the way earn, and what is the new level worth? Take the best."),
)  # fmt: skip

# storage_arbitrage/one_more


def day_with_some_stored(rng):
    """(prices, stored, energy, power, eta_c, eta_d): at least one kWh is stored, and there is room for one more."""
    energy = int(rng.integers(2, 7))
    prices = prices_of(rng, 2, negative=0, least=0)
    if rng.random() < 0.12:
        prices = [int(rng.integers(5, 40))] * len(prices)
    through = losses(rng) if rng.random() < 0.75 else [1.0, 1.0]
    return prices, int(rng.integers(1, energy)), energy, int(rng.integers(1, 4)), *through


def worth_of_one(prices, stored, energy, power, eta_c, eta_d, *, told=lambda less, now, more: [more - now, now - less]):
    return told(*(best_profit(prices, energy, power, eta_c, eta_d, stored=stored + kwh) for kwh in (-1, 0, 1)))


def in_order(answer, *_):
    more, less = answer
    if more > less and not close(more, less):
        return f"its second kWh, at {more:g} ct, is worth more than the first, at {less:g}. At prices from zero it never is"
    return None


ONE_MORE = exercise(
    "storage_arbitrage/one_more", worth_of_one,
    example=(([10, 40, 30], 1, 3, 1, 1.0, 1.0), [10.0, 30.0]),
    draw=day_with_some_stored, form=numbers(2, "two numbers are asked for, (more, less), in ct"), properties=(in_order,),
    mistakes=(
        wrong("it gives profits. What one kWh changes is the difference of two.", told=lambda less, now, more: [more, less]),
        wrong("it has both in the wrong order: first what one more adds, then what one less costs.",
              told=lambda less, now, more: [now - less, more - now]),
        wrong("its second number has the wrong sign. What a missing kWh costs is positive.",
              told=lambda less, now, more: [more - now, less - now]),
        wrong("it divides the profit by what is stored. That is the mean of all stored kWh; the next one is asked for.",
              lambda prices, stored, *battery: [best_profit(prices, *battery, stored=stored) / stored] * 2),
        wrong("it forgets what is in store: it starts from an empty battery.",
              lambda prices, stored, *battery: worth_of_one(prices, 1, *battery)[1:] * 2),
        almost("right, except at kinks. One more and one less are two questions with two answers.",
               told=lambda less, now, more: [more - now] * 2),
    ),
    corners={"when all prices are equal": lambda prices, *_: len(set(prices)) == 1,
             "when nothing is lost": lambda prices, stored, energy, power, eta_c, eta_d: eta_c * eta_d == 1,
             "when the battery has room for only one kWh more": lambda prices, stored, energy, *_: stored == energy - 1},
    hints=("How much does the battery earn at most with `stored` kWh, how much with one more, how much with one less?",
           "Let your `best_profit` start at any level, or call `arbitrage`: what at the terminal is one in the store?"),
)  # fmt: skip

EXERCISES = (BEST_TRADE, PLAN, ONE_MORE)
