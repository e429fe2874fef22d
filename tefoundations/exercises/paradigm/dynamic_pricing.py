"""Checks of the chapter on dynamic pricing. Energy is kWh a step, prices are ct/kWh, bills are ct."""

from tefoundations.exercises.kit.forms import number, numbers
from tefoundations.exercises.kit.recipe import almost, exercise, wrong
from tefoundations.retail import Tariff, break_even, flat, hedged, real_time


def dot(left, right):
    return sum(a * b for a, b in zip(left, right))


# dynamic_pricing/flat_price


def homes_and_costs(rng):
    steps = int(rng.integers(2, 5))
    use = rng.integers(0, 7, (rng.integers(2, 5), steps))
    use[0, rng.integers(steps)] += 1
    if rng.random() < 0.3:
        use[1:, rng.integers(steps)] += 6
    return use.tolist(), (2 * rng.integers(5, 25, steps)).tolist()


def an_idle_home(rng):
    use, cost = homes_and_costs(rng)
    return [*use, [0] * len(cost)], cost


def together(use):
    """What all homes use in each step."""
    return [sum(step) for step in zip(*use)]


def flat_price(use, cost, *, weights=together):
    """What all use costs, over how much it is."""
    each = weights(use)
    return dot(each, cost) / sum(each)


def mean_of_homes(use, cost):
    own = [flat_price([home], cost) for home in use if any(home)]
    return sum(own) / len(own)


def per_step(use, cost):
    return sum(dot(home, cost) for home in use) / len(cost)


def between_the_costs(answer, use, cost):
    if min(cost) - 1e-9 <= answer <= max(cost) + 1e-9:
        return None
    return f"it gives {answer:g}, and the supplier pays between {min(cost):g} and {max(cost):g} ct for each kWh"


FLAT_PRICE = exercise(
    "dynamic_pricing/flat_price", flat_price,
    example=(([[2, 3], [0, 3]], [10, 30]), 25.0),
    draw=homes_and_costs, also=(an_idle_home,),
    form=number("one number is asked for, in ct/kWh"),
    properties=(between_the_costs,),
    mistakes=(
        wrong("it takes the plain mean of the costs. A step in which more is used weighs more.",
              weights=lambda use: [1] * len(use[0])),
        wrong("it takes the mean of what a kWh costs each home. A home that uses more weighs more.", mean_of_homes),
        wrong("it takes the cost of the dearest step. Then the supplier earns too much in all others.",
              lambda use, cost: max(cost)),
        wrong("it divides by the number of steps. A price is for a kWh: divide by the kWh.", per_step),
        wrong("it looks at the first home only. All of them pay the same price.", weights=lambda use: use[0]),
    ),
    corners={
        "when a home uses nothing": lambda use, cost: any(not any(home) for home in use),
        "when nobody uses anything in a step": lambda use, cost: any(not any(step) for step in zip(*use)),
    },
    forbids=(break_even,),
    hints=("What do all homes together use in each step?",
           "What does the supplier pay for all of it?",
           "At which price for each kWh does it earn just that?"),
)  # fmt: skip

# dynamic_pricing/three_bills


def a_roof(rng):
    steps = int(rng.integers(2, 6))
    load, roof = rng.integers(0, 6, steps), rng.integers(0, 8, steps) * rng.integers(0, 2, steps)
    load[rng.integers(steps)] += 2
    return load.tolist(), roof.tolist(), int(rng.integers(20, 40)), int(rng.integers(0, 15))


def a_large_roof(rng):
    """More comes from the roof over the day than is used."""
    load, roof, price, export = a_roof(rng)
    roof[int(rng.integers(len(roof)))] += sum(load) + 1
    return load, roof, price, export


def no_roof(rng):
    load, _, price, export = a_roof(rng)
    return load, [0] * len(load), price, export


def billing(load, roof, price, export):
    net = [use - made for use, made in zip(load, roof)]
    return price * sum(max(x, 0) for x in net) - export * sum(max(-x, 0) for x in net)


def metering(load, roof, price, export, *, surplus=lambda over, price, export: -export * over):
    left = sum(load) - sum(roof)
    return price * left if left >= 0 else surplus(-left, price, export)


def two_meters(load, roof, price, export):
    return price * sum(load) - export * sum(roof)


def three_bills(load, roof, price, export, *, first=billing, second=metering, third=two_meters):
    """[net billing, net metering, buy all and sell all]."""
    return [rule(load, roof, price, export) for rule in (first, second, third)]


def with_surplus(how):
    return lambda *case: metering(*case, surplus=how)


THREE_BILLS = exercise(
    "dynamic_pricing/three_bills", three_bills,
    example=(([2, 3, 1], [0, 7, 0], 25, 10), [35.0, -10.0, 80.0]),
    draw=a_roof, also=(a_large_roof, a_large_roof, no_roof),
    form=numbers(3, "three numbers are asked for: net billing, net metering, buy all and sell all"),
    mistakes=(
        wrong("under net billing it nets over the whole day. Each step stands by itself.", first=metering),
        wrong("under net billing it forgets what the sold kWh earn.", first=lambda load, roof, price, export:
              price * sum(max(use - made, 0) for use, made in zip(load, roof))),
        wrong("under net metering it nets each step by itself. The meter runs backwards over the whole day.",
              second=billing),
        wrong("under net metering it pays the full price for what is left over. That earns the export price.",
              second=with_surplus(lambda over, price, export: -price * over)),
        almost("right, except that under net metering what is left over earns nothing. Here it is paid at the export price.",
               second=with_surplus(lambda over, price, export: 0)),
        wrong("where all is bought and all is sold it nets first. There are two meters: the roof's own kWh are bought back.",
              third=billing),
    ),
    corners={
        "when more comes from the roof than is used": lambda load, roof, *_: sum(roof) > sum(load),
        "when the roof makes nothing": lambda load, roof, *_: not any(roof),
        "when a sold kWh earns nothing": lambda load, roof, price, export: export == 0,
    },
    forbids=(Tariff.bill,),
    hints=("Net billing: for each step, is more used or made? What is bought, and what is sold?",
           "Net metering: add up the whole day first. There is one number left, above 0 or below.",
           "Buy all, sell all: all that is used times the price, less all that is made times the export price."),
)  # fmt: skip

