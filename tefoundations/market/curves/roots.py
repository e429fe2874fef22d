"""The zero of a rising function that bends."""

import numpy as np

SMALLEST = np.finfo(float).tiny


def rising_root(function, bends, straight):
    """Where a function that never falls reaches 0: the first such place; None where it never does.

    Parameters
    ----------
    function : callable
        float -> float, never falling.
    bends : (n,) array
        Where it bends, one at least; in any order. Beyond the first and the last it goes on.
    straight : bool
        Whether it is a straight line between bends, and beyond them. Else it comes from below as its argument falls to 0,
        and is looked for above 0.

    Returns
    -------
    float or None

    Examples
    --------
    >>> rising_root(lambda x: max(x, 0) + max(x - 2, 0) - 4, [0, 2], straight=True)
    3.0
    """
    bends = np.unique(np.asarray(bends, float))
    low, high = -1, len(bends)  # places: the function is below 0 at the one, not below 0 at the other
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if function(float(bends[middle])) < 0 else (low, middle)
    if straight:
        return _on_a_line(function, bends, low, high)
    start = float(bends[low]) if low >= 0 else 0.0
    end = float(bends[high]) if high < len(bends) else None
    return _between(function, max(start, 0.0), end)


def _on_a_line(function, bends, low, high):
    """The zero of the line on which two places stand; a line beyond the bends is told by a second point on it."""
    left = float(bends[low]) if low >= 0 else None
    right = float(bends[high]) if high < len(bends) else None
    reach = max(float(np.ptp(bends)), float(np.abs(bends).max()), 1e-3)
    left = right - reach if left is None else left
    right = left + reach if right is None else right
    at_left, at_right = function(left), function(right)
    if at_left >= at_right:
        return None if at_right else right
    return right - at_right * (right - left) / (at_right - at_left)


def _between(function, start, end):
    """The zero by Brent's method, between ends that are looked for by halving and by doubling."""
    from scipy.optimize import brentq

    if end is None:
        end = max(2 * start, 1.0)
        while function(end) < 0:
            end *= 2
            if not np.isfinite(end):
                return None
    if not function(end):
        return end
    if start <= 0:
        start = end / 2
        while function(start) >= 0:
            start /= 2
            if start < SMALLEST:
                return None
    return float(brentq(function, start, end, xtol=SMALLEST, rtol=4 * np.finfo(float).eps, maxiter=500))
