"""How a forecast did, once the months after it are known, in the cells where there was something to forecast.

Most months of most countries have no deaths, any forecast holds them, and a share over all cells hides the rest.
Cells are chosen by what the forecast expected, never by what came: choosing by the outcome would bias the share.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from ..evaluate.calibration import LEVELS, randomised_pit
from ..evaluate.scores import central_interval

EXPECTED_IN_MONTH = 1
"""Expected deaths from which a month of one country and type counts."""
EXPECTED_IN_TOTAL = 10
"""Expected deaths from which a total of one country and type counts."""
TOTAL_MONTHS = 12
COLUMNS = ("nominal", "observed", "n", "observed_all", "n_all")


@dataclass(frozen=True)
class TotalsCheck:
    """How many totals by country and type fell into their central interval at `level`, above it and below it.

    Attributes
    ----------
    level : float
    first_month, last_month : str
        The months that are summed.
    count, inside, above, below : int
    """

    level: float
    first_month: str
    last_month: str
    count: int
    inside: int
    above: int
    below: int


def coverage_by_month(observed: xr.DataArray, draws: xr.DataArray) -> pd.DataFrame:
    """Return how often central intervals held single months.

    Parameters
    ----------
    observed : DataArray (month, country, outcome)
    draws : DataArray (draw, month, country, outcome)

    Returns
    -------
    DataFrame
        Columns nominal, observed and n (cells with at least one expected death), observed_all and n_all (all cells);
        empty when no cell expected a death.
    """
    expected = draws.mean("draw")
    counts = expected >= EXPECTED_IN_MONTH
    if not bool(counts.any()):
        return pd.DataFrame(columns=list(COLUMNS))
    rows = []
    for level in LEVELS:
        inside = _place(observed, draws, level) == 0
        rows.append((level, float(inside.where(counts).mean()), int(counts.sum()), float(inside.mean()), inside.size))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def pit_by_month(observed: xr.DataArray, draws: xr.DataArray, seed: int) -> np.ndarray:
    """Return the randomised probability integral transforms of the cells with at least one expected death."""
    pit = randomised_pit(observed, draws, seed)
    counts = (draws.mean("draw") >= EXPECTED_IN_MONTH).transpose(*pit.dims)
    return pit.values[counts.values]


def check_totals(observed: xr.DataArray, draws: xr.DataArray, level: float = 0.8) -> TotalsCheck:
    """Return how totals of the first twelve months (fewer, where fewer are known) fell, by country and type.

    Only totals of which the forecast expected at least ten deaths count.
    """
    months = [str(month) for month in observed["month"].values[:TOTAL_MONTHS]]
    totals = draws.sel(month=months).sum("month")
    counts = totals.mean("draw") >= EXPECTED_IN_TOTAL
    place = _place(observed.sel(month=months).sum("month"), totals, level).where(counts)
    inside, above, below = (int((place == where).sum()) for where in (0, 1, -1))
    return TotalsCheck(level, months[0], months[-1], int(counts.sum()), inside, above, below)


def _place(observed: xr.DataArray, draws: xr.DataArray, level: float) -> xr.DataArray:
    """Return 0 inside the central interval, ends included, 1 above and -1 below it."""
    low, high = central_interval(draws, level)
    return (observed > high).astype(int) - (observed < low).astype(int)
