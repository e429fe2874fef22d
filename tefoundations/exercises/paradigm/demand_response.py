"""Checks of the chapter on demand response. Energy is kWh an hour, prices are ct/kWh, money is ct."""

from tefoundations.exercises.kit.forms import is_number, is_whole, number, numbers, one
from tefoundations.exercises.kit.recipe import almost, exercise, wrong
from tefoundations.retail import baseline, curtailment, net_benefit, option_value

# demand_response/customer_baseline


def some_days(rng):
    """Days whose event hours add up to different sums; the factor is often within its bounds, and often not."""
    count = int(rng.integers(6, 11))
    sums = rng.choice(range(6, 40), count, replace=False)
    first = [int(rng.integers(1, total)) for total in sums]
    days = [[*rng.integers(2, 9, 2).tolist(), int(a), int(total - a)] for a, total in zip(first, sums)]
    events = sorted(rng.choice(count, 2, replace=False).tolist())
    of = int(rng.integers(3, count - 1))
    return days, events, rng.integers(1, 12, 2).tolist(), int(rng.integers(1, of)), of


def low_today(rng):
    days, events, _, top, of = some_days(rng)
    return days, events, [1, 1], top, of


def no_events(rng):
    days, _, before, top, of = some_days(rng)
    return days, [], before, top, of


def all_of_them(rng):
    days, events, before, _, of = some_days(rng)
    return days, events, before, of, of


def event_energy(day):
    return day[2] + day[3]


def no_event_day(days, events):
    return [day for i, day in enumerate(days) if i not in events]


def highest(days, top):
    """The chosen days."""
    return sorted(days, key=event_energy, reverse=True)[:top]


def within(factor):
    return min(max(factor, 0.8), 1.2)


def customer_baseline(days, events, before, top, of, *, eligible=no_event_day, last=lambda days, of: days[-of:],
                      chosen=highest, scale=within):  # fmt: skip
    """Mean of the highest days among the last without event, times a factor by the hours before."""
    picked = chosen(last(eligible(days, events), of), top)
    mean = [sum(day[hour] for day in picked) / len(picked) for hour in range(4)]
    factor = scale(sum(before) / (mean[0] + mean[1]))
    return [factor * mean[2], factor * mean[3]]


def hour_by_hour(days, top):
    """Each hour's own highest."""
    by_hour = [sorted((day[hour] for day in days), reverse=True)[:top] for hour in (2, 3)]
    days = highest(days, top)
    return [[*day[:2], *hours] for day, hours in zip(days, zip(*by_hour))]


CUSTOMER_BASELINE = exercise(
    "demand_response/customer_baseline", customer_baseline,
    example=(([[1, 1, 3, 2], [2, 2, 4, 4], [5, 5, 1, 1], [2, 2, 3, 3]], [2], [2, 3], 1, 2), [4.8, 4.8]),
    draw=some_days, also=(low_today, no_events, all_of_them),
    form=numbers(2, "two numbers are asked for: the kWh of hour 2 and of hour 3"),
    mistakes=(
        wrong("it counts days that had an event themselves. On those she used less because she was asked to.",
              eligible=lambda days, events: days),
        wrong("it takes the mean of all the last days. Only the highest of them count.", chosen=lambda days, top: days),
        wrong("it chooses the highest kWh in each hour by itself. Whole days are chosen, by both hours together.",
              chosen=hour_by_hour),
        wrong("it chooses the lowest days.", chosen=lambda days, top: sorted(days, key=event_energy)[:top]),
        wrong("it chooses by what was used over the whole day. The hours of the event count.",
              chosen=lambda days, top: sorted(days, key=sum, reverse=True)[:top]),
        wrong("it takes the oldest days, and the last ones are asked for.", last=lambda days, of: days[:of]),
        wrong("it leaves out the factor by the hours before the event.", scale=lambda factor: 1),
        wrong("it turns the factor upside down. Where more than usual was used before the event, the baseline rises.",
              scale=lambda factor: within(1 / factor)),
        almost("right, except that the factor must be at most 1.2 and at least 0.8.", scale=lambda factor: factor),
        almost("right, except that the factor must be at least 0.8.", scale=lambda factor: min(factor, 1.2)),
    ),
    corners={
        "where the factor would be above 1.2": lambda *case: bare_factor(*case) > 1.2,
        "where the factor would be below 0.8": lambda *case: bare_factor(*case) < 0.8,
        "where the factor is within its bounds": lambda *case: 0.8 < bare_factor(*case) < 1.2,
        "where no day had an event": lambda days, events, before, top, of: not events,
        "where all of the last days are chosen": lambda days, events, before, top, of: top == of,
    },
    forbids=(baseline,),
    hints=("Which days remain when those with an event are left out? `list[-n:]` takes the last n.",
           "Sort them by what they used in hours 2 and 3, the highest first. Take the mean of the first few in all hours.",
           "The factor is today's hours 0 and 1 over those of the mean, but `min(max(factor, 0.8), 1.2)`."),
)  # fmt: skip


