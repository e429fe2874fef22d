"""Checks of the chapter on automated market makers."""

from math import exp, isqrt, log, sqrt

from tefoundations.exercises.kit.forms import is_whole, number, numbers, one
from tefoundations.exercises.kit.recipe import almost, exercise, wrong
from tefoundations.market import ConstantProduct, ScoringRule, impermanent_loss, loss_versus_rebalancing

WHOLE = one(is_whole, "one whole number is asked for: a unit is not divided")

# automated_market_makers/swap


def trade(rng):
    """(amount, reserve_in, reserve_out): now and then so little comes in that nothing comes out."""
    small = rng.random() < 0.15
    amount, reserve_in = int(rng.integers(1, 4 if small else 5000)), int(rng.integers(50_000 if small else 1000, 90_000))
    return amount, reserve_in, int(rng.integers(1000, 9000 if small else 90_000))


def swap(amount, reserve_in, reserve_out, *, keep=997, of=1000):
    kept = amount * keep
    return kept * reserve_out // (reserve_in * of + kept)


def fee_on_what_comes_out(amount, reserve_in, reserve_out):
    return swap(amount, reserve_in, reserve_out, keep=1000) * 997 // 1000


def at_the_price_before(amount, reserve_in, reserve_out):
    return amount * 997 * reserve_out // (reserve_in * 1000)


