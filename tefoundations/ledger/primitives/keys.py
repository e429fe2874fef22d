"""Keys and signatures: who said it, and that nothing was changed since."""

from dataclasses import dataclass, field
from typing import Self

from tefoundations.errors import InvalidInput
from tefoundations.ledger.primitives.bytes import tagged_hash


@dataclass(frozen=True)
class KeyPair:
    """An Ed25519 key pair: the private half signs, the public half is known to all. Made by `from_seed` or `named`.

    Two pairs are equal if their public keys are. The private half is not shown when a pair is printed.

    Parameters
    ----------
    public_key : bytes
        32 bytes.
    seed : bytes
        The private half, 32 bytes.

    Examples
    --------
    >>> anna = KeyPair.named("anna")
    >>> signature = anna.sign(b"5 kWh to Ben")
    >>> verify(anna.public_key, b"5 kWh to Ben", signature), verify(anna.public_key, b"9 kWh to Ben", signature)
    (True, False)
    """

    public_key: bytes
    seed: bytes = field(repr=False, compare=False)

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """Return the key pair of a seed.

        Parameters
        ----------
        seed : bytes
            32 bytes. Whoever knows it can sign: in earnest it is random (``secrets.token_bytes(32)``) and kept secret.

        Raises
        ------
        InvalidInput
            If the seed is not 32 bytes.

        References
        ----------
        S. Josefsson and I. Liusvaara, *Edwards-Curve Digital Signature Algorithm (EdDSA)*, RFC 8032, 2017, section 5.1.5.

        Examples
        --------
        >>> KeyPair.from_seed(bytes(32)).public_key.hex()[:16]
        '3b6a27bcceb6a42d'
        """
        from nacl.signing import SigningKey

        if not isinstance(seed, bytes) or len(seed) != 32:
            what = f"{len(seed)} bytes" if isinstance(seed, bytes) else type(seed).__name__
            raise InvalidInput(f"seed must be 32 bytes, not {what}")
        return cls(bytes(SigningKey(seed).verify_key), seed)

    @classmethod
    def named(cls, name: str) -> Self:
        """Return the key pair whose seed is the hash of a name: for teaching only, as anybody can compute it.

        Parameters
        ----------
        name : str
            Name of the holder.

        Raises
        ------
        InvalidInput
            If the name is not text.

        Examples
        --------
        >>> KeyPair.named("bakery") == KeyPair.named("bakery"), KeyPair.named("bakery") == KeyPair.named("school")
        (True, False)
        """
        if not isinstance(name, str):
            raise InvalidInput(f"name must be text, not {type(name).__name__}")
        return cls.from_seed(tagged_hash("teaching key", name.encode("utf-8", "surrogatepass")))

    @property
    def account(self) -> str:
        """The public key in hexadecimal: the name under which a ledger books this holder."""
        return self.public_key.hex()

    def sign(self, message: bytes) -> bytes:
        """Return the signature of a message.

        Parameters
        ----------
        message : bytes
            What is signed. A ledger signs a `tagged_hash`, so that no signature serves two purposes.

        Returns
        -------
        bytes
            64 bytes; the same message gives the same signature.

        Raises
        ------
        InvalidInput
            If the message is not bytes.

        Examples
        --------
        >>> len(KeyPair.named("anna").sign(b"5 kWh to Ben"))
        64
        """
        from nacl.signing import SigningKey

        if not isinstance(message, bytes):
            raise InvalidInput(f"message must be bytes, not {type(message).__name__}")
        return SigningKey(self.seed).sign(message).signature


def verify(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether a signature was made for a message by the holder of a public key.

    Parameters
    ----------
    public_key : bytes
        32 bytes; any others give False.
    message : bytes
        What is said to be signed.
    signature : bytes
        64 bytes; any others give False.

    Returns
    -------
    bool
        True only if all three belong together. For bytes of any content and length this is an answer, never an error.

    Raises
    ------
    InvalidInput
        If one of the three is not bytes.

    References
    ----------
    RFC 8032, section 5.1.7, in the strict form of libsodium, which refuses keys of small order and second forms of a
    signature.

    Examples
    --------
    >>> verify(b"no key", b"5 kWh", b"no signature")
    False
    """
    from nacl.exceptions import BadSignatureError
    from nacl.signing import VerifyKey

    for name, value in (("public_key", public_key), ("message", message), ("signature", signature)):
        if not isinstance(value, bytes):
            raise InvalidInput(f"{name} must be bytes, not {type(value).__name__}")
    if len(public_key) != 32 or len(signature) != 64:
        return False
    try:
        VerifyKey(public_key).verify(message, signature)
    except BadSignatureError:
        return False
    return True
