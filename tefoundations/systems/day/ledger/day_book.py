"""The contract that keeps a day: prices and schedules of the operator, readings signed by meters, what everybody owes."""

from __future__ import annotations

from collections.abc import Sequence

from tefoundations.errors import InvalidContract
from tefoundations.ledger import Contract, KeyPair


class DayBook(Contract):
    """Half hours settled by signed readings. Energy in Wh, money in micro-tokens, prices in micro-tokens per kWh.

    The operator publishes the prices by bus, the schedule of every member, and what deviations cost. Anybody may bring
    readings: each counts once, and only if the meter has signed it. A row that is wrong is passed over and noted; in a
    strict book it reverts the whole batch, good rows too. When the day is over anybody may close it: whose reading is
    missing is told, and owes what was scheduled.

    A member owes value(schedule, price of its bus) + value(reading - schedule, short or long), both toward zero.

    Parameters
    ----------
    operator : KeyPair or str
        Account that publishes.
    meters : sequence of KeyPair or str
        Accounts of the meters, one a member.
    places : sequence of int
        Place of each member's bus in the list of prices.
    steps : int
        Half hours of the day.
    strict : bool
        Whether one wrong row reverts its batch.
    name : str
        Name on the chain.

    Raises
    ------
    InvalidContract
        Accounts, places or steps without meaning.

    Examples
    --------
    >>> from tefoundations.ledger import Blockchain, sign_statement
    >>> operator, meter = KeyPair.named("operator"), KeyPair.named("meter")
    >>> chain = Blockchain("lane", producers=[operator], contracts=[DayBook(operator, [meter], [0], steps=2)])
    >>> told = {"step": 0, "prices": [300_000], "schedule": [1000], "short": 360_000, "long": 240_000, "curves": ""}
    >>> sent = chain.call(operator, "daybook", "publish", **told)
    >>> said = sign_statement(meter, chain.id, "daybook", "reading", 0, 0, 1200, 0)
    >>> sent = chain.call(operator, "daybook", "report", step=0, rows=[[0, 1200, 0, said]])
    >>> block = chain.propose(operator)
    >>> chain.view("daybook", "owes", member=0)                    # 1 kWh at 30 ct and 0.2 kWh at 36 ct
    372000
    """

    def __init__(
        self,
        operator: KeyPair | str,
        meters: Sequence[KeyPair | str],
        places: Sequence[int],
        steps: int,
        strict: bool = False,
        name: str = "daybook",
    ):
        super().__init__(name)
        try:
            self.operator = getattr(operator, "account", operator)
            self.meters = tuple(getattr(meter, "account", meter) for meter in meters)
            self.places = tuple(places)
        except TypeError:
            raise InvalidContract("meters and places must be sequences", contract=str(name)) from None
        self.steps, self.strict = steps, strict
        if type(steps) is not int or steps < 1 or type(strict) is not bool:
            raise InvalidContract("steps must be a whole number above 0, strict a truth value", contract=str(name))
        if len(self.meters) != len(self.places) or not all(type(one) is int and one >= 0 for one in self.places):
            raise InvalidContract("places must be whole numbers, one for each meter", contract=str(name))

    def publish(self, call, step, prices, schedule, short, long, curves):
        """What was cleared: by the operator, once for each step.

        Parameters
        ----------
        call : Call
            Given by the chain.
        step : int
            Half hour.
        prices : list of int
            By bus (micro-tokens per kWh).
        schedule : list of int
            Net load of each member (Wh); below 0: it gives.
        short, long : int
            Price of what is taken beyond the schedule, and of what is left (micro-tokens per kWh).
        curves : str
            Root of the tree of the signed curves behind it, which are kept off the chain.
        """
        call.require(call.sender == self.operator, "only the operator publishes")
        call.require(call.whole(step) and step < self.steps, "no step of this day")
        call.require(len(schedule) == len(self.meters), "a schedule for each member")
        call.require(call.load(f"step/{step}") is None, "this step is published already")
        call.require(call.load("closed") is None, "the day is closed")
        call.store(f"step/{step}", (tuple(prices), tuple(schedule), short, long))

    def report(self, call, step, rows):
        """Readings of one step, by anybody who has them.

        Parameters
        ----------
        call : Call
            Given by the chain.
        step : int
            Half hour.
        rows : list of list
            (member, Wh taken, Wh given, signature of the meter on the statement ``"reading"``: member, step, taken, given).
        """
        call.require(call.whole(step), "no step of this day")  # the text "0" would name the entry of step 0, too
        published = call.load(f"step/{step}")
        call.require(published is not None, "the step is not published")
        call.require(call.load("closed") is None, "the day is closed")
        for row in rows:
            wrong = self._wrong(call, step, row)
            if wrong == "":
                self._book(call, step, row[0], row[1] - row[2], published)
            else:
                call.require(not self.strict, wrong)
                call.emit("refused", step=step, member=row[0], reason=wrong)

    def close_day(self, call):
        """When the day is over: whose readings are missing is told, and owes what was scheduled. By anybody, once.

        Parameters
        ----------
        call : Call
            Given by the chain.
        """
        call.require(call.slot > self.steps, "the day is not over")
        call.require(call.load("closed") is None, "the day is closed")
        for step in range(self.steps):
            published = call.load(f"step/{step}")
            if published is not None:
                for member in range(len(self.meters)):
                    if call.load(f"read/{step}/{member}") is None:
                        self._book(call, step, member, published[1][member], published)
                        call.emit("missing", step=step, member=member)
        call.store("closed", True)

    def owes(self, call, member):
        """What a member owes so far (micro-tokens); below 0: it is owed.

        Parameters
        ----------
        call : Call
            Given by the chain.
        member : int
            Its place in the list of meters.
        """
        return call.load(f"owes/{member}", 0)

    def _wrong(self, call, step, row):
        if len(row) != 4 or not call.whole(row[0]) or row[0] >= len(self.meters):
            return "unknown member"
        if not call.whole(row[1]) or not call.whole(row[2]):
            return "readings are whole numbers of Wh"
        if call.load(f"read/{step}/{row[0]}") is not None:
            return "a reading stands already"
        if not call.verify(self.meters[row[0]], row[3], "reading", row[0], step, row[1], row[2]):
            return "the meter has not signed this reading"
        return ""

    def _book(self, call, step, member, net, published):
        prices, schedule, short, long = published
        off = net - schedule[member]
        extra = short if off > 0 else long
        owes = self._value(call, schedule[member], prices[self.places[member]]) + self._value(call, off, extra)
        call.store(f"read/{step}/{member}", net)
        call.store(f"owes/{member}", call.load(f"owes/{member}", 0) + owes)

    def _value(self, call, energy, price):
        money = energy * price
        return money // 1000 if money >= 0 else 0 - (0 - money) // 1000


