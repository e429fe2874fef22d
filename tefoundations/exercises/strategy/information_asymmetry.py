"""Information asymmetry: how much to sell in advance, what a signal is worth, and a market maker's two prices."""

from tefoundations.exercises.kit.forms import number, numbers
from tefoundations.exercises.kit.recipe import exercise, wrong
from tefoundations.strategy import Spread, newsvendor, value_of_information
from tefoundations.strategy import spread as package_spread

# information_asymmetry/schedule


def forecasts(rng):
    """(outputs, price, short, long) with one best quantity: the share is no multiple of 1/n."""
    while True:
        n = int(rng.choice([3, 5, 7, 9]))
        none = int(rng.integers(n)) if rng.random() < 0.4 else 0  # as many cases in which nothing comes
        outputs = [0] * none + rng.integers(0 if rng.random() < 0.5 else 2, 25, n - none).tolist()
        price = int(rng.integers(4, 20))
        short, long = price + int(rng.integers(1, 15)), price - int(rng.integers(1, 15))
        share = (price - long) / (short - long)
        if abs(share * n - round(share * n)) > 1e-6:
            return rng.permutation(outputs).tolist(), price, short, long


def share_of(price, short, long):
    return (price - long) / (short - long)


def quantile(outputs, share):
    ordered = sorted(outputs)
    return next((output for count, output in enumerate(ordered, 1) if count >= share * len(ordered)), ordered[-1])


def schedule(outputs, price, short, long, *, share=share_of, pick=quantile):
    return pick(outputs, share(price, short, long))


def mode(outputs, share):
    return max(sorted(set(outputs)), key=outputs.count)


def within_reach(answer, outputs, *_):
    if min(outputs) <= answer <= max(outputs):
        return None
    return f"it sells {answer:g} kWh, but what may come lies between {min(outputs):g} and {max(outputs):g}"


SCHEDULE = exercise(
    "information_asymmetry/schedule", schedule,
    example=(([0, 2, 10], 10, 16, 6), 2.0),
    draw=forecasts, form=number("one number is asked for, the kWh to sell in advance"), properties=(within_reach,),
    mistakes=(
        wrong("it sells what is expected, the mean. What is missing and what is over do not cost the same.",
              pick=lambda outputs, _: sum(outputs) / len(outputs)),
        wrong("it sells the middle of the forecast. That is best only where missing and over cost the same.",
              share=lambda *_: 0.5),
        wrong("it has missing and over the wrong way round: where missing is dear, sell less.",
              share=lambda price, short, long: (short - price) / (short - long)),
        wrong("it compares the prices, not how far each lies from the price in advance.",
              share=lambda price, short, long: price / (price + short)),
        wrong("it sells only what is certain.", share=lambda *_: 0),
        wrong("it sells what comes most often.", pick=mode),
    ),
    corners={
        "when perhaps nothing comes": lambda outputs, *_: min(outputs) == 0,
        "when it is best to sell nothing": lambda *case: schedule(*case) == 0,
        "when what is over costs money": lambda outputs, price, short, long: long < 0,
    },
    forbids=(newsvendor,),
    hints=("One kWh more: what does it gain if it is made, and what does it lose if it is not?",
           "Sell more as long as gain times chance that it is made is more than loss times chance that it is not.",
           "So sell the least output for which the share of the outputs up to it reaches (price - long) / (short - long)."),
)  # fmt: skip

# information_asymmetry/worth_of_signal


def decision(rng):
    """(gains, chances, likely) of two or three states, two or three actions and two to four signals."""
    states, actions, signals = (int(n) for n in rng.integers([2, 2, 2], [4, 4, 5]))
    parts = rng.integers(1, 6, states)
    if rng.random() < 0.15:  # each state has a signal of its own
        likely = rng.permutation([[float(k == s) for s in range(states)] for k in range(states)]).tolist()
    else:
        often = rng.integers(0, 9, (signals, states))
        often[rng.integers(signals, size=states), range(states)] += 4  # in each state some signal comes
        likely = (often / often.sum(axis=0)).tolist()
    return rng.integers(-6, 20, (actions, states)).tolist(), (parts / parts.sum()).tolist(), likely


def mean(row, weights):
    return sum(gain * weight for gain, weight in zip(row, weights))


def joint(chances, row):
    return [chance * said for chance, said in zip(chances, row)]


def other_way_round(gains, chances, likely):
    """Each column of the table taken for a signal."""
    return worth_of_signal(gains, chances, [*zip(*likely)])


def never_errs(gains, chances, likely):
    return all(sorted(column)[-1] == 1 for column in zip(*likely)) and all(sum(row) <= 1 for row in likely)


def trusting(chances, row):
    """All weight on the state that the signal names."""
    return [float(said == max(row)) for said in row]


def worth_of_signal(gains, chances, likely, *, prior=lambda chances: chances, weights=joint, alone=True):
    """The action after each signal is best for `weights`; what it gains is averaged over what comes."""
    believed = prior(chances)
    heard = sum(
        mean(max(gains, key=lambda row: mean(row, weights(believed, said))), joint(chances, said)) for said in likely
    )
    return heard - (max(mean(row, chances) for row in gains) if alone else 0)


