"""Checks of the chapter on learning agents: a battery's worth, steps of Q-learning, and what leaving a policy gains."""

from tefoundations.exercises.kit.forms import number, numbers
from tefoundations.exercises.kit.recipe import almost, exercise, wrong
from tefoundations.exercises.kit.values import are_numbers
from tefoundations.strategy import LearnedPlay, MarkovDecision
from tefoundations.strategy import worth_leaving as worth_leaving_of_the_package

ROUNDS, ENOUGH = 4000, 1e-13

# learning_agents/stored_worth


def prices_and_chances(rng):
    """Two to four prices, now and then one below zero, or so near each other that trading never pays."""
    count, kind = int(rng.integers(2, 5)), rng.integers(5)
    low, high = {0: (-8, 30), 1: (30, 40)}.get(int(kind), (2, 40))
    prices = sorted(int(p) for p in rng.choice(range(low, high), count, replace=False))
    parts = [int(x) for x in rng.integers(1, 5, count)]
    eta, gamma = float(rng.choice([1, 0.9, 0.8])), float(rng.choice([0.5, 0.8, 0.9, 0.95]))
    return prices, [part / sum(parts) for part in parts], eta, gamma


def average(chances, found):
    return sum(chance * each for chance, each in zip(chances, found))


def best_then_average(chances, pairs, choose):
    return average(chances, [choose(pair) for pair in pairs])


def average_then_best(chances, pairs, choose):
    return choose([average(chances, found) for found in zip(*pairs)])


def stored_worth(prices, chances, eta, gamma, *, worth=best_then_average, buy=max, sell=max, ahead=1, rounds=ROUNDS):
    """`buy` and `sell` choose of (trade, wait); `ahead` is the step from which on what is to come is counted."""
    empty = full = 0.0
    for turn in range(rounds):
        later = gamma if turn >= ahead - 1 else 0
        new = (
            worth(chances, [(-p + later * full, later * empty) for p in prices], buy),
            worth(chances, [(p * eta + later * empty, later * full) for p in prices], sell),
        )
        if abs(new[0] - empty) + abs(new[1] - full) < ENOUGH:
            break
        empty, full = new
    return [empty, full]


def never_worth_it(*case):
    return stored_worth(*case)[0] < 1e-9


STORED_WORTH = exercise(
    "learning_agents/stored_worth", stored_worth,
    example=(([4, 10], [0.5, 0.5], 1, 0.9), [11.5, 18.5]),
    draw=prices_and_chances,
    form=numbers(2, "two numbers are asked for: the worth of the empty battery, and of the full one"),
    properties=(lambda answer, *_: "an empty battery can wait for ever, so it is worth at least 0"
                if answer[0] < -1e-9 and answer[1] >= 0 else None,),
    mistakes=(
        wrong("it decides before it sees the price. The best of the means is not the mean of the best.",
              worth=average_then_best),
        wrong("it looks one step ahead only. What is kept is worth something later.", rounds=1),
        wrong("a full battery always sells. It may wait for a better price.", sell=lambda pair: pair[0]),
        wrong("it forgets what is lost in the battery.",
              lambda prices, chances, eta, gamma: stored_worth(prices, chances, 1, gamma)),
        wrong("it pays for the loss twice. Here eta is for the whole way, in and out.",
              lambda prices, chances, eta, gamma: stored_worth(prices, chances, eta * eta, gamma)),
        wrong("every price is as likely as the others.",
              lambda prices, chances, eta, gamma: stored_worth(prices, [1 / len(prices)] * len(prices), eta, gamma)),
    ),
    corners={
        "when a price is negative": lambda prices, *_: prices[0] < 0,
        "when it never pays to buy": never_worth_it,
        "when nothing is lost": lambda prices, chances, eta, gamma: eta == 1,
    },
    forbids=(MarkovDecision.solve,),
    hints=("Begin with both worths at 0, work out for each price what is best now, and take the mean. Then do it again.",
           "At each price an empty battery takes the larger of -p + gamma * full and gamma * empty.",
           "What is bought at p is sold at p * eta: put the loss at one end only."),
)  # fmt: skip

