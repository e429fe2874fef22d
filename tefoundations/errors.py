"""The errors of the package. Each names the culprit: which row, bus, block or control, and what is wrong."""


class TEError(Exception):
    """Any error this package raises on purpose; catch it to catch them all."""


class InvalidInput(TEError, ValueError):
    """An argument has no meaning here; the message names the argument and its value."""


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

    def __init__(self, message, *, table=None, row=None, column=None, value=None):
        self.table, self.row, self.column, self.value = table, row, column, value
        where = ", ".join([part for part in (table, None if row is None else f"row {row}") if part])
        what = f"{column} {value!r} " if column is not None and row is not None else ""
        super().__init__(f"{where}: {what}{message}" if where else message)


class FigureTooLarge(TEError):
    """An interactive figure has more states or bytes than a page can carry; the message gives both numbers."""
