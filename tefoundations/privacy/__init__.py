"""Privacy: noise mechanisms, what they cost, and attacks that measure what they are worth.

The unit of privacy is **a meter for a day**, 48 readings, unless a function says otherwise. Two data sets are neighbours
if they differ in one unit.

=======================================  ===================================================================
What you want                            What to call
=======================================  ===================================================================
noise on whole numbers, safe to publish  `discrete_laplace`, `discrete_laplace_probability`
noise on real numbers                    `laplace`, `gaussian`; what their last bits tell: `could_come_from`
how wide Gaussian noise must be          `gaussian_scale`, `gaussian_delta`, `classical_gaussian_scale`
answers with noise added at home         `randomised_response`, `randomised_response_estimate`
how much one unit changes a sum, a mean  `sum_sensitivity`, `mean_sensitivity`, of values `clipped`
how much it changes a histogram, a peak  `histogram_sensitivity`, `peak_sensitivity`
what several queries cost together       `PrivacyBudget`, `advanced_epsilon`
a sum nobody can look into               `secure_sum`
how well an attacker guesses             `best_attack`, `guessing_game`, `find_events`, `events_found`
a test of a mechanism's promise          `estimate_epsilon`
=======================================  ===================================================================
"""

from tefoundations.privacy.attacks import Success, best_attack, events_found, find_events, guessing_game
from tefoundations.privacy.calibration import classical_gaussian_scale, gaussian_delta, gaussian_scale
from tefoundations.privacy.composition import PrivacyBudget, advanced_epsilon
from tefoundations.privacy.estimates import EpsilonEstimate, estimate_epsilon
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
from tefoundations.privacy.surveys import randomised_response, randomised_response_estimate

__all__ = [
    # Noise
    "laplace", "discrete_laplace", "discrete_laplace_probability", "gaussian", "gaussian_scale", "gaussian_delta",
    "classical_gaussian_scale", "randomised_response", "randomised_response_estimate",
    # How much one meter can change
    "clipped", "sum_sensitivity", "mean_sensitivity", "histogram_sensitivity", "peak_sensitivity",
    # What is spent
    "PrivacyBudget", "advanced_epsilon",
    # Sums nobody can look into
    "secure_sum", "SecureSum",
    # Attacks
    "best_attack", "guessing_game", "Success", "find_events", "events_found", "could_come_from",
    # Testing a promise
    "estimate_epsilon", "EpsilonEstimate",
]  # fmt: skip
