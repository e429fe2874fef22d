"""Promises to deliver, and credits for what was delivered: nothing is minted without a signed reading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tefoundations.errors import InvalidContract, InvalidInput, InvalidReading
from tefoundations.ledger.contracts.contract import contract_account
from tefoundations.ledger.primitives.keys import KeyPair
from tefoundations.ledger.primitives.statements import id_of, is_somebody, sign_statement
from tefoundations.ledger.tokens.fungible import FungibleToken
from tefoundations.ledger.tokens.non_fungible import NonFungibleToken

if TYPE_CHECKING:
    from tefoundations.ledger.chain.blockchain import Blockchain


class CommitmentRegistry(NonFungibleToken):
    """Promises to deliver energy, each a token of its own; when its meter is read, the holder gets credits for what came.

    A seller opens a commitment: so many Wh from its meter in a delivery step, and the buyer holds it and may sell it on.
    After the step an oracle signs what the meter read. With that reading anybody closes the commitment: its holder gets
    credits for the Wh delivered, at most those promised, and the shortfall is recorded. A reading belongs to a meter and a
    step, and is shared by all commitments on them, those closed first served first, so that no Wh is credited twice. The
    first reading of a meter and step stands: another one, even signed, is refused. After it no commitment is opened.

    The oracle is trusted: if it lies, the ledger keeps the lie.

    Parameters
    ----------
    oracle : KeyPair or str
        Account that signs readings.
    meters : dict
        Meter -> KeyPair or account of the one seller that may promise on it.
    credits : str
        Name of the `FungibleToken` whose minter is this contract; `delivery_contracts` makes both.
    name : str
        Name on the chain.

    Raises
    ------
    InvalidContract
        If the oracle or a seller is no account, or a meter's name no text.

    Examples
    --------
    A promise of 5 kWh of which 4.2 come:

    >>> from tefoundations.ledger import Blockchain, KeyPair
    >>> roof, ben, oracle = map(KeyPair.named, ["roof", "ben", "oracle"])
    >>> chain = Blockchain("lane", producers=[oracle], contracts=delivery_contracts(oracle, {"roof meter": roof}))
    >>> sent = chain.call(roof, "commitments", "open", holder=ben.account, meter="roof meter", step=7, energy=5000)
    >>> block = chain.propose(oracle)
    >>> reading = sign_reading(oracle, chain, "roof meter", 7, 4200)
    >>> sent = chain.call(ben, "commitments", "close", token=0, **reading)
    >>> block = chain.propose(oracle)
    >>> chain.view("credits", "balance_of", owner=ben.account), chain.view("commitments", "status", token=0)
    (4200, ('closed', 'roof meter', 7, 5000, 4200, 800))
    """

    def __init__(
        self, oracle: KeyPair | str, meters: Mapping[str, KeyPair | str], credits: str = "credits", name: str = "commitments"
    ):
        super().__init__(name)
        self.oracle, self.credits = getattr(oracle, "account", oracle), credits
        if not is_somebody(self.oracle):
            raise InvalidContract("oracle must be an account", contract=str(name))
        if not isinstance(meters, dict) or not all(type(m) is str and m and m.isascii() and "/" not in m for m in meters):
            raise InvalidContract("meters must be a dict whose names are ASCII text without /", contract=str(name))
        self.meters = tuple((meter, getattr(meters[meter], "account", meters[meter])) for meter in sorted(meters))
        if not all(is_somebody(seller) for _, seller in self.meters):
            raise InvalidContract("each meter needs the account of a seller", contract=str(name))

    def open(self, call, holder, meter, step, energy):
        """Promise to deliver.

        Parameters
        ----------
        call : Call
            Given by the chain; its sender is the seller of the meter.
        holder : str
            Account that is promised to.
        meter : str
            Meter at which delivery is read.
        step : int
            Delivery step.
        energy : int
            Energy (Wh), above 0.
        """
        call.require(self._seller(call, meter) == call.sender, "only the seller of a meter promises on it")
        call.require(call.whole(step), "step must be a whole number from 0 up")
        call.require(call.whole(energy) and energy > 0, "energy must be a whole number of Wh above 0")
        call.require(call.load(f"reading/{meter}/{step}") is None, f"step {step} of this meter was read already")
        token = self._create(call, holder)
        call.store(f"commitment/{token}", ("open", meter, step, energy, 0, 0))

    def close(self, call, token, meter, step, energy, signature):
        """Bring the signed reading for a commitment: credits for what came, a record of what lacked.

        Parameters
        ----------
        call : Call
            Given by the chain; its sender may be anybody.
        token : int
            Which commitment.
        meter : str
            Meter that was read.
        step : int
            Delivery step.
        energy : int
            What it read (Wh).
        signature : str
            The oracle's, see `sign_reading`.
        """
        holder = self.owner_of(call, token)
        status, its_meter, its_step, promised, delivered, lacking = call.load(f"commitment/{token}")
        call.require(status == "open", f"commitment {token} is closed")
        call.require(
            meter == its_meter and call.whole(step) and step == its_step,
            f"the reading is not of the meter and step of commitment {token}",
        )
        call.require(call.whole(energy), "a reading is a whole number of Wh from 0 up")
        call.require(
            call.verify(self.oracle, signature, "reading", meter, step, energy), "the oracle has not signed this reading"
        )
        read, credited = call.load(f"reading/{meter}/{step}", (energy, 0))
        call.require(read == energy, f"another reading of this meter and step stands: {read} Wh")
        delivered = min(promised, read - credited)
        call.store(f"reading/{meter}/{step}", (read, credited + delivered))
        call.store(f"commitment/{token}", ("closed", meter, step, promised, delivered, promised - delivered))
        call.ask(self.credits, "mint", to=holder, amount=delivered)
        call.emit(
            "closed", token=token, holder=holder, promised=promised, delivered=delivered, shortfall=promised - delivered
        )

    def status(self, call, token):
        """State of a commitment: (``"open"`` or ``"closed"``, meter, step, promised, delivered, shortfall), in Wh.

        Parameters
        ----------
        call : Call
            Given by the chain.
        token : int
            Which.
        """
        self.owner_of(call, token)
        return call.load(f"commitment/{token}")

    def _seller(self, call, meter):
        for name, seller in self.meters:
            if name == meter:
                return seller
        call.require(False, "unknown meter")


def delivery_contracts(oracle: KeyPair | str, meters: Mapping[str, KeyPair | str]) -> tuple:
    """The two contracts of delivery: commitments, and the credits that only they can mint.

    Parameters
    ----------
    oracle : KeyPair or str
        Account that signs readings.
    meters : dict
        Meter -> KeyPair or account of its seller.

    Returns
    -------
    tuple
        A `CommitmentRegistry` named ``commitments`` and a `FungibleToken` named ``credits``.

    Examples
    --------
    >>> oracle = KeyPair.named("oracle")
    >>> [contract.name for contract in delivery_contracts(oracle, {"roof meter": oracle})]
    ['commitments', 'credits']
    """
    registry = CommitmentRegistry(oracle, meters)
    return registry, FungibleToken(registry.credits, contract_account(registry.name))


def sign_reading(
    oracle: KeyPair, chain: Blockchain, meter: str, step: int, energy: int, contract: str = "commitments"
) -> dict:
    """Sign what a meter read, for one registry on one chain.

    Parameters
    ----------
    oracle : KeyPair
        Who signs.
    chain : Blockchain
        For which chain.
    meter : str
        Which meter.
    step : int
        Delivery step, from 0.
    energy : int
        What it read (Wh), from 0 up.
    contract : str
        Name of the registry.

    Returns
    -------
    dict
        ``meter``, ``step``, ``energy`` and ``signature``: the arguments of `CommitmentRegistry.close` beside the token.

    Raises
    ------
    InvalidInput
        If `oracle` is no key pair, or `chain` no chain.
    InvalidReading
        If the reading is no whole number of Wh from 0 up, or meter and step have no meaning.

    Examples
    --------
    >>> from tefoundations.ledger import Blockchain
    >>> oracle = KeyPair.named("oracle")
    >>> sign_reading(oracle, Blockchain("lane", producers=[oracle]), "roof meter", 7, 4.2)
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidReading: energy 4.2 must be a whole number from 0 to 2^53 - 1
    """
    for name, value in (("step", step), ("energy", energy)):
        if type(value) is not int or not 0 <= value < 2**53:
            raise InvalidReading(f"{name} {value!r:.40} must be a whole number from 0 to 2^53 - 1")
    if type(meter) is not str or not meter or not meter.isascii():
        raise InvalidReading(f"meter {meter!r:.40} must be ASCII text")
    if not isinstance(oracle, KeyPair):
        raise InvalidInput(f"a reading is signed with a KeyPair, not {type(oracle).__name__}")
    signature = sign_statement(oracle, id_of(chain), contract, "reading", meter, step, energy)
    return {"meter": meter, "step": step, "energy": energy, "signature": signature}
