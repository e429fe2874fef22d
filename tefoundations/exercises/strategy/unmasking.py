"""The exercise of the chapter on privacy that takes masks off."""

from tefoundations.exercises.kit.records import Corner, Exercise, Mistake
from tefoundations.exercises.kit.values import is_number
from tefoundations.exercises.strategy.publications import rounds
from tefoundations.privacy import secure_sum


def _unmasked(sent, shared, size, *, repair=None, signed=True, modulo=True):
    """The sum of the messages that arrived, less the masks of `repair(i here, j here)`: 1 to take off, -1 to put back."""
    total = sum(message for message in sent if message is not None)
    for i, j, mask in shared:
        total -= (repair or _left_over)(sent[i] is not None, sent[j] is not None) * mask
    total = total % size if modulo else total
    return float(total - size if signed and modulo and total >= size / 2 else total)


def _left_over(i_here, j_here):
    """A mask is left in the sum where one of its two meters is missing: as it was added, or taken off."""
    return i_here - j_here


def _how(**how):
    return lambda *case: _unmasked(*case, **how)


def _a_total(answer, *_):
    return None if is_number(answer) and answer == int(answer) else "one whole number is asked for: the sum of the readings"


def _in_range(answer, sent, shared, size):
    if answer >= size / 2 or answer < -size / 2:
        return f"it returns {answer:g}, and sums lie from {-size // 2} to {size // 2 - 1}"
    return None


UNMASK = Exercise(
    name="privacy/unmask",
    function="unmask",
    parameters=("sent", "shared", "size"),
    example=(([35, None, 81], [(0, 1, 30), (0, 2, 98), (2, 1, 77)], 100), 9.0),
    instances=rounds,
    reference=_unmasked,
    form=_a_total,
    properties=(_in_range,),
    mistakes=(
        Mistake(
            "it adds up the messages and leaves the masks of missing meters in. Only masks of which both meters are there"
            " cancel.",
            _how(repair=lambda i, j: 0),
        ),
        Mistake(
            "it has the repair the wrong way round: what i has added must be taken off, and what j has taken off put back.",
            _how(repair=lambda i, j: j - i),
        ),
        Mistake(
            "it takes off every left-over mask. If meter i is missing and j is there, the mask was taken off, and must be"
            " put back.",
            _how(repair=lambda i, j: int(i != j)),
        ),
        Mistake(
            "it repairs only where the meter that takes off is missing. The meter that adds may be missing too.",
            _how(repair=lambda i, j: int(i and not j)),
        ),
        Mistake(
            "it takes off all masks, also those that cancel.",
            _how(repair=lambda i, j: 1),
        ),
        Mistake(
            "it takes off masks of which both meters are missing. They are in no message.",
            _how(repair=lambda i, j: i - j + int(not i and not j)),
        ),
        Mistake(
            "it forgets the modulus. Messages are numbers from 0 to size - 1, and so is what they add up to, before it is read"
            " with its sign.",
            _how(modulo=False),
        ),
        Mistake(
            "right, except where the sum is negative: homes may feed in, and the upper half of the numbers stands for that.",
            _how(signed=False),
            almost=True,
        ),
    ),
    corners=(
        Corner("when nobody drops out", lambda sent, *_: None not in sent),
        Corner("when several drop out", lambda sent, *_: sent.count(None) > 1),
        Corner("when the sum is negative", lambda *case: _unmasked(*case) < 0),
    ),
    forbidden=(secure_sum,),
)
