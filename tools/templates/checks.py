"""Checks of the chapter CHAPTER."""

from tefoundations.exercises.kit.forms import number
from tefoundations.exercises.kit.recipe import almost, exercise, wrong

# CHAPTER/bill


def day(rng):
    """(prices, taken): up to five steps, now and then with a price below zero."""
    steps = rng.integers(0, 6)
    return rng.integers(-5, 40, steps).tolist(), rng.integers(1, 9, steps).tolist()


def bill(prices, taken, *, of=lambda price, kwh: price * kwh):
    return sum(of(price, kwh) for price, kwh in zip(prices, taken))


BILL = exercise(
    "CHAPTER/bill",
    bill,
    example=(([20, 30], [2, 1]), 70.0),
    draw=day,
    form=number("one number is asked for, in ct"),
    mistakes=(
        wrong("it adds up prices. Each is paid for every kWh of its step.", of=lambda price, kwh: price),
        wrong("it adds up energy. What is paid is the price of each kWh.", of=lambda price, kwh: kwh),
        wrong("it takes the average price for all steps. Each step has its own.",
              lambda prices, taken: sum(prices) * sum(taken) / max(len(taken), 1)),
        almost("right, except that a price below zero is paid to the home.", of=lambda price, kwh: max(price, 0) * kwh),
    ),
    corners={
        "when there are no steps": lambda prices, taken: not prices,
        "when a price is below zero": lambda prices, taken: min(prices, default=0) < 0,
    },
    hints=("What does the home pay in one step?", "Go through both lists at once: zip(prices, taken)."),
)  # fmt: skip

EXERCISES = (BILL,)
