"""Are long forecasts calibrated at every horizon? The PIT of the judge's rows within two simultaneous bands."""

from functools import cache

import numpy as np
import pandas as pd

from ..core.randomness import stream
from .calibration import ecdf_band
from .judge_tables import by_places
from .scoreboard import MODEL

ROW = ("region", "places", "outcome", "span")
TOLD = ("count", "largest_gap", "allowed_gap", "share_inside", "allowed_by_year", "origins")
LEVEL = 0.95
FLIPS = 2000


def flatness_by_row(table: pd.DataFrame, model: str = MODEL, seed: int = 1) -> pd.DataFrame:
    """Return how far the ECDF of PIT values lies from a straight line, by region, kind of place, outcome and span.

    Two bands stand beside it. One takes all values as independent (`calibration.ecdf_band`); countries of one origin
    and months of one span are not, so that it is too narrow. The other takes origin years as the units: whatever is
    common to all values of a year stays together, and each year's whole deviation from the line is turned over or not,
    by lot, as it could be if forecasts were calibrated. It holds the largest gap anywhere on the curve in 95 of 100
    such turns. Origins a year apart share months of all spans that are longer or further ahead than a year, so that for
    them it is still too narrow; with few years it is coarse.

    Parameters
    ----------
    table : DataFrame
        Rows of `judged`, with the columns origin and region.
    model : str
        The member that is judged.
    seed : int
        Of both bands.

    Returns
    -------
    DataFrame
        Columns region, places, outcome, span (as `coverage_by_row`), count (of PIT values: months, or totals),
        largest_gap (of the ECDF from the diagonal), allowed_gap (half-width of the simultaneous 95 % band for
        independent values, at its widest), share_inside (of points inside that band), allowed_by_year (the largest gap
        that the second band holds) and origins (how many years that rests on).
    """
    rows = by_places(table, model)
    alone = [[pit] for pit in rows["pit"]]
    rows = rows.assign(
        pit=[one if np.isfinite(one[0]) else many for one, many in zip(alone, rows["pits"], strict=True)]
    )
    found = []
    for key, part in rows.groupby(list(ROW), sort=False):
        by_year = [np.concatenate(list(pits)).astype(float) for _, pits in part.groupby("origin")["pit"]]
        found.append(dict(zip(ROW, key, strict=True)) | flatness(by_year, seed))
    return pd.DataFrame(found, columns=[*ROW, *TOLD])


def flatness(by_year: list[np.ndarray], seed: int) -> dict[str, float]:
    """Return the columns of `flatness_by_row` that PIT values give, one array for each origin year."""
    values = np.sort(np.concatenate(by_year))
    z, lower, upper = _band(len(values), seed)
    ecdf = np.searchsorted(values, z, side="right") / len(values)
    deviations = np.array([(year[:, None] <= z).sum(axis=0) - len(year) * z for year in by_year]) / len(values)
    turned = stream(seed, "flatness", str(len(by_year))).choice([-1.0, 1.0], size=(FLIPS, len(by_year)))
    largest = np.abs(turned @ deviations).max(axis=1)
    return {
        "count": len(values),
        "largest_gap": np.abs(ecdf - z).max(),
        "allowed_gap": ((upper - lower) / 2).max(),
        "share_inside": ((ecdf >= lower) & (ecdf <= upper)).mean(),
        "allowed_by_year": np.quantile(largest, LEVEL),
        "origins": len(by_year),
    }


@cache
def _band(count: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return points, lower and upper bounds of the band for so many independent values."""
    band = ecdf_band(count, seed, LEVEL)
    return band["z"].to_numpy(), band["lower"].to_numpy(), band["upper"].to_numpy()
