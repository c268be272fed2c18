"""The log density of the whole model, priors and likelihood, at points without bounds, and its exact gradient.

PyMC states the model (`build.py`) and a test holds the two together. This version exists because its shapes are
arguments: another record, month, case or number of drivers compiles nothing, and what is compiled is kept on disk.
"""

import math
from dataclasses import dataclass

import numpy as np

from ..core.compiling import compiled
from .levels import bound_levels
from .likelihood import likelihood_and_gradient
from .shifts import add_normals, log_factors

HALF_LOG_TWO_PI = 0.9189385332046727


@dataclass(frozen=True)
class Density:
    """Everything that the density of one fit depends on.

    A point holds, one after the other: `centre` and log `spread` (series, outcome), `offset` (series, country,
    outcome), `shape` (shape quantity, outcome), `log_coupling`, `drift_normal` (outcome, country, node), `turn_normal`
    (country, node), `driver_effect` (driver).

    Attributes
    ----------
    anchor : array (series, country, outcome)
        What series quantities are relative to; the first of them is the level.
    log_bound : float
        Over its anchor, of the level.
    normal_mean, normal_sd : array (number before the drivers' effects,)
        Their independent normal priors.
    weight, mean, sd : array (driver, component)
        Mixture prior of each driver's effect.
    nodes : int
        Of drift and turns.
    shifts : tuple of array
        What makes log factors of `drift_normal` and `turn_normal`: `Shifts.arrays`.
    data : tuple of array
        Of the likelihood, as `build.likelihood_data` returns them.
    """

    anchor: np.ndarray
    log_bound: float
    normal_mean: np.ndarray
    normal_sd: np.ndarray
    weight: np.ndarray
    mean: np.ndarray
    sd: np.ndarray
    nodes: int
    shifts: tuple[np.ndarray, ...]
    data: tuple[np.ndarray, ...]

    @property
    def size(self) -> int:
        """Numbers in a point."""
        return self.normal_mean.size + len(self.weight)

    def at(self, point: np.ndarray) -> tuple[float, np.ndarray, float]:
        """Return log density, its gradient, and the log likelihood within it."""
        priors = (self.normal_mean, self.normal_sd, self.weight, self.mean, self.sd)
        return density_and_gradient(point, self.anchor, self.log_bound, *priors, *self.shifts, *self.data)

    @property
    def first_offset(self) -> int:
        """Where in a point the offsets begin."""
        series, _, outcomes = self.anchor.shape
        return 2 * series * outcomes

    def centre_of_prior(self) -> np.ndarray:
        """Return the point where every prior has its mean."""
        return np.concatenate([self.normal_mean, (self.weight * self.mean).sum(axis=1)])

    def named(self, points: np.ndarray) -> dict[str, np.ndarray]:
        """Return the parameters at points (..., number) by name, on the scales of the PyMC model."""
        series, countries, outcomes = self.anchor.shape
        table, wander = (series, outcomes), (outcomes + 1) * countries * self.nodes
        rest = self.normal_mean.size - 2 * series * outcomes - self.anchor.size - 1 - wander
        shapes = {
            "centre": table,
            "spread": table,
            "offset": self.anchor.shape,
            "shape": (rest // outcomes, outcomes),
            "log_coupling": (),
            "drift_normal": (outcomes, countries, self.nodes),
            "turn_normal": (countries, self.nodes),
            "driver_effect": (len(self.weight),),
        }
        found, first = {}, 0
        for name, shape in shapes.items():
            size = math.prod(shape)
            found[name] = points[..., first : first + size].reshape(points.shape[:-1] + shape)
            first += size
        found["spread"] = np.exp(found["spread"])
        return {name: values for name, values in found.items() if values.size}


@compiled
def add_normal(values: np.ndarray, mean: np.ndarray, sd: np.ndarray, gradient: np.ndarray) -> float:
    """Return the log density of independent normals and add its gradient; all flat and of equal length."""
    total = 0.0
    for i in range(values.size):
        standard = (values[i] - mean[i]) / sd[i]
        total -= 0.5 * standard * standard + math.log(sd[i]) + HALF_LOG_TWO_PI
        gradient[i] -= standard / sd[i]
    return total


@compiled
def add_mixture(
    values: np.ndarray, weight: np.ndarray, mean: np.ndarray, sd: np.ndarray, gradient: np.ndarray
) -> float:
    """Return the log density of independent mixtures of normals and add its gradient; priors are (value, component)."""
    total, logs = 0.0, np.empty(weight.shape[1])
    for i in range(values.size):
        for j in range(logs.size):
            standard = (values[i] - mean[i, j]) / sd[i, j]
            logs[j] = math.log(weight[i, j]) - 0.5 * standard * standard - math.log(sd[i, j]) - HALF_LOG_TWO_PI
        largest = logs.max()
        summed, slope = 0.0, 0.0
        for j in range(logs.size):
            share = math.exp(logs[j] - largest)
            summed += share
            slope -= share * (values[i] - mean[i, j]) / (sd[i, j] * sd[i, j])
        total += largest + math.log(summed)
        gradient[i] += slope / summed
    return total


@compiled
def add(to: np.ndarray, values: np.ndarray) -> None:
    """Add one flat array to another, in place."""
    for i in range(to.size):
        to[i] += values[i]


@compiled
def density_and_gradient(
    point: np.ndarray,
    anchor: np.ndarray,
    log_bound: float,
    normal_mean: np.ndarray,
    normal_sd: np.ndarray,
    weight: np.ndarray,
    mean: np.ndarray,
    sd: np.ndarray,
    by_drift: np.ndarray,
    by_turn: np.ndarray,
    together: np.ndarray,
    scale: np.ndarray,
    share: np.ndarray,
    mean_shift: np.ndarray,
    *data: np.ndarray,
) -> tuple[float, np.ndarray, float]:
    """Return log density, its gradient and the log likelihood within it; the arguments are those of `Density`."""
    quantities, countries, outcomes = anchor.shape
    table = quantities * outcomes
    first_shape, first_driver = 2 * table + anchor.size, normal_mean.size
    first_drift = first_driver - (outcomes + 1) * countries * by_drift.shape[1]
    gradient, effect = np.zeros(point.size), point[first_driver:]
    prior = add_normal(point[:first_driver], normal_mean, normal_sd, gradient[:first_driver])
    prior += add_mixture(effect, weight, mean, sd, gradient[first_driver:])

    spread, deviation, series = np.empty(table), np.empty(anchor.shape), np.empty(anchor.shape)
    for s in range(quantities):
        for k in range(outcomes):
            column, middle = s * outcomes + k, 0.0
            spread[column] = math.exp(point[table + column])
            for c in range(countries):
                deviation[s, c, k] = point[2 * table + (s * countries + c) * outcomes + k]
                middle += deviation[s, c, k] / countries
            for c in range(countries):
                deviation[s, c, k] -= middle
                series[s, c, k] = anchor[s, c, k] + point[column] + spread[column] * deviation[s, c, k]
    slope = np.empty((countries, outcomes))
    bound_levels(series[0], anchor[0], log_bound, slope)
    shape = point[first_shape : first_drift - 1].copy()
    shift = log_factors(point[first_drift:first_driver], by_drift, by_turn, together, scale, share, mean_shift)
    value, g_series, g_shape, g_coupling, g_effect, g_shift = likelihood_and_gradient(
        series,
        shape.reshape((shape.size // outcomes, outcomes)),
        point[first_drift - 1 : first_drift].copy(),
        effect.copy(),
        shift,
        *data,
    )
    for c in range(countries):
        for k in range(outcomes):
            g_series[0, c, k] *= slope[c, k]
    for s in range(quantities):
        for k in range(outcomes):
            column, summed = s * outcomes + k, 0.0
            for c in range(countries):
                summed += g_series[s, c, k]
                gradient[table + column] += spread[column] * g_series[s, c, k] * deviation[s, c, k]
            gradient[column] += summed
            for c in range(countries):
                place = 2 * table + (s * countries + c) * outcomes + k
                gradient[place] += spread[column] * (g_series[s, c, k] - summed / countries)
    add(gradient[first_shape : first_drift - 1], g_shape.reshape(shape.size))
    gradient[first_drift - 1] += g_coupling[0]
    add_normals(g_shift, gradient[first_drift:first_driver], by_drift, by_turn, together, scale, share)
    add(gradient[first_driver:], g_effect)
    return prior + value, gradient, value
