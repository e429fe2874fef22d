"""Checks of the wrap-up quiz of the part Strategy: single answers about the valley, which no chapter uses."""

from operator import le

from tefoundations.exercises.kit.forms import number, numbers, one
from tefoundations.exercises.kit.quiz import question
from tefoundations.exercises.kit.recipe import almost, wrong
from tefoundations.exercises.kit.values import show
from tefoundations.exercises.strategy._valley import (
    ADVANCE,
    EPSILON,
    METRE,
    MISSING,
    OVER,
    REFILL,
    TURBINES,
    all_of_it,
    brook_promise,
    cable_shares,
    columns,
    forecast_worth,
    honest,
    in_proportion,
    lake_offer,
    last_sold,
    mean,
    noise_scale,
    ordered,
    own_stretch,
    paying_merger,
    profit_of,
    pump_chances,
    reservoir_worth,
)


def it_is(words):
    return lambda given: f"it is {show(tuple(given) if isinstance(given, list) else given)}. {words}"


# Two pumps

PUMPS = question(
    "strategy_quiz/pumps", pump_chances,
    form=numbers(2, "two numbers are asked for, (upper, lower): the chance of dawn of each"),
    otherwise=it_is("Take the two chances into the table: one of the pumps does better at one of its times, so it would not"
                    " draw lots"),
    mistakes=(
        wrong("each draws so that it is indifferent itself. It is the other whom one's lots keep indifferent.",
              told=lambda upper, lower: (lower, upper)),
        wrong("these are the chances of noon.", told=lambda upper, lower: (1 - upper, 1 - lower)),
        wrong("both toss a fair coin. The times do not cost the same.", told=lambda upper, lower: (0.5, 0.5)),
        wrong("that is an equilibrium without lots. The one with lots is asked for.", told=lambda upper, lower: (1, 0)),
        wrong("that is one of the equilibria without lots. Another, with lots, is asked for.",
              told=lambda upper, lower: (0, 1)),
    ),
    hints=("Write down what the lower pump pays at dawn and at noon, if the upper one chooses dawn with chance p.",
           "At which p are the two the same? Then turn the table round."),
)  # fmt: skip

# Turbines that merge

MERGER = question(
    "strategy_quiz/merger", paying_merger,
    form=numbers(2, "two numbers are asked for, (merged, price): owners, and ct/kWh"),
    otherwise=it_is("Compare what the merged owners earn as one of fewer sellers with what they earned together before"),
    mistakes=(
        wrong("the price does rise when two merge. But the two become one of five, and earn less together than before.",
              before=lambda merged: profit_of(TURBINES)),
        wrong("fewer than all can gain already. Take one owner out of the merger, and compare.", least=TURBINES),
        wrong("four as one of three earn less than as four of six. Compute both.", least=4),
        wrong("the number is right. The price is that of as many sellers as before.", left=lambda merged: TURBINES),
        wrong("the number is right. But those who have merged are one seller, beside the ones who have not.",
              left=lambda merged: merged),
    ),
    hints=("With n sellers that are alike, what does each sell, and what does it earn?",
           "If m merge, n - m + 1 are left. When is one of them worth more than m of the n before?"),
)  # fmt: skip

# The lake

LAKE_OFFER = question(
    "strategy_quiz/lake", lake_offer, form=numbers(2, "two numbers are asked for, (price, profit): ct/kWh and ct"),
    otherwise=it_is("Go through the rivals' prices one by one. Just below each: how much is left, how much can the lake"
                    " sell, and what does it earn"),
    mistakes=(
        wrong("it offers at cost, and takes the price that comes. Could it ask for more?", tried=honest),
        wrong("it asks for the highest price at which anything is left. A little less sells much more.", tried=last_sold),
        wrong("it sells all it has. At a high price the rivals below it come first, and less is left.",
              most=lambda left, room: room * (left > 0)),
        wrong("it counts what comes in and forgets that a kWh costs 10 ct.", cost=0),
        wrong("just below a rival's price it comes before that rival, not after it.",
              before=le),
    ),
    hints=("What is left for the lake if the weir and the sawmill come first?",
           "The best price is just below that of a rival. There are six to try, and the cap."),
)  # fmt: skip

# The reservoir

RESERVOIR = question(
    "strategy_quiz/reservoir", reservoir_worth, form=numbers(2, "two numbers are asked for, (price, worth): both in ct/kWh"),
    otherwise=it_is("Ask of each policy, 'sell from this price on', what the full reservoir is worth under it: today's sale"
                    " and full again four days later, or the same tomorrow"),
    mistakes=(
        wrong("it sells at any price. At the lowest, is waiting a day for a better one not worth more?", sells=0),
        wrong("it waits for the dearest price only. Meanwhile nothing flows in, because it is full.",
              sells=max(columns("prices")["price"])),
        wrong("it sells once, and never again. The reservoir fills up.", refilled=False),
        wrong("it can sell again on the next day. It takes three days to fill.", days=1),
        almost("three days go by without a sale, and the sale after them is on the fourth.", days=REFILL),
    ),
    hints=("Let V be the worth in the evening, before the price is known. Selling at p is worth p, and V four days later.",
           "Not selling is worth V one day later. For each price, which is more?",
           "For 'sell from 16 on' the equation for V is linear: solve it, then see whether any price would be decided"
           " otherwise."),
)  # fmt: skip

