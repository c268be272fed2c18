"""Which driver carries the answer: the quantity with one driver weak and strong, all else as simulated."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import xarray as xr

from ..schema.driver import Driver
from .question import Question


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
    question = Question(country, outcome, months)
    return _swings(question, deaths, effects, exposures, drivers, lambda total: float(total.mean()))


def exceedance_swings(
    question: Question,
    deaths: xr.DataArray,
    effects: xr.DataArray,
    exposures: xr.DataArray,
    drivers: Mapping[str, Driver],
) -> pd.DataFrame:
    """Return P(total > threshold) with each driver at its 10th and 90th percentile; as `driver_swings`.

    Deaths of a future are scaled, not drawn anew, so chance within a month is scaled with them: close where a month has
    many deaths, since their spread grows with the rate (`tests/test_explain_run.py` holds it to simulating again).

    Returns
    -------
    DataFrame
        Columns driver, label, low, high (probabilities), widest swing first.
    """
    return _swings(
        question, deaths, effects, exposures, drivers, lambda total: float((total > question.threshold).mean())
    )


def _swings(
    question: Question,
    deaths: xr.DataArray,
    effects: xr.DataArray,
    exposures: xr.DataArray,
    drivers: Mapping[str, Driver],
    measure: Callable[[np.ndarray], float],
) -> pd.DataFrame:
    cells = question.monthly(deaths)
    rows = []
    for driver_id, driver in drivers.items():
        values, acting = effects.sel(driver=driver_id).values, question.acting(exposures, driver_id)
        low, high = (
            measure((cells * np.exp((level - values)[:, None] * acting)).sum(axis=1))
            for level in np.quantile(values, [0.1, 0.9])
        )
        rows.append({"driver": driver_id, "label": driver.title, "low": low, "high": high})
    table = pd.DataFrame(rows)
    return table.iloc[np.argsort(-(table["high"] - table["low"]).abs().values, kind="stable")].reset_index(drop=True)
