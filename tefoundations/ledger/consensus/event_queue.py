"""Time in a simulation: what happens next, and how long a message is on its way."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any

from tefoundations.errors import InvalidInput
from tefoundations.inputs import generator, not_negative, number, positive, sequence, whole

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Partition:
    """A time in which groups of nodes cannot hear each other.

    A message from one group to another is not lost: it waits for the end of the partition, as on a link that tries again.

    Parameters
    ----------
    start, end : float
        From this time to before that (s).
    groups : tuple of tuples of int
        Nodes that hear each other. A node in no group hears all and is heard by all.

    Raises
    ------
    InvalidInput
        Times that are no numbers, or nodes that are no whole numbers.

    Examples
    --------
    >>> Partition(10, 20, ((0, 1), (2, 3))).cuts(0, 2)
    True
    """

    start: float
    end: float
    groups: tuple

    def __post_init__(self):
        number(self.start, "start", infinite=True)
        number(self.end, "end", infinite=True)
        for group in sequence(self.groups, "groups", of="groups of nodes"):
            for node in sequence(group, "a group", of="nodes", ordered=False):
                whole(node, "a node")

    def cuts(self, sender: int, receiver: int) -> bool:
        """Whether it stands between two nodes.

        Parameters
        ----------
        sender, receiver : int
            Nodes.

        Raises
        ------
        InvalidInput
            What is no whole number.

        Examples
        --------
        >>> Partition(10, 20, ((0, 1), (2, 3))).cuts(0, 1)
        False
        """
        return self._between(whole(sender, "sender"), whole(receiver, "receiver"))

    def _between(self, sender, receiver):
        """The same for nodes that are known to be such: asked for every message."""
        places = [next((k for k, group in enumerate(self.groups) if node in group), None) for node in (sender, receiver)]
        return None not in places and places[0] != places[1]


class Links:
    """A queue of events, and links that take their time.

    Events come out in the order of (time, number at which they were put in): no tie is left to chance, and nothing but the
    seed decides. After `gst` a message takes between a tenth of `delay` and `delay`, uniformly. Before it the network
    promises nothing: a message is lost with probability `loss`, or takes up to `slow` times as long, but if it was not lost
    it is there at `gst` + `delay` at the latest. That is partial synchrony: the delay is bounded, but nobody inside knows
    since when.

    Parameters
    ----------
    rng : numpy.random.Generator or int
        Source of all delays and losses.
    delay : float
        Longest time on the way after `gst` (s).
    gst : float
        Global stabilisation time (s).
    loss : float
        Probability that a message sent before `gst` is lost.
    slow : float
        Longest time on the way before `gst`, as a multiple of `delay`.
    partitions : sequence of Partition
        Times in which groups do not hear each other.
    schedule : callable, optional
        A hostile network. ``schedule(now, sender, receiver, message)`` gives the time on the way (s), infinity for a
        message that is lost, or None for the usual. Its attribute `until`, if it has one, is when it ends.

    Raises
    ------
    InvalidInput
        If a parameter has no meaning; the message names it.

    References
    ----------
    C. Dwork, N. Lynch and L. Stockmeyer, "Consensus in the presence of partial synchrony", Journal of the ACM 35, 1988.

    Examples
    --------
    >>> network = Links(rng=1)
    >>> network.at(5, 0, "wake up")
    >>> network.send(0, 1, "hello")
    >>> [(round(time, 3), receiver, message) for time, receiver, _, message in network.events()]
    [(0.561, 1, 'hello'), (5.0, 0, 'wake up')]
    """

    SHORTEST = 0.1

    def __init__(
        self,
        *,
        rng: np.random.Generator | int,
        delay: float = 1.0,
        gst: float = 0.0,
        loss: float = 0.0,
        slow: float = 10.0,
        partitions: Sequence[Partition] = (),
        schedule: Callable | None = None,
    ):
        self.now, self.delay, self.gst = 0.0, positive(delay, "delay"), not_negative(gst, "gst", infinite=True)
        self.loss, self.slow = number(loss, "loss", least=0, most=1.0), number(slow, "slow", least=1.0)
        self.partitions, self.schedule = tuple(partitions), schedule
        for row, partition in enumerate(self.partitions):
            if not isinstance(partition, Partition) or not partition.start < partition.end:
                raise InvalidInput(f"partitions, row {row}: {partition!r} must be a Partition that starts before it ends")
        hostile = 0.0 if schedule is None else getattr(schedule, "until", math.inf)
        # From here on there are only the usual delays.
        self._calm = max([self.gst, hostile, *(partition.end for partition in self.partitions)])
        self._heap, self._number = [], 0
        self._low, self._span = self.SHORTEST * self.delay, (1 - self.SHORTEST) * self.delay
        self._uniform = _stream(generator(rng))

    def uniform(self) -> float:
        """A number between 0 and 1 from the stream that also gives the delays."""
        return next(self._uniform)

    def usual(self) -> float:
        """A time on the way as it is after `gst` (s)."""
        return self._low + self._span * next(self._uniform)

    def at(self, time: float, receiver: int, message: object, sender: int | None = None) -> None:
        """Let a node be told something at a time: a timer of its own, or a word from outside.

        Parameters
        ----------
        time : float
            When (s).
        receiver : int
            Node.
        message : object
            What it is told.
        sender : int, optional
            By whom; default: by itself.
        """
        self._number += 1
        heappush(self._heap, (float(time), self._number, receiver, receiver if sender is None else sender, message))

    def send(self, sender: int, receiver: int, message: object) -> None:
        """Send a message over a link.

        Parameters
        ----------
        sender, receiver : int
            Nodes.
        message : object
            What is sent.
        """
        self.broadcast(sender, (receiver,), message)

    def broadcast(self, sender: int, receivers: Sequence[int], message: object) -> None:
        """Send a message to several nodes, each over its own link.

        Parameters
        ----------
        sender : int
            Node.
        receivers : sequence of int
            Nodes.
        message : object
            What is sent.
        """
        now, heap, uniform, number = self.now, self._heap, self._uniform, self._number
        if now >= self._calm:
            early, span = now + self._low, self._span
            for receiver in receivers:
                number += 1
                heappush(heap, (early + span * next(uniform), number, receiver, sender, message))
        else:
            for receiver in receivers:
                number += 1
                arrival = self._arrival(now, sender, receiver, message)
                if arrival < math.inf:
                    heappush(heap, (arrival, number, receiver, sender, message))
        self._number = number

    def _arrival(self, now, sender, receiver, message):
        """When a message is there while something other than the usual delay may come in its way."""
        wanted = None if self.schedule is None else self.schedule(now, sender, receiver, message)
        if wanted is not None:
            return now + wanted
        if now < self.gst:
            if self.loss and next(self._uniform) < self.loss:
                return math.inf
            longest = min(self.slow * self.delay, self.gst + self.delay - now)
        else:
            longest = self.delay
        on_the_way = self._low + (longest - self._low) * next(self._uniform)
        held = [p.end for p in self.partitions if p.start <= now < p.end and p._between(sender, receiver)]
        return max([now, *held]) + on_the_way

    def events(self, until: float = math.inf) -> Iterator[tuple[float, int, int, Any]]:
        """Everything that happens up to a time, in order, while it happens: what is sent on the way comes too.

        Parameters
        ----------
        until : float
            Last time of interest (s).

        Yields
        ------
        (float, int, int, object)
            Time (s), receiver, sender, message.
        """
        heap = self._heap
        while heap and heap[0][0] <= until:
            self.now, _, receiver, sender, message = heappop(heap)
            yield self.now, receiver, sender, message


def _stream(rng):
    """Numbers between 0 and 1 without end; drawn in blocks, one by one they would cost more than the events."""
    while True:
        yield from rng.random(4096).tolist()
