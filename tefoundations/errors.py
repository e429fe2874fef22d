"""Errors: what is raised when input has no meaning. Each names the culprit: which row, bus, block or control."""

from tefoundations.words import faulty, shown


class TEError(Exception):
    """Any error this package raises on purpose; catch it to catch them all."""


class InvalidInput(TEError, ValueError):
    """An argument has no meaning here; the message names the argument and its value."""


def _place(message, table, row, column, value):
    """The message after the place it speaks of: "bids, row 3: quantity nan must be a finite number"."""
    where = ", ".join([part for part in (table, None if row is None else f"row {row}") if part])
    said = f"{column} {faulty(value, message)}" if column is not None and row is not None else message
    return f"{where}: {said}" if where else message


class InvalidOrder(InvalidInput):
    """An order cannot be read; the message names its table, row, column and value.

    Parameters
    ----------
    message : str
        What is wrong, in words.
    table : str or None
        Which table of orders: ``"bids"``, ``"asks"``; None for a frame with both sides.
    row : int or None
        Position of the order in that table, counted from 0; None if the table as a whole is wrong.
    column : str or None
        Column at fault.
    value : object
        The value found there.

    Examples
    --------
    >>> raise InvalidOrder("must be a finite number", row=3, column="quantity", value=float("nan"))
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidOrder: row 3: quantity nan must be a finite number
    """

    def __init__(self, message: str, *, table: str | None = None, row: int | None = None, column: str | None = None,
                 value: object = None):  # fmt: skip
        self.table, self.row, self.column, self.value = table, row, column, value
        super().__init__(_place(message, table, row, column, value))


class InvalidNetwork(InvalidInput):
    """A network cannot be read or has no meaning; the message names table, row, column and value.

    Parameters
    ----------
    message : str
        What is wrong, in words.
    table : str or None
        ``"buses"``, ``"lines"``, ``"generators"``, ``"bids"`` or ``"dclines"``; None if the network as a whole is wrong.
    row : int or None
        Position in that table, counted from 0; None if the table as a whole is wrong.
    column : str or None
        Column at fault.
    value : object
        The value found there.

    Examples
    --------
    >>> raise InvalidNetwork("must be a finite number", table="lines", row=3, column="x", value=float("nan"))
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidNetwork: lines, row 3: x nan must be a finite number
    """

    def __init__(self, message: str, *, table: str | None = None, row: int | None = None, column: str | None = None,
                 value: object = None):  # fmt: skip
        self.table, self.row, self.column, self.value = table, row, column, value
        super().__init__(_place(message, table, row, column, value))


class InvalidBattery(InvalidInput):
    """A battery has no meaning, or cannot do what is asked of it; the message names the parameter and its value.

    Parameters
    ----------
    message : str
        What is wrong, in words.
    field : str or None
        Parameter at fault.
    value : object
        The value found there.

    Examples
    --------
    >>> raise InvalidBattery("must be above 0 and at most 1", field="charge_efficiency", value=1.2)
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidBattery: charge_efficiency 1.2 must be above 0 and at most 1
    """

    def __init__(self, message: str, *, field: str | None = None, value: object = None):
        self.field, self.value = field, value
        super().__init__(message if field is None else f"{field} {shown(value)} {message}")


class InvalidPrices(InvalidInput):
    """A series of prices cannot be read; the message names the step and its value.

    Parameters
    ----------
    message : str
        What is wrong, in words.
    step : int or None
        Position in the series, counted from 0; None if the series as a whole is wrong.
    value : object
        The value found there.

    Examples
    --------
    >>> raise InvalidPrices("must be a finite number", step=7, value=float("nan"))
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidPrices: step 7: price nan must be a finite number
    """

    def __init__(self, message: str, *, step: int | None = None, value: object = None):
        self.step, self.value = step, value
        super().__init__(message if step is None else f"step {step}: price {faulty(value, message)}")


class InvalidTrade(InvalidInput):
    """A trade cannot be settled; the message names its position in the list and what is wrong.

    Parameters
    ----------
    message : str
        What is wrong, in words.
    trade : int or None
        Position in the list, counted from 0; None if the list as a whole is wrong.

    Examples
    --------
    >>> raise InvalidTrade("quantity nan must be a finite number", trade=3)
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidTrade: trade 3: quantity nan must be a finite number
    """

    def __init__(self, message: str, *, trade: int | None = None):
        self.trade = trade
        super().__init__(message if trade is None else f"trade {trade}: {message}")


class InvalidTransaction(InvalidInput):
    """A transaction that no block may hold: it is badly formed, not signed by its sender, out of turn, or cannot be paid.

    It changes nothing. A transaction that may stand in a block and whose call fails there is not invalid: see `Reverted`.

    Parameters
    ----------
    message : str
        What is wrong, in words.
    field : str or None
        Part of the transaction at fault: ``"nonce"``, ``"signature"``, ``"gas_limit"``.
    """

    def __init__(self, message: str, *, field: str | None = None):
        self.field = field
        super().__init__(message if field is None else f"{field}: {message}")


