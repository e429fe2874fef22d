"""What is put in order: payloads as the bytes that a simulation carries."""

from tefoundations.errors import InvalidInput
from tefoundations.inputs import sequence
from tefoundations.ledger.primitives.bytes import canonical_bytes


def payload_bytes(payloads, name="payloads"):
    """Each payload as bytes: bytes as they are, any other value in its canonical form.

    Raises
    ------
    InvalidInput
        Not a sequence, or a payload without a canonical form; names its row.
    """
    found = []
    for position, payload in enumerate(sequence(payloads, name, of="payloads")):
        try:
            found.append(payload if isinstance(payload, bytes) else canonical_bytes(payload))
        except InvalidInput as error:
            raise InvalidInput(f"{name}, row {position}: {error}") from None
    return found
