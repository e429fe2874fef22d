"""Noise on real numbers. Right by its formula, and leaky in its last bits: see `could_come_from`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tefoundations.inputs import generator, number, numbers, positive
from tefoundations.privacy.calibration import gaussian_scale

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


def laplace(value: ArrayLike, sensitivity: float, epsilon: float, rng: np.random.Generator | int) -> Any:
    """A value with Laplace noise of scale sensitivity/epsilon.

    Had numbers infinitely many digits, the output would be `epsilon`-differentially private. As floats they have 53 bits,
    and the last of them can tell which value was behind: publish with `discrete_laplace`, and use this one to learn and to
    plan.

    Parameters
    ----------
    value : float or (...) float array
        What is to be published.
    sensitivity : float
        The most that one unit of privacy can change `value`: the sum of absolute changes over all its entries (L1),
        in the unit of `value`.
    epsilon : float
        Privacy lost.
    rng : numpy.random.Generator or int
        Source of all randomness. Whoever knows the seed can take the noise off again.

    Returns
    -------
    float, or (...) float array
        Unbiased; the variance of each entry is 2 (sensitivity/epsilon)^2.

    Raises
    ------
    InvalidInput
        A value that is not finite; a sensitivity or epsilon that is not positive; no rng.

    References
    ----------
    Dwork, C., McSherry, F., Nissim, K. and Smith, A. (2006), "Calibrating noise to sensitivity in private data analysis",
    TCC; Mironov, I. (2012), "On significance of the least significant bits for differential privacy", CCS.

    Examples
    --------
    >>> round(laplace(12.6, sensitivity=4.8, epsilon=1, rng=7), 2)
    7.89
    >>> laplace(12.6, sensitivity=4.8, epsilon=0, rng=7)
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: epsilon 0 must be a positive number
    """
    array, scale = numbers(value, "value", ndim=None), positive(sensitivity, "sensitivity") / positive(epsilon, "epsilon")
    rng = generator(rng)
    # 1 - random() lies in (0, 1]: its logarithm is finite.
    size = -scale * np.log(1 - rng.random(array.shape))
    noisy = array + np.where(rng.integers(0, 2, array.shape) == 0, size, -size)
    return noisy if array.ndim else float(noisy)


def gaussian(value: ArrayLike, sensitivity: float, epsilon: float, delta: float, rng: np.random.Generator | int) -> Any:
    """A value with Gaussian noise, as wide as (epsilon, delta) asks.

    Like `laplace` it has 53 bits and no more: not for publishing.

    Parameters
    ----------
    value : float or (...) float array
        What is to be published.
    sensitivity : float
        The most that one unit of privacy can change `value`, as Euclidean distance over all its entries (L2), in the unit
        of `value`.
    epsilon, delta : float
        Privacy lost: epsilon positive, delta between 0 and 1.
    rng : numpy.random.Generator or int
        Source of all randomness.

    Returns
    -------
    float, or (...) float array
        Unbiased; the standard deviation of each entry is ``gaussian_scale(epsilon, delta, sensitivity)``.

    Raises
    ------
    InvalidInput
        As `laplace`, and for a delta outside (0, 1).

    References
    ----------
    Balle, B. and Wang, Y.-X. (2018), see `gaussian_scale`.

    Examples
    --------
    >>> round(gaussian(12.6, sensitivity=0.7, epsilon=1, delta=1e-5, rng=7), 2)
    12.6
    """
    array, sigma = numbers(value, "value", ndim=None), gaussian_scale(epsilon, delta, sensitivity)
    noisy = array + sigma * generator(rng).standard_normal(array.shape)
    return noisy if array.ndim else float(noisy)


def could_come_from(output: float, value: float, scale: float) -> bool:
    """Whether `laplace` can give exactly this output, to the last bit, when this is the value behind it.

    `laplace` takes the logarithm of a multiple of 2^-53. That leaves gaps between the numbers it can reach, and the gaps
    lie elsewhere for another value. An output that only one of two values can reach has given the secret away, whatever
    epsilon is.

    Parameters
    ----------
    output : float
        What was published.
    value : float
        A value that may be behind it.
    scale : float
        Scale of the noise: sensitivity/epsilon, as `laplace` computes it.

    Returns
    -------
    bool

    Raises
    ------
    InvalidInput
        A number that is not finite, or a scale that is not positive.

    References
    ----------
    Mironov, I. (2012), "On significance of the least significant bits for differential privacy", CCS.

    Examples
    --------
    >>> secret = laplace(3.0, sensitivity=1, epsilon=0.5, rng=5)
    >>> could_come_from(secret, 3.0, scale=2), could_come_from(secret, 2.0, scale=2)
    (True, False)
    """
    output, value = number(output, "output"), number(value, "value")
    scale = positive(scale, "scale")
    # Steps k of the grid k 2^-53 near the one that gives this distance; the logarithm and the sum round, so look around.
    middle = np.exp(-abs(output - value) / scale) * 2.0**53
    # Where the output has few bits, many steps give the same one: any of them in the middle will do.
    steps = np.clip(np.floor(middle) + np.arange(-64, 65), 1, 2.0**53)
    size = -scale * np.log(steps * 2.0**-53)
    return bool((value + size == output).any() or (value - size == output).any())