def never_wrong(gains, chances, likely):
    return mean([max(column) for column in zip(*gains)], chances) - max(mean(row, chances) for row in gains)


def even(chances):
    return [1 / len(chances)] * len(chances)


def may_be_left_unread(answer, *_):
    return (
        f"it returns {answer:g}, but a forecast can be left unread: it is worth 0 at the least" if answer < -1e-9 else None
    )


def at_least_nothing(**joints):
    return lambda *case: max(worth_of_signal(*case, **joints), 0)


WORTH = exercise(
    "information_asymmetry/worth_of_signal", worth_of_signal,
    example=(([[8, 8], [16, 4]], [0.5, 0.5], [[0.8, 0.2], [0.2, 0.8]]), 0.8),
    draw=decision, form=number("one number is asked for, what the forecast adds"), properties=(may_be_left_unread,),
    mistakes=(
        wrong("it does what the signal says as if it never erred. Weigh how often it errs.",
              at_least_nothing(weights=trusting)),
        wrong("it reads the table the other way round: `likely[k][s]` is the chance of message k in state s.",
              other_way_round),
        wrong("it gives the worth of a forecast that never errs.", never_wrong),
        wrong("it forgets that one also does something without a forecast: take off what that gains.",
              at_least_nothing(alone=False)),
        wrong("it forgets, after the signal, how likely each state was before.", at_least_nothing(prior=even)),
        wrong("it takes all states for equally likely, throughout.",
              lambda gains, chances, likely: worth_of_signal(gains, even(chances), likely)),
    ),
    corners={
        "when the forecast changes no decision": lambda *case: worth_of_signal(*case) < 1e-9,
        "when the forecast never errs": never_errs,
        "when there are more or fewer messages than states": lambda gains, chances, likely: len(likely) != len(chances),
        "when there are three states": lambda gains, chances, likely: len(chances) == 3,
    },
    forbids=(value_of_information,),
    hints=("Without a forecast: which action gains most on average?",
           "After signal k, state s has the weight chances[s] * likely[k][s]. Which action gains most with these weights?",
           "Add up these best gains over the signals; the weights hold already how often each signal comes."),
)  # fmt: skip

# information_asymmetry/spread


def quoted(rng):
    """(low, high, chance, informed)."""
    low = int(rng.integers(0, 20))
    chance, informed = (float(rng.choice(values)) for values in ([0.5, 0.2, 0.7, 0.9], [0.0, 0.1, 0.2, 0.5, 0.8]))
    return low, low + int(rng.integers(2, 30)), chance, informed


def half_each(informed):
    """Shares of the traders that know nothing and take the side of the news, and the other."""
    return (1 - informed) / 2, (1 - informed) / 2


def spread(low, high, chance, informed, *, odds=lambda chance: chance, rest=half_each, move=None):
    """[bid, ask]; `move` gives the prices from the worth on average."""
    if move:
        return move(low + chance * (high - low))
    with_news, against = rest(informed)
    up, right = odds(chance), informed + with_news
    if_buys, if_sells = up * right / (up * right + (1 - up) * against), up * against / (up * against + (1 - up) * right)
    return [low + if_sells * (high - low), low + if_buys * (high - low)]


def bid_below_ask(answer, *_):
    return f"it buys for {answer[0]:g} what it sells for {answer[1]:g}" if answer[0] > answer[1] + 1e-9 else None


SPREAD = exercise(
    "information_asymmetry/spread", spread,
    example=((0, 10, 0.5, 0.2), [4.0, 6.0]),
    draw=quoted, form=numbers(2, "two numbers are asked for, (bid, ask)"), properties=(bid_below_ask,),
    mistakes=(
        wrong("it quotes what the kWh is worth on average, on both sides. Who knows better takes the right side of it.",
              lambda *case: spread(*case, move=lambda value: [value, value])),
        wrong("it treats every trader as one who knows.", lambda low, high, *_: [low, high]),
        wrong("it moves the prices in proportion to the share of traders who know. That is right only at even odds.",
              lambda low, high, chance, informed: spread(
                  low, high, chance, informed,
                  move=lambda value: [value - informed * (value - low), value + informed * (high - value)])),
        wrong("it lets all traders who know nothing stand on the side of those who know: half of them buy, and half sell.",
              rest=lambda informed: (1 - informed, 1 - informed)),
        wrong("it forgets how likely the high worth was before the trade.", odds=lambda chance: 0.5),
    ),
    corners={
        "when nobody knows": lambda low, high, chance, informed: informed == 0,
        "when both are equally likely": lambda low, high, chance, informed: chance == 0.5,
    },
    forbids=(package_spread, *(vars(Spread)[name].fget for name in ("bid", "ask", "width")), Spread.after),
    hints=("Take a hundred traders for each of the two worths. How many buy if it is worth `high`, and how many if `low`?",
           "The ask is what the kWh is worth on average to those who buy. Weigh the two worths by chance times buyers.",
           "At `high` all buy who know; of the others half buy, whatever it is worth. The bid is the same with sellers."),
)  # fmt: skip

EXERCISES = (SCHEDULE, WORTH, SPREAD)
