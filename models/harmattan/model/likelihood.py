"""The log likelihood of the panel and its exact gradient, in one pass over the data.

PyTensor could derive the gradient from the graph in `rates.py`, and a test holds the two together. This version exists
because it compiles once on a machine, whatever the shapes, and needs a fraction of the time per gradient.
"""

import math

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


@compiled
def powers(x: np.ndarray, exponent: float) -> np.ndarray:
    """Return each number of a flat array to a power; the numbers must be positive."""
    result = x.copy()
    if exponent != 1.0:
        logarithms(result)
        for i in range(result.size):
            result[i] *= exponent
        exponentials(result)
    return result


@compiled
def sigmoid(x: float) -> float:
    """Return the logistic function."""
    return 1.0 / (1.0 + math.exp(-x))


@compiled
def weighted_sum(weights: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return weights @ rows, always added up in the same order, which BLAS does not promise."""
    total = np.zeros(rows.shape[1])
    for i in range(weights.size):
        for j in range(total.size):
            total[j] += weights[i] * rows[i, j]
    return total


@compiled
def remember(
    fast: np.ndarray, slow: np.ndarray, fast_kernel: np.ndarray, slow_kernel: np.ndarray, corrected: np.ndarray
) -> None:
    """Add to the memories, in place, what they hold of the corrected deaths after the exit."""
    outcomes, countries, rows = fast.shape
    after = corrected.shape[2]
    for k in range(outcomes):
        for c in range(countries):
            for t in range(rows - after, rows):
                for s in range(t - (rows - after)):
                    fast[k, c, t] += fast_kernel[k, t, s] * corrected[k, c, s]
                    slow[k, c, t] += slow_kernel[k, t, s] * corrected[k, c, s]


@compiled
def take_out_of_memory(
    g_effect: np.ndarray,
    g_fast: np.ndarray,
    g_slow: np.ndarray,
    fast_kernel: np.ndarray,
    slow_kernel: np.ndarray,
    corrected: np.ndarray,
) -> None:
    """Add to the gradient by effects, in place, what they change in the memories: `remember`, backwards."""
    outcomes, countries, rows = g_fast.shape
    after = corrected.shape[2]
    for k in range(outcomes):
        for c in range(countries):
            for t in range(rows - after, rows):
                for s in range(t - (rows - after)):
                    by_memory = fast_kernel[k, t, s] * g_fast[k, c, t] + slow_kernel[k, t, s] * g_slow[k, c, t]
                    g_effect[k, c, s] -= corrected[k, c, s] * by_memory


@compiled
def add_fed(slope: np.ndarray, source: np.ndarray, coupling: float, g_source: np.ndarray) -> float:
    """Return the gradient by log coupling of an outcome that another one feeds, and add the one by its memory."""
    total = 0.0
    for c in range(slope.shape[0]):
        for t in range(slope.shape[1]):
            total += coupling * slope[c, t] * source[c, t]
            g_source[c, t] += coupling * slope[c, t]
    return total


@compiled
def likelihood_and_gradient(
    series: np.ndarray,
    shape: np.ndarray,
    log_coupling: np.ndarray,
    driver_effect: np.ndarray,
    counts: np.ndarray,
    log_factorials: np.ndarray,
    weights: np.ndarray,
    neighbours: np.ndarray,
    occurrence: np.ndarray,
    fast_rest: np.ndarray,
    slow_rest: np.ndarray,
    fast_kernel: np.ndarray,
    slow_kernel: np.ndarray,
    exposure: np.ndarray,
    structure: np.ndarray,
    constants: np.ndarray,
) -> tuple[float, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the weighted log likelihood and its gradient by the first four arguments.

    Parameters
    ----------
    series : array (series quantity, country, outcome)
        Log level, import logit, log dispersion.
    shape : array (shape quantity, outcome)
        Memory logit, fast-share logit, dispersion by rate and by occurrence, zero base, log of zero by rate, zero by
        occurrence.
    log_coupling : array (1,)
        Log of the coupling from the fast memory of one outcome to the rate of the outcome that it feeds.
    driver_effect : array (driver,)
        Log rate ratio of each driver at its peak; may be empty.
    counts, log_factorials, neighbours, occurrence, fast_rest, slow_rest : array (outcome, country, row)
    weights : array (country, row)
    fast_kernel, slow_kernel : array (outcome, row, month after the exit)
    exposure : array (driver, outcome, country, month after the exit)
        Share of each driver's peak effect that acts there and then.
    structure : array (4, outcome)
        Reversion exponent (above 0, at most 1), dispersion centre, whether another outcome feeds it (0 or 1), and the
        position of that other one.
    constants : array (4,)
        Small rate, least rate, largest zero share, occurrence centre.
    """
    outcomes, countries, rows = counts.shape
    drivers, after = exposure.shape[0], exposure.shape[3]
    first_effect = rows - after
    by_driver = exposure.reshape((drivers, outcomes * countries * after))
    effect = weighted_sum(driver_effect, by_driver)
    exponentials(effect)
    multiplier = effect.reshape((outcomes, countries, after))
    corrected = np.empty(multiplier.shape)
    for k in range(outcomes):
        for c in range(countries):
            for t in range(after):
                corrected[k, c, t] = counts[k, c, first_effect + t] / multiplier[k, c, t]
    fast_memory, slow_memory = fast_rest.copy(), slow_rest.copy()
    remember(fast_memory, slow_memory, fast_kernel, slow_kernel, corrected)

    total, coupling = 0.0, math.exp(log_coupling[0])
    g_series, g_shape, g_coupling = np.zeros(series.shape), np.zeros(shape.shape), np.zeros(1)
    g_fast, g_slow, g_effect = np.zeros(counts.shape), np.zeros(counts.shape), np.zeros(multiplier.shape)
    for k in range(outcomes):
        fed, source = structure[2, k], int(structure[3, k])
        value, fed_slope = outcome_terms(
            k,
            series,
            shape,
            fed * coupling,
            counts[k],
            log_factorials[k],
            weights,
            neighbours[k],
            occurrence[k],
            fast_memory[k],
            slow_memory[k],
            fast_memory[source],
            multiplier[k],
            structure,
            constants,
            g_series,
            g_shape,
            g_fast,
            g_slow,
            g_effect[k],
        )
        total += value
        if fed > 0.0:
            g_coupling[0] += add_fed(fed_slope, fast_memory[source], coupling, g_fast[source])
    take_out_of_memory(g_effect, g_fast, g_slow, fast_kernel, slow_kernel, corrected)
    flat = g_effect.reshape(effect.size)
    g_driver = np.zeros(drivers)
    for d in range(drivers):
        for i in range(flat.size):
            g_driver[d] += by_driver[d, i] * flat[i]
    return total, g_series, g_shape, g_coupling, g_driver


@compiled
def outcome_terms(
    k: int,
    series: np.ndarray,
    shape: np.ndarray,
    coupling: float,
    counts: np.ndarray,
    log_factorials: np.ndarray,
    weights: np.ndarray,
    neighbours: np.ndarray,
    occurrence: np.ndarray,
    fast: np.ndarray,
    slow: np.ndarray,
    fighting: np.ndarray,
    multiplier: np.ndarray,
    structure: np.ndarray,
    constants: np.ndarray,
    g_series: np.ndarray,
    g_shape: np.ndarray,
    g_fast: np.ndarray,
    g_slow: np.ndarray,
    g_effect: np.ndarray,
) -> tuple[float, np.ndarray]:
    """Return the log likelihood of one outcome, and its gradient by the rate before effects, shape (country, row).

    The gradient by series, shape, memories and effects is added to the arrays that begin with `g_`.
    """
    countries, rows = counts.shape
    first_effect = rows - multiplier.shape[1]
    small_rate, least_rate, largest_zero, usual_occurrence = constants[0], constants[1], constants[2], constants[3]
    exponent, centre = structure[0, k], structure[1, k]
    memory, fast_share = sigmoid(shape[0, k]), sigmoid(shape[1, k])
    slope, steadiness = shape[2, k], shape[3, k]
    zero_base, zero_slope, presence = shape[4, k], math.exp(shape[5, k]), shape[6, k]

    own = np.empty(counts.size)
    for c in range(countries):
        for t in range(rows):
            own[c * rows + t] = small_rate + fast_share * fast[c, t] + (1.0 - fast_share) * slow[c, t]
    own_power = powers(own, exponent)
    mean_power, level_power, strength = np.empty(counts.size), np.empty(countries), np.empty(countries)
    for c in range(countries):
        level_power[c], strength[c] = math.exp(exponent * series[0, c, k]), sigmoid(series[1, c, k])
        for i in range(c * rows, (c + 1) * rows):
            mean_power[i] = (1.0 - memory) * level_power[c] + memory * own_power[i]
    reverting = powers(mean_power, 1.0 / exponent)
    plain, rate, level = np.empty(counts.size), np.empty(counts.size), np.empty(counts.size)
    for c in range(countries):
        for t in range(rows):
            i = c * rows + t
            imported = (1.0 - memory) * strength[c] * neighbours[c, t]
            plain[i] = reverting[i] + imported + coupling * fighting[c, t] + least_rate
            rate[i] = plain[i] * (multiplier[c, t - first_effect] if t >= first_effect else 1.0)
            level[i] = rate[i] + 0.1
    logarithms(level)
    size, zero_sigmoid = np.empty(counts.size), np.empty(counts.size)
    for c in range(countries):
        for t in range(rows):
            i, often = c * rows + t, occurrence[c, t] - usual_occurrence
            size[i] = series[2, c, k] + slope * (level[i] - centre) + steadiness * often
            zero_sigmoid[i] = zero_slope * level[i] + presence * often - zero_base
    exponentials(size)
    exponentials(zero_sigmoid)
    zero = np.empty(counts.size)
    for i in range(counts.size):
        zero_sigmoid[i] = 1.0 / (1.0 + zero_sigmoid[i])
        zero[i] = largest_zero * zero_sigmoid[i]
    value, by_rate, by_size, by_zero = count_terms(
        counts.reshape(counts.size), log_factorials.reshape(counts.size), rate, size, zero
    )

    total, d_plain = 0.0, np.empty(counts.shape)
    for c in range(countries):
        for t in range(rows):
            i, often, weight = c * rows + t, occurrence[c, t] - usual_occurrence, weights[c, t]
            total += weight * value[i]
            d_size = weight * by_size[i] * size[i]
            d_zero = weight * by_zero[i] * largest_zero * zero_sigmoid[i] * (1.0 - zero_sigmoid[i])
            d_level = d_size * slope - d_zero * zero_slope
            d_rate = weight * by_rate[i] * rate[i] + d_level * rate[i] / (rate[i] + 0.1)
            d_plain[c, t] = d_rate / plain[i]
            d_power = d_plain[c, t] * reverting[i] / (exponent * mean_power[i])
            d_own = d_power * memory * exponent * own_power[i] / own[i]
            d_import = d_plain[c, t] * strength[c] * neighbours[c, t]

            g_series[0, c, k] += d_power * (1.0 - memory) * exponent * level_power[c]
            g_series[1, c, k] += d_import * (1.0 - memory) * (1.0 - strength[c])
            g_series[2, c, k] += d_size
            g_shape[0, k] += (d_power * (own_power[i] - level_power[c]) - d_import) * memory * (1.0 - memory)
            g_shape[1, k] += d_own * (fast[c, t] - slow[c, t]) * fast_share * (1.0 - fast_share)
            g_shape[2, k] += d_size * (level[i] - centre)
            g_shape[3, k] += d_size * often
            g_shape[4, k] += d_zero
            g_shape[5, k] -= d_zero * zero_slope * level[i]
            g_shape[6, k] -= d_zero * often
            g_fast[k, c, t] += d_own * fast_share
            g_slow[k, c, t] += d_own * (1.0 - fast_share)
            if t >= first_effect:
                g_effect[c, t - first_effect] += d_rate
    return total, d_plain