# The brook

PROMISE = question(
    "strategy_quiz/promise", brook_promise, form=number("one number is asked for, in kWh"),
    otherwise=it_is("Promise one kWh more: with which chance is it there, and gains what it would not have gained left over?"
                    " And what does it cost otherwise"),
    mistakes=(
        wrong("it promises the mean. What is missing costs more than what is over.", mean),
        wrong("it promises the middle. That is best only where missing and over cost the same.", share=0.5),
        wrong("it has the two the wrong way round: where missing is dear, promise less.",
              share=(MISSING - ADVANCE) / (MISSING - OVER)),
        wrong("it promises only what is sure.", share=0.0),
    ),
    hints=("A kWh over loses 8 ct against its price in advance, a kWh missing loses 30.",
           "Promise up to where the chance that it is missing is 8 parts of 38."),
)  # fmt: skip


FORECAST = question(
    "strategy_quiz/forecast", forecast_worth, form=number("one number is asked for, in ct"),
    otherwise=it_is("What does the brook earn on average if its owner always promises what comes? And with the best promise"
                    " made without knowing"),
    mistakes=(
        wrong("it compares with the mean. Without a forecast the owner promises what is best, and not the mean.",
              without=mean),
        wrong("that is all that the brook earns with a forecast. Without one it earns something too.",
              lambda: ADVANCE * mean()),
        wrong("that is what the brook earns without a forecast.", lambda: ADVANCE * mean() - forecast_worth()),
        wrong("it counts only what is over. At the best promise, something may still be missing.",
              lambda: sum(c * (ADVANCE - OVER) * max(kwh - brook_promise(), 0) for kwh, c in ordered())),
    ),
    hints=("Whoever knows what comes promises just that, and is paid 20 ct for each kWh.",),
)  # fmt: skip

# The cable

CABLE = question(
    "strategy_quiz/cable", cable_shares, form=numbers(4, "four numbers are asked for, in EUR, in the order of the table"),
    otherwise=lambda given: (
        f"they add up to {sum(given):g} EUR, and the cable costs {all_of_it():g}" if abs(sum(given) - all_of_it()) > 1e-6
        else f"it is {show(tuple(given))}. Let the huts come one by one, in all orders: each pays for the cable that is not"
             " there yet"
    ),
    mistakes=(
        wrong("all pay the same. The chapel would be better off with a cable of its own.",
              lambda: [all_of_it() / 4] * 4),
        wrong("it shares by distance. In how many orders does a hut find nothing laid, in how many all?", in_proportion),
        wrong("it takes one order, from the bottom up. Shapley's value is the mean over all orders.", own_stretch),
        wrong("each pays the whole way, as if it were alone: more than the cable costs.",
              lambda: [METRE * each for each in columns("cable")["metres"]]),
        wrong("these are metres. A metre costs 6 EUR.", lambda: [each / METRE for each in cable_shares()]),
    ),
    hints=("Who uses the first stretch, up to the chapel? Who uses the last?",
           "Whoever comes first of those who use a stretch pays it. Each of them is as often the first."),
)  # fmt: skip

# What the huts used

NOISE = question(
    "strategy_quiz/noise", noise_scale, form=number("one number is asked for, in kWh"),
    otherwise=it_is("How far can one hut move all six sums together? The scale is that, over epsilon"),
    mistakes=(
        wrong("it hides one sum. The promise is for the whole day, and a hut stands in all six.", readings=1),
        wrong("it hides all huts at once. The promise is to one hut: how much can one of them move?", meters=4),
        wrong("it multiplies by epsilon. A smaller epsilon takes more noise.", by=lambda change: change * EPSILON),
        wrong("it is the change and not yet the scale: divide by epsilon.", by=lambda change: change),
    ),
    hints=("If one hut leaves, each of six sums may change by 5 kWh.",),
)  # fmt: skip

# One true sentence


def true_sentence():
    return "c"


SENTENCE = question(
    "strategy_quiz/sentence", true_sentence,
    form=one(lambda answer: str(answer).lower() in ("a", "b", "c", "d"), 'one letter is asked for, "a", "b", "c" or "d"'),
    otherwise=lambda given: f"{given} is not true of the valley",
    mistakes=(
        wrong("its rivals could indeed serve everybody, at 64 ct. The index does not ask at what price.", lambda: "a"),
        wrong("on average each pays more in the draw than in either of the two without lots: at times both run together.",
              lambda: "b"),
        wrong("a forecast that changes nothing is worth nothing.", lambda: "d"),
    ),
    agrees=lambda given, expected, _: isinstance(given, str) and given.lower() == str(expected).lower(),
)  # fmt: skip

EXERCISES = (PUMPS, MERGER, LAKE_OFFER, RESERVOIR, PROMISE, FORECAST, CABLE, NOISE, SENTENCE)
