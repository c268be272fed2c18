"""What would be remembered without drivers and drift in the last months, and the gradient through it.

Month by month: a month's deaths are divided by what drivers multiplied its rate by, which depends on what was
remembered before and on what neighbours' drivers sent over the border. In a country's own memory they are also divided
by the factor of drift and turns; what crosses borders is with these.
"""

import math

import numpy as np

from ..core.compiling import compiled
from .elementary import sigmoid


@compiled
def undriven_rate(
    k: int,
    c: int,
    series: np.ndarray,
    shape: np.ndarray,
    coupling: float,
    fast: float,
    slow: float,
    neighbours: float,
    fighting: float,
    structure: np.ndarray,
    constants: np.ndarray,
) -> float:
    """Return the rate of one month in one country without drivers: as `outcome_terms` has it for all of them."""
    exponent, memory, fast_share = structure[0, k], sigmoid(shape[0, k]), sigmoid(shape[1, k])
    own = constants[0] + fast_share * fast + (1.0 - fast_share) * slow
    mean_power = (1.0 - memory) * math.exp(exponent * series[0, c, k]) + memory * own**exponent
    imported = (1.0 - memory) * sigmoid(series[1, c, k]) * neighbours
    return mean_power ** (1.0 / exponent) + imported + coupling * fighting + constants[1]


@compiled
def thinned(count: float, factor: float) -> tuple[float, float]:
    """Return the chance that a month with so many deaths had some without its drivers, and its derivative by factor.

    Each death would have happened without them with probability one over the factor; where they lower the rate, a
    month with deaths had some.
    """
    if count == 0.0:
        return 0.0, 0.0
    if factor <= 1.0:
        return 1.0, 0.0
    avoided = 1.0 - 1.0 / factor
    return 1.0 - avoided**count, -count * avoided ** (count - 1.0) / (factor * factor)


@compiled
def share_of_added(added: float, direct: float) -> float:
    """Return by how much what neighbours' drivers add counts where a country's own ones act as well.

    Wholly where it adds; where it takes away it is multiplied by an own factor below one, so that no rate is negative.
    """
    return direct if added < 0.0 and direct < 1.0 else 1.0


@compiled
def take_out_drivers(
    series: np.ndarray,
    shape: np.ndarray,
    coupling: float,
    counts: np.ndarray,
    recorded_neighbours: np.ndarray,
    direct: np.ndarray,
    wandered: np.ndarray,
    fast_kernel: np.ndarray,
    slow_kernel: np.ndarray,
    occurrence_kernel: np.ndarray,
    borders: np.ndarray,
    structure: np.ndarray,
    constants: np.ndarray,
    acted: bool,
    fast: np.ndarray,
    slow: np.ndarray,
    crossing: np.ndarray,
    occurrence: np.ndarray,
    neighbours: np.ndarray,
) -> np.ndarray:
    """Go through the last months and fill in what would be remembered without drivers, in the last five.

    `wandered` is what drift and turns multiply rates by, and `crossing` the slow memory that crosses borders. Where no
    driver has `acted` that and `neighbours` are as recorded.

    Returns
    -------
    array (outcome, country, month)
        What drivers multiply the rate by: their own factor, and what crosses borders because of them elsewhere.
    """
    outcomes, countries, rows = counts.shape
    after = direct.shape[2]
    factor = np.ones(direct.shape)
    for s in range(after):
        t = rows - after + s
        for k in range(outcomes):
            for c in range(countries):
                for j in range(s):
                    count, divided = counts[k, c, rows - after + j], factor[k, c, j]
                    own = count / (divided * wandered[k, c, j])
                    fast[k, c, t] += fast_kernel[k, t, j] * own
                    slow[k, c, t] += slow_kernel[k, t, j] * own
                    crossing[k, c, t] += slow_kernel[k, t, j] * count / divided
                    occurrence[k, c, t] += occurrence_kernel[k, t, j] * thinned(count, divided)[0]
        for k in range(outcomes if acted else 0):
            fed, source = structure[2, k] * coupling, int(structure[3, k])
            for c in range(countries):
                neighbours[k, c, t] = 0.0
                for j in range(countries):
                    neighbours[k, c, t] += borders[c, j] * crossing[k, j, t]
                rate = undriven_rate(
                    k, c, series, shape, fed, fast[k, c, t], slow[k, c, t], neighbours[k, c, t], fast[source, c, t],
                    structure, constants,
                )  # fmt: skip
                weight = (1.0 - sigmoid(shape[0, k])) * sigmoid(series[1, c, k])
                added = weight * (recorded_neighbours[k, c, t] - neighbours[k, c, t])
                factor[k, c, s] = direct[k, c, s] + share_of_added(added, direct[k, c, s]) * added / rate
    return factor