def bare_factor(days, events, before, top, of):
    """The factor without its bounds."""
    picked = highest(no_event_day(days, events)[-of:], top)
    return sum(before) / (sum(day[0] + day[1] for day in picked) / top)


# demand_response/given_up

RULES = ("LMP", "LMP - retail")


def a_customer(rng):
    values = rng.integers(5, 110, rng.integers(2, 8)).tolist()
    return values, int(rng.integers(15, 40)), int(rng.integers(41, 70)), str(rng.choice(RULES))


def cheap_hour(rng):
    """The LMP is below the retail price."""
    values, retail, _, _ = a_customer(rng)
    return values, retail, int(rng.integers(5, retail)), RULES[1]


def on_the_edge(rng):
    """One value is just the retail price, one just where the payment is as much as is lost."""
    values, retail, lmp, rule = a_customer(rng)
    values = [*values, retail, retail + owed(retail, lmp, rule)]
    rng.shuffle(values)
    return values, retail, lmp, rule


def owed(retail, lmp, rule):
    """What is paid for a kWh."""
    return lmp if rule == RULES[0] else max(lmp - retail, 0)


def given_up(values, retail, lmp, rule, *, paid=owed, uses=lambda v, retail: v >= retail,
             keeps=lambda v, retail, payment: v - retail >= payment, worth=lambda v, retail, lmp: v - lmp):  # fmt: skip
    """[kWh given up, value less cost of what is used]."""
    payment = paid(retail, lmp, rule)
    used = [v for v in values if uses(v, retail)]
    kept = [v for v in used if keeps(v, retail, payment)]
    return [len(used) - len(kept), sum(worth(v, retail, lmp) for v in kept)]


def with_unused(values, retail, lmp, rule):
    bar = retail + owed(retail, lmp, rule)
    return [sum(v < bar for v in values), given_up(values, retail, lmp, rule)[1]]


def with_payment(values, retail, lmp, rule):
    gone, welfare = given_up(values, retail, lmp, rule)
    return [gone, welfare + gone * owed(retail, lmp, rule)]


def how_many_and_welfare(answer):
    return isinstance(answer, list) and len(answer) == 2 and all(map(is_number, answer)) and is_whole(answer[0])


GIVEN_UP = exercise(
    "demand_response/given_up", given_up,
    example=(([70, 40, 55, 10], 20, 45, "LMP"), [2.0, 25.0]),
    draw=a_customer, also=(cheap_hour, on_the_edge, on_the_edge),
    form=one(how_many_and_welfare, "two numbers are asked for: how many kWh are given up, and the welfare in ct"),
    mistakes=(
        wrong("it forgets the bill. Who gives a kWh up saves its retail price too.",
              keeps=lambda v, retail, payment: v >= payment),
        wrong("it counts kWh that would not have been used. What is worth less than its price cannot be given up.",
              with_unused),
        wrong("it takes the retail price off the values. For all together a kWh costs the LMP.",
              worth=lambda v, retail, lmp: v - retail),
        wrong("it pays the full LMP under both rules.", paid=lambda retail, lmp, rule: lmp),
        wrong("it pays the difference under both rules.", paid=lambda retail, lmp, rule: max(lmp - retail, 0)),
        wrong("it counts the payment as welfare. A payment only moves money.", with_payment),
        wrong("it lets the payment fall below 0. Under the second rule it is then nothing.",
              paid=lambda retail, lmp, rule: lmp if rule == RULES[0] else lmp - retail,
              keeps=lambda v, retail, payment: v - retail >= abs(payment)),
        almost("right, except where the payment is just as much as is lost: then the kWh is used.",
               keeps=lambda v, retail, payment: v - retail > payment),
        almost("right, except for a kWh that is worth just the retail price: it is used.",
               uses=lambda v, retail: v > retail),
    ),
    corners={
        "where the LMP is below the retail price": lambda values, retail, lmp, rule: rule == RULES[1] and lmp < retail,
        "where nothing is given up": lambda *case: not given_up(*case)[0],
        "where a kWh is worth just its price": lambda values, retail, lmp, rule: retail in values,
    },
    forbids=(curtailment,),
    hints=("Which kWh does she use when nothing is paid? Only those can be given up.",
           "What is the payment under this rule? Compare it with what she loses: the value less the price she saves.",
           "Welfare is the value less the LMP, for each kWh that is still used. No payment stands in it."),
)  # fmt: skip

# demand_response/benefit_to_others


def a_response(rng):
    after = int(rng.integers(15, 60))
    return after + int(rng.integers(1, 8)), after, int(rng.integers(60, 200)), int(rng.integers(2, 20))


def no_fall(rng):
    """Supply is flat: the price stays as it was."""
    _, after, load, reduction = a_response(rng)
    return after, after, load, reduction


def nobody_responds(rng):
    _, after, load, _ = a_response(rng)
    return after, after, load, 0


