"""Plausible deaths: reported deaths widened by UCDP's own low and high estimates.

The model is fitted on best estimates and forecasts what UCDP would report. How many people died is another question.
Here each future takes, for every country and outcome, the bounds of one year of the record and one place between them,
kept for all its months: what reporters miss in one month they tend to miss in the next. UCDP's bounds leave out what
no source reported, so these numbers are still low (Vesco et al. 2026, Journal of Conflict Resolution, find that coders
hold its bounds too narrow and its best estimates too low; their coefficients are not shipped here).
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr

from ..core.randomness import stream

RECENT_YEARS = 10
"""Years before the last one of the record whose bounds speak for a country's next year."""

FEWEST_YEARS = 3
"""Years of its own that a country needs; with fewer, all units' years of that outcome speak for it."""


def plausible_deaths(
    deaths: xr.DataArray, bounds: pd.DataFrame, seed: int, known_by: Sequence[str] | None = None
) -> xr.DataArray:
    """Return deaths that lie between what UCDP's low and high estimates would be.

    Parameters
    ----------
    deaths : DataArray (draw, month, country, outcome)
        Reported deaths per month (best estimates), as simulated.
    bounds : DataFrame
        `panel.bounds.load_bounds`: low_ratio and high_ratio by country, year and outcome.
    seed : int
        Root seed; the factor of a country and outcome comes from a stream of that name.
    known_by : sequence of str, optional
        Names of the units' luck; their labels by default.

    Returns
    -------
    DataArray
        Same dims and labels, whole deaths per month. No deaths reported stays none.
    """
    factor = xr.zeros_like(deaths.isel(month=0, drop=True), dtype="float64").transpose("country", "outcome", "draw")
    countries = factor["country"].values
    for c, (country, name) in enumerate(zip(countries, countries if known_by is None else known_by, strict=True)):
        for k, outcome in enumerate(factor["outcome"].values):
            years = years_that_speak(bounds, str(country), str(outcome))
            draws = stream(seed, "plausible", str(name), str(outcome)).random((deaths.sizes["draw"], 2))
            chosen = (draws[:, 0] * len(years)).astype(int)
            low, high = (years[ratio].to_numpy()[chosen] for ratio in ("low_ratio", "high_ratio"))
            factor.values[c, k] = triangular_quantile(draws[:, 1], low, high)
    widened = (deaths * factor).round().transpose(*deaths.dims).astype(deaths.dtype)
    return widened.assign_attrs({**deaths.attrs, "counts": "plausible"}).rename(deaths.name)


def years_that_speak(bounds: pd.DataFrame, country: str, outcome: str) -> pd.DataFrame:
    """Return the recent years whose bounds are used for a country and outcome."""
    recent = bounds[(bounds["outcome"] == outcome) & (bounds["year"] > bounds["year"].max() - RECENT_YEARS)]
    own = recent[recent["country"] == country]
    return own if len(own) >= FEWEST_YEARS else recent


def triangular_quantile(probability: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Return the quantile of a triangular distribution from `low` to `high` with its mode at 1; arrays of one shape.

    Bounds that meet at 1 leave the count as it is.
    """
    width = high - low
    left = np.divide(1.0 - low, width, out=np.ones_like(width), where=width > 0)
    rising = low + np.sqrt(probability * width * (1.0 - low))
    falling = high - np.sqrt((1.0 - probability) * width * (high - 1.0))
    return np.where(width == 0, 1.0, np.where(probability < left, rising, falling))