@compiled
def back_through_drivers(
    series: np.ndarray,
    shape: np.ndarray,
    coupling: float,
    counts: np.ndarray,
    recorded_neighbours: np.ndarray,
    direct: np.ndarray,
    wandered: np.ndarray,
    fast_kernel: np.ndarray,
    slow_kernel: np.ndarray,
    occurrence_kernel: np.ndarray,
    borders: np.ndarray,
    structure: np.ndarray,
    constants: np.ndarray,
    acted: bool,
    fast: np.ndarray,
    slow: np.ndarray,
    neighbours: np.ndarray,
    factor: np.ndarray,
    g_series: np.ndarray,
    g_shape: np.ndarray,
    g_coupling: np.ndarray,
    g_fast: np.ndarray,
    g_slow: np.ndarray,
    g_occurrence: np.ndarray,
    g_neighbours: np.ndarray,
    g_factor: np.ndarray,
    g_shift: np.ndarray,
) -> np.ndarray:
    """Return the gradient by the drivers' own log effects, `take_out_drivers` backwards; the others are added to.

    `g_shift` is that by the log of `wandered`.
    """
    outcomes, countries, rows = counts.shape
    after = direct.shape[2]
    g_effect, g_crossing = np.zeros(direct.shape), np.zeros(counts.shape)
    for s in range(after - 1, -1, -1):
        t = rows - after + s
        for k in range(outcomes):
            exponent, memory, fast_share = structure[0, k], sigmoid(shape[0, k]), sigmoid(shape[1, k])
            fed, source = structure[2, k] * coupling, int(structure[3, k])
            for c in range(countries):
                by_own, by_crossing, by_occurrence = 0.0, 0.0, 0.0
                for u in range(t + 1, rows):
                    by_own += fast_kernel[k, u, s] * g_fast[k, c, u] + slow_kernel[k, u, s] * g_slow[k, c, u]
                    by_crossing += slow_kernel[k, u, s] * g_crossing[k, c, u]
                    by_occurrence += occurrence_kernel[k, u, s] * g_occurrence[k, c, u]
                count, whole, own = counts[k, c, t], factor[k, c, s], direct[k, c, s]
                by_own /= wandered[k, c, s]
                g_shift[k, c, s] -= by_own * count / whole
                if not acted:
                    continue
                slope = g_factor[k, c, s] - (by_own + by_crossing) * count / (whole * whole)
                slope += by_occurrence * thinned(count, whole)[1]

                rate = undriven_rate(
                    k, c, series, shape, fed, fast[k, c, t], slow[k, c, t], neighbours[k, c, t], fast[source, c, t],
                    structure, constants,
                )  # fmt: skip
                strength = sigmoid(series[1, c, k])
                beyond = recorded_neighbours[k, c, t] - neighbours[k, c, t]
                added = (1.0 - memory) * strength * beyond
                share = share_of_added(added, own)
                g_effect[k, c, s] += slope * own * (1.0 + (added / rate if share != 1.0 else 0.0))
                d_added = slope * share / rate
                d_rate = -slope * share * added / (rate * rate)

                remembered = constants[0] + fast_share * fast[k, c, t] + (1.0 - fast_share) * slow[k, c, t]
                own_power, level_power = remembered**exponent, math.exp(exponent * series[0, c, k])
                mean_power = (1.0 - memory) * level_power + memory * own_power
                d_power = d_rate * mean_power ** (1.0 / exponent - 1.0) / exponent
                d_own = d_power * memory * exponent * own_power / remembered
                d_weight = d_added * beyond + d_rate * neighbours[k, c, t]
                g_series[0, c, k] += d_power * (1.0 - memory) * exponent * level_power
                g_series[1, c, k] += d_weight * (1.0 - memory) * strength * (1.0 - strength)
                by_memory = d_power * (own_power - level_power) - d_weight * strength
                g_shape[0, k] += by_memory * memory * (1.0 - memory)
                g_shape[1, k] += d_own * (fast[k, c, t] - slow[k, c, t]) * fast_share * (1.0 - fast_share)
                g_coupling[0] += d_rate * fed * fast[source, c, t]
                g_fast[k, c, t] += d_own * fast_share
                g_slow[k, c, t] += d_own * (1.0 - fast_share)
                g_fast[source, c, t] += d_rate * fed
                g_neighbours[k, c, t] += (d_rate - d_added) * (1.0 - memory) * strength
        for k in range(outcomes if acted else 0):
            for c in range(countries):
                for j in range(countries):
                    g_crossing[k, j, t] += borders[c, j] * g_neighbours[k, c, t]
    return g_effect
