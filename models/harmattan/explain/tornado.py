"""Which driver carries the answer: expected deaths with one driver weak and strong, all else as simulated."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr

from ..schema.driver import Driver


def driver_swings(
    deaths: xr.DataArray,
    effects: xr.DataArray,
    exposures: xr.DataArray,
    drivers: Mapping[str, Driver],
    country: str,
    outcome: str,
    months: int = 12,
) -> pd.DataFrame:
    """Return expected deaths of the first months with each driver at its 10th and 90th percentile.

    A driver multiplies the rate, so its effect in a future can be taken out and another put in without simulating
    again: deaths x exp((new - old log effect) x exposure). Exact for expected deaths at a driver's own place; what a
    changed rate sends over borders is left out.

    Parameters
    ----------
    deaths : DataArray (draw, month, country, outcome)
    effects : DataArray (draw, driver)
    exposures : DataArray (driver, month, country, outcome)
    drivers : mapping of id to Driver
    country, outcome : str
        Where the swing is measured.
    months : int

    Returns
    -------
    DataFrame
        Columns driver, label, low, high (expected deaths), widest swing first.
    """
    cells = deaths.sel(country=country, outcome=outcome).isel(month=slice(0, months)).values.astype(float)
    share = exposures.sel(country=country, outcome=outcome).isel(month=slice(0, months))
    rows = []
    for driver_id, driver in drivers.items():
        values, acting = effects.sel(driver=driver_id).values, share.sel(driver=driver_id).values
        weak, strong = np.quantile(values, [0.1, 0.9])
        low, high = (
            float((cells * np.exp(np.outer(level - values, acting))).sum(axis=1).mean()) for level in (weak, strong)
        )
        rows.append({"driver": driver_id, "label": driver.title, "low": low, "high": high})
    table = pd.DataFrame(rows)
    return table.iloc[np.argsort(-(table["high"] - table["low"]).abs().values, kind="stable")].reset_index(drop=True)
