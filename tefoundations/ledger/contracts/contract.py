"""Contracts: programs that every node runs and that must give every node the same result."""

from dataclasses import dataclass

from tefoundations.errors import InvalidContract, InvalidInput
from tefoundations.ledger.contracts.source import compiled
from tefoundations.ledger.primitives.bytes import canonical_bytes, tagged_hash
from tefoundations.ledger.primitives.state import check_value


class Contract:
    """A deterministic function F: S x I -> S, from a state and an input to the next state, written as a class.

    Public methods take ``self``, ``call`` and the arguments of a transaction. They read and change the state through `Call`
    and through nothing else. What stands on ``self`` are parameters, fixed at deployment: whole numbers, text and tuples.

    When a chain is made, the source of each method is read and refused if it holds anything but the arithmetic of whole
    numbers, comparisons, ``if``, ``for``, ``while``, lists, dicts and a few harmless functions: no import, no clock, no
    chance, no file, no fraction, no set (it has no order), no global that can change, no ``try`` (it would survive running
    out of gas), no recursion. The same pass puts in the charges for gas, and puts operations of our own in the place of
    Python's: on whole numbers below 2^256, ASCII text and what is made of them, bounded in size and depth, paid for before
    they work. So a call ends, costs what it uses, and gives the same on every node.

    Reading the source cannot tell whether a contract does what its authors meant, or whether an oracle tells the truth; and
    it is no wall against somebody who may put Python on your machine, which is why contracts come with the first block and
    never in a transaction. Each block is run again by everybody who takes it, and a different result refuses it.

    Parameters
    ----------
    name : str
        Name on the chain.

    Examples
    --------
    >>> class Counter(Contract):
    ...     def add(self, call, step):
    ...         call.store("count", call.load("count", 0) + step)
    >>> from tefoundations.ledger import Blockchain, KeyPair
    >>> anna = KeyPair.named("anna")
    >>> chain = Blockchain("lane", producers=[anna.account], contracts=[Counter("counter")])
    >>> sent = chain.call(anna, "counter", "add", step=2)
    >>> block = chain.propose(anna)
    >>> chain.read("counter", "count"), chain.receipt(sent).gas_used  # one load, one store, one +: the least is charged
    (2, 1000)
    """

    def __init__(self, name: str):
        self.name = name


@dataclass(frozen=True)
class Deployed:
    """A contract as it runs: its checked and metered methods by name, and the hash of its code and parameters."""

    name: str
    methods: dict
    code: str
    account: str
    parameters: dict

    def missing(self, method, arguments):
        """What is wrong with a call before it is made, in words; "" if nothing."""
        if method not in self.methods:
            return f"contract {self.name!r} has no method {method!r}"
        _, needed, known = self.methods[method]
        if arguments.keys() == known:
            return ""
        wrong = [f"lacks {name}" for name in needed if name not in arguments]
        wrong += [f"does not know {name:.40}" for name in arguments if name not in known]
        return f"{self.name}.{method} {', '.join(wrong)}" if wrong else ""


def deploy(contract):
    """Check a contract, meter it and freeze its parameters."""
    if not isinstance(contract, Contract):
        raise InvalidContract(f"a contract is an instance of a subclass of Contract, not {type(contract).__name__}")
    parameters = dict(vars(contract))
    name = parameters.get("name")
    if type(name) is not str or not name.isidentifier() or not name.isascii() or len(name) > 40:
        raise InvalidContract(f"name {name!r:.60} must be an ASCII identifier of at most 40 characters")
    for key, value in parameters.items():
        try:
            check_value(f"parameter {key}", value)
        except InvalidInput as error:
            raise InvalidContract(str(error), contract=name) from None
    methods, sources, constants = compiled(contract, Contract)
    code = tagged_hash("contract", canonical_bytes((name, sources, parameters, constants))).hex()
    return Deployed(name, methods, code, contract_account(name), parameters)


def contract_account(name: str) -> str:
    """The account under which a contract holds money and calls other contracts: a hash, of which nobody has the key.

    Parameters
    ----------
    name : str
        Name of the contract.

    Returns
    -------
    str
        64 hexadecimal digits.

    Raises
    ------
    InvalidInput
        If the name is not text.

    Examples
    --------
    >>> contract_account("commitments") == contract_account("credits")
    False
    """
    if type(name) is not str or not name.isascii():
        raise InvalidInput(f"name {name!r:.60} must be ASCII text")
    return tagged_hash("contract account", name.encode()).hex()
