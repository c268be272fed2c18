"""Plausible deaths: reported deaths widened by UCDP's own low and high estimates.

The model is fitted on best estimates and forecasts what UCDP would report. How many people died is another question.
Here each future takes, for every country and outcome, how wide the counts of each year are, from what is known of that
unit's and all units' years (`panel.counting`), and one place between low and high, kept for all its months: what
reporters miss in one month they tend to miss in the next. UCDP's bounds leave out what no source reported, so these
numbers are still low (Vesco et al. 2026, Journal of Conflict Resolution, find that coders hold its bounds too narrow
and its best estimates too low; their coefficients are not shipped here).
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr

from ..core.randomness import stream
from ..panel.counting import Counted, counted

WIDTHS = 200
"""Widths, equally likely, out of which each future has one: the middles of as many parts of the distribution."""


def plausible_deaths(
    deaths: xr.DataArray, bounds: pd.DataFrame, seed: int, known_by: Sequence[str] | None = None
) -> xr.DataArray:
    """Return deaths that lie between what UCDP's low and high estimates would be.

    Parameters
    ----------
    deaths : DataArray (draw, month, country, outcome)
        Reported deaths per month (best estimates), as simulated.
    bounds : DataFrame
        `panel.bounds.load_bounds`. An outcome that it does not tell of stays as it is.
    seed : int
        Root seed; the factor of a country and outcome comes from a stream of that name.
    known_by : sequence of str, optional
        Names of the units' luck; their labels by default.

    Returns
    -------
    DataArray
        Same dims and labels, whole deaths per month. No deaths reported stays none.
    """
    years, year_of = np.unique([int(str(month)[:4]) for month in deaths["month"].values], return_inverse=True)
    widened = deaths.transpose("draw", "month", "country", "outcome").copy()
    record, countries = counted(bounds), [str(name) for name in deaths["country"].values]
    for k, outcome in enumerate(str(name) for name in deaths["outcome"].values):
        if outcome not in record:
            continue
        for c, (country, name) in enumerate(zip(countries, known_by or countries, strict=True)):
            luck = stream(seed, "plausible", str(name), outcome).random((deaths.sizes["draw"], 3))
            factor = _factor(record[outcome], country, years, luck)[:, year_of]
            widened.values[:, :, c, k] = np.rint(widened.values[:, :, c, k] * factor)
    widened = widened.transpose(*deaths.dims)
    return widened.assign_attrs({**deaths.attrs, "counts": "plausible"}).rename(deaths.name)


def _factor(record: Counted, unit: str, years: np.ndarray, luck: np.ndarray) -> np.ndarray:
    """Return by what the deaths of each year are multiplied, shape (draw, year).

    The luck of a future is how wide its counts are above, below, and where between them they lie.
    """
    middles = (np.arange(WIDTHS) + 0.5) / WIDTHS
    chosen = (luck[:, :2] * WIDTHS).astype(int)
    factor = np.empty((len(luck), len(years)))
    for y, year in enumerate(years):
        above, below = (
            record.width(unit, side, int(year)).quantile(middles)[chosen[:, i]]
            for i, side in enumerate(("above", "below"))
        )
        factor[:, y] = triangular_quantile(luck[:, 2], 1.0 - below, 1.0 + above)
    return factor


def triangular_quantile(probability: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Return the quantile of a triangular distribution from `low` to `high` with its mode at 1; arrays of one shape.

    Bounds that meet at 1 leave the count as it is.
    """
    width = high - low
    left = np.divide(1.0 - low, width, out=np.ones_like(width), where=width > 0)
    rising = low + np.sqrt(probability * width * (1.0 - low))
    falling = high - np.sqrt((1.0 - probability) * width * (high - 1.0))
    return np.where(width == 0, 1.0, np.where(probability < left, rising, falling))
