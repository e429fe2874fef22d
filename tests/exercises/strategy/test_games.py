"""The chapter games: its answers against the package, which computes them in another way."""

import numpy as np

from tefoundations.exercises import check
from tefoundations.exercises.registry import EXERCISES
from tefoundations.strategy import NormalFormGame, cournot, critical_discount


def test_cells_are_those_of_the_package(solutions):
    for rows, columns in EXERCISES["games/pure_equilibria"].cases("public"):
        found = NormalFormGame(np.stack([rows, columns], axis=-1)).pure_equilibria()
        assert solutions["games/pure_equilibria"](rows, columns) == tuple(list(cell) for cell in found)


def test_sellers_who_answer_in_turn_come_to_the_equilibrium_that_is_solved_for(solutions):
    for case in EXERCISES["games/cournot"].cases("public"):
        assert np.allclose(solutions["games/cournot"](*case), cournot(*case).quantity, atol=1e-6)


def test_patience_is_the_critical_discount(solutions):
    for case in EXERCISES["games/patience"].cases("public"):
        found = solutions["games/patience"](*case)
        assert np.isclose(1.0 if found is None else found, critical_discount(*case))


def test_a_millionth_of_a_kwh_is_near_enough_as_the_text_says(solutions):
    name = "games/cournot"
    for by, right in ((0.99e-6, True), (-0.99e-6, True), (3e-6, False)):
        told = check(name, lambda *case, by=by: [sold + by * (sold > 0) for sold in solutions[name](*case)])
        assert bool(told) == right, (by, told)


def test_whoever_looks_along_one_wrong_line_or_at_one_player_is_told_which():
    name = "games/pure_equilibria"

    def one_player(rows, columns):
        return [[i, j] for i in range(len(rows)) for j in range(len(rows[0])) if columns[i][j] == max(columns[i])]

    def one_line(rows, columns):
        return [[i, j] for i, j in one_player(rows, columns) if rows[i][j] == max(rows[i])]

    assert check(name, one_player).reason == "it asks only whether the column player would move."
    assert check(name, one_line).reason.startswith("its row player compares along the wrong line")


def test_no_promise_is_drawn_that_patience_breaks():
    for seed in range(20):
        for together, cheat, punished, _ in EXERCISES["games/patience"].cases(seed):
            assert cheat > together or punished <= together
