"""The exercise of the chapter on privacy that keeps a budget."""

from tefoundations.exercises.kit.records import Corner, Exercise, Mistake
from tefoundations.exercises.kit.values import are_numbers
from tefoundations.exercises.strategy.publications import accounts
from tefoundations.privacy import PrivacyBudget

def _answered(groups, total, queries, *, fits=lambda spent, cost, total: spent + cost <= total, refused=False, touched=None):
    spent, told = dict.fromkeys([*groups, "all"], 0), []
    for whom, cost in queries:
        whose = (touched or _touched)(groups, whom)
        told.append(all(fits(spent[group], cost, total) for group in whose))
        for group in whose if told[-1] or refused else ():
            spent[group] += cost
    return told


def _touched(groups, whom):
    return groups if whom == "all" else [whom]


def _until_refused(groups, total, queries):
    told = _answered(groups, total, queries)
    first = told.index(False) if False in told else len(told)
    return told[:first] + [False] * (len(told) - first)


def _a_yes_each(answer, groups, total, queries):
    if isinstance(answer, list) and len(answer) == len(queries) and all(type(told) is bool for told in answer):
        return None
    hint = ": numbers are not asked for" if are_numbers(answer, len(queries)) and queries else ""
    return f"a list of True or False for each query is asked for, here {len(queries)}{hint}"


def _nobody_exceeds(answer, groups, total, queries):
    for group in groups:
        given = sum(cost for (whom, cost), told in zip(queries, answer) if told and group in _touched(groups, whom))
        if given > total:
            return f"of {group} it gives away {given} in all, and {total} is the most"
    return None


ANSWERED = Exercise(
    name="privacy/answered",
    function="answered",
    parameters=("groups", "total", "queries"),
    example=(
        (["lane", "square"], 100, [("lane", 60), ("all", 50), ("square", 80), ("lane", 40), ("all", 20)]),
        [True, False, True, True, False],
    ),
    instances=accounts,
    reference=_answered,
    form=_a_yes_each,
    properties=(_nobody_exceeds,),
    mistakes=(
        Mistake(
            "it keeps one account for everybody. Queries about different homes do not add up: each group has its own.",
            lambda groups, total, queries: _answered(groups, total, queries, touched=lambda groups, whom: ["all"]),
        ),
        Mistake(
            "it keeps an account of its own for queries about all. They tell about each group, and each must pay.",
            lambda groups, total, queries: _answered(groups, total, queries, touched=lambda groups, whom: [whom]),
        ),
        Mistake(
            "it charges for queries that are refused. Nothing is told then, and nothing is lost.",
            lambda *case: _answered(*case, refused=True),
        ),
        Mistake(
            "it closes for good after the first refusal. A smaller query, or one about another group, may still fit.",
            _until_refused,
        ),
        Mistake(
            "it answers as long as anything is left. What is left must be enough for this query.",
            lambda *case: _answered(*case, fits=lambda spent, cost, total: spent < total),
        ),
        Mistake(
            "it looks at each query alone. What was told before counts.",
            lambda *case: _answered(*case, fits=lambda spent, cost, total: cost <= total),
        ),
        Mistake(
            "right, except where a query takes exactly what is left: that fits.",
            lambda *case: _answered(*case, fits=lambda spent, cost, total: spent + cost < total),
            almost=True,
        ),
    ),
    corners=(
        Corner("when there are no queries", lambda groups, total, queries: not queries),
        Corner("when there is one group", lambda groups, total, queries: len(groups) == 1),
        Corner("when a query is about all", lambda groups, total, queries: any(whom == "all" for whom, _ in queries)),
    ),
    forbidden=(PrivacyBudget.spend,),
)
