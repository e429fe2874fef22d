"""Privacy: noise mechanisms, what they cost, and attacks that measure what they are worth.

The unit of privacy is **a meter for a day**, 48 readings, unless a function says otherwise. Two data sets are neighbours
if they differ in one unit.
"""

from tefoundations.privacy.accounting import PrivacyBudget, advanced_epsilon
from tefoundations.privacy.attacks import Success, best_attack, events_found, find_events, guessing_game
from tefoundations.privacy.calibration import classical_gaussian_scale, gaussian_delta, gaussian_scale
from tefoundations.privacy.empirical import EpsilonEstimate, estimate_epsilon
from tefoundations.privacy.integer_noise import discrete_laplace, discrete_laplace_probability
from tefoundations.privacy.masks import SecureSum, secure_sum
from tefoundations.privacy.real_noise import could_come_from, gaussian, laplace
from tefoundations.privacy.sensitivities import (
    clipped,
    histogram_sensitivity,
    mean_sensitivity,
    peak_sensitivity,
    sum_sensitivity,
)
from tefoundations.privacy.yes_no import randomised_response, randomised_response_estimate

__all__ = [
    "EpsilonEstimate",
    "PrivacyBudget",
    "SecureSum",
    "Success",
    "advanced_epsilon",
    "best_attack",
    "classical_gaussian_scale",
    "clipped",
    "could_come_from",
    "discrete_laplace",
    "discrete_laplace_probability",
    "estimate_epsilon",
    "events_found",
    "find_events",
    "gaussian",
    "gaussian_delta",
    "gaussian_scale",
    "guessing_game",
    "histogram_sensitivity",
    "laplace",
    "mean_sensitivity",
    "peak_sensitivity",
    "randomised_response",
    "randomised_response_estimate",
    "secure_sum",
    "sum_sensitivity",
]
