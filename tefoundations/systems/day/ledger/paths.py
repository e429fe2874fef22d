"""Six ways for a transaction between operators, aggregators and devices: each is run, and gives one row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tefoundations.errors import InvalidInput
from tefoundations.grid import Network
from tefoundations.inputs import instance, whole
from tefoundations.ledger import (
    Blockchain,
    FungibleToken,
    HashTimeLock,
    SettlementContract,
    TokenSale,
    contract_account,
    seal_of,
    sign_statement,
)
from tefoundations.market import OrderBook, nodal
from tefoundations.systems.day.ledger.day_book import DayBook
from tefoundations.systems.day.letters import key_of, written
from tefoundations.systems.day.physical.delivery import MICRO, WH, import_, prices_of, whole_units
from tefoundations.systems.day.runs import DayRun, settled_record

if TYPE_CHECKING:
    import pandas as pd


TIE = 0.01  # MW that the line between two lanes carries
SECRET = "5e" * 32  # in earnest: secrets.token_hex(32), new for each exchange
COLUMNS = ("messages", "bytes", "signatures", "trusted", "bears an error")


def transaction_paths(run: DayRun, other: DayRun, *, step: int) -> pd.DataFrame:
    """The paths of a transaction, each run with the numbers of one half hour.

    Parameters
    ----------
    run : DayRun
        A settled day of a lane with an aggregator and direct members.
    other : DayRun
        A day of another lane, for the exchange of two operators.
    step : int
        Which half hour.

    Returns
    -------
    pandas.DataFrame
        Index path; messages, bytes and signatures that pass; who is trusted; who bears an error.

    Raises
    ------
    InvalidInput
        A day that was not settled, a plan without aggregator or direct member, a step that is not there.

    Examples
    --------
    >>> from tefoundations.systems import DayPlan, transactive_day
    >>> day = transactive_day(DayPlan.of("winter"))
    >>> transaction_paths(day, day, step=12)["signatures"].tolist()
    [3, 12, 2, 2, 4, 3]
    """
    import pandas as pd

    for one in (run, other):
        settled_record(instance(one, DayRun, "run and other"))
    step = whole(step, "step", least=0, most=min(len(run.total), len(other.total)) - 1)
    plan = run.plan
    direct = [member for member in plan.lane.members if plan.aggregator_of(member) is None]
    if not plan.aggregators or not direct:
        raise InvalidInput("run: a plan with an aggregator and a direct member shows both paths")
    name, group = max(plan.aggregators.items(), key=lambda pair: len(pair[1]))
    rows = {
        "DSO to DER, directly": _reported(run, step, None, direct[-1:]),
        "DSO to DER, through an aggregator": _reported(run, step, name, group),
        "DER to DER": _traded(run, step, direct[-1], group[0]),
        "DER to DER, token and money": _sold(run, step, direct[-1], group[0]),
        "DSO to DSO": _swapped(run, other, step),
        "DSO to TSO": _imported(run, step),
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(COLUMNS)).rename_axis("path")


def _row(letters, transactions, more, trusted, bears):
    """Counts of what passed: letters and transactions have one signature each, and `more` stand in them."""
    size = sum(len(letter.to_bytes()) for letter in letters) + sum(len(sent.to_bytes()) for sent in transactions)
    return len(letters) + len(transactions), size, len(letters) + len(transactions) + more, trusted, bears


def _done(chain, sent, key):
    """The receipts of transactions that must have succeeded."""
    chain.propose(key)
    for transaction in sent:
        receipt = chain.receipt(transaction)
        if not receipt.succeeded:
            raise InvalidInput(f"this path breaks: {receipt.reason}")
    return sent


def _reported(run, step, aggregator, group):
    """An order to turn down goes out; signed readings come back to the book, in one batch."""
    plan, record, operator = run.plan, run.record, key_of("operator")
    meters = [key_of(f"meter of {member}") for member in group]
    book = DayBook(operator, meters, list(range(len(group))), len(run.total))
    chain = Blockchain("path", producers=[operator], contracts=[book])
    places = [plan.lane.members.index(member) for member in group]
    told, order = record.publications[step], {"turn down to": [record.publications[step].schedule[i] for i in places]}
    letters = [written("operator", aggregator or group[0], step, "order", order)]
    if aggregator:
        orders = zip(group, order["turn down to"])
        letters += [written(aggregator, member, step, "order", {"turn down to": [wh]}) for member, wh in orders]
    prices = [told.prices[record.places[i]] for i in places]
    chain.call(operator, "daybook", "publish", step=step, prices=prices, schedule=order["turn down to"],
               short=told.short, long=told.long, curves="")  # fmt: skip
    chain.propose(operator)
    rows = []
    for place, i in enumerate(places):
        net = int(run.metered[step, i])
        reading = (max(net, 0), max(-net, 0))
        rows.append([place, *reading, sign_statement(meters[place], chain.id, "daybook", "reading", place, step, *reading)])
    sender = key_of(aggregator or group[0])
    sent = _done(chain, [chain.call(sender, "daybook", "report", step=step, rows=rows)], operator)
    if aggregator:
        return _row(letters, sent, len(group), "the aggregator to send every reading; the meters",
                    "its members: they owe what was scheduled where a batch is late or short")  # fmt: skip
    return _row(letters, sent, 1, "the operator's price; the meter", "the member: it owes what was scheduled")


def _energy(run, step, seller):
    """Wh that a member has to sell in a step: a kWh at most, and at least one Wh."""
    return min(max(int(abs(run.metered[step, run.plan.lane.members.index(seller)])), 1), WH)


def _traded(run, step, buyer, seller):
    """The buyer sends what the seller has signed; money moves, and energy is believed."""
    operator, price, wh = key_of("operator"), prices_of(run.plan, step)[0], _energy(run, step, seller)
    pays, gives = key_of(buyer), key_of(seller)
    chain = Blockchain("path", producers=[operator], balances={pays: 10**9}, contracts=[SettlementContract(operator)])
    said = sign_statement(gives, chain.id, "settlement", "trade", pays.account, 0, gives.account, wh, price, step)
    trade = {"seller": gives.account, "energy": wh, "price": price, "step": step, "signature": said}
    sent = _done(chain, [chain.call(pays, "settlement", "settle", gas_limit=6_000, **trade)], operator)
    return _row([], sent, 1, "the seller, to deliver", "the buyer: the contract sees no energy")


def _sold(run, step, buyer, seller):
    """Tokens for energy delivered against money: both move or neither."""
    operator, price, wh = key_of("operator"), prices_of(run.plan, step)[0], _energy(run, step, seller)
    pays, gives = key_of(buyer), key_of(seller)
    contracts = [FungibleToken("credits", minter=operator), TokenSale(gives, price)]
    chain = Blockchain("path", producers=[operator], balances={pays: 10**9}, contracts=contracts)
    _done(chain, [chain.call(operator, "credits", "mint", to=gives.account, amount=wh)], operator)
    approved = chain.call(gives, "credits", "approve", spender=contract_account("sale"), amount=wh)
    sent = _done(chain, [approved, chain.call(pays, "sale", "buy", amount=wh)], operator)
    return _row([], sent, 0, "who mints a token for a reading", "who holds tokens that nobody redeems")


def _swapped(run, other, step):
    """Energy of one lane for money of the other: cleared by `nodal`, exchanged on two chains under one hash."""
    east, west, energy, money = lane_trade(run, other, step)
    secret, seal = SECRET, seal_of(SECRET)
    first = Blockchain("west", producers=[west], balances={west: money}, contracts=[HashTimeLock()])
    second = Blockchain("east", producers=[east], balances={east: energy}, contracts=[HashTimeLock()])
    # The buyer knows the secret and locks first, for longer; it claims the energy, and by that shows the secret.
    lock = {"number": step, "seal": seal}
    sent = _done(first, [first.call(west, "locks", "lock", to=east.account, amount=money, until=10, **lock)], west)
    sent += _done(second, [second.call(east, "locks", "lock", to=west.account, amount=energy, until=5, **lock)], east)
    sent += _done(second, [second.call(west, "locks", "claim", number=step, secret=secret)], east)
    (shown,) = second.read("locks", f"lock/{step}")
    sent += _done(first, [first.call(east, "locks", "claim", number=step, secret=shown)], west)
    return _row([], sent, 0, "nobody with the money, by who acts in time; each lane's meters for the energy",
                "who sleeps past the time of a lock: its own side is gone, and the other's not come")  # fmt: skip


def lane_trade(run, other, step):
    """What two lanes trade over a line of 10 kW: (seller, buyer, Wh, micro-tokens); the lane with the lower price sells."""
    import pandas as pd

    price = [float(one.price[step, 0]) for one in (run, other)]
    cheap, dear = sorted(price)
    orders = pd.DataFrame(
        [("buy", 1, 10 * max(dear, cheap + 0.01), 2 * TIE), ("sell", 0, 10 * cheap, 2 * TIE)],
        columns=["side", "bus", "price", "quantity"],
    )
    line = {"from_bus": [0], "to_bus": [1], "x": [0.1], "limit": [TIE]}
    net = Network.from_frames({"bus": [0, 1]}, line, {"bus": [0], "p_max": [0.0], "cost": [0.0]})
    found = nodal(OrderBook.from_frame(orders), net)
    energy = max(whole_units([found.quantity * 1000 * run.plan.lane.hours], WH)[0], 1)
    paid = max(energy * whole_units([found.ask_price[0] / 10], MICRO)[0] // WH, 1)
    seller, buyer = ("lane", "other lane") if price[0] <= price[1] else ("other lane", "lane")
    return key_of(f"operator of the {seller}"), key_of(f"operator of the {buyer}"), energy, paid


def _imported(run, step):
    """The schedule goes out a day ahead; the meter at the grid reads; the difference is billed."""
    bought = import_(run.plan, step, run.total[step], run.head[step] / WH)
    outside, short, long = prices_of(run.plan, step)
    letters = [
        written("operator", "TSO", step, "schedule", {"energy": bought["scheduled"], "price": outside}),
        written("meter of the grid", "TSO", step, "reading", {"energy": int(run.head[step])}),
        written("TSO", "operator", step, "bill", bought | {"short": short, "long": long}),
    ]
    return _row(letters, [], 0, "the TSO's price, the meter at the grid", "the operator: it pays for the imbalance of all")
