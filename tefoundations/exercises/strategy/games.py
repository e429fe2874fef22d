"""Checks of the chapter on games: tables of two players, sellers who choose how much, a promise kept day after day."""

from tefoundations import strategy
from tefoundations.exercises.kit.forms import numbers
from tefoundations.exercises.kit.recipe import almost, exercise, wrong
from tefoundations.exercises.kit.values import close, is_number

MILLIONTH = 1e-6 * (1 + 1e-9)  # kWh, and a difference of two floats

# games/pure_equilibria


def tables(rng):
    """(row_gets, column_gets): payoffs of two players with two or three actions each; those from a short range tie often."""
    rows, columns = rng.integers(2, 4, 2)
    highest = rng.choice([4, 20])
    return rng.integers(0, highest, (rows, columns)).tolist(), rng.integers(0, highest, (rows, columns)).tolist()


def column_of(row_gets, i, j):
    return [row[j] for row in row_gets]


def row_of(column_gets, i, j):
    return column_gets[i]


def pure_equilibria(
    row_gets,
    column_gets,
    *,
    rows=column_of,
    columns=row_of,
    fits=lambda own, others: own >= max(others),
    asked="rows, columns",
):
    """`rows` and `columns` are what a payoff is compared with; `asked` says who is asked."""
    return [
        [i, j]
        for i in range(len(row_gets))
        for j in range(len(row_gets[0]))
        if ("rows" not in asked or fits(row_gets[i][j], rows(row_gets, i, j)))
        and ("columns" not in asked or fits(column_gets[i][j], columns(column_gets, i, j)))
    ]


def best_together(row_gets, column_gets):
    sums = {(i, j): row_gets[i][j] + column_gets[i][j] for i in range(len(row_gets)) for j in range(len(row_gets[0]))}
    return [[*cell] for cell, total in sums.items() if total == max(sums.values())]


def not_worse_for_both(row_gets, column_gets):
    found = pure_equilibria(row_gets, column_gets)
    pays = [(row_gets[i][j], column_gets[i][j]) for i, j in found]
    return [cell for cell, (a, b) in zip(found, pays) if not any(c >= a and d >= b and (c, d) != (a, b) for c, d in pays)]


def only_best(own, others):
    return own == max(others) and others.count(own) == 1


def cells(answer, row_gets, column_gets):
    fine = isinstance(answer, list) and all(isinstance(c, list) and len(c) == 2 and all(map(is_number, c)) for c in answer)
    return None if fine else "cells [row, column] are asked for, in order, and () where there is none"


PURE_EQUILIBRIA = exercise(
    "games/pure_equilibria", pure_equilibria,
    example=(([[-20, -15], [-17, -22]], [[-20, -17], [-15, -22]]), [[0.0, 1.0], [1.0, 0.0]]),
    draw=tables,
    form=cells,
    mistakes=(
        wrong("it picks the cells that are best for both together. Nobody chooses for both.", best_together),
        wrong("it compares along the wrong line. Who chooses the row compares the rows of one column.",
              rows=row_of, columns=column_of),
        wrong("its row player compares along the wrong line: who chooses the row compares the rows of one column.",
              rows=row_of),
        wrong("its column player compares along the wrong line: who chooses the column compares the columns of one row.",
              columns=column_of),
        wrong("it asks only whether the row player would move.", asked="rows"),
        wrong("it asks only whether the column player would move.", asked="columns"),
        wrong("it stops at the first. A game may have several.", lambda *case: pure_equilibria(*case)[:1]),
        wrong("it drops those that another cell beats for both. They are equilibria all the same.", not_worse_for_both),
        almost("right, except for ties: who is indifferent has no reason to move.", fits=only_best),
    ),
    corners={
        "when there is no equilibrium": lambda *case: not pure_equilibria(*case),
        "when there are several": lambda *case: len(pure_equilibria(*case)) > 1,
    },
    forbids=(strategy.NormalFormGame.pure_equilibria, strategy.NormalFormGame.mixed_equilibria),
    hints=("Stand on one cell. Which payoffs does the row player compare with its own there, and which the column player?",
           "The row player can change only the row: it compares along one column. The other compares along a row.",
           "A cell is an equilibrium if each has there the largest payoff of the line it compares."),
)  # fmt: skip

