"""Checks of the chapter on consensus."""

from operator import eq, ge, gt

from tefoundations.exercises.kit.forms import is_flag, one
from tefoundations.exercises.kit.recipe import almost, exercise, wrong
from tefoundations.exercises.kit.values import is_number
from tefoundations.ledger.consensus.pbft import quorum

# consensus/equivocators

MEMBERS = ("bakery", "clinic", "home1", "home2", "home5", "school", "shop")


def heap(rng):
    """Up to three votes each: the same again, in a later view, at another place, for another trade, forged."""
    votes = []
    for who in rng.choice(MEMBERS, rng.integers(7)).tolist():
        for _ in range(rng.integers(1, 4)):
            view, place, trade = int(rng.choice([0, 0, 1])), int(rng.choice([1, 1, 2])), str(rng.choice(["A", "B", "C"]))
            votes.append((who, view, place, trade, bool(rng.random() < 0.6)))
    return ([votes[k] for k in rng.permutation(len(votes))],)


def signed(cast):
    return [vote for vote in cast if vote[-1]]


def equivocators(votes, *, case=lambda who, view, place: (who, view, place), proof=signed, kinds=set):
    """The votes of one `case` that are `proof` must not be for trades of two `kinds`."""
    cases = {}
    for vote in votes:
        cases.setdefault(case(*vote[:3]), []).append(vote)
    caught = [cast for cast in map(proof, cases.values()) if len(kinds(trade for *_, trade, _ in cast)) > 1]
    return sorted({who for cast in caught for who, *_ in cast})


def names(answer, *_):
    if not isinstance(answer, list) or not all(isinstance(name, str) for name in answer):
        return "a list of names is asked for"
    if answer != sorted(answer):
        return "the names come in alphabetical order"
    return "a name stands in the list twice" if len(set(answer)) < len(answer) else None


HEAP = [
    ("shop", 0, 1, "A", True), ("shop", 0, 1, "B", True), ("home1", 0, 1, "A", True), ("home1", 1, 1, "B", True),
    ("clinic", 0, 1, "A", True), ("clinic", 0, 1, "B", False), ("school", 0, 1, "B", True), ("school", 0, 1, "B", True),
]  # fmt: skip

EQUIVOCATORS = exercise(
    "consensus/equivocators", equivocators,
    example=((HEAP,), ["shop"]),
    draw=heap, form=names,
    mistakes=(
        wrong("it convicts those who voted for another trade in a later view. A new leader may propose something else: that"
              " is no lie.", case=lambda who, view, place: (who, place)),
        wrong("it convicts those who voted for two trades at two places. Each place has a trade of its own.",
              case=lambda who, view, place: (who, view)),
        wrong("it believes votes without a good signature. Anybody may have written them, to blame another.", proof=list),
        wrong("one good signature is not enough: two votes convict only if both were signed.",
              proof=lambda cast: cast if signed(cast) else []),
        wrong("it convicts those who said the same thing twice. Messages are sent again when the network is bad.",
              kinds=list),
        wrong("it convicts everybody where the votes of a place differ. Those who were lied to voted once each.",
              case=lambda who, view, place: (view, place)),
    ),
    corners={"when nobody is convicted": lambda votes: not equivocators(votes),
             "when several are convicted": lambda votes: len(equivocators(votes)) > 1},
    hints=("Which two votes could a correct replica not have cast both? What do they share, where do they differ?",
           "Pass over what proves nothing. Of the rest keep, for each replica, view and place, what it voted for first."),
)  # fmt: skip

# consensus/votes_needed


def sizes(rng):
    """Numbers of replicas and of faults, around the limit of a third."""
    f = int(rng.integers(7))
    return max(1, 3 * f + int(rng.integers(-2, 5))), f


