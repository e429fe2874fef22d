"""The controls of an interactive figure: what a reader may choose, written once for every place it is shown."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tefoundations.errors import InvalidInput


@dataclass(frozen=True)
class Slider:
    """A number chosen from evenly spaced values.

    Parameters
    ----------
    start, stop : int or float
        First and last value, both included.
    step : int or float
        Distance between two values, positive; `stop` must lie a whole number of steps from `start`.
    value : int or float, optional
        Where the slider stands first; default `start`.
    label : str, optional
        What the reader sees; default the name of the parameter.
    unit : str
        Written after the value.
    format : str or callable
        Format of the value, for `str.format`; or a function of the value that returns the text.

    Examples
    --------
    >>> Slider(0, 0.3, 0.1, unit="ct/kWh").states("tax")
    [('0 ct/kWh', 0), ('0.1 ct/kWh', 0.1), ('0.2 ct/kWh', 0.2), ('0.3 ct/kWh', 0.3)]
    """

    start: float
    stop: float
    step: float
    value: float | None = None
    label: str | None = None
    unit: str = ""
    format: str | Callable = "{:g}"

    def states(self, name: str) -> list[tuple[str, float]]:
        """Return every state as (text, value), in order.

        Parameters
        ----------
        name : str
            Name of the parameter, for messages.

        Returns
        -------
        list of tuple
            The value is an int where start and step are ints.

        Raises
        ------
        InvalidInput
            If the numbers describe no row of values, or the format does not fit them.
        """
        numbers = {"start": self.start, "stop": self.stop, "step": self.step}
        for key, number in numbers.items():
            if isinstance(number, bool) or not isinstance(number, (int, float)) or not math.isfinite(number):
                raise InvalidInput(f"control {name!r}: {key} is {number!r}, not a finite number")
        # Decimals of the written numbers: 3 * 0.1 is 0.3 here, and not 0.30000000000000004.
        start, stop, step = (Decimal(str(n)) for n in numbers.values())
        if step <= 0 or stop < start:
            raise InvalidInput(f"control {name!r}: needs start <= stop and step > 0, not {self._range()}")
        if (stop - start) % step:
            raise InvalidInput(f"control {name!r}: stop is not a whole number of steps from start in {self._range()}")
        whole = isinstance(self.start, int) and isinstance(self.step, int)
        exact = [start + i * step for i in range(int((stop - start) / step) + 1)]
        values = [int(v) if whole or not v else float(v) for v in exact]
        written = self.format if callable(self.format) else self.format.format
        try:
            return [(f"{written(v)} {self.unit}".strip(), v) for v in values]
        except (ValueError, IndexError, KeyError) as error:
            raise InvalidInput(f"control {name!r}: format {self.format!r} does not fit {values[0]!r}: {error}") from None

    def first(self, name: str) -> int:
        """Return the position of the state the slider stands at first.

        Parameters
        ----------
        name : str
            Name of the parameter, for messages.

        Returns
        -------
        int

        Raises
        ------
        InvalidInput
            If the slider does not contain its value.
        """
        values = [v for _, v in self.states(name)]
        value = self.start if self.value is None else self.value
        if value not in values:
            raise InvalidInput(f"control {name!r}: value {value!r} is not on the slider {self._range()}")
        return values.index(value)

    def _range(self):
        return f"{self.start!r} to {self.stop!r} by {self.step!r}"


@dataclass(frozen=True)
class Choice:
    """One of a few options.

    Parameters
    ----------
    options : list or dict
        The values; a dict maps what the reader sees to the value.
    value : object, optional
        The option chosen first; default the first.
    label : str, optional
        What the reader sees; default the name of the parameter.

    Examples
    --------
    >>> Choice({"flat": 0, "time of use": 1}).states("tariff")
    [('flat', 0), ('time of use', 1)]
    """

    options: list | dict
    value: object = None
    label: str | None = None

    def states(self, name: str) -> list[tuple[str, Any]]:
        """Return every option as (text, value), in order.

        Parameters
        ----------
        name : str
            Name of the parameter, for messages.

        Returns
        -------
        list of tuple

        Raises
        ------
        InvalidInput
            If there is no option, or two read the same.
        """
        if not isinstance(self.options, (list, tuple, dict)) or not self.options:
            raise InvalidInput(f"control {name!r}: a Choice needs a list or dict of options, not {self.options!r}")
        named = self.options if isinstance(self.options, dict) else None
        pairs = [(str(k), v) for k, v in named.items()] if named else [(str(v), v) for v in self.options]
        if len({text for text, _ in pairs}) < len(pairs):
            raise InvalidInput(f"control {name!r}: two options read the same in {[text for text, _ in pairs]}")
        return pairs

    def first(self, name: str) -> int:
        """Return the position of the option chosen first.

        Parameters
        ----------
        name : str
            Name of the parameter, for messages.

        Returns
        -------
        int

        Raises
        ------
        InvalidInput
            If the value is not among the options.
        """
        values = [v for _, v in self.states(name)]
        if self.value is None:
            return 0
        if self.value not in values:
            raise InvalidInput(f"control {name!r}: value {self.value!r} is not among the options {values}")
        return values.index(self.value)