class InvalidBlock(InvalidInput):
    """A block that no chain may hold; the message names the block and, where one is at fault, the transaction.

    Parameters
    ----------
    message : str
        What is wrong, in words.
    height : int or None
        Height of the block; None if the bytes do not even tell that.
    transaction : int or None
        Position in the block of the transaction at fault; None where the block itself is.

    Examples
    --------
    >>> raise InvalidBlock("signature: is not the sender's", height=3, transaction=0)
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidBlock: block 3, transaction 0: signature: is not the sender's
    """

    def __init__(self, message: str, *, height: int | None = None, transaction: int | None = None):
        self.words, self.height, self.transaction = message, height, transaction
        where = [] if height is None else [f"block {height}"]
        where += [] if transaction is None else [f"transaction {transaction}"]
        super().__init__(f"{', '.join(where)}: {message}" if where else message)


class InvalidContract(InvalidInput):
    """A contract is not deployed: its code or its parameters could give different results on two machines.

    Parameters
    ----------
    message : str
        What is wrong, in words.
    contract : str or None
        Name of the contract.
    method : str or None
        Method at fault.
    line : int or None
        Line in that method, counted from 1 at its ``def``.
    """

    def __init__(self, message: str, *, contract: str | None = None, method: str | None = None, line: int | None = None):
        self.contract, self.method, self.line = contract, method, line
        where = ".".join([part for part in (contract, method) if part]) + (f", line {line}" if line else "")
        super().__init__(f"{where}: {message}" if where else message)


class InvalidReading(InvalidInput):
    """A meter reading that no oracle should sign; the message names the part and its value."""


class Reverted(TEError):
    """A call of a contract failed: what it did is undone, its sender's nonce and the fee for gas remain.

    On a chain this becomes a receipt and never an error; `Blockchain.view`, which only looks, raises it.

    Parameters
    ----------
    message : str
        Why, in words.
    out_of_gas : bool
        The call wanted more gas than its limit.
    """

    def __init__(self, message: str, *, out_of_gas: bool = False):
        self.out_of_gas = out_of_gas
        super().__init__(message)


class Infeasible(TEError):
    """No dispatch serves every load within every limit; the message says how much is left and which limits fight.

    How much load must be left in all is a fact of the network; at which bus is not: `shed` is one way of it among many.

    Parameters
    ----------
    message : str
        What is wrong, in words.
    load : float or None
        Load of the whole network (MW).
    deliverable : float or None
        The most of it that can be served (MW).
    shed : dict
        One way to leave no more than must be left: bus -> load that is not served (MW). Empty where load is not what fails.
    bus : object
        The bus at which the most is left, or given too much, in that one way; None where no bus is at fault.
    lines : tuple of str
        Names of the lines whose limits stand in the way.
    """

    def __init__(self, message: str, *, load: float | None = None, deliverable: float | None = None,
                 shed: dict | None = None, bus: object = None, lines: tuple[str, ...] = ()):  # fmt: skip
        self.load, self.deliverable, self.shed, self.bus, self.lines = load, deliverable, shed or {}, bus, tuple(lines)
        super().__init__(message)


class NoConvergence(TEError):
    """An iteration found no solution; the message says where it stands, and no numbers are returned.

    Parameters
    ----------
    message : str
        What is wrong, in words.
    bus : object
        Bus at which the most power is left unbalanced; None where no single bus is at fault.
    mismatch : float or None
        Power left unbalanced there (MVA).
    iterations : int or None
        Steps that were made.
    in_conflict : tuple of str
        What stands against each other, where an optimum was sought: limits by name.
    """

    def __init__(self, message: str, *, bus: object = None, mismatch: float | None = None, iterations: int | None = None,
                 in_conflict: tuple[str, ...] = ()):  # fmt: skip
        self.bus, self.mismatch, self.iterations, self.in_conflict = bus, mismatch, iterations, tuple(in_conflict)
        super().__init__(message)


class BudgetSpent(TEError):
    """A query would tell more about people than was allowed in all; the message names the query and what is left.

    Parameters
    ----------
    message : str
        What is wrong, in words.
    query : str
        The query that was refused.
    asked : float or None
        Epsilon it asked for, or delta where that is what does not fit.
    left : float or None
        What is left of it.
    """

    def __init__(self, message: str, *, query: str = "", asked: float | None = None, left: float | None = None):
        self.query, self.asked, self.left = query, asked, left
        super().__init__(message)


class FigureTooLarge(TEError):
    """An interactive figure has more states or bytes than a page can carry; the message gives both numbers."""


class NoBoundary(TEError):
    """The operating system draws no boundary around code that is not to be trusted; the message says what to do."""
