"""How wide Gaussian noise must be: exactly, and by the classical formula where that holds."""

import math

from tefoundations.errors import InvalidInput
from tefoundations.inputs import not_negative, positive, share


def gaussian_delta(sigma: float, epsilon: float, sensitivity: float = 1.0) -> float:
    """The exact delta that Gaussian noise buys at an epsilon.

    Parameters
    ----------
    sigma : float
        Standard deviation of the noise, in the unit of `sensitivity`.
    epsilon : float
        Zero is allowed: then delta is the total variation distance of two neighbours.
    sensitivity : float
        Largest Euclidean (L2) distance of two neighbours.

    Returns
    -------
    float

    Raises
    ------
    InvalidInput
        A sigma or sensitivity that is not positive, an epsilon that is negative.

    References
    ----------
    Balle, B. and Wang, Y.-X. (2018), "Improving the Gaussian mechanism for differential privacy: analytical calibration
    and optimal denoising", ICML, theorem 8.

    Examples
    --------
    >>> f"{gaussian_delta(3.7306, epsilon=1):.2e}"
    '1.00e-05'
    """
    from scipy.special import log_ndtr

    ratio = positive(sensitivity, "sensitivity") / positive(sigma, "sigma")
    epsilon = not_negative(epsilon, "epsilon")
    upper, lower = (float(log_ndtr(sign * ratio / 2 - epsilon / ratio)) for sign in (1, -1))
    # By logarithms: both terms may be tiny, and e^epsilon large.
    return max(0.0, math.exp(upper) * -math.expm1(min(0.0, epsilon + lower - upper)))


def gaussian_scale(epsilon: float, delta: float, sensitivity: float = 1.0) -> float:
    """The smallest standard deviation of Gaussian noise that is (epsilon, delta)-differentially private.

    Parameters
    ----------
    epsilon, delta : float
        Any positive epsilon; delta between 0 and 1.
    sensitivity : float
        Largest Euclidean (L2) distance of two neighbours.

    Returns
    -------
    float
        In the unit of `sensitivity`; rounded up in its last digits, so that `gaussian_delta` of it is at most delta.

    Raises
    ------
    InvalidInput
        An epsilon or sensitivity that is not positive, a delta outside (0, 1).

    References
    ----------
    Balle and Wang (2018), algorithm 1 (here by bisection).

    Examples
    --------
    >>> round(gaussian_scale(1, 1e-5), 4), round(gaussian_scale(2, 1e-5, sensitivity=10), 3)
    (3.7306, 19.938)
    """
    epsilon, delta = positive(epsilon, "epsilon"), share(delta, "delta")
    sensitivity = positive(sensitivity, "sensitivity")
    low = high = 1.0
    while gaussian_delta(high, epsilon) > delta:
        high *= 2
    while gaussian_delta(low, epsilon) <= delta:
        low /= 2
    while high - low > 1e-14 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if gaussian_delta(middle, epsilon) > delta else (low, middle)
    return high * sensitivity


def classical_gaussian_scale(epsilon: float, delta: float, sensitivity: float = 1.0) -> float:
    """The textbook's standard deviation, sqrt(2 ln(1.25 / delta)) sensitivity / epsilon; wider than need be.

    Its proof holds for epsilon below 1 only. Beyond, the formula may promise more privacy than it gives.

    Parameters
    ----------
    epsilon, delta : float
        Each between 0 and 1.
    sensitivity : float
        Largest Euclidean (L2) distance of two neighbours.

    Returns
    -------
    float

    Raises
    ------
    InvalidInput
        An epsilon of 1 or more, where the formula is not proved; a delta outside (0, 1).

    References
    ----------
    Dwork, C. and Roth, A. (2014), "The algorithmic foundations of differential privacy", theorem 3.22 (A.1).

    Examples
    --------
    >>> round(classical_gaussian_scale(0.5, 1e-5), 3), round(gaussian_scale(0.5, 1e-5), 3)
    (9.69, 7.032)
    >>> classical_gaussian_scale(1, 1e-5)
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: epsilon 1: the classical formula is proved below 1 only; use gaussian_scale
    """
    epsilon, delta = positive(epsilon, "epsilon"), share(delta, "delta")
    if epsilon >= 1:
        raise InvalidInput(f"epsilon {epsilon:g}: the classical formula is proved below 1 only; use gaussian_scale")
    return math.sqrt(2 * math.log(1.25 / delta)) * positive(sensitivity, "sensitivity") / epsilon
