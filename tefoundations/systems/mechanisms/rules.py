"""Rules for one half hour, all on the same books: the community's offers, half hour by half hour."""

import re

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import instance
from tefoundations.market import Clearing, OrderBook
from tefoundations.programmes import is_zero
from tefoundations.strategy import gini
from tefoundations.systems.mechanisms.footprint import Footprint
from tefoundations.systems.mechanisms.registry import HEARS
from tefoundations.systems.mechanisms.tables import MechanismBlock
from tefoundations.words import count

NAN = float("nan")


def books(days):
    """{(day, step): OrderBook}: the offers of each half hour; nobody is asked what it says to no rule."""
    from tefoundations.data import community

    people = community()
    return {(day, step): OrderBook.from_frame(people.offers(day, step)) for day in days for step in people.steps}


def rule_block(rules, offered):
    """The rules on the books of some days, as `books` gives them."""
    import pandas as pd

    from tefoundations.data import audits

    days, measured = list(dict.fromkeys(day for day, _ in offered)), audits()
    streets = {day: Footprint(day) for day in days}
    rows = []
    for rule in rules:
        outcome = _outcome(rule, offered, streets)
        regret = measured[(measured["rule"] == rule.name) & measured["day"].isin(days)]
        if len(regret) == len(offered) and "refused" not in outcome:  # measured on each of these books, not on some
            outcome |= {"regret": regret["regret_ct"].mean(), "false_names": regret["false_names_ct"].mean()}
        rows.append({"mechanism": rule.name, "chapter": rule.chapter} | _EMPTY | outcome)
    basis = (
        f"{count(len(offered), 'half-hour book')} of {count(len(days), 'day')} of the community, orders taken as the truth."
    )
    table = pd.DataFrame(rows, columns=["mechanism", "chapter", *_EMPTY])
    return MechanismBlock("Rules for one half hour", basis, table, _remarks(rules))


_EMPTY = {
    "traded": NAN, "welfare": NAN, "gini": NAN, "budget": NAN, "regret": NAN, "false_names": NAN, "lines_over": NAN,
    "carbon": NAN, "refilled": NAN, "notes": NAN, "numbers": NAN, "reader": "", "epsilon": NAN, "refused": "",
}  # fmt: skip


def _outcome(rule, offered, streets):
    """The measures of one rule, as far as they come from its clearings; or why it refuses a book."""
    total = dict.fromkeys(("traded", "welfare", "budget", "lines_over", "carbon", "refilled", "notes", "numbers"), 0.0)
    gains = {agent: 0.0 for street in streets.values() for agent in street.agents}
    for (day, step), book in offered.items():
        when = f"{step // 2:02d}:{30 * (step % 2):02d}, {day}"
        try:
            clearing = rule.at(step)(book)
        except InvalidInput as error:  # it begins with the name of a function; who reads the table knows the rule by another
            return {"refused": f"first that of {when}: {re.sub('^[a-z_]+ (?=needs )', 'it ', str(error))}"}
        except Exception as error:  # of a rule that somebody else wrote
            raise InvalidInput(f"rule {rule.name!r}, {when}: {type(error).__name__}: {error}") from error
        _check(clearing, book, f"rule {rule.name!r}, {when}: what it gives")
        street = streets[day]
        new, out = street.extra(clearing, step)
        net = street.net_load[step] + new - out
        total["traded"] += clearing.quantity
        total["welfare"] += clearing.welfare / 100
        total["budget"] += clearing.budget / 100
        total["lines_over"] += street.lines_over(net[None], step)
        more = street.carbon[step] * (new - out).sum()
        total["carbon"] += more
        total["refilled"] += more + street.carbon.mean() * (street.refill * out).sum()
        _count(total, book, rule.hears)
        for agent, gained in zip(*_gains(clearing)):
            gains[agent] += gained
    made = sum(abs(gained) for gained in gains.values())
    budget = 0.0 if is_zero(total["budget"], of=total["welfare"] * len(offered)) else total["budget"]
    return total | {"gini": spread_of(gains.values(), made), "budget": budget, "reader": "the operator", "epsilon": np.inf}


def _check(clearing, book, told):
    """Refuse what is no clearing of this book."""
    instance(clearing, Clearing, told)
    for mine, others in ((book.bids, clearing.book.bids), (book.asks, clearing.book.asks)):
        for column in ("agents", "price", "quantity"):
            if not np.array_equal(getattr(mine, column), getattr(others, column)):
                raise InvalidInput(f"{told} is a Clearing of another book")


def _gains(clearing):
    """Who gains and how much by each order, ct."""
    bids, asks = clearing.book.bids, clearing.book.asks
    bought = bids.price * clearing.bid_quantity - clearing.bid_payment
    sold = clearing.ask_receipt - asks.price * clearing.ask_quantity
    return [*bids.agents, *asks.agents], [*bought, *sold]


def _count(total, book, hears):
    """A note from each who stands in the book, and one back: what it trades, at which price."""
    orders, agents = len(book.bids) + len(book.asks), len({*book.bids.agents, *book.asks.agents})
    total["notes"] += 2 * agents
    total["numbers"] += (2 * orders if hears == HEARS[0] else agents) + 2 * agents


def spread_of(gains, made):
    """Gini coefficient of gains: 0 if all gain alike. nan where they add up to nothing, or somebody loses."""
    gains = np.array([0.0 if is_zero(gain, of=made) else gain for gain in gains])
    if not len(gains) or gains.min() < 0 or is_zero(gains.sum(), of=made):
        return NAN
    return gini(gains)


def _remarks(rules):
    """What the numbers of the rules do not tell."""
    told = (
        "Gains are those of the members over all these half hours; where all of the welfare goes to the operator, there are "
        "none to share.",
        "A lie, or a false name, gains what the best one found gains, on average over the books: `audit` tries one price "
        "for a whole curve and parts of the quantity, so more may be found.",
        "Carbon is set against no trade, by the figure of the hour: use that would not have been, less what came out of "
        "batteries. They end the day emptier; the second figure has them filled again, at the mean of the day.",
        "No rule here has a map. Roofs that nobody buys from feed in all the same, so the same half hours are over.",
    )
    drawn = ("Where chance decides, each half hour is drawn once, with its step as the seed.",)
    return told + drawn * any(rule.draws for rule in rules)
