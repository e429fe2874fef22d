"""How a check is written: a reference, and beside it what goes wrong.

The reference bears the name and the parameters of the function a learner writes. Its keyword-only parameters are the
joints at which learners slip: a typical mistake is a sentence and a turned joint::

    def clear(bids, asks, *, key=lambda bid: -bid[0]):
        ...

    CLEARING = exercise(
        "double_auction/clearing",
        clear,
        ...
        mistakes=(wrong("it serves bids in the order of the list.", key=lambda bid: 0),),
    )
"""

from functools import partial, wraps
from inspect import Parameter, signature

from tefoundations.exercises.kit.records import Corner, Exercise, Mistake
from tefoundations.exercises.kit.values import close, plain

CASES = 40  # drawn at least
INSIDE = 3  # cases that meet a corner, at least
PATIENCE = 4_000  # draws after which a corner that nobody meets is given up; the proofs then fail


def wrong(words, answer=None, *, almost=False, within=1e-9, **joints):
    """A typical wrong answer.

    Parameters
    ----------
    words : str
        What the learner is told; continues "wrong, because".
    answer : callable, optional
        What the mistake answers, a function of the case; by default the reference.
    almost : bool
        Whether the answer is nearly right: then the words stand alone, after "almost:".
    within : float
        How near an answer must come to the mistake's to be known as it.
    **joints
        The joints of that function, turned.
    """

    def mistake(reference):
        return Mistake(words, plainly(partial(answer or reference, **joints)), almost, within)

    return mistake


almost = partial(wrong, almost=True)


def exercise(
    name, reference, *, example, draw, also=(), form, properties=(), mistakes, corners=(), forbids=(), hints=(), agrees=close
):
    """An exercise from its reference.

    Parameters
    ----------
    name : str
        ``"chapter/topic"``.
    reference : callable
        The right answer; its keyword-only parameters are joints.
    example : (tuple, object)
        Arguments and answer of the worked example of the text.
    draw : callable
        ``rng -> argument tuple``: one case, of plain values in round numbers. It is called until there are enough cases
        and every corner is met a few times.
    also : tuple of callables
        Draws of rare cases, called a few times each.
    form : callable
        ``(answer, *arguments) -> str or None``: what is wrong with the shape of an answer; see `forms`.
    properties : tuple of callables
        ``(answer, *arguments) -> str or None``: what an answer violates.
    mistakes : tuple
        Of `wrong` and `almost`, the likeliest first.
    corners : dict of str: callable
        Situations easily forgotten: words that continue "right, except", and a function that says whether a case is one.
    forbids : tuple of functions
        Functions of the package that are the answer; the reference is refused in any case.
    hints : tuple of str
        Up to three, asked for one by one.
    agrees : callable
        Only where several answers are right: ``(answer, expected, tolerance) -> bool``.

    Returns
    -------
    Exercise
    """
    given = tuple(p.name for p in signature(reference).parameters.values() if p.kind is not Parameter.KEYWORD_ONLY)
    corners = tuple(Corner(words, holds) for words, holds in dict(corners).items())
    return Exercise(
        name=name,
        function=reference.__name__,
        parameters=given,
        example=example,
        instances=partial(drawn, draw=draw, also=also, corners=corners),
        reference=wraps(reference)(plainly(reference)),  # what it wraps is refused with it
        form=form,
        properties=properties,
        mistakes=tuple(mistake(reference) for mistake in mistakes),
        corners=corners,
        forbidden=forbids,
        hints=hints,
        agrees=agrees,
    )


def drawn(rng, draw, also, corners):
    """Cases of each draw in `also`, then of `draw` until there are enough and each corner is met a few times."""
    kept = [rare(rng) for rare in also for _ in range(INSIDE)]
    met = [sum(bool(corner.holds(*case)) for case in kept) for corner in corners]
    for _ in range(PATIENCE):
        if len(kept) >= CASES and min(met, default=INSIDE) >= INSIDE:
            break
        case = draw(rng)
        holds = [bool(corner.holds(*case)) for corner in corners]
        if len(kept) < CASES or any(here and often < INSIDE for here, often in zip(holds, met)):
            kept.append(case)
            met = [often + here for often, here in zip(met, holds)]
    return kept


def plainly(function):
    """The function with a plain answer."""
    return lambda *case: plain(function(*case))
