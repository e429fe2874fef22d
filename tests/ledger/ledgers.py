"""People, chains and trades for the tests of the ledger."""

import functools

from hypothesis import strategies as st

from tefoundations.ledger import (
    Blockchain,
    FungibleToken,
    KeyPair,
    SettlementContract,
    Transaction,
    delivery_contracts,
    sign_statement,
)

ANNA, BEN, CEM, OPERATOR, ORACLE = map(KeyPair.named, ["anna", "ben", "cem", "operator", "oracle"])
PEOPLE = (ANNA, BEN, CEM, OPERATOR)
PURSE = 3_000_000

# What an outsider may send in the place of an argument.
junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.text(max_size=5)
    | st.sampled_from([ANNA.account, BEN.account, "a/b", "0" * 128]),
    lambda part: st.lists(part, max_size=3),
    max_leaves=6,
)


def new_chain(producers=(OPERATOR,), contracts=(), **more):
    settlement, points = SettlementContract(OPERATOR), FungibleToken("points", minter=ANNA)
    everything = (settlement, points, *delivery_contracts(ORACLE, {"roof": ANNA, "barn": BEN}), *contracts)
    return Blockchain("lane", producers=producers, balances=dict.fromkeys(PEOPLE, PURSE), contracts=everything, **more)


@functools.cache
def template():
    return new_chain()


def terms(chain, buyer=BEN, seller=ANNA, energy=5_000, price=200_000, step=7, nonce=None):
    """Arguments of `settle` as the seller signs them."""
    nonce = chain.next_nonce(buyer) if nonce is None else nonce
    signature = sign_statement(
        seller, chain.id, "settlement", "trade", buyer.account, nonce, seller.account, energy, price, step
    )
    return {"seller": seller.account, "energy": energy, "price": price, "step": step, "signature": signature}


def sale(chain, gas_limit=6_000, gas_price=0, buyer=BEN, **more):
    """A trade, signed by both and waiting."""
    return chain.call(buyer, "settlement", "settle", gas_limit=gas_limit, gas_price=gas_price, **terms(chain, buyer, **more))


def transfer(chain, key, to, amount, nonce, **more):
    """A signed payment that is not submitted."""
    return Transaction(
        chain.id, key.account, nonce, "money", "transfer", {"to": to.account, "amount": amount}, **more
    ).signed(key)


def money(chain):
    """All money there is, on whatever account."""
    return sum(value for name, value in chain.state.to_dict().items() if name.startswith("balance/"))


def units(chain, token="points"):
    """All units of a token there are."""
    return sum(value for name, value in chain.state.to_dict().items() if name.startswith(f"contract/{token}/balance/"))