# learning_agents/q_updates


def trace(rng):
    """(table, steps, alpha, gamma): a walk through two or three states, which may end."""
    states, actions = (int(x) for x in rng.integers(2, 4, 2))
    table = rng.integers(-4, 12, (states, actions)).tolist()
    steps, state, ends = [], int(rng.integers(states)), rng.random() < 0.4
    length = int(rng.integers(2, 7))
    for turn in range(length):
        after = None if ends and turn == length - 1 else int(rng.integers(states))
        steps.append((state, int(rng.integers(actions)), int(rng.integers(-5, 10)), after))
        state = after
    return table, steps, float(rng.choice([0.5, 0.25, 0.1])), float(rng.choice([0.9, 0.5, 1]))


def best_next(table, after, *_):
    return max(table[after])


def done_next(table, after, turn, steps):
    """The worth of what is done next; where the trace stops, of action 0."""
    return table[after][steps[turn + 1][1]] if turn + 1 < len(steps) else table[after][0]


def q_updates(table, steps, alpha, gamma, *, ahead=best_next, keep=True, stale=False, end=0.0):
    """`ahead` is what the next state is worth, in the table as it is or as it was (`stale`); `keep` lets 1 - alpha stay."""
    table = [[float(entry) for entry in row] for row in table]
    first = [list(row) for row in table]
    for turn, (state, action, reward, after) in enumerate(steps):
        seen = first if stale else table
        later = end if after is None else ahead(seen, after, turn, steps)
        old = table[state][action] * (1 - alpha if keep else 1)
        table[state][action] = old + alpha * (reward + gamma * later)
    return table


def a_table(answer, table, *_):
    fine = isinstance(answer, list) and len(answer) == len(table) and all(are_numbers(row, len(table[0])) for row in answer)
    return None if fine else f"a table is asked for: {len(table)} rows, one for each state, of {len(table[0])} numbers"


Q_UPDATES = exercise(
    "learning_agents/q_updates", q_updates,
    example=(([[0, 0], [0, 8]], [(0, 1, -4, 1), (1, 1, 10, None)], 0.5, 0.9), [[0.0, 1.6], [0.0, 9.0]]),
    draw=trace, form=a_table,
    mistakes=(
        wrong("it looks ahead to what is done next, not to the best that could be done. That is another method, SARSA.",
              ahead=done_next),
        wrong("it forgets what comes after. The reward is not all.", ahead=lambda *_: 0.0),
        wrong("it adds to the old entry and lets none of it go. Only 1 - alpha of it stays.", keep=False),
        wrong("it puts the target in the place of the old entry. Only a part alpha of the way is gone.",
              lambda table, steps, alpha, gamma: q_updates(table, steps, 1, gamma)),
        wrong("it looks up what comes next in the table as it was at the start. Each step uses what the steps before it have"
              " learned.", stale=True),
        wrong("it looks ahead to the best entry of the whole table. Only the actions in the next state can be taken there.",
              ahead=lambda table, *_: max(map(max, table))),
        almost("right, except at the end of the day: where there is no next state, nothing is ahead.",
               lambda table, steps, *rest: q_updates(table, [(*step[:3], step[3] or 0) for step in steps], *rest)),
    ),
    corners={
        "when the day ends": lambda table, steps, *_: steps[-1][3] is None,
        "when a step leads back to its own state": lambda table, steps, *_: any(s == after for s, _, _, after in steps),
        "when nothing is discounted": lambda table, steps, alpha, gamma: gamma == 1,
    },
    hints=("Go through the steps in their order, and change one entry in each.",
           "The target is the reward plus gamma times the largest entry in the row of the next state.",
           "Copy the table first, row by row. Where the next state is None, the target is the reward alone."),
)  # fmt: skip

# learning_agents/worth_leaving

KNOWN = ([0, 1, 1, 1], [0, 1, 0, 1], [0, 1, 1, 0], [0, 0, 0, 0], [1, 1, 1, 1])