def votes_needed(n, f, *, least=lambda n, f: (n + f) // 2 + 1, bears=lambda n, f: n >= 3 * f + 1):
    return least(n, f) if bears(n, f) else None


def a_number_of_votes(answer, n, f):
    whole = is_number(answer) and answer == int(answer) and answer >= 0
    return None if answer is None or whole else "a whole number of votes, or None, is asked for"


def shared_and_reached(answer, n, f):
    if answer is not None and answer > n:
        return f"{answer:g} votes never come from {n} replicas. Where no number will do, None is asked for"
    if answer is not None and 2 * answer - n < f + 1:
        return f"two sets of {answer:g} among {n} may share only {max(0, 2 * answer - n):g}, and {f} may be faulty"
    return f"{answer:g} votes never come if {f} of {n} are silent" if answer is not None and answer > n - f else None


VOTES_NEEDED = exercise(
    "consensus/votes_needed", votes_needed,
    example=((6, 1), 4.0),
    draw=sizes, form=a_number_of_votes, properties=(shared_and_reached,),
    mistakes=(
        wrong("it is the simple majority. Two majorities share one replica, and that one may be faulty.",
              least=lambda n, f: n // 2 + 1),
        wrong("it is 2 f + 1, which is right only where n = 3 f + 1. With more replicas two such sets need not share a"
              " correct one.", least=lambda n, f: 2 * f + 1),
        wrong("it is the 2 f + 1 of the textbooks, whatever n is. There n is 3 f + 1. Here n is given: with more replicas"
              " two sets of 2 f + 1 need not share a correct one, and with fewer so many correct ones do not exist: None.",
              lambda n, f: 2 * f + 1),
        wrong("it is the simple majority, whatever f is. Two majorities may share one replica alone, and that one may be"
              " faulty; and where f is large, so many correct ones do not exist: None.", lambda n, f: n // 2 + 1),
        wrong("it is more than two thirds of n, whatever f is. That is the least number only where f is as large as n"
              " bears; with fewer faulty ones fewer votes do, and with more of them none will.",
              lambda n, f: 2 * n // 3 + 1),
        wrong("it is n - f: that many votes do come. But it is not the least number that makes two sets share a correct"
              " replica, and where n is below 3 f + 1 it makes none: None.", lambda n, f: n - f),
        wrong("it is right on what two sets must share, but where n is below 3 f + 1 so many votes need not come: f replicas"
              " may be silent. Return None there.", lambda n, f: (n + f) // 2 + 1),
        wrong("it lets two sets share f replicas. All of these may be faulty: one more is needed.",
              least=lambda n, f: max(1, (n + f + 1) // 2)),
        wrong("it returns a number although f silent replicas would keep that many votes from coming. Return None there.",
              lambda n, f: min((n + f) // 2 + 1, n)),
        almost("right that two such sets share a correct replica, but n - f is not the least number that does.",
               least=lambda n, f: n - f),
        almost("right, except at the limit: n = 3 f + 1 replicas do bear f faulty ones.", bears=lambda n, f: n > 3 * f + 1),
    ),
    corners={"when nobody may be faulty": lambda n, f: f == 0,
             "when no number will do": lambda n, f: n < 3 * f + 1,
             "when n is not 3 f + 1": lambda n, f: n > 3 * f + 1},
    forbids=(quorum,),
    hints=("Two sets of q among n replicas: how many must they share at least? And how many of these may be faulty?",
           "The others can make a certificate of at most n - f votes. Try the numbers up to there, from the smallest."),
)  # fmt: skip

# consensus/timer


def view_changes(rng):
    """(view, heard, n, f): most are further on, or many are behind, or only few are heard; some are heard again."""
    f, view, kind = int(rng.integers(1, 4)), int(rng.integers(1, 5)), int(rng.integers(3))
    n = 3 * f + int(rng.integers(1, 4))
    steps = rng.choice([-1, 0, 1], n, p=[(0.05, 0.05, 0.9), (0.4, 0.4, 0.2), (0.15, 0.6, 0.25)][kind]).tolist()
    others = [(who, view + steps[who]) for who in (1 + rng.permutation(n - 1)).tolist()]
    told = [(0, view), *others[: rng.integers(n) if kind == 2 else n]]
    told += [told[k] for k in rng.integers(len(told), size=rng.integers(4) if rng.random() < 0.5 else 0)]
    return view, [told[k] for k in rng.permutation(len(told))], n, f


def may_start_timer(view, heard, n, f, *, counts=ge, each=set, enough=lambda n, f: (n + f) // 2 + 1):
    return len(each(who for who, asked in heard if counts(asked, view))) >= enough(n, f)


TIMER = exercise(
    "consensus/timer", may_start_timer,
    example=((2, [(0, 2), (1, 2), (1, 2), (2, 1), (3, 3)], 4, 1), True),
    draw=view_changes, form=one(is_flag, "True or False is asked for"),
    mistakes=(
        wrong("it counts messages. A replica that repeats itself is one replica.", each=list),
        wrong("it counts everybody it has heard, also those who are still in earlier views.", counts=lambda *_: True),
        wrong("it counts only those in just this view. Who asks for a later one has left the earlier ones too; without it"
              " two parties may wait for each other.", counts=eq),
        wrong("it counts only those who are further on. Those in the same view count too, itself among them.", counts=gt),
        wrong("f + 1 others are a reason to join them, as one of them is correct. To start the timer takes a quorum.",
              enough=lambda n, f: f + 1),
        almost("right, except where n is not 3 f + 1: there a quorum is more than 2 f + 1.", enough=lambda n, f: 2 * f + 1),
        almost("right, except where n is above 3 f + 2. There n - f is more than a quorum: the least number of which two"
               " sets share a correct replica.", enough=lambda n, f: n - f),
        wrong("it is the simple majority. Two majorities may share one replica alone, and that one may be faulty.",
              enough=lambda n, f: n // 2 + 1),
        wrong("it waits for all n. A faulty replica may never ask, and then the timer never starts.",
              enough=lambda n, f: n),
    ),
    corners={"when a replica is heard twice": lambda view, heard, n, f: len(dict(heard)) < len(heard),
             "when somebody is further on": lambda view, heard, n, f: max(asked for _, asked in heard) > view,
             "when somebody is still behind": lambda view, heard, n, f: min(asked for _, asked in heard) < view},
    hints=("Which of the replicas that you have heard have left the view before this one?",
           "Count these replicas, not their messages. How many must they be for two such sets to share a correct one?"),
)  # fmt: skip

EXERCISES = (EQUIVOCATORS, VOTES_NEEDED, TIMER)