# games/cournot


def sellers(rng):
    """(intercept, slope, costs, limits): two to four sellers; some are at their limit, some too dear to sell."""
    count = rng.integers(2, 5)
    intercept = int(rng.integers(12, 40))
    costs = rng.choice(int(rng.choice([11, intercept - 1])), count, replace=False).tolist()
    limits = rng.integers(1, 9, count).tolist() if rng.integers(3) else [100] * int(count)
    return intercept, float(rng.choice([0.5, 1, 2])), costs, limits


def within(quantity, limit):
    return min(max(quantity, 0.0), limit)


def best_reply(intercept, slope, cost, others):
    return (intercept - cost - slope * others) / (2 * slope)


def cournot(intercept, slope, costs, limits, *, reply=best_reply, in_turn=True, rounds=3000):
    """Replies in turn climb one hill and settle at the one equilibrium."""
    found = [0.0] * len(costs)
    for _ in range(rounds):
        before = list(found)
        for i, (cost, limit) in enumerate(zip(costs, limits)):
            seen = found if in_turn else before
            found[i] = within(reply(intercept, slope, cost, sum(seen) - seen[i]), limit)
        if max(abs(a - b) for a, b in zip(found, before)) < 1e-13 * intercept:
            break
    return found


def cut_to_limits(intercept, slope, costs, limits):
    """Everybody as if there were no limits, and only then cut."""
    price = (intercept + sum(costs)) / (len(costs) + 1)
    return [within((price - cost) / slope, limit) for cost, limit in zip(costs, limits)]


def by_merit(intercept, slope, costs, limits, *, steep=1):
    """The cheapest first, up to where the price, or what one more kWh brings in all, is its cost."""
    found = [0.0] * len(costs)
    for i in sorted(range(len(costs)), key=costs.__getitem__):
        found[i] = within((intercept - costs[i]) / (steep * slope) - sum(found), limits[i])
    return found


def nobody_beyond(answer, intercept, slope, costs, limits):
    for seller, (quantity, limit) in enumerate(zip(answer, limits)):
        if not -MILLIONTH <= quantity <= limit + MILLIONTH:
            return f"seller {seller} sells {quantity:g} kWh, and it can sell from 0 to {limit:g}"
    return None


def near_enough(answer, expected, tolerance):
    """The text asks for a millionth of a kWh, for who lets sellers answer each other comes no nearer than it waits."""
    return close(answer, expected, tolerance) or all(abs(a - b) <= MILLIONTH for a, b in zip(answer, expected))


COURNOT = exercise(
    "games/cournot", cournot,
    example=((12, 1.0, [0, 3], [3, 10]), [3.0, 3.0]),
    draw=sellers,
    form=numbers(lambda intercept, slope, costs, limits: len(costs), "{n} quantities are asked for, one of each seller"),
    properties=(nobody_beyond,),
    mistakes=(
        wrong("it solves as if there were no limits, and cuts at the end. Where one is cut, the others sell more.",
              cut_to_limits),
        wrong("it lets all sell up to where the price is their cost. They know that selling more lowers the price.",
              by_merit),
        wrong("it sells what is best for all together. Each looks at its own gain.", lambda *case: by_merit(*case, steep=2)),
        wrong("it lets all answer at once. With three sellers or more that need not settle.", in_turn=False, rounds=101),
        wrong("it answers an empty market. Each must answer what the others sell.",
              reply=lambda intercept, slope, cost, others: best_reply(intercept, slope, cost, 0)),
        wrong("it forgets what a kWh costs.",
              reply=lambda intercept, slope, cost, others: best_reply(intercept, slope, 0, others)),
    ),
    corners={
        "when a seller is too dear to sell": lambda *case: min(cournot(*case)) == 0,
        "when a seller sells all it can": lambda *case: any(q == limit for q, limit in zip(cournot(*case), case[3])),
        "when nobody is at a limit": lambda *case: all(0 < q < limit for q, limit in zip(cournot(*case), case[3])),
    },
    forbids=(strategy.cournot, strategy.stackelberg, strategy.best_reply_path),
    agrees=near_enough,
    hints=("What does one seller do that knows what the others sell? Its gain is a parabola; cut its top to what it can.",
           "Let the sellers answer one after the other, again and again. In turn this settles, at once it need not.",
           "Go on until nobody moves by more than a billionth. A hundred rounds may not be enough, a thousand are."),
)  # fmt: skip

