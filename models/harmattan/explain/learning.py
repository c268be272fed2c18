"""Drivers before and after the data: the effect, and whether it is there at all."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr
from scipy.optimize import brentq
from scipy.stats import norm

from ..drivers.effects import component_shares
from ..schema.driver import Driver

LEVELS = {"low": 0.1, "median": 0.5, "high": 0.9}


def mixture_quantile(prior: xr.Dataset, level: float) -> float:
    """Return a quantile of one driver's log rate ratio under its mixture prior (component)."""
    weight, mean, sd = (prior[name].values for name in ("weight", "mean", "sd"))
    lowest, highest = float((mean - 9 * sd).min()), float((mean + 9 * sd).max())
    return float(brentq(lambda x: float((weight * norm.cdf(x, mean, sd)).sum()) - level, lowest, highest))


def prior_against_posterior(
    drivers: Mapping[str, Driver], priors: xr.Dataset, posterior: xr.DataArray, fitted: xr.Dataset | None = None
) -> pd.DataFrame:
    """Return each driver's effect at its peak before and after the data.

    Parameters
    ----------
    drivers : mapping of id to Driver
    priors : Dataset (driver, component)
        Mixture of log rate ratios; the last component is "no effect".
    posterior : DataArray (draw, driver)
        Log rate ratios after the data.
    fitted : Dataset (driver, component), optional
        Priors as the fit had them, after dated events; `priors` by default.

    Returns
    -------
    DataFrame
        Columns driver, label, prior_low, prior_median, prior_high, posterior_low, posterior_median, posterior_high
        (rate ratios; 10, 50 and 90 in 100), prior_weight, posterior_weight (probability that the effect is there).
        Equal weights mean that the data are silent on the driver.
    """
    rows = []
    known = priors if fitted is None else fitted
    for driver_id, driver in drivers.items():
        prior, values = priors.sel(driver=driver_id), posterior.sel(driver=driver_id).values
        row: dict[str, str | float] = {"driver": driver_id, "label": driver.title}
        for name, level in LEVELS.items():
            row[f"prior_{name}"] = float(np.exp(mixture_quantile(prior, level)))
            row[f"posterior_{name}"] = float(np.exp(np.quantile(values, level)))
        row["prior_weight"] = 1.0 - float(prior["weight"].values[-1])
        row["posterior_weight"] = 1.0 - float(component_shares(values, known.sel(driver=driver_id))[:, -1].mean())
        rows.append(row)
    return pd.DataFrame(rows)


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
