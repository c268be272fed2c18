"""The log likelihood of the panel and its exact gradient, in one pass over the data.

PyTensor could derive the gradient from the graph in `rates.py`, and a test holds the two together. This version exists
because it compiles once on a machine, whatever the shapes, and needs a fraction of the time per gradient.
"""

import math

import numpy as np

from ..core.compiling import compiled
from .counts import count_terms
from .elementary import exponentials, logarithms, powers, sigmoid, weighted_sum
from .undriven import back_through_drivers, take_out_drivers


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
    shift: np.ndarray,
    counts: np.ndarray,
    log_factorials: np.ndarray,
    weights: np.ndarray,
    neighbours: np.ndarray,
    occurrence_rest: np.ndarray,
    fast_rest: np.ndarray,
    slow_rest: np.ndarray,
    fast_kernel: np.ndarray,
    slow_kernel: np.ndarray,
    occurrence_kernel: np.ndarray,
    exposure: np.ndarray,
    borders: np.ndarray,
    structure: np.ndarray,
    constants: np.ndarray,
) -> tuple[float, np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the weighted log likelihood and its gradient by the first five arguments.

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
    shift : array (outcome, country, last month)
        What drift and turns add to the log rate in the months in which drivers may act, too; may be empty.
    counts, log_factorials, neighbours : array (outcome, country, row)
        Deaths, log of their factorials, and the neighbours' slow memory as recorded.
    occurrence_rest, fast_rest, slow_rest : array (outcome, country, row)
        What is remembered of the months before these.
    weights : array (country, row)
    fast_kernel, slow_kernel, occurrence_kernel : array (outcome, row, last month)
    exposure : array (driver, outcome, country, last month)
        Share of each driver's peak effect that acts there and then.
    borders : array (country, neighbour)
    structure : array (4, outcome)
        Reversion exponent (above 0, at most 1), dispersion centre, whether another outcome feeds it (0 or 1), and the
        position of that other one.
    constants : array (4,)
        Small rate, least rate, largest zero share, occurrence centre.
    """
    outcomes, countries, _ = counts.shape
    drivers, after = exposure.shape[0], exposure.shape[3]
    by_driver = exposure.reshape((drivers, outcomes * countries * after))
    effect = weighted_sum(driver_effect, by_driver)
    exponentials(effect)
    direct = effect.reshape((outcomes, countries, after))
    wandered = shift.copy().reshape(outcomes * countries * after)
    exponentials(wandered)
    wandered = wandered.reshape((outcomes, countries, after))
    total, coupling = 0.0, math.exp(log_coupling[0])
    fast, slow, crossing, occurrence = fast_rest.copy(), slow_rest.copy(), slow_rest.copy(), occurrence_rest.copy()
    undriven = neighbours.copy()
    factor = take_out_drivers(
        series, shape, coupling, counts, neighbours, direct, wandered, fast_kernel, slow_kernel, occurrence_kernel,
        borders, structure, constants, drivers > 0, fast, slow, crossing, occurrence, undriven,
    )  # fmt: skip

    g_series, g_shape, g_coupling = np.zeros(series.shape), np.zeros(shape.shape), np.zeros(1)
    g_fast, g_slow = np.zeros(counts.shape), np.zeros(counts.shape)
    g_occurrence, g_neighbours = np.zeros(counts.shape), np.zeros(counts.shape)
    g_factor, g_shift = np.zeros(direct.shape), np.zeros(direct.shape)
    for k in range(outcomes):
        fed, source = structure[2, k], int(structure[3, k])
        value, fed_slope = outcome_terms(
            k, series, shape, fed * coupling, counts[k], log_factorials[k], weights, undriven[k], occurrence[k],
            fast[k], slow[k], fast[source], factor[k], wandered[k], structure, constants,
            g_series, g_shape, g_fast[k], g_slow[k], g_occurrence[k], g_neighbours[k], g_factor[k], g_shift[k],
        )  # fmt: skip
        total += value
        if fed > 0.0:
            g_coupling[0] += add_fed(fed_slope, fast[source], coupling, g_fast[source])
    g_effect = back_through_drivers(
        series, shape, coupling, counts, neighbours, direct, wandered, fast_kernel, slow_kernel, occurrence_kernel,
        borders, structure, constants, drivers > 0, fast, slow, undriven, factor,
        g_series, g_shape, g_coupling, g_fast, g_slow, g_occurrence, g_neighbours, g_factor, g_shift,
    )  # fmt: skip
    flat = g_effect.reshape(effect.size)
    g_driver = np.zeros(drivers)
    for d in range(drivers):
        for i in range(flat.size):
            g_driver[d] += by_driver[d, i] * flat[i]
    return total, g_series, g_shape, g_coupling, g_driver, g_shift


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
    factor: np.ndarray,
    wandered: np.ndarray,
    structure: np.ndarray,
    constants: np.ndarray,
    g_series: np.ndarray,
    g_shape: np.ndarray,
    g_fast: np.ndarray,
    g_slow: np.ndarray,
    g_occurrence: np.ndarray,
    g_neighbours: np.ndarray,
    g_factor: np.ndarray,
    g_shift: np.ndarray,
) -> tuple[float, np.ndarray]:
    """Return the log likelihood of one outcome, and its gradient by what memory says, shape (country, row).

    In the last months drift and turns multiply the rate by `wandered`, and drivers by `factor`; dispersion and zeros
    are read at the rate without drivers. The gradient by everything else is added to the arrays that begin with `g_`.
    """
    countries, rows = counts.shape
    first_effect = rows - factor.shape[1]
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
    plain, own_rate = np.empty(counts.size), np.empty(counts.size)
    rate, level = np.empty(counts.size), np.empty(counts.size)
    for c in range(countries):
        for t in range(rows):
            i = c * rows + t
            imported = (1.0 - memory) * strength[c] * neighbours[c, t]
            plain[i] = reverting[i] + imported + coupling * fighting[c, t] + least_rate
            own_rate[i] = plain[i] * (wandered[c, t - first_effect] if t >= first_effect else 1.0)
            rate[i] = own_rate[i] * (factor[c, t - first_effect] if t >= first_effect else 1.0)
            level[i] = own_rate[i] + 0.1
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
            d_rate = weight * by_rate[i]
            d_own_rate = d_rate * rate[i] / own_rate[i] + d_level / (own_rate[i] + 0.1)
            d_plain[c, t] = d_own_rate * own_rate[i] / plain[i]
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
            g_fast[c, t] += d_own * fast_share
            g_slow[c, t] += d_own * (1.0 - fast_share)
            g_occurrence[c, t] += d_size * steadiness - d_zero * presence
            g_neighbours[c, t] += d_plain[c, t] * (1.0 - memory) * strength[c]
            if t >= first_effect:
                g_factor[c, t - first_effect] += d_rate * own_rate[i]
                g_shift[c, t - first_effect] += d_own_rate * own_rate[i]
    return total, d_plain
