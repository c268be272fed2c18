"""Thresholds for a case that names none: round numbers around what its home has seen in a year."""

import numpy as np
import xarray as xr

from ..panel.ucdp import annual_totals

YEARS = 10
"""Last years of the record that are looked at."""

COUNT = 6
GRID = tuple(int(step * 10**power) for power in range(1, 7) for step in (1, 2.5, 5))
"""Round numbers: 10, 25, 50, 100, 250 and so on."""


def round_thresholds(record: xr.DataArray, headline: str) -> tuple[int, ...]:
    """Return six round numbers of deaths, the largest above twice the worst of the last ten years.

    Parameters
    ----------
    record : DataArray (month, outcome)
        Deaths per month of one unit.
    headline : str
        Outcome that thresholds are of.
    """
    yearly = annual_totals(record.expand_dims("country", 1)).sel(outcome=headline)
    worst = float(np.nanmax(yearly.values[-YEARS:])) if yearly.notnull().any() else 0.0
    above = next((index for index, number in enumerate(GRID) if number > 2 * worst), len(GRID) - 1)
    last = max(above, COUNT - 1)
    return GRID[last - COUNT + 1 : last + 1]