# dynamic_pricing/demand_bill


def some_days(rng):
    days = rng.integers(-6, 7, (rng.integers(2, 5), rng.integers(2, 6)))
    days[rng.integers(len(days)), rng.integers(days.shape[1])] = int(rng.integers(3, 9))
    return days.tolist(), int(rng.integers(2, 15))


def exports_above_imports(rng):
    """A roof gives more than the home ever takes."""
    days, charge = some_days(rng)
    days[int(rng.integers(len(days)))][0] = -max(max(day) for day in days) - int(rng.integers(1, 6))
    return days, charge


def never_takes(rng):
    days, charge = some_days(rng)
    return [[-abs(kwh) for kwh in day] for day in days], charge


def demand_bill(days, charge, *, kw=lambda kwh: max(2 * kwh, 0), over=max, within=max):
    """The charge for the highest half hour of all days, in kW."""
    return charge * over([within([kw(kwh) for kwh in day]) for day in days])


def mean(values):
    return sum(values) / len(values)


DEMAND_BILL = exercise(
    "dynamic_pricing/demand_bill", demand_bill,
    example=(([[1, 3, -5], [2, 2, 0]], 10), 60.0),
    draw=some_days, also=(exports_above_imports, exports_above_imports, never_takes),
    form=number("one number is asked for, in ct"),
    mistakes=(
        wrong("it charges the kWh of the half hour. A kWh in half an hour is 2 kW.", kw=lambda kwh: max(kwh, 0)),
        wrong("it divides where it should multiply: half an hour at 2 kW is one kWh.", kw=lambda kwh: max(kwh / 2, 0)),
        wrong("it takes the mean power. One half hour sets the charge.", over=mean, within=mean),
        wrong("it adds up the highest power of each day. There is one charge for all the days.", over=sum),
        wrong("it counts what is given like what is taken. Only what is taken is charged.", kw=lambda kwh: 2 * abs(kwh)),
        almost("right, except where nothing is ever taken: then nothing is owed.", kw=lambda kwh: 2 * kwh),
    ),
    corners={
        "when more is given than ever taken": lambda days, charge: -min(map(min, days)) > max(map(max, days)),
        "when nothing is ever taken": lambda days, charge: max(map(max, days)) <= 0,
    },
    forbids=(Tariff.bill,),
    hints=("How much power is a kWh that flows in half an hour?",
           "Which half hour of all days counts? What if all numbers are below 0?",
           "Twice the largest number, and 0 where that is below 0, times the charge."),
)  # fmt: skip

# dynamic_pricing/hedged_bill


def two_part(rng):
    steps = int(rng.integers(2, 6))
    usual, used = rng.integers(1, 9, (2, steps))
    prices = rng.choice([10, 15, 20, 30, 90], steps)
    return int(rng.integers(18, 32)), usual.tolist(), used.tolist(), prices.tolist()


def as_usual(rng):
    price, usual, _, prices = two_part(rng)
    return price, usual, list(usual), prices


def saved_in_the_dear_step(rng):
    price, usual, _, prices = two_part(rng)
    prices[0], usual[0] = 900, usual[0] + 3
    return price, usual, [usual[0] - 3, *usual[1:]], prices


def hedged_bill(price, usual, used, prices, *, first=lambda price, usual, used, prices: price * sum(usual),
                counted=lambda more: more):  # fmt: skip
    """The usual load at one price, and every kWh more or less at the price of its step."""
    return first(price, usual, used, prices) + sum(p * counted(u - n) for p, u, n in zip(prices, used, usual))


HEDGED_BILL = exercise(
    "dynamic_pricing/hedged_bill", hedged_bill,
    example=((25, [3, 3], [3, 2], [20, 90]), 60.0),
    draw=two_part, also=(as_usual, saved_in_the_dear_step),
    form=number("one number is asked for, in ct; below 0 if the home is paid"),
    mistakes=(
        wrong("it bills all that is used at the hourly prices. The usual load has its fixed price.",
              lambda price, usual, used, prices: dot(prices, used)),
        wrong("it bills all that is used at the fixed price. What is more or less than usual has the price of its step.",
              lambda price, usual, used, prices: price * sum(used)),
        wrong("it charges what is more than usual, and pays nothing for what is less.", counted=lambda more: max(more, 0)),
        wrong("it charges for every kWh less as for every kWh more. A kWh less earns the price of its step.", counted=abs),
        wrong("it takes the fixed price for what is used, and the hourly price on top.",
              first=lambda price, usual, used, prices: price * sum(used)),
        wrong("it turns the sign: who uses less than usual pays for it.", counted=lambda more: -more),
    ),
    corners={
        "when all is used as usual": lambda price, usual, used, prices: usual == used,
        "when the home is paid": lambda *case: hedged_bill(*case) < 0,
    },
    forbids=(hedged, Tariff.bill, flat, real_time),
    hints=("What does the usual load cost, whatever happens?",
           "How much more than usual is used in each step? It may be below 0.",
           "Add to the first the second, each step at its price."),
)  # fmt: skip

EXERCISES = (FLAT_PRICE, THREE_BILLS, DEMAND_BILL, HEDGED_BILL)
