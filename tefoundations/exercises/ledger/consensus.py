"""Checks of the chapter on consensus."""

from tefoundations.exercises.kit.records import Corner, Exercise, Mistake
from tefoundations.exercises.kit.values import is_number
from tefoundations.exercises.ledger.ballots import heard, sizes, votes
from tefoundations.ledger.consensus import pbft

# consensus/equivocators


def _convicted(votes, same=("who", "view", "place"), signed=True, repeats=False, every=False):
    """Who voted for two trades where `same` is the same. A learner may forget views, places, signatures."""
    ballots = {}
    for who, view, place, trade, good in votes:
        if good or not signed:
            case = {"who": who, "view": view, "place": place}
            ballots.setdefault(tuple(case[key] for key in same), []).append((who, trade))
    found = []
    for cast in ballots.values():
        trades = [trade for _, trade in cast]
        if len(trades if repeats else dict.fromkeys(trades)) > 1:
            found += [who for who, _ in cast]
    found = sorted(dict.fromkeys(found))
    return sorted({who for who, *_ in votes} - set(found)) if every else found


def _by_one_signature(votes):
    """Convicts on two different votes of which only one need be signed."""
    return _convicted([vote for vote in votes if any(v[:3] == vote[:3] and v[4] for v in votes)], signed=False)


def _names(answer, *_):
    if not isinstance(answer, list) or not all(isinstance(name, str) for name in answer):
        return "a list of names is asked for"
    if answer != sorted(answer):
        return f"the names come in alphabetical order, and it returns {answer}"
    return "a name stands in the list twice" if len(set(answer)) < len(answer) else None


EQUIVOCATORS = Exercise(
    name="consensus/equivocators",
    function="equivocators",
    parameters=("votes",),
    example=(
        (
            [
                ("shop", 0, 1, "A", True), ("shop", 0, 1, "B", True), ("home1", 0, 1, "A", True), ("home1", 1, 1, "B", True),
                ("clinic", 0, 1, "A", True), ("clinic", 0, 1, "B", False), ("school", 0, 1, "B", True),
                ("school", 0, 1, "B", True),
            ],
        ),
        ["shop"],
    ),
    instances=votes,
    reference=_convicted,
    form=_names,
    mistakes=(
        Mistake(
            "it convicts those who voted for another trade in a later view. A new leader may propose something else: that is"
            " no lie.",
            lambda votes: _convicted(votes, same=("who", "place")),
        ),
        Mistake(
            "it convicts those who voted for two trades at two places. Each place has a trade of its own.",
            lambda votes: _convicted(votes, same=("who", "view")),
        ),
        Mistake(
            "it believes votes without a good signature. Anybody may have written them, to blame another.",
            lambda votes: _convicted(votes, signed=False),
        ),
        Mistake(
            "one good signature is not enough: two votes convict only if both were signed.",
            _by_one_signature,
        ),
        Mistake(
            "it convicts those who said the same thing twice. Messages are sent again when the network is bad.",
            lambda votes: _convicted(votes, repeats=True),
        ),
        Mistake(
            "it convicts everybody where the votes of a place differ. Those who were lied to voted once each.",
            lambda votes: _convicted(votes, same=("view", "place")),
        ),
        Mistake(
            "it names those against whom nothing was found.",
            lambda votes: _convicted(votes, every=True),
        ),
    ),
    corners=(
        Corner("when nobody is convicted", lambda votes: not _convicted(votes)),
        Corner("when several are convicted", lambda votes: len(_convicted(votes)) > 1),
    ),
)  # fmt: skip


# consensus/votes_needed


def _needed(n, f):
    return float(pbft.quorum(n, f)) if n >= 3 * f + 1 else None


def _a_quorum(answer, n, f):
    if answer is None or (is_number(answer) and answer == int(answer) and 0 < answer <= n):
        return None
    return f"a whole number from 1 to n, or None, is asked for; it returns {answer}"


def _shares_one(answer, n, f):
    if answer is not None and 2 * answer - n < f + 1:
        return f"two sets of {answer:g} among {n} may share only {max(0, 2 * answer - n):g}, and {f} may be faulty"
    return None


def _can_be_reached(answer, n, f):
    if answer is not None and answer > n - f:
        return f"{answer:g} votes never come if {f} of {n} are silent"
    return None