def rounded_up(amount, reserve_in, reserve_out):
    kept = amount * 997
    return -(-kept * reserve_out // (reserve_in * 1000 + kept))


def never_falls(answer, amount, reserve_in, reserve_out):
    if answer >= reserve_out:
        return f"it pays out {answer:g}, but the pool holds {reserve_out}"
    if (reserve_in + amount) * (reserve_out - answer) < reserve_in * reserve_out:
        return "the product of the reserves falls: the pool pays out too much"
    return None


SWAP = exercise(
    "automated_market_makers/swap", swap,
    example=((1000, 10_000, 20_000), 1813.0),
    draw=trade, form=WHOLE, properties=(never_falls,),
    mistakes=(
        wrong("it trades all at the price before. What is taken makes the rest dearer: the product must stay.",
              at_the_price_before),
        wrong("it takes no fee.", keep=1000),
        wrong("it takes the fee from what comes out. Take it from what comes in, and trade with the rest.",
              fee_on_what_comes_out),
        wrong("it has the two reserves the wrong way round.", lambda amount, first, second: swap(amount, second, first)),
        wrong("its fee is ten times too large: 3 in a thousand, not 3 in a hundred.", keep=97, of=100),
        almost("right, but rounded up: the pool would lose a part of a unit with each trade.", rounded_up),
    ),
    corners={"when nothing comes out": lambda *case: swap(*case) == 0},
    forbids=(ConstantProduct.quote, ConstantProduct.swap),
    hints=("How much of the amount is left after the fee? Multiply by 997 and keep a denominator of 1000.",
           "The product of the reserves is the same before and after the trade with what is left. Solve for what comes out.",
           "One division, at the very end, with `//`."),
)  # fmt: skip

# automated_market_makers/shares


def deposit(rng):
    """(first, second, reserves, shares): near the pool's proportion, far from it, or into an empty pool."""
    a, b, total = (int(x) for x in rng.integers(1000, 90_000, 3))
    if rng.random() < 0.2:
        return int(rng.integers(2000, 90_000)), int(rng.integers(2000, 90_000)), 0, 0, 0
    first = int(rng.integers(1, 5000))
    second = first * b // a if rng.random() < 0.3 else int(rng.integers(1, 5000))
    return first, second, a, b, total


def parts(first, second, reserve_first, reserve_second, total):
    return first * total // reserve_first, second * total // reserve_second


def shares(first, second, reserve_first, reserve_second, total, *, of=min, begin=lambda product: isqrt(product) - 1000):
    if total == 0:
        return begin(first * second)
    return of(parts(first, second, reserve_first, reserve_second, total))


def growth_of_the_root(first, second, a, b, total):
    if not total:
        return shares(first, second, a, b, total)
    return total * isqrt((a + first) * (b + second)) // isqrt(a * b) - total


SHARES = exercise(
    "automated_market_makers/shares", shares,
    example=((1000, 3000, 10_000, 20_000, 14_142), 1414.0),
    draw=deposit, form=WHOLE,
    mistakes=(
        wrong("it takes the larger of the two parts: who brings one asset alone would get shares of both.", of=max),
        wrong("it looks at the first asset alone.", of=lambda both: both[0]),
        wrong("it takes the mean of the two parts. Then who brings one asset alone is paid by the others.",
              of=lambda both: sum(both) // 2),
        wrong("it gives the root of the product to everybody. That is the rule for who comes first.",
              lambda first, second, *rest: isqrt(first * second) - 1000 * (rest[-1] == 0)),
        wrong("it asks by how much the root of the product grows. Out of proportion this is a swap without fee.",
              growth_of_the_root),
        almost("right, except for who comes first: 1000 shares are locked.", begin=isqrt),
    ),
    corners={"when the pool is empty": lambda *case: case[-1] == 0,
             "when the two parts differ": lambda *case: case[-1] > 0 and len(set(parts(*case))) == 2},
    forbids=(ConstantProduct.add,),
    hints=("Is the pool empty? Then the rule for who comes first holds.",
           "Else: which part of the first reserve is brought, and which part of the second? Multiply before you divide.",
           "What is brought beyond the smaller part is a gift."),
)  # fmt: skip

# automated_market_makers/losses


def path(rng):
    """(prices,): two to five, each a square of a simple number; now and then back to the start."""
    steps = [float(x) for x in rng.choice([0.25, 1, 4, 9, 16, 25], int(rng.integers(2, 6)))]
    if rng.random() < 0.3:
        steps[-1] = steps[0]
    return (steps,)


def standing(rng):
    """A price that does not move."""
    return ([float(rng.choice([1, 4, 9]))] * int(rng.integers(1, 4)),)


def held(prices):
    """kWh and ct of the pool at each price."""
    k = 100 * 100 * prices[0]
    return [(sqrt(k / price), sqrt(k * price)) for price in prices]


def worth(holding, price):
    return holding[0] * price + holding[1]


def losses(prices, *, kept=lambda at, t: at[t], new=lambda prices, t: prices[t + 1], sign=1):
    at = held(prices)
    steps = [worth(kept(at, t), new(prices, t)) - worth(at[t + 1], new(prices, t)) for t in range(len(prices) - 1)]
    return [sign * (worth(at[0], prices[-1]) - worth(at[-1], prices[-1])), sign * sum(steps)]


def not_below_zero(answer, prices):
    small = 1e-6 * 100 * max(prices)
    if min(answer) < -small:
        return "a loss is below 0: arbitrage never gives anything to the pool. Count what the pool loses as positive"
    return None


LOSSES = exercise(
    "automated_market_makers/losses", losses,
    example=(([1.0, 4.0, 1.0],), [0.0, 150.0]),
    draw=path, also=(standing,),
    form=numbers(2, "two numbers are asked for, (against holding, against rebalancing), in ct"),
    properties=(not_below_zero,),
    mistakes=(
        wrong("it has both losses below 0. Count what the pool loses as positive.", sign=-1),
        wrong("it looks at the two ends for both. Against rebalancing every step counts.",
              lambda prices: [losses(prices)[0]] * 2),
        wrong("it adds up the steps for both. Against holding only the start and the end count.",
              lambda prices: [losses(prices)[1]] * 2),
        wrong("it trades at the old price in each step. Who rebalances trades when the new price is known.",
              new=lambda prices, t: prices[t]),
        wrong("it compares each step with what there was at the very start. Who rebalances holds what the pool held before"
              " the step.", kept=lambda at, t: at[0]),
        wrong("it gives the two in the wrong order: against holding first.", lambda prices: losses(prices)[::-1]),
    ),
    corners={"when the price comes back to the start": lambda prices: len(prices) > 2 and prices[0] == prices[-1],
             "when the price does not move": lambda prices: len(set(prices)) == 1},
    forbids=(impermanent_loss, loss_versus_rebalancing),
    hints=("What does the pool hold at a price p? The product stays, and the ratio of ct to kWh is p.",
           "In one step: what is the old holding worth at the new price, and what the new one?",
           "Against rebalancing: add that up over all steps. Against holding: the same with the first and the last."),
)  # fmt: skip

# automated_market_makers/lmsr_cost


def claims(rng):
    """(sold, outcome, amount, b): now and then sold back, and now and then many claims for a small b."""
    n, many = int(rng.integers(2, 5)), rng.random() < 0.2
    b = int(rng.integers(5, 10)) if many else int(rng.integers(20, 90))
    sold = [int(x) for x in rng.integers(10_000, 10_060, n) if many] or [int(x) for x in rng.integers(10, 60, n)]
    amount = -int(rng.integers(1, 11)) if rng.random() < 0.3 else int(rng.integers(5, 40))
    return sold, int(rng.integers(n)), amount, b


def cost_of(sold, b):
    top = max(sold)
    return top + b * log(sum(exp((one - top) / b) for one in sold))


def after(sold, outcome, amount):
    return [one + amount * (place == outcome) for place, one in enumerate(sold)]


def lmsr_cost(sold, outcome, amount, b, *, base=1.0, of=lambda b: b):
    return (cost_of(after(sold, outcome, amount), of(b)) - cost_of(sold, of(b))) / base


def price_times_amount(sold, outcome, amount, b, *, when=lambda sold, *_: sold):
    now = when(sold, outcome, amount)
    top = max(now)
    return amount * exp((now[outcome] - top) / b) / sum(exp((one - top) / b) for one in now)


LMSR_COST = exercise(
    "automated_market_makers/lmsr_cost", lmsr_cost,
    example=(([0, 0], 0, 100, 100), 100 * log((exp(1) + 1) / 2)),
    draw=claims, form=number("one number is asked for, in ct"),
    mistakes=(
        wrong("it pays the price before for all of them. The price moves while they are bought.", price_times_amount),
        wrong("it pays the price after for all of them. The price moves while they are bought.", price_times_amount,
              when=after),
        wrong("it gives C of all that is sold then. What is paid is by how much C grows.",
              lambda sold, outcome, amount, b: cost_of(after(sold, outcome, amount), b)),
        wrong("it takes the logarithm to the base 2.", base=log(2)),
        wrong("it forgets b: as if it were 1.", of=lambda b: 1),
        wrong("it counts what is sold back as bought.",
              lambda sold, outcome, amount, b: lmsr_cost(sold, outcome, abs(amount), b)),
    ),
    corners={"when claims are sold back": lambda sold, outcome, amount, b: amount < 0,
             "when the claims sold are many times b": lambda sold, outcome, amount, b: max(sold) > 1000 * b},
    forbids=(ScoringRule.quote, ScoringRule.swap),
    hints=("Compute C of what is sold now, and C of what is sold then.",
           "A power such as e^2000 is too large for a number. Take the largest of the q out of the sum first: it comes out"
           " of the logarithm as a term of its own.",
           "C(q) = m + b ln sum e^((q - m) / b), with m the largest q."),
)  # fmt: skip

EXERCISES = (SWAP, SHARES, LOSSES, LMSR_COST)
