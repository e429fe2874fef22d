"""Blocks tied to each other: linked ones, and groups of which at most one trades."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tefoundations.errors import InvalidOrder
from tefoundations.market.hours.blocks import BlockOrder
from tefoundations.words import shown


@dataclass(frozen=True, init=False)
class Exclusive:
    """Blocks of which at most one is accepted: their accepted shares sum to at most 1.

    Parameters
    ----------
    *blocks : BlockOrder
        Two or more. None may be linked to another block; other blocks may be linked to one of them.

    Raises
    ------
    InvalidOrder
        Fewer than two blocks, something else, or a block with a link; names it.

    Examples
    --------
    A plant that runs early or late, and not twice:

    >>> either = Exclusive(BlockOrder("early", "sell", 20, (2, 2)), BlockOrder("late", "sell", 20, (2, 2), first=2))
    >>> [block.name for block in either.blocks]
    ['early', 'late']
    """

    blocks: tuple[BlockOrder, ...]

    def __init__(self, *blocks: BlockOrder):
        for block in blocks:
            if not isinstance(block, BlockOrder):
                raise InvalidOrder(f"an exclusive group is made of BlockOrder, and {shown(block)} is none")
            if block.with_ is not None:
                words = "of an exclusive group cannot itself be linked; others may be linked to it"
                raise InvalidOrder(f"block {shown(block.name)} {words}", column="with_", value=block.with_)
        if len(blocks) < 2:
            raise InvalidOrder(f"an exclusive group needs two blocks or more, and has {len(blocks)}")
        object.__setattr__(self, "blocks", tuple(blocks))


@dataclass(frozen=True, eq=False)
class Ties:
    """Who is tied to whom, by the places of the blocks.

    Parameters
    ----------
    parent : (B,) int array
        The block that each is linked to, -1 if none.
    group : (B,) int array
        The exclusive group of each, -1 if none.
    """

    parent: np.ndarray
    group: np.ndarray

    def chain(self, block):
        """A block and all that it needs, as a list of places."""
        found = [block]
        while self.parent[found[-1]] >= 0:
            found.append(int(self.parent[found[-1]]))
        return found

    @property
    def deepest_first(self):
        """All places, each before the one it is linked to."""
        return sorted(range(len(self.parent)), key=lambda block: -len(self.chain(block)))

    @property
    def families(self):
        """Places that are tied to each other, as lists; each list, and all of them, in the order given."""
        found = {}
        for block in range(len(self.parent)):
            root = self.chain(block)[-1]
            found.setdefault(("group", self.group[root]) if self.group[root] >= 0 else ("root", root), []).append(block)
        return list(found.values())

    def best(self, gain):
        """The most that each family could gain, each accepting whole blocks as it likes within its ties.

        Parameters
        ----------
        gain : (B,) float array
            Of each block if all of it is accepted (ct).

        Returns
        -------
        (families,) float array
            In ct, in the order of `families`.
        """
        total = np.array(gain, float)  # of a block and the best choice of what is linked to it
        for block in self.deepest_first:
            if self.parent[block] >= 0:
                total[self.parent[block]] += max(total[block], 0.0)
        most = [max((total[block] for block in mine if self.parent[block] < 0), default=0.0) for mine in self.families]
        return np.maximum(most, 0.0)


def ties_of(orders):
    """The ties among the blocks of checked orders, the members of groups at the place of their group.

    Parameters
    ----------
    orders : sequence of orders and Exclusive

    Returns
    -------
    Ties
    """
    blocks, group = [], []
    for place, order in enumerate(orders):
        mine = order.blocks if isinstance(order, Exclusive) else (order,) if isinstance(order, BlockOrder) else ()
        blocks += mine
        group += [place if isinstance(order, Exclusive) else -1] * len(mine)
    at = {block.name: place for place, block in enumerate(blocks)}
    parent = [-1 if block.with_ is None else at[block.with_] for block in blocks]
    return Ties(np.array(parent, int), np.array(group, int))


def members(orders):
    """(row, order) of all orders, those of a group one by one.

    >>> [name.name for row, name in members([Exclusive(BlockOrder("a", "buy", 1, 1), BlockOrder("b", "buy", 1, 1))])]
    ['a', 'b']
    """
    return [(row, one) for row, order in enumerate(orders)
            for one in (order.blocks if isinstance(order, Exclusive) else (order,))]  # fmt: skip


def check_links(orders):
    """Refuse links that lead nowhere or in a ring.

    Parameters
    ----------
    orders : sequence of orders and Exclusive
        Names unique.

    Raises
    ------
    InvalidOrder
        Names the row and the block.

    Examples
    --------
    >>> check_links([BlockOrder("second", "sell", 20, 2, with_="first")])
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidOrder: row 0: block 'second' is linked to 'first', and there is no block of that name
    """
    rows = members(orders)
    needs = {order.name: order.with_ for _, order in rows if isinstance(order, BlockOrder)}
    for row, order in rows:
        if not isinstance(order, BlockOrder):
            continue
        seen, name = {order.name}, order.with_
        if name is not None and name not in needs:
            words = f"is linked to {shown(name)}, and there is no block of that name"
            raise InvalidOrder(f"block {shown(order.name)} {words}", row=row)
        while name is not None and name in needs:
            if name in seen:
                raise InvalidOrder(f"block {shown(name)} is linked to itself, by a ring of links", row=row)
            seen.add(name)
            name = needs[name]
