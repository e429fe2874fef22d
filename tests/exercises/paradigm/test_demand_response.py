"""The chapter on demand response: its answers against the package's."""

import numpy as np

from tefoundations.exercises.registry import EXERCISES
from tefoundations.retail import baseline, curtailment, net_benefit, option_value


def test_a_baseline_is_that_of_the_package(solutions):
    for days, events, before, top, of in EXERCISES["demand_response/customer_baseline"].cases("public"):
        found = baseline(days, events, (2, 4), top, of, adjust=(0, 2), today=[*before, 0, 0])
        assert np.allclose(solutions["demand_response/customer_baseline"](days, events, before, top, of), found.load)


def test_what_is_given_up_is_a_curtailment(solutions):
    for values, retail, lmp, rule in EXERCISES["demand_response/given_up"].cases("public"):
        payment = lmp if rule == "LMP" else max(lmp - retail, 0)
        found = curtailment(values, retail, lmp, payment)
        assert np.allclose(solutions["demand_response/given_up"](values, retail, lmp, rule), [found.energy, found.welfare])


def test_what_others_gain_is_the_net_benefit_and_a_difference_of_rates(solutions):
    for before, after, load, reduction in EXERCISES["demand_response/benefit_to_others"].cases("public"):
        answer = solutions["demand_response/benefit_to_others"](before, after, load, reduction)
        found = net_benefit(before, after, load, reduction)
        assert np.isclose(answer, found.benefit)
        assert np.isclose(answer, (before - found.rate) * (load - reduction))


def test_a_right_is_what_the_best_choice_brings_beyond_use(solutions):
    for prices, probabilities, value in EXERCISES["demand_response/right_to_sell"].cases("public"):
        answer = solutions["demand_response/right_to_sell"](prices, probabilities, value)
        assert np.isclose(answer, option_value(prices, value, probabilities))
        assert np.isclose(answer, np.dot(probabilities, np.maximum(prices, value)) - value)
