"""What a contract sees of the world, and how one of its methods is run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tefoundations.errors import InvalidInput, Reverted
from tefoundations.ledger.contracts.data import PORTION, frozen, paid, words_of
from tefoundations.ledger.contracts.gas import ARITHMETIC, HASH, LOAD, STORE, VERIFY_SIGNATURE
from tefoundations.ledger.primitives.state import check_value
from tefoundations.ledger.primitives.statements import hash_of_text, holds, is_somebody, statement

if TYPE_CHECKING:
    from tefoundations.ledger.contracts.contract import Deployed
    from tefoundations.ledger.contracts.gas import Gas
    from tefoundations.ledger.primitives.state import State

DEEPEST_CALLS = 8


class Call:
    """What a contract's method sees of the world: the input, its own entries of the state, payments, signatures.

    Parameters
    ----------
    chain : str
        Id of the chain.
    sender : str
        Account that calls: of a person, or of the contract that asks.
    nonce : int
        Number of the sender's transaction: used once on this chain.
    slot : int
        Slot of the block, the only time there is.
    contract : Deployed
        The contract called.
    contracts : dict
        All contracts by name.
    state : State
        The state.
    gas : Gas
        The meter.
    events : list
        What contracts noted.
    asking : tuple of str
        The contracts that wait for this call.
    """

    __slots__ = (
        "chain", "sender", "nonce", "slot", "own", "_contract", "_contracts", "_state", "_use", "_make", "_events",
        "_asking", "_gas", "_prefix",
    )  # fmt: skip

    def __init__(
        self, chain: str, sender: str, nonce: int, slot: int, contract: Deployed, contracts: Mapping[str, Deployed],
        state: State, gas: Gas, events: list, asking: tuple[str, ...] = (),
    ):  # fmt: skip
        self.chain, self.sender, self.nonce, self.slot, self.own = chain, sender, nonce, slot, contract.account
        self._contract, self._contracts, self._state, self._gas, self._use = contract, contracts, state, gas, gas.use
        self._make = gas.make
        self._events, self._asking, self._prefix = events, asking, f"contract/{contract.name}/"

    def require(self, condition: bool, words: str) -> None:
        """Go on only if a condition holds.

        Parameters
        ----------
        condition : bool
            What must hold.
        words : str
            What is wrong if it does not.

        Raises
        ------
        Reverted
            If it does not.
        """
        if not condition:
            raise Reverted(words if type(words) is str else "no reason given")

    def whole(self, amount: object) -> bool:
        """True for a whole number from 0 up: what every amount must be.

        Parameters
        ----------
        amount : object
            What a transaction brought.
        """
        return type(amount) is int and amount >= 0

    def is_account(self, text: object) -> bool:
        """True for 64 small hexadecimal digits, the form of every account, if they are not all 0: that account is nobody's.

        Parameters
        ----------
        text : object
            What a transaction brought.
        """
        return is_somebody(text)

    def load(self, name: str, default: object = None) -> Any:
        """Read an entry of this contract, a balance or a price per kWh, for 100 gas.

        Parameters
        ----------
        name : str
            Which.
        default : object
            What to return where there is none.
        """
        self._use(LOAD)
        paid(self, name)
        return self._state.get(self._prefix + name, default)

    def store(self, name: str, value: object) -> None:
        """Write an entry of this contract, for 400 gas, and 400 more for every 16 words of it; None takes it away.

        Parameters
        ----------
        name : str
            Which.
        value : int, str, bool, tuple or None
            What.
        """
        self._use(STORE * (1 + words_of(value) // PORTION))
        paid(self, name)
        self._state.set(self._prefix + name, value)

    def verify(self, account: str, signature: str, purpose: str, *parts: object) -> bool:
        """Tell whether an account signed a statement to this contract, for 3,000 gas.

        Parameters
        ----------
        account, signature : str
            Whose, and what it is said to have signed with `sign_statement`.
        purpose : str
            What kind of statement.
        *parts : int, str, bool, None or tuple
            What is stated.

        Returns
        -------
        bool
        """
        self._use(VERIFY_SIGNATURE)
        paid(self, purpose, *parts)
        return holds(account, statement(self.chain, self._contract.name, purpose, *parts), signature)

    def digest(self, purpose: str, *parts: object) -> str:
        """Hash of a statement to this contract by the sender, for 60 gas: what a seal is compared with.

        Parameters
        ----------
        purpose : str
            What kind of statement.
        *parts : int, str, bool, None or tuple
            What is stated; the sender is added as the first part.

        Returns
        -------
        str
            64 hexadecimal digits.
        """
        self._use(HASH)
        paid(self, purpose, *parts)
        return statement(self.chain, self._contract.name, purpose, self.sender, *parts).hex()

    def hash(self, text: str) -> str:
        """Hash of a text alone, for 60 gas: the same on every chain, so that one secret can open locks on two of them.

        What is hashed here is bound to nobody: use `digest` for a seal that must not serve another.

        Parameters
        ----------
        text : str
            ASCII text.

        Returns
        -------
        str
            64 hexadecimal digits.

        Raises
        ------
        Reverted
            If it is no ASCII text.
        """
        self._use(HASH)
        if type(text) is not str or not text.isascii():
            raise Reverted("only ASCII text is hashed")
        paid(self, text)
        return hash_of_text(text)

    def pay(self, to: str, amount: int, cut: int = 0, cut_to: str | None = None) -> None:
        """Pay from the sender's money: no contract can reach into the pocket of anybody else.

        Costs a load and a store for each account, and 3 gas for each of its sums: two, or four with a cut.

        Parameters
        ----------
        to : str
            Who receives `amount` less `cut`.
        amount : int
            What the sender pays (micro-tokens).
        cut : int
            What a third account receives of it (micro-tokens).
        cut_to : str or None
            Who that is; None for no cut.

        Raises
        ------
        Reverted
            If the sender has less, an amount is no whole number from 0 up, or an account is none.
        """
        self._move(self.sender, to, amount, cut, cut_to)

    def pay_out(self, to: str, amount: int) -> None:
        """Pay from this contract's own money.

        Parameters
        ----------
        to : str
            Who receives it.
        amount : int
            How much (micro-tokens).

        Raises
        ------
        Reverted
            If the contract has less, the amount is no whole number from 0 up, or the account is none.
        """
        self._move(self.own, to, amount, 0, None)

    def _move(self, source, to, amount, cut, cut_to):
        self._use((2 if cut_to is None else 3) * (LOAD + STORE) + (2 if cut_to is None else 4) * ARITHMETIC)
        if type(amount) is not int or type(cut) is not int or not 0 <= cut <= amount or (cut and cut_to is None):
            told = amount if type(amount) is int else f"of kind {type(amount).__name__}"  # the text of a list may be endless
            raise Reverted(f"amount {told} must be a whole number from 0 up, and a cut of it no larger")
        if not is_somebody(to) or not (cut_to is None or is_somebody(cut_to)):
            raise Reverted("money goes to accounts only: 64 hexadecimal digits, and not the one of nobody")
        state, purse = self._state, "balance/" + source
        held = state.get(purse, 0)
        if held < amount:
            raise Reverted(f"balance {held} is less than the payment {amount}")
        state.set(purse, held - amount)
        purse = "balance/" + to
        state.set(purse, state.get(purse, 0) + amount - cut)
        if cut_to is not None:
            purse = "balance/" + cut_to
            state.set(purse, state.get(purse, 0) + cut)

    def emit(self, event: str, **facts: object) -> None:
        """Note in the receipt what happened; not part of the state, and free for the first few events of a transaction.

        Parameters
        ----------
        event : str
            What.
        **facts : int, str, bool, None or tuple
            The particulars.
        """
        self._gas.note(words_of(event) + sum(map(words_of, facts.values())))
        for fact in (event, *facts.values()):
            check_value("event", fact)
        self._events.append((self._contract.name, event, facts))

    def ask(self, contract: str, method: str, **arguments: object) -> Any:
        """Call another contract, for 100 gas, as this one: its ``call.sender`` is this contract's account. Same rollback.

        Parameters
        ----------
        contract, method : str
            What is called.
        **arguments : int, str, bool, None or tuple
            With what.

        Returns
        -------
        object
            What the method returns.

        Raises
        ------
        Reverted
            If there is no such contract or method, or it already waits for this call: no contract is entered twice.
        """
        self._use(LOAD)
        if type(contract) is not str or type(method) is not str:
            raise Reverted("a contract and its method are named by text")
        paid(self, contract, method)
        waiting = (*self._asking, self._contract.name)
        if contract in waiting or len(waiting) > DEEPEST_CALLS:
            raise Reverted(f"contract {contract} is entered a second time by one call")
        other = self._contracts.get(contract)
        wrong = f"no contract {contract}" if other is None else other.missing(method, arguments)
        if other is None or wrong:
            raise Reverted(wrong)
        outside = (self.chain, self.own, self.nonce, self.slot)
        call = Call(*outside, other, self._contracts, self._state, self._gas, self._events, waiting)
        given = {name: frozen(self, value) for name, value in arguments.items()}
        return frozen(self, other.methods[method][0](call, **given))

    def __repr__(self):
        return "call"


def run(call, method, arguments):
    """Run a method; whatever goes wrong in it, from a failed check to a fault of its author's, is one error: `Reverted`."""
    function = call._contract.methods[method][0]
    try:
        return frozen(call, function(call, **arguments))
    except Reverted:
        raise
    except InvalidInput as error:
        raise Reverted(str(error)) from None
    except Exception as error:  # a contract's own fault: it must not stop the node
        raise Reverted(f"fault in {call._contract.name}.{method}: {type(error).__name__}") from None
