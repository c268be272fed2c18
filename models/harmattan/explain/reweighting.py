"""Another prior without another simulation: draws are weighted by new over old density of the drivers' effects.

The weights are smoothed by Pareto smoothed importance sampling (Vehtari, Simpson, Gelman, Yao & Gabry 2024, JMLR
25(72)), whose k-hat says when they cannot be relied on.
"""

import math
from dataclasses import dataclass

import numpy as np
import xarray as xr
from scipy.special import logsumexp
from scipy.stats import norm

from ..schema.scenario import Scenario


@dataclass(frozen=True)
class Weights:
    """Importance weights of draws.

    Attributes
    ----------
    values : array (draw,)
        Add up to one.
    k_hat : float
        Shape of the tail of the weights; NaN where all are equal.
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


def prior_in_scenario(priors: xr.Dataset, scenario: Scenario) -> xr.Dataset | None:
    """Return the mixtures that a scenario draws its drivers' effects from; None where one of them has no weight left.

    A driver that happens loses "no effect", one whose branch is set keeps only that branch.

    Parameters
    ----------
    priors : Dataset (driver, component)
        `weight`, `mean`, `sd`, `branch`; the last component is "no effect".
    scenario : Scenario
    """
    weight = priors["weight"].values.astype(float).copy()
    for row, name in enumerate(priors["driver"].values):
        setting = scenario.setting(str(name))
        if setting.branch is not None:
            weight[row, priors["branch"].values[row].astype(str) != setting.branch] = 0.0
        elif setting.state == "happens":
            weight[row, -1] = 0.0
    total = weight.sum(axis=1, keepdims=True)
    if (total <= 0.0).any():
        return None
    return priors.assign(weight=(("driver", "component"), weight / total))


def log_density(values: np.ndarray, prior: xr.Dataset) -> np.ndarray:
    """Return the log density of one driver's mixture prior (component) at log rate ratios, shape (draw,)."""
    used = prior["weight"].values > 0
    weight, mean, sd = (prior[name].values[used] for name in ("weight", "mean", "sd"))
    return logsumexp(norm.logpdf(np.asarray(values)[:, None], mean, sd), b=weight, axis=1)


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


def smoothed_weights(log_weights: np.ndarray) -> Weights:
    """Return Pareto smoothed weights from unnormalised log weights (draw,)."""
    count = len(log_weights)
    if np.ptp(log_weights) < 1e-12:
        return Weights(np.full(count, 1.0 / count), math.nan)
    import arviz  # noqa: F401 - gives arrays their statistics

    # ArviZ takes what a leave-one-out would take out: the log of one over the weight
    smoothed, k_hat = xr.DataArray(-log_weights, dims="draw").azstats.psislw(dim="draw")
    values = np.exp(smoothed.values - logsumexp(smoothed.values))
    return Weights(values, float(k_hat))


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
