"""Counts from uniform noise: the inverse of the zero-inflated negative binomial distribution."""

import math

import numpy as np

from ..core.compiling import compiled

_LOWEST_LOG_EMPTY = -600.0
"""Below this the probability of zero underflows and summing from zero is neither exact nor quick."""


@compiled
def _sum_up(uniform: np.ndarray, rate: np.ndarray, size: np.ndarray, zero: np.ndarray) -> np.ndarray:
    """Return counts by adding up probabilities from zero; -1 where that would underflow. One-dimensional arrays."""
    counts = np.zeros(uniform.size)
    for i in range(uniform.size):
        log_empty = -size[i] * math.log1p(rate[i] / size[i])
        if uniform[i] <= zero[i] + (1.0 - zero[i]) * math.exp(log_empty):
            continue
        if log_empty < _LOWEST_LOG_EMPTY:
            counts[i] = -1.0
            continue
        target = (uniform[i] - zero[i]) / (1.0 - zero[i])
        ratio = rate[i] / (rate[i] + size[i])
        probability = math.exp(log_empty)
        total, count = probability, 0.0
        while total < target and (probability > 1e-18 or count < rate[i]):
            probability *= ratio * (count + size[i]) / (count + 1.0)
            count += 1.0
            total += probability
        counts[i] = count
    return counts


def count_from_uniform(uniform: np.ndarray, rate: np.ndarray, size: np.ndarray, zero: np.ndarray) -> np.ndarray:
    """Return zero-inflated negative binomial counts by inversion; all arguments have the same shape.

    Parameters
    ----------
    uniform : array
        Uniform noise, 0 to 1. The count never falls when it rises.
    rate, size, zero : array
        Mean and size of the negative binomial, probability of a structural zero.
    """
    flat = [np.ascontiguousarray(values).ravel() for values in (uniform, rate, size, zero)]
    counts = _sum_up(*flat)
    rest = np.flatnonzero(counts < 0)
    if rest.size:
        from scipy.stats import nbinom

        u, mu, r, z = (values[rest] for values in flat)
        counts[rest] = nbinom.ppf((u - z) / (1.0 - z), r, r / (r + mu))
    return counts.reshape(uniform.shape)