class DayRoots(Contract):
    """A day of which only hashes stand on the chain: 32 bytes a step, the rows themselves are kept elsewhere.

    Parameters
    ----------
    operator : KeyPair or str
        Account that publishes.
    name : str
        Name on the chain.

    Examples
    --------
    >>> from tefoundations.ledger import Blockchain, MerkleTree
    >>> operator = KeyPair.named("operator")
    >>> chain = Blockchain("lane", producers=[operator], contracts=[DayRoots(operator)])
    >>> root = MerkleTree([b"row 1", b"row 2"]).root.hex()
    >>> sent = chain.call(operator, "dayroots", "publish", step=0, root=root, size=2)
    >>> block = chain.propose(operator)
    >>> chain.read("dayroots", "root/0") == (root, 2)
    True
    """

    def __init__(self, operator: KeyPair | str, name: str = "dayroots"):
        super().__init__(name)
        self.operator = getattr(operator, "account", operator)

    def publish(self, call, step, root, size):
        """The root of the rows of one step, by the operator, once.

        Parameters
        ----------
        call : Call
            Given by the chain.
        step : int
            Half hour.
        root : str
            Root of the tree of rows, 64 hexadecimal digits.
        size : int
            How many rows.
        """
        call.require(call.sender == self.operator, "only the operator publishes")
        call.require(call.is_account(root) and call.whole(step) and call.whole(size), "a root is 64 hexadecimal digits")
        call.require(call.load(f"root/{step}") is None, "this step is published already")
        call.store(f"root/{step}", (root, size))
