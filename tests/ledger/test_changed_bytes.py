"""Any changed byte of any block is found, and whatever bytes come as a block the error has a name."""

import functools
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from tefoundations.errors import InvalidBlock
from tefoundations.ledger import Block
from tests.ledger.ledgers import ANNA, BEN, CEM, OPERATOR, junk, new_chain, sale, template


@functools.cache
def history():
    """A chain of three blocks with trades, a reverted call and tokens, as bytes."""
    chain = new_chain()
    sale(chain)
    sale(chain, gas_limit=4_523, gas_price=1)
    chain.propose(OPERATOR)
    chain.call(ANNA, "points", "mint", to=BEN.account, amount=5)
    chain.call(CEM, "money", "transfer", to=ANNA.account, amount=7)
    chain.propose(OPERATOR)
    chain.propose(OPERATOR)
    return chain, tuple(block.to_bytes() for block in chain.blocks)


@given(st.data(), st.integers(1, 255))
@settings(max_examples=150)
def test_any_changed_byte_of_any_block_is_found(data, change):
    chain, blocks = history()
    which = data.draw(st.integers(0, len(blocks) - 1))
    place = data.draw(st.integers(0, len(blocks[which]) - 1))
    changed = bytearray(blocks[which])
    changed[place] ^= change
    fault = chain.find_fault([*blocks[:which], bytes(changed), *blocks[which + 1 :]])
    assert type(fault) is InvalidBlock and fault.height in (which, None)
    if which:
        for node in (chain, template()):  # one that knows the block already, one that does not
            try:
                node.receive(bytes(changed))
                raise AssertionError("taken")
            except InvalidBlock:
                pass


@given(st.data())
@settings(max_examples=60)
def test_bytes_cut_out_or_put_in_are_found(data):
    chain, blocks = history()
    which = data.draw(st.integers(0, len(blocks) - 1))
    start, end = sorted(data.draw(st.lists(st.integers(0, len(blocks[which])), min_size=2, max_size=2)))
    changed = blocks[which][:start] + data.draw(st.binary(max_size=4)) + blocks[which][end:]
    fault = chain.find_fault([*blocks[:which], changed, *blocks[which + 1 :]])
    assert (fault is None) == (changed == blocks[which])


def parts(value, path=()):
    """Paths to every part of a JSON value."""
    yield path
    if isinstance(value, (dict, list)):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from parts(value[key], (*path, key))


@given(st.data(), junk)
@settings(max_examples=150)
def test_any_part_of_a_block_replaced_by_anything_has_its_error(data, value):
    """Bytes that are well formed JSON, and even canonical, with one part of another kind."""
    _, blocks = history()
    read = json.loads(blocks[1])
    path = data.draw(st.sampled_from([p for p in parts(read) if p]))
    place = read
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    changed = json.dumps(read, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")
    try:
        template().validate(changed)
        assert changed == blocks[1]
    except InvalidBlock:
        pass


@given(st.binary(max_size=60) | st.text(max_size=20) | junk.map(lambda value: json.dumps(value).encode()))
def test_what_is_no_block_has_its_error(data):
    try:
        Block.from_bytes(data)
        raise AssertionError("taken")
    except InvalidBlock:
        pass
