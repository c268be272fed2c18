"""The simple rule that hazards are held against: how often it happened in years like this one.

Years are alike that had such an event in the years before, or that had none. Rates are those of all units together,
with Jeffreys' prior.
"""

import numpy as np
import pandas as pd
import xarray as xr

from ..core.randomness import stream
from .years import Chance, recently

QUIET, RECENT = "quiet", "recent"


def rates_of(
    happened: xr.DataArray, watched: xr.DataArray, memory: int, *, draws: int = 1000, seed: int = 1
) -> pd.DataFrame:
    """Return draws of the yearly chance after years without an event, and after years with one.

    Parameters
    ----------
    happened : DataArray (year, country)
        Above 0 where it happened; NaN where a country did not exist.
    watched : DataArray (year)
        Share of the year that was watched.
    memory : int
        Years that count as before.
    draws, seed : int

    Returns
    -------
    DataFrame
        Columns quiet and recent.
    """
    before = recently(happened, memory).values
    now = happened.isel(year=slice(memory, None)).values
    share = np.broadcast_to(watched.values[memory:, None], now.shape)
    there = np.isfinite(now) & (share > 0)
    found = {}
    for state, of_state in ((QUIET, ~before & there), (RECENT, before & there)):
        events, years = np.sum(now[of_state] > 0), share[of_state].sum()
        noise = stream(seed, "rates", state)
        found[state] = noise.beta(0.5 + events, 0.5 + max(years - events, 0.0), size=draws)
    return pd.DataFrame(found)


def chance_by_rates(rates: pd.DataFrame) -> Chance:
    """Return the chance by these rates, a row for each draw; a part of a year has its part of the hazard."""
    quiet, recent = (rates[state].to_numpy()[:, None] for state in (QUIET, RECENT))

    def chance(year: int, before: np.ndarray, share: float) -> np.ndarray:
        return 1 - (1 - np.where(before, recent, quiet)) ** share

    return chance
