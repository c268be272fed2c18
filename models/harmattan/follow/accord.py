"""The end of an accord: how likely accords of its age are to end, by the curve of such accords.

Nothing is learnt from the futures: no deaths and no scenario reach it. An accord that has held for years is asked about
the years that follow, given that it has held (delayed entry), and not as if it had just been signed. Beyond the end of
the curve its last stretch goes on.
"""

from datetime import date

import numpy as np
import pandas as pd
import xarray as xr

from ..core.randomness import stream
from .declared import SubModel

ACCORD = SubModel("accord", unit="accord that has ended", step="year", kind="event", needs=("accord",))


def yearly_chances(curve: pd.DataFrame, draws: int, seed: int) -> pd.DataFrame:
    """Return draws of the chance to end within a year, for each stretch of the curve.

    A stretch has as many accords at risk and as many ends as a simple sample with the curve's standard error would have
    had; with Jeffreys' prior, because a stretch without an end is not one without risk.

    Parameters
    ----------
    curve : DataFrame
        Columns years_since_signing, share_ended and share_ended_se, as `panel.agreements.load_ended`.
    draws, seed : int

    Returns
    -------
    DataFrame
        A column for each stretch, named by its last year; a row for each draw.
    """
    found, before, start = {}, 0.0, 0.0
    for row in curve.itertuples():
        share, end = float(row.share_ended), float(row.years_since_signing)
        accords = share * (1 - share) / float(row.share_ended_se) ** 2
        ended, at_risk = max(share - before, 0.0) * accords, (1 - before) * accords
        noise = stream(seed, ACCORD.id, "curve", f"{end:g}")
        of_stretch = noise.beta(0.5 + ended, 0.5 + at_risk - ended, size=draws)
        found[end] = 1 - (1 - of_stretch) ** (1 / (end - start))
        before, start = share, end
    return pd.DataFrame(found)


def still_there(chances: pd.DataFrame, first: float, last: float) -> np.ndarray:
    """Return the chance that what is there at one age is there at another, for each draw; ages in years.

    >>> still_there(pd.DataFrame({1.0: [0.5], 2.0: [0.0]}), 0.5, 3.0).round(3).tolist()
    [0.707]
    """
    kept, start = np.ones(len(chances)), 0.0
    for end in chances:
        stop = np.inf if end == chances.columns[-1] else float(end)
        years = max(min(last, stop) - max(first, start), 0.0)
        kept = kept * (1 - chances[end].to_numpy()) ** years
        start = stop
    return kept


def follow(
    curve: pd.DataFrame, signed: date, as_of: date, years: list[int], unit: str, draws: int, seed: int
) -> xr.DataArray:
    """Return whether an accord that is there has ended by the end of each year.

    Parameters
    ----------
    curve : DataFrame
        `panel.agreements.load_ended`.
    signed, as_of : date
    years : list of int
    unit : str
        Where it holds; its luck goes by this name.
    draws, seed : int

    Returns
    -------
    DataArray (draw, year, country) of bool
    """
    chances, luck = yearly_chances(curve, draws, seed), stream(seed, ACCORD.id, unit, "held").random(draws)
    now = age(signed, as_of)
    ended = [luck > still_there(chances, now, age(signed, date(year, 12, 31))) for year in years]
    found = np.stack(ended, axis=1)[:, :, None]
    return xr.DataArray(found, dims=("draw", "year", "country"), coords={"year": years, "country": [unit]})


def age(signed: date, then: date) -> float:
    """Return years between two days."""
    return (then - signed).days / 365.25
