"""Another prior without another simulation: draws are weighted by new over old density of the drivers' effects.

The weights are smoothed by Pareto smoothed importance sampling (Vehtari, Simpson, Gelman, Yao & Gabry 2024, JMLR
25(72)), whose k-hat says when they cannot be relied on.
"""

import math
from dataclasses import dataclass

import numpy as np
import xarray as xr
from scipy.special import logsumexp

HALF_LOG_TWO_PI = 0.5 * math.log(2.0 * math.pi)

FEWEST_POSSIBLE = 100
"""Fewer draws than these that are possible under the other prior say too little of it."""


@dataclass(frozen=True)
class Weights:
    """Importance weights of draws.

    Attributes
    ----------
    values : array (draw,)
        Add up to one.
    k_hat : float
        Shape of the tail of the weights; NaN where the largest are all equal, infinite where it has none.
    effective_draws : float
        1 / sum of squares.
    """

    values: np.ndarray
    k_hat: float

    @property
    def effective_draws(self) -> float:
        """How many draws of equal weight would be as good."""
        return float(1.0 / (self.values**2).sum())

    @property
    def reliable(self) -> bool:
        """Whether k-hat lies below min(1 - 1 / log10(draws), 0.7)."""
        return not self.k_hat > min(1.0 - 1.0 / math.log10(len(self.values)), 0.7)


def log_density(values: np.ndarray, prior: xr.Dataset) -> np.ndarray:
    """Return the log density of one driver's mixture prior (component) at log rate ratios, shape (draw,)."""
    used = prior["weight"].values > 0
    weight, mean, sd = (prior[name].values[used] for name in ("weight", "mean", "sd"))
    away = (np.asarray(values)[:, None] - mean) / sd
    return logsumexp(-0.5 * away**2 - np.log(sd) - HALF_LOG_TWO_PI, b=weight, axis=1)


def log_ratio(effects: xr.DataArray, old: xr.Dataset, new: xr.Dataset) -> np.ndarray:
    """Return the log of new over old prior density of each draw, over the drivers of `new`, shape (draw,).

    Parameters
    ----------
    effects : DataArray (draw, driver)
    old, new : Dataset (driver, component)
        Drivers are independent before the data; those that `new` leaves out keep their prior.
    """
    total = np.zeros(effects.sizes["draw"])
    for name in new["driver"].values:
        values = effects.sel(driver=name).values
        total += log_density(values, new.sel(driver=name)) - log_density(values, old.sel(driver=name))
    return total


def log_size_ratio(effects: xr.DataArray, ways: xr.DataArray, old: xr.Dataset, new: xr.Dataset) -> np.ndarray:
    """Return the log of new over old density of the drivers' effects, given the way each goes, shape (draw,).

    Parameters
    ----------
    effects : DataArray (draw, driver)
    ways : int DataArray (draw, driver)
        Component of the prior that each effect was drawn from.
    old, new : Dataset (driver, component)
        Equal drivers and components.
    """
    from scipy.stats import norm

    total = np.zeros(effects.sizes["draw"])
    for name in new["driver"].values:
        before, after = old.sel(driver=name), new.sel(driver=name)
        if all(np.array_equal(before[size].values, after[size].values) for size in ("mean", "sd")):
            continue
        values, way = effects.sel(driver=name).values, ways.sel(driver=name).values
        for prior, sign in ((after, 1.0), (before, -1.0)):
            total += sign * norm.logpdf(values, prior["mean"].values[way], prior["sd"].values[way])
    return total


def smoothed_weights(log_weights: np.ndarray) -> Weights:
    """Return Pareto smoothed weights from unnormalised log weights (draw,); minus infinity means none."""
    possible = np.isfinite(log_weights)
    kept = log_weights[possible]
    values = np.zeros(len(log_weights))
    if len(kept) < FEWEST_POSSIBLE:
        return Weights(np.full(len(values), 1.0 / len(values)), math.inf)
    if np.ptp(kept) < 1e-12:
        values[possible] = 1.0 / len(kept)
        return Weights(values, math.nan)
    import arviz  # noqa: F401 - gives arrays their statistics

    raw = np.exp(kept - logsumexp(kept))
    if np.isclose(np.sort(raw)[-_tail_size(len(raw)) :], raw.max(), rtol=1e-9).all():
        values[possible] = raw  # the largest weights are all alike, so there is no tail to smooth
        return Weights(values, math.nan)
    # ArviZ takes what a leave-one-out would take out: the log of one over the weight
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):  # tails of ties or of one draw have no shape
        smoothed, k_hat = xr.DataArray(-kept, dims="draw").azstats.psislw(dim="draw")
    if not np.isfinite(smoothed.values).all() or np.isnan(k_hat):
        values[possible] = raw
        return Weights(values, math.inf)
    values[possible] = np.exp(smoothed.values - logsumexp(smoothed.values))
    return Weights(values, float(k_hat))


def _tail_size(draws: int) -> int:
    """Return how many of the largest weights make up the tail (Vehtari et al. 2024, as in ArviZ)."""
    return int(min(draws / 5, 3 * math.sqrt(draws)))


@dataclass(frozen=True)
class Change:
    """By how much a mean changes, with its Monte Carlo standard error and each draw's part in it (draw,)."""

    value: float
    error: float
    influence: np.ndarray


def reweighted_change(values: np.ndarray, weights: np.ndarray) -> Change:
    """Return weighted mean less plain mean of paired draws; the error by the delta method.

    Parameters
    ----------
    values : array (draw,)
    weights : array (draw,)
        Add up to one.
    """
    count = len(values)
    relative = weights * count
    plain, weighted = values.mean(), (weights * values).sum()
    influence = relative * (values - weighted) - (values - plain)
    return Change(float(weighted - plain), float(influence.std(ddof=1) / math.sqrt(count)), influence)


def paired_change(before: np.ndarray, after: np.ndarray) -> Change:
    """Return the mean of draws made anew less that of the draws they are paired with."""
    difference = after - before
    return Change(
        float(difference.mean()),
        float(difference.std(ddof=1) / math.sqrt(len(difference))),
        difference - difference.mean(),
    )