def policy(rng):
    if rng.random() < 0.6:
        return list(KNOWN[rng.integers(len(KNOWN))])
    return rng.integers(0, 2, 4).tolist()


def two_policies(rng):
    """(pay, mine, other, delta): a game in which 1 is better on any day, and 0 and 0 better for both than 1 and 1."""
    punished, more, extra, less = (int(x) for x in rng.integers([6, 1, 1, 1], [15, 6, 8, 6]))
    pay = [[punished + more, punished - less], [punished + more + extra, punished]]
    return pay, policy(rng), policy(rng), float(rng.choice([0.3, 0.5, 0.8, 0.9]))


def after_what_was_done(other, own, others):
    return other[2 * others + own]


def worth_leaving(pay, mine, other, delta, *, answers=after_what_was_done, rounds=ROUNDS, leaves_once=False, a_day=True):
    """`answers` is what the other does next; `leaves_once` and then follows the own policy again."""
    pasts = [(own, others) for own in (0, 1) for others in (0, 1)]
    reply = {past: answers(other, *past) for past in pasts}
    stay, best = dict.fromkeys(pasts, 0.0), dict.fromkeys(pasts, 0.0)

    def brings(action, past, later):
        return pay[action][reply[past]] + delta * later[action, reply[past]]

    for _ in range(rounds):
        new = {past: brings(mine[2 * past[0] + past[1]], past, stay) for past in pasts}
        least = {past: max(brings(action, past, best) for action in (0, 1)) for past in pasts}
        moved = max(abs(new[past] - stay[past]) + abs(least[past] - best[past]) for past in pasts)
        stay, best = new, least
        if moved < ENOUGH:
            break
    top = max(brings(action, (0, 0), stay) for action in (0, 1)) if leaves_once else best[0, 0]
    gain = max(top - stay[0, 0], 0.0)
    return gain * (1 - delta if a_day else 1)


def one_day(pay, mine, other, delta):
    answer = other[0]
    return max(pay[0][answer], pay[1][answer]) - pay[mine[0]][answer]


def not_below_nothing(answer, *_):
    return f"it returns {answer:g}, but one can always stay with one's policy, and gain 0" if answer < -1e-9 else None


WORTH_LEAVING = exercise(
    "learning_agents/worth_leaving", worth_leaving,
    example=(([[18, 15], [20, 16]], [0, 0, 0, 0], [0, 0, 0, 0], 0.9), 2.0),
    draw=two_policies,
    form=number("one number is asked for, the gain a day; 0 where staying is best"), properties=(not_below_nothing,),
    mistakes=(
        wrong("it counts the first day only. What will the other do on the next?", one_day),
        wrong("it lets the other do the same for ever, whatever you do. Look up what it does after what you did.",
              answers=lambda other, *_: other[0]),
        wrong("it leaves once and goes back to the own policy. The best reply may leave for ever, or come and go.",
              leaves_once=True),
        wrong("it reads the other's policy in your order. The other sees its own move first.",
              answers=lambda other, own, others: other[2 * own + others]),
        wrong("it gives the discounted sum over all days. A gain a day is 1 - delta times as much.", a_day=False),
    ),
    corners={
        "when nothing is gained": lambda *case: worth_leaving(*case) < 1e-9,
        "when the other never punishes": lambda pay, mine, other, delta: other == [0, 0, 0, 0],
        "when the other answers by turns": lambda pay, mine, other, delta: other == [0, 1, 0, 1],
    },
    forbids=(worth_leaving_of_the_package, MarkovDecision.solve, vars(LearnedPlay)["worth_leaving"].func),
    hints=("There are four pasts. For each, what does the other do next? It sees your move as the other's.",
           "Work out what staying is worth from each past, and what the best is worth: repeat until nothing moves.",
           "The gain is the difference after 0 and 0, times 1 - delta."),
)  # fmt: skip

EXERCISES = (STORED_WORTH, Q_UPDATES, WORTH_LEAVING)