VOTES_NEEDED = Exercise(
    name="consensus/votes_needed",
    function="votes_needed",
    parameters=("n", "f"),
    example=((6, 1), 4.0),
    instances=sizes,
    reference=_needed,
    form=_a_quorum,
    properties=(_shares_one, _can_be_reached),
    mistakes=(
        Mistake(
            "it is the simple majority. Two majorities share one replica, and that one may be faulty.",
            lambda n, f: n // 2 + 1.0 if n >= 3 * f + 1 else None,
        ),
        Mistake(
            "it is 2 f + 1, which is right only where n = 3 f + 1. With more replicas two such sets need not share a correct"
            " one.",
            lambda n, f: 2 * f + 1.0 if n >= 3 * f + 1 else None,
        ),
        Mistake(
            "it lets two sets share f replicas. All of these may be faulty: one more is needed.",
            lambda n, f: float(max(1, (n + f + 1) // 2)) if n >= 3 * f + 1 else None,
        ),
        Mistake(
            "it returns a number although f silent replicas would keep that many votes from coming. Return None there.",
            lambda n, f: float(min((n + f) // 2 + 1, n)),
        ),
        Mistake(
            "right that two such sets share a correct replica, but n - f is not the least number that does.",
            lambda n, f: float(n - f) if n >= 3 * f + 1 else None,
            almost=True,
        ),
        Mistake(
            "right, except at the limit: n = 3 f + 1 replicas do bear f faulty ones.",
            lambda n, f: (n + f) // 2 + 1.0 if n > 3 * f + 1 else None,
            almost=True,
        ),
    ),
    corners=(
        Corner("when nobody may be faulty", lambda n, f: f == 0),
        Corner("when no number will do", lambda n, f: n < 3 * f + 1),
        Corner("when n is not 3 f + 1", lambda n, f: n > 3 * f + 1),
    ),
    forbidden=(pbft.quorum,),
)


# consensus/timer


def _may_start(view, heard, n, f, needed=None, counts=lambda here, view: here >= view, messages=False):
    """Whether enough are here or further on. A learner may count otherwise."""
    here = [who for who, asked in heard if counts(asked, view)]
    enough = (n + f) // 2 + 1 if needed is None else needed(n, f)
    return len(here if messages else dict.fromkeys(here)) >= enough


def _yes_or_no(answer, *_):
    return None if isinstance(answer, bool) else "True or False is asked for"


TIMER = Exercise(
    name="consensus/timer",
    function="may_start_timer",
    parameters=("view", "heard", "n", "f"),
    example=((2, [(0, 2), (1, 2), (1, 2), (2, 1), (3, 3)], 4, 1), True),
    instances=heard,
    reference=lambda view, heard, n, f: _may_start(view, heard, n, f),
    form=_yes_or_no,
    mistakes=(
        Mistake(
            "it starts at once. A replica that was cut off would then go through view after view by itself, and the others"
            " could not catch up with it.",
            lambda *case: True,
        ),
        Mistake(
            "it never starts. With a faulty new leader all would wait for ever.",
            lambda *case: False,
        ),
        Mistake(
            "it counts messages. A replica that repeats itself is one replica.",
            lambda *case: _may_start(*case, messages=True),
        ),
        Mistake(
            "it counts everybody it has heard, also those who are still in earlier views.",
            lambda *case: _may_start(*case, counts=lambda here, view: True),
        ),
        Mistake(
            "it counts only those in just this view. Who asks for a later one has left the earlier ones too; without it two"
            " parties may wait for each other.",
            lambda *case: _may_start(*case, counts=lambda here, view: here == view),
        ),
        Mistake(
            "it counts only those who are further on. Those in the same view count too, itself among them.",
            lambda *case: _may_start(*case, counts=lambda here, view: here > view),
        ),
        Mistake(
            "f + 1 others are a reason to join them, as one of them is correct. To start the timer takes a quorum.",
            lambda *case: _may_start(*case, needed=lambda n, f: f + 1),
        ),
        Mistake(
            "right, except where n is not 3 f + 1: there a quorum is more than 2 f + 1.",
            lambda *case: _may_start(*case, needed=lambda n, f: 2 * f + 1),
            almost=True,
        ),
    ),
    corners=(
        Corner("when a replica is heard twice", lambda view, heard, n, f: len({who for who, _ in heard}) < len(heard)),
        Corner("when somebody is further on", lambda view, heard, n, f: any(asked > view for _, asked in heard)),
        Corner("when somebody is still behind", lambda view, heard, n, f: any(asked < view for _, asked in heard)),
    ),
)

EXERCISES = (EQUIVOCATORS, VOTES_NEEDED, TIMER)