# games/patience


def promises(rng):
    """(together, cheat, punished, seen): what a day brings; now and then a breach never pays, or is no loss later."""
    punished, gain, loss = (int(x) for x in rng.integers([0, 1, 1], [20, 12, 12]))
    odd = rng.integers(8)  # never both: who loses by a breach today and gains by it later has no least patience
    if odd == 0:
        gain = -int(rng.integers(0, 3))
    if odd == 1:
        loss = -int(rng.integers(0, 3))
    return punished + loss, punished + loss + gain, punished, int(rng.integers(1, 11)) / 10


def shares(gain, loss, seen):
    return gain / (gain + seen * loss)


def patience(together, cheat, punished, seen, *, least=shares, never=None):
    """`least` is the answer where a breach gains today and loses later."""
    gain, loss = cheat - together, together - punished
    return (never if loss <= 0 else least(gain, loss, seen)) if gain > 0 else 0.0


def a_share(answer, *_):
    fine = answer is None or (is_number(answer) and 0 <= answer <= 1)
    return None if fine else "a number from 0 to 1 is asked for, or None where no weight is enough"


PATIENCE = exercise(
    "games/patience", patience,
    example=((18, 20, 16, 1), 0.5),
    draw=promises,
    form=lambda answer, *_: None if answer is None or is_number(answer) else "one number is asked for, or None",
    properties=(a_share,),
    mistakes=(
        wrong("it takes only tomorrow as the loss. Punishment lasts: all days from tomorrow on count.",
              least=lambda gain, loss, seen: min(gain / (seen * loss), 1.0)),
        wrong("it gives the weight of today. The weight of tomorrow is asked for.",
              least=lambda gain, loss, seen: 1 - shares(gain, loss, seen)),
        wrong("it measures the gain of a breach from punishment on. A breach gains what it brings above the agreement.",
              least=lambda gain, loss, seen: (gain + loss) / (gain + loss + seen * loss)),
        wrong("it lets every breach be seen.", least=lambda gain, loss, seen: shares(gain, loss, 1)),
        wrong("it applies the chance to be seen to today's gain. It makes punishment rarer, not the breach.",
              least=lambda gain, loss, seen: shares(seen * gain, loss, 1)),
        almost("right, except that where punishment is no loss no weight is enough: None.", never=1.0),
    ),
    corners={
        "when a breach does not pay even today": lambda together, cheat, *_: cheat <= together,
        "when the punishment is no loss": lambda together, cheat, punished, _: punished >= together and cheat > together,
        "when a breach is always seen": lambda together, cheat, punished, seen: seen == 1,
    },
    forbids=(strategy.critical_discount,),
    hints=("What does a breach bring today, and what does it lose on each later day if it is seen?",
           "With a weight $d$, a loss of 1 on each day from tomorrow on is worth $d/(1 - d)$ today.",
           "So it holds if the gain times (1 - d) is at most d times the chance times the daily loss. Solve it for d."),
)  # fmt: skip

EXERCISES = (PURE_EQUILIBRIA, COURNOT, PATIENCE)