def benefit_to_others(before, after, load, reduction, *, kwh=lambda load, reduction: load - reduction,
                      paid=lambda before, after, reduction: after * reduction):  # fmt: skip
    """What the kWh still used cost less, without the payment for those not used."""
    return (before - after) * kwh(load, reduction) - paid(before, after, reduction)


BENEFIT_TO_OTHERS = exercise(
    "demand_response/benefit_to_others", benefit_to_others,
    example=((40, 38, 50, 5), -100.0),
    draw=a_response, also=(no_fall, nobody_responds),
    form=number("one number is asked for, in ct; below 0 if the others lose"),
    mistakes=(
        wrong("it counts the lower price on the whole load. Those who go on using power use only what is left of it.",
              kwh=lambda load, reduction: load),
        wrong("it forgets the payment for the kWh that are not used.", paid=lambda before, after, reduction: 0),
        wrong("it pays the old price for the kWh that are not used. They are paid at the new one.",
              paid=lambda before, after, reduction: before * reduction),
        wrong("it takes the fall of all bills together. That the kWh not used are not bought is no gain to the others.",
              lambda before, after, load, reduction: before * load - after * (load - reduction)),
        wrong("it pays the fall of the price for the kWh that are not used. They are paid at the whole new price.",
              paid=lambda before, after, reduction: (before - after) * reduction),
        wrong("it turns the sign: what is saved is a gain.",
              lambda before, after, load, reduction: after * reduction - (before - after) * (load - reduction)),
    ),
    corners={
        "where the others gain": lambda *case: benefit_to_others(*case) > 0,
        "where the price does not fall": lambda before, after, load, reduction: before == after and reduction > 0,
        "where nobody responds": lambda before, after, load, reduction: reduction == 0,
    },
    forbids=(net_benefit,),
    hints=("How many kWh are still used, and how much less does each of them cost?",
           "What is paid for the others, and at which price?",
           "Take the second from the first."),
)  # fmt: skip

# demand_response/right_to_sell


def some_prices(rng):
    count = int(rng.integers(2, 6))
    weights = rng.multinomial(20, rng.dirichlet([1.0] * count)) / 20
    return rng.integers(5, 80, count).tolist(), weights.tolist(), int(rng.integers(10, 60))


def never_worth_selling(rng):
    prices, weights, value = some_prices(rng)
    return prices, weights, max(prices) + int(rng.integers(0, 9))


def below_zero(rng):
    """A price may be below zero: then one is paid for using the kWh."""
    prices, weights, value = some_prices(rng)
    return [-prices[0], *prices[1:]], weights, value


def weighted(values, weights):
    return sum(a * w for a, w in zip(values, weights))


def right_to_sell(prices, probabilities, value, *, gain=lambda price, value: max(price - value, 0), mean=weighted):
    """The mean of what selling gains, where it gains."""
    return mean([gain(price, value) for price in prices], probabilities)


def mean_first(prices, probabilities, value):
    return max(weighted(prices, probabilities) - value, 0)


RIGHT_TO_SELL = exercise(
    "demand_response/right_to_sell", right_to_sell,
    example=(([10, 25, 60], [0.5, 0.25, 0.25], 20), 11.25),
    draw=some_prices, also=(never_worth_selling, below_zero),
    form=number("one number is asked for, in ct"),
    mistakes=(
        wrong("it takes the mean price first and decides then. The choice is made when the price has come.", mean_first),
        wrong("it sells in any case. At a low price you use the kWh.", gain=lambda price, value: price - value),
        wrong("it counts what a low price would lose as a gain. There you use the kWh, and gain nothing.",
              gain=lambda price, value: abs(price - value)),
        wrong("it takes all prices as equally likely.", mean=lambda gains, weights: sum(gains) / len(gains)),
        wrong("it counts the whole price where you sell. You give up the value of the kWh for it.",
              gain=lambda price, value: price if price > value else 0),
        wrong("it counts the value where you use the kWh. Asked for is what the choice brings beyond using it in any case.",
              gain=max),
        wrong("it takes the best of all prices, and none of them is sure.",
              lambda prices, probabilities, value: max(max(prices) - value, 0)),
    ),
    corners={
        "where it is never worth selling": lambda prices, probabilities, value: max(prices) <= value,
        "where a price is below 0": lambda prices, probabilities, value: min(prices) < 0,
        "where the mean price is below the value and a price is above": lambda prices, probabilities, value:
            mean_first(prices, probabilities, value) == 0 and right_to_sell(prices, probabilities, value) > 0,
    },
    forbids=(option_value,),
    hints=("What do you do at each of the prices, and what does it bring beyond using the kWh?",
           "At a price below the value it brings 0, and not less.",
           "Take the mean of these gains, each with its probability."),
)  # fmt: skip

EXERCISES = (CUSTOMER_BASELINE, GIVEN_UP, BENEFIT_TO_OTHERS, RIGHT_TO_SELL)
