"""What of the whole effect of the exit belongs to no driver: its draws, when it acts, and how a fit learns it.

It acts at home, in every outcome by itself. Its log rate ratio is known by horizon; months between the middles of two
horizons lie on the straight line between their ratios, from none in the month of the exit to that of the first middle.
"""

from collections.abc import Sequence

import numpy as np
import xarray as xr

from ..core.months import months_between
from ..core.names import HORIZONS, OUTCOMES
from ..core.randomness import stream
from ..schema.scenario import Scenario

MIDDLES = tuple((first + last) / 2 for first, last in HORIZONS.values())
"""Months after the exit at which the ratio of a horizon is that of the month."""

FACTOR = "rest"
"""Factors of the rest are named rest/1, rest/2, ... where a fit learns them beside drivers."""


def acts(scenario: Scenario) -> bool:
    """Return whether there is an exit in a scenario: not where drivers are absent unless it says otherwise."""
    return scenario.drivers.default != "absent"


def rest_from_prior(priors: xr.Dataset, scenario: Scenario, draws: int, seed: int) -> xr.DataArray:
    """Return the rest in each draw before any month after the exit is known, dims (draw, outcome, horizon).

    Parameters
    ----------
    priors : Dataset
        `rest_mean` (outcome, horizon) and `rest_factor` (outcome, horizon, factor).
    scenario : Scenario
    draws, seed : int
        Each factor has a stream of its own.
    """
    if not _has_rest(priors):
        return _rest(np.zeros((draws, len(OUTCOMES), len(HORIZONS))), scenario)
    factors = priors.sizes["factor"]
    luck = np.stack([stream(seed, FACTOR, str(i + 1)).standard_normal(draws) for i in range(factors)], axis=1)
    return _rest(priors["rest_mean"].values + np.einsum("ohf,df->doh", priors["rest_factor"].values, luck), scenario)


def rest_as_learnt(priors: xr.Dataset, posterior: xr.DataArray, scenario: Scenario) -> xr.DataArray:
    """Return the rest in each draw as a fit has learnt it, dims (draw, outcome, horizon).

    Parameters
    ----------
    priors : Dataset
        Those of the fit.
    posterior : DataArray (draw, driver)
        What was learnt, factors of the rest among it.
    scenario : Scenario
    """
    if not _has_rest(priors):
        return _rest(np.zeros((posterior.sizes["draw"], len(OUTCOMES), len(HORIZONS))), scenario)
    learnt = posterior.sel(driver=factor_names(priors)).transpose("draw", "driver").values
    return _rest(np.einsum("ohf,df->doh", priors["rest_factor"].values, learnt), scenario)


def _has_rest(priors: xr.Dataset) -> bool:
    """Return whether anything is believed of a rest: not in a table of drivers alone, nor where nothing is said."""
    return "factor" in priors.sizes and bool(priors["rest_factor"].values.any())


def _rest(values: np.ndarray, scenario: Scenario) -> xr.DataArray:
    coords = {"outcome": list(OUTCOMES), "horizon": list(HORIZONS)}
    return xr.DataArray(
        values if acts(scenario) else np.zeros_like(values), coords, ("draw", "outcome", "horizon"), name="rest"
    )


def factor_names(priors: xr.Dataset) -> list[str]:
    """Return what the factors of the rest are called beside drivers."""
    return [f"{FACTOR}/{i + 1}" for i in range(priors.sizes["factor"])]


def factor_means(priors: xr.Dataset) -> np.ndarray:
    """Return the mean of each factor, which the rest's map takes to its mean, shape (factor,); sds are one."""
    factor = priors["rest_factor"].values
    return np.linalg.solve(factor.reshape(-1, factor.shape[-1]), priors["rest_mean"].values.reshape(-1))


def share_by_horizon(months_after_exit: np.ndarray) -> np.ndarray:
    """Return how much of each horizon's log rate ratio acts in each month, shape (month, horizon).

    Parameters
    ----------
    months_after_exit : array (month,)
        1 for the first month after the exit; nothing acts before.
    """
    months = np.asarray(months_after_exit, dtype=float)
    known = np.concatenate([np.zeros((1, len(MIDDLES))), np.eye(len(MIDDLES))])
    shares = [np.interp(months, (0.0, *MIDDLES), column) for column in known.T]
    return np.where(months[:, None] >= 1, np.stack(shares, axis=1), 0.0)


def rest_effect(rest: xr.DataArray, units: Sequence[str], home: str, months: Sequence[str], *, exit: str) -> np.ndarray:
    """Return the effect of the rest on the log rate, shape (draw, month, country, outcome).

    Parameters
    ----------
    rest : DataArray (draw, outcome, horizon)
    units : sequence of str
    home : str
        The only unit in which it acts; it need not be among the units.
    months : sequence of str
    exit : str
        Month from which horizons count.
    """
    shares = share_by_horizon(np.array([months_between(exit, month) for month in months]))
    effect = np.zeros((rest.sizes["draw"], len(months), len(units), len(OUTCOMES)))
    if home in units:
        values = rest.transpose("draw", "outcome", "horizon").values
        effect[:, :, list(units).index(home)] = np.einsum("doh,mh->dmo", values, shares)
    return effect


def with_rest(exposures: xr.DataArray, priors: xr.Dataset, home: str, *, exit: str) -> tuple[xr.DataArray, xr.Dataset]:
    """Return what a fit is told of drivers with the factors of the rest beside them, as if each were a driver.

    The rest is a linear map of independent normals, so each factor is a row of its own: standard deviation one, and a
    mean that the map takes to the rest's mean.

    Parameters
    ----------
    exposures : DataArray (driver, month, country, outcome)
    priors : Dataset
        Of these drivers, and of the rest.
    home : str
    exit : str

    Returns
    -------
    DataArray (driver, month, country, outcome)
    Dataset (driver, component)
        `weight`, `mean` and `sd`; the one component of a factor is the last.
    """
    of_drivers = priors[["weight", "mean", "sd"]].drop_vars(["outcome", "horizon"], errors="ignore")
    if not _has_rest(priors):
        return exposures, of_drivers
    names, factor = factor_names(priors), priors["rest_factor"].values
    size = factor.shape[-1]
    unit = xr.DataArray(
        np.moveaxis(factor, -1, 0),
        {"draw": range(size), "outcome": list(OUTCOMES), "horizon": list(HORIZONS)},
        ("draw", "outcome", "horizon"),
    )
    months, units = ([str(label) for label in exposures[dim].values] for dim in ("month", "country"))
    rows = rest_effect(unit, units, home, months, exit=exit)
    added = xr.DataArray(rows, {**exposures.drop_vars("driver").coords, "driver": names}, exposures.dims)
    parts = priors.sizes["component"]
    table = {name: np.zeros((size, parts)) for name in ("weight", "mean")} | {"sd": np.ones((size, parts))}
    table["weight"][:, -1], table["mean"][:, -1] = 1.0, factor_means(priors)
    of_factors = xr.Dataset(
        {name: (("driver", "component"), values) for name, values in table.items()},
        {"driver": names, "component": priors["component"].values},
    )
    return xr.concat([exposures, added], "driver"), xr.concat([of_drivers, of_factors], "driver")
