"""Arguments of the simulations, checked in one place; payloads as the bytes that are ordered."""

import math
from numbers import Integral, Real

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.ledger.primitives.bytes import canonical_bytes


def whole(value, name, least=1):
    """A whole number not below `least`."""
    if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
        raise InvalidInput(f"{name} {value!r} must be a whole number of at least {least}")
    return int(value)


def real(value, name, least=0.0, most=math.inf, above=False):
    """A number between `least` and `most`; with `above`, not `least` itself."""
    number = isinstance(value, Real) and not isinstance(value, bool) and not math.isnan(value)
    if not number or value < least or value > most or (above and value == least):
        words = f"above {least:g}" if above else f"at least {least:g}"
        raise InvalidInput(
            f"{name} {value!r} must be a number {words}" + (f" and at most {most:g}" if most < math.inf else "")
        )
    return float(value)


def generator(rng: np.random.Generator | int) -> np.random.Generator:
    """A numpy Generator from a Generator or a seed."""
    if isinstance(rng, np.random.Generator):
        return rng
    if isinstance(rng, bool) or not isinstance(rng, Integral) or rng < 0:
        raise InvalidInput(f"rng {rng!r} must be a numpy.random.Generator or a whole number that is not negative")
    return np.random.default_rng(int(rng))


def payload_bytes(payloads, name="payloads"):
    """Each payload as bytes: bytes as they are, any other value in its canonical form."""
    if isinstance(payloads, (str, bytes, dict)) or not hasattr(payloads, "__iter__"):
        raise InvalidInput(f"{name} must be a sequence of payloads, not {type(payloads).__name__}")
    found = []
    for position, payload in enumerate(payloads):
        try:
            found.append(payload if isinstance(payload, bytes) else canonical_bytes(payload))
        except InvalidInput as error:
            raise InvalidInput(f"{name}, row {position}: {error}") from None
    return found
