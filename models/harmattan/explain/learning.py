"""Drivers before and after the data: the effect, and whether it is there at all."""

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr

from ..case.drivers import Drivers
from ..drivers.effects import component_shares
from ..schema.driver import Branch, Driver

LEVELS = {"low": 0.1, "median": 0.5, "high": 0.9}
COLUMNS = (
    *("driver", "branch", "label", "prior_weight", "posterior_weight", "happened"),
    *("prior_low", "posterior_low", "prior_median", "posterior_median", "prior_high", "posterior_high"),
)


def mixture_quantile(prior: xr.Dataset, level: float) -> float:
    """Return a quantile of one driver's log rate ratio under its mixture prior (component)."""
    from scipy.optimize import brentq
    from scipy.stats import norm

    weight, mean, sd = (prior[name].values for name in ("weight", "mean", "sd"))
    lowest, highest = float((mean - 9 * sd).min()), float((mean + 9 * sd).max())
    return float(brentq(lambda x: float((weight * norm.cdf(x, mean, sd)).sum()) - level, lowest, highest))


def prior_against_posterior(
    drivers: Drivers,
    priors: xr.Dataset,
    posterior: xr.DataArray,
    fitted: xr.Dataset | None = None,
    last: str | None = None,
) -> pd.DataFrame:
    """Return every way in which a driver can go before and after the data: its effect, and whether it is there.

    Parameters
    ----------
    drivers : Drivers
    priors : Dataset (driver, component)
        Mixture of log rate ratios: the branches in their order, and last "no effect".
    posterior : DataArray (draw, driver)
        Log rate ratios after the data.
    fitted : Dataset (driver, component), optional
        Priors as the fit had them, after dated events; `priors` by default.
    last : str, optional
        Last month of the record; what is known to have happened by then is told. Nothing is told by default.

    Returns
    -------
    DataFrame
        One row for each branch: driver, branch, label, prior_weight (chance that it happens, by the documents),
        posterior_weight (chance that its effect is there, after the data), happened (whether it is known to have
        happened, and when), prior_low, prior_median, prior_high, posterior_low, posterior_median, posterior_high (rate
        ratios where the effect is there; 10, 50 and 90 in 100). Equal weights mean that the data are silent.
    """
    from scipy.stats import norm

    rows = []
    known = priors if fitted is None else fitted
    for driver_id, driver in drivers.items():
        prior, values = priors.sel(driver=driver_id), posterior.sel(driver=driver_id).values
        shares = component_shares(values, known.sel(driver=driver_id))
        for index, branch in enumerate(driver.branches):
            row: dict[str, str | float] = {
                "driver": driver_id,
                "branch": branch.id,
                "label": driver.title_of(branch),
                "prior_weight": float(prior["weight"].values[index]),
                "posterior_weight": float(shares[:, index].mean()),
                "happened": "" if last is None else known_to_have_happened(driver, branch, last, drivers.events),
            }
            mean, sd = (float(prior[name].values[index]) for name in ("mean", "sd"))
            for name, level in LEVELS.items():
                row[f"prior_{name}"] = float(np.exp(norm.ppf(level, mean, sd)))
                row[f"posterior_{name}"] = _quantile_where_there(values, shares[:, index], level)
            rows.append(row)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _quantile_where_there(values: np.ndarray, share: np.ndarray, level: float) -> float:
    """Return a quantile of the rate ratio over the draws in which a branch's effect is there; NaN where it never is."""
    if not share.sum() > 0:
        return math.nan
    return float(np.exp(np.quantile(values, level, weights=share, method="inverted_cdf")))


def known_to_have_happened(driver: Driver, branch: Branch, last: str, dates: Mapping[str, str]) -> str:
    """Return what is known by the end of a month of whether a branch has happened, with the date.

    A dated event that settles the driver says yes or no; what else of it is public record stands there by itself.
    """
    for event in driver.events:
        date = dates[event.event]
        if event.odds_ratio is None and date[:7] <= last:
            return f"yes, {date[:7]}" if event.branch == branch.id else f"no, it went the other way, {date[:7]}"
    told = [f"{one.what}, {one.date[:7]}" for one in driver.happened if one.date[:7] <= last]
    return "; ".join([*told, "its effect is not settled"]) if told else "not settled by any dated event"


def total_effect(effects: xr.DataArray, exposures: xr.DataArray, country: str, outcome: str) -> xr.DataArray:
    """Return by how much all drivers together multiply a rate, dims (draw, month).

    Parameters
    ----------
    effects : DataArray (draw, driver)
        Log rate ratios at the peak.
    exposures : DataArray (driver, month, country, outcome)
    country, outcome : str
    """
    selected = exposures.sel(country=country, outcome=outcome)
    values = np.exp(effects.values @ selected.values)
    return xr.DataArray(values, dims=("draw", "month"), coords={"month": selected["month"].values}, name="rate_ratio")
