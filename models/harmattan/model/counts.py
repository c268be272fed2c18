"""The log probability of zero-inflated negative binomial counts and its derivatives, for whole arrays."""

import numpy as np

from ..core.compiling import compiled
from .elementary import exponentials, logarithms

STIRLING_FROM = 8
"""Stirling's series is used from here on, where five terms leave an error below 1e-12; smaller numbers are moved up."""

HALF_LOG_TWO_PI = 0.9189385332046727


@compiled
def rising_products(size: np.ndarray, count: np.ndarray, factor: np.ndarray) -> np.ndarray:
    """Put log of factor x gamma(count + size) / gamma(size) into `factor`; return the derivative by size.

    All flat and of equal length. Both gammas go by Stirling's series after being moved up by the recurrence.
    """
    upper, lower = np.empty(size.size), np.empty(size.size)
    derivative = np.empty(size.size)
    for i in range(size.size):
        low, high = 1.0, 1.0
        low_slope, high_slope = 0.0, 0.0  # of the products, by size
        for j in range(STIRLING_FROM):
            below, above = size[i] + j, size[i] + count[i] + j
            low_slope, high_slope = low_slope * below + low, high_slope * above + high
            low, high = low * below, high * above
        factor[i] *= low / high
        derivative[i] = low_slope / low - high_slope / high
        lower[i], upper[i] = size[i] + STIRLING_FROM, size[i] + count[i] + STIRLING_FROM
    logarithms(factor)
    log_upper, log_lower = upper.copy(), lower.copy()
    logarithms(log_upper)
    logarithms(log_lower)
    for i in range(size.size):
        above, above_slope = _stirling(upper[i], log_upper[i])
        below, below_slope = _stirling(lower[i], log_lower[i])
        factor[i] += above - below
        derivative[i] += above_slope - below_slope
    return derivative


@compiled
def _stirling(x: float, log_x: float) -> tuple[float, float]:
    """Return log gamma and digamma of a number from 8 on."""
    inverse = 1.0 / x
    square = inverse * inverse
    tail = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)))
    slope_tail = square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square * (1 / 240 - square / 132))))
    return (x - 0.5) * log_x - x + HALF_LOG_TWO_PI + tail, log_x - 0.5 * inverse - slope_tail


@compiled
def count_terms(
    count: np.ndarray, log_factorial: np.ndarray, rate: np.ndarray, size: np.ndarray, zero: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the log probability of zero-inflated negative binomial counts and its derivatives.

    All arguments are flat and of equal length.

    Returns
    -------
    tuple of array
        Log probability, and its derivatives by rate, by size and by the probability of a structural zero.
    """
    cells = count.size
    log_ratio, ratio = np.empty(cells), np.empty(cells)
    for i in range(cells):
        ratio[i] = rate[i] / size[i]
        log_ratio[i] = 1.0 + ratio[i]
    logarithms(log_ratio)
    value, by_rate, by_size, by_zero = np.empty(cells), np.empty(cells), np.empty(cells), np.empty(cells)
    for i in range(cells):
        rounded = (
            1.0 + ratio[i]
        ) - 1.0  # what is lost to rounding in 1 + ratio is made good (Higham 2002, section 1.14)
        log_ratio[i] = ratio[i] if rounded == 0.0 else log_ratio[i] * (ratio[i] / rounded)
        value[i] = -size[i] * log_ratio[i]
    exponentials(value)
    positive = 0
    for i in range(cells):
        empty, total_rate = value[i], size[i] + rate[i]
        value[i] = zero[i] + (1.0 - zero[i]) * empty
        share = (1.0 - zero[i]) * empty / value[i]
        by_rate[i] = -share * size[i] / total_rate
        by_size[i] = share * (rate[i] / total_rate - log_ratio[i])
        by_zero[i] = (1.0 - empty) / value[i]
        positive += count[i] > 0.0
    logarithms(value)
    _where_there_were_deaths(
        positive, count, log_factorial, rate, size, zero, log_ratio, value, by_rate, by_size, by_zero
    )
    return value, by_rate, by_size, by_zero


@compiled
def _where_there_were_deaths(
    cells: int,
    count: np.ndarray,
    log_factorial: np.ndarray,
    rate: np.ndarray,
    size: np.ndarray,
    zero: np.ndarray,
    log_ratio: np.ndarray,
    value: np.ndarray,
    by_rate: np.ndarray,
    by_size: np.ndarray,
    by_zero: np.ndarray,
) -> None:
    """Put the terms of the counts above zero in place of those of a zero, in the last four arrays."""
    place, sizes, counts = np.empty(cells, np.int64), np.empty(cells), np.empty(cells)
    log_odds, rising = np.empty(cells), np.empty(cells)
    n = 0
    for i in range(count.size):
        if count[i] > 0.0:
            place[n], sizes[n], counts[n] = i, size[i], count[i]
            log_odds[n], rising[n] = size[i] / rate[i], 1.0 - zero[i]
            n += 1
    logarithms(log_odds)
    rising_derivative = rising_products(sizes, counts, rising)
    for n in range(cells):
        i = place[n]
        # (size / (size + rate))^size (rate / (size + rate))^count, in logs
        decay = -size[i] * log_ratio[i] - counts[n] * (log_ratio[i] + log_odds[n])
        value[i] = rising[n] - log_factorial[i] + decay
        by_rate[i] = size[i] * (counts[n] - rate[i]) / (rate[i] * (size[i] + rate[i]))
        by_size[i] = rising_derivative[n] - log_ratio[i] + (rate[i] - counts[n]) / (size[i] + rate[i])
        by_zero[i] = -1.0 / (1.0 - zero[i])
