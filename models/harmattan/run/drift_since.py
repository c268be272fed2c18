"""Drift since the exit, so that a fit does not take for the exit's effect what rates do by themselves.

Futures drift and turn (`simulate.drift`), and so did the months since the exit. Beside drivers and the rest the fit
therefore has what both have done to the outcomes at home: their log factor in the middle of each horizon, with
straight lines between, as a normal of the mean and covariance that the simulator gives it, in independent factors. What
is learnt of it is no effect: it stays in the record that futures start from.
"""

import numpy as np
import xarray as xr

from ..core.months import months_between
from ..drivers.rest import MIDDLES, share_by_horizon
from ..model.build import DriverHistory
from ..model.specification import ModelSpecification
from ..simulate.drift import drift_variance, turn_moments, volatility

DRIFT = "drift"
"""Factors of drift are named drift/1, ... beside drivers."""


def with_drift(history: DriverHistory, panel: xr.DataArray, home: str, spec: ModelSpecification) -> DriverHistory:
    """Return what a fit is told of drivers, with the factors of drift at home beside them.

    Parameters
    ----------
    history : DriverHistory
    panel : DataArray (month, country, outcome)
        Its months before the exit say how far series drift.
    home : str
    spec : ModelSpecification
    """
    if home not in panel["country"].values:
        return history
    exit, column = history.exit_month, list(panel["country"].values).index(home)
    scale = volatility(panel.sel(month=slice(None, exit)).values)[column]
    mean, covariance = moments(scale, spec)
    factor = np.linalg.cholesky(covariance)
    months = np.array([months_between(exit, str(month)) for month in history.exposure["month"].values])
    by_factor = factor.reshape(len(scale), len(MIDDLES), -1)
    names = [f"{DRIFT}/{number}" for number in range(1, len(mean) + 1)]
    rows = np.zeros((len(names), *history.exposure.shape[1:]))
    rows[:, :, column] = np.einsum("mh,ohf->fmo", share_by_horizon(months), by_factor)
    added = history.exposure.isel(driver=[0] * len(names)).assign_coords(driver=names).copy(data=rows)
    parts = history.priors.sizes["component"]
    means = np.linalg.solve(factor, mean)[:, None] * np.ones(parts)
    table = {"weight": np.tile(np.eye(parts)[-1], (len(names), 1)), "mean": means, "sd": np.ones_like(means)}
    of_drift = xr.Dataset(
        {name: (("driver", "component"), values) for name, values in table.items()},
        {"driver": names, "component": history.priors["component"].values},
    )
    return DriverHistory(
        xr.concat([history.exposure, added], "driver"), xr.concat([history.priors, of_drift], "driver"), exit
    )


def without_drift(exposure: xr.DataArray) -> xr.DataArray:
    """Return what acted since the exit without drift, dims (driver, month, country, outcome)."""
    return exposure.sel(driver=[name for name in exposure["driver"].values if not str(name).startswith(f"{DRIFT}/")])


def moments(scale: np.ndarray, spec: ModelSpecification) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and covariance of the log factor of drift and turns in the middles of horizons, outcome by outcome.

    Parameters
    ----------
    scale : array (outcome,)
        `volatility` of the series.
    spec : ModelSpecification

    Returns
    -------
    array (outcome x horizon,), array (outcome x horizon, outcome x horizon)
    """
    ages = np.rint(MIDDLES).astype(int)
    variance = drift_variance(int(ages[-1]) + 1, spec)[ages]
    earlier = np.minimum.outer(np.arange(len(ages)), np.arange(len(ages)))
    drift = variance[earlier] * spec.drift_keep ** np.abs(np.subtract.outer(ages, ages))
    shared = np.sqrt(spec.by_outcome("shared_luck"))
    together = np.outer(shared, shared)
    np.fill_diagonal(together, 1.0)
    turned = [turn_moments(int(age), spec) for age in ages]
    turns = np.array([of_country for _, of_country in turned])[earlier]
    part = spec.by_outcome("turn_share")
    covariance = np.kron(together * np.outer(scale, scale), drift) + np.kron(np.outer(part, part), turns)
    mean = np.stack([by_outcome for by_outcome, _ in turned], axis=1) - np.outer(scale**2, variance) / 2
    return mean.ravel(), covariance
