"""Attacks on aid workers, by country and year: counts that go by deaths of the year and attacks of the year before.

Where fewer aid workers are left, fewer can be attacked: nobody counts how many there are, so a fall is no safety.
"""

import numpy as np
import pandas as pd
import xarray as xr

from ..core.randomness import stream
from ..model.following.counts import count_draws
from ..model.following.laplace import Coefficient
from .declared import SubModel
from .years import Stretch

AID_WORKERS = SubModel(
    "aid_workers", unit="attacks on aid workers", step="year", kind="count", needs=("deaths", "aid_workers")
)

MEMORY = 1
"""Years in which an earlier attack counts, in the simple rule."""

COEFFICIENTS = (
    Coefficient("constant", mean=-1.0, sd=1.5),
    Coefficient("log_deaths", mean=0.2, sd=0.2),
    Coefficient("log_before", mean=0.6, sd=0.3),
)
"""In the log of attacks expected in a year; logarithms are of one more than the number."""


def learn(attacks: xr.DataArray, deaths: xr.DataArray, *, draws: int = 1000, seed: int = 1) -> pd.DataFrame:
    """Return draws of all coefficients, learnt from whole years.

    Parameters
    ----------
    attacks : DataArray (year, country)
    deaths : DataArray (year, country)
        Of all violence; NaN in years in which a country did not exist throughout.
    draws, seed : int

    Returns
    -------
    DataFrame
        As `model.following.counts.count_draws`.
    """
    years = [int(year) for year in attacks["year"].values[1:] if year in deaths["year"]]
    names = tuple(str(name) for name in attacks["country"].values)
    log_deaths = np.log1p(deaths.sel(year=years, country=list(names)).values)
    log_before = np.log1p(attacks.sel(year=[year - 1 for year in years]).values)
    there = np.isfinite(log_deaths)
    predictors = np.stack([np.ones_like(log_deaths), log_deaths, log_before], axis=-1)[there]
    group = np.broadcast_to(np.arange(len(names)), there.shape)[there]
    count = attacks.sel(year=years).values[there]
    return count_draws(predictors, group, np.ones(len(count)), count, COEFFICIENTS, names, draws=draws, seed=seed)


def follow(
    learnt: pd.DataFrame, attacks: xr.DataArray, ahead: list[Stretch], deaths: xr.DataArray, seed: int
) -> xr.DataArray:
    """Return attacks in the months ahead of each year.

    Parameters
    ----------
    learnt : DataFrame
        `learn`.
    attacks : DataArray (year, country)
        Those known by now, of a year that is not over too.
    ahead : list of Stretch
    deaths : DataArray (draw, year, country)
        Of all violence, of each of these years.
    seed : int
        Chance goes by the names of countries and by year: another country, year or draw changes no number.

    Returns
    -------
    DataArray (draw, year, country)
    """
    from scipy.stats import gamma, poisson

    size = deaths.sizes["draw"]
    part = learnt.iloc[stream(seed, AID_WORKERS.id, "learnt").integers(len(learnt), size=size)]
    names = [str(name) for name in attacks["country"].values]
    own = deaths.sel(country=names).transpose("year", "draw", "country")
    level = part["constant"].to_numpy()[:, None] + part[[f"in.{name}" for name in names]].to_numpy()
    by_deaths, by_before = (part[name].to_numpy()[:, None] for name in ("log_deaths", "log_before"))
    shape = np.exp(part["log_size"].to_numpy())[:, None]
    past = {int(year): attacks.sel(year=year).values.astype(float) for year in attacks["year"].values}
    found = []
    for stretch in ahead:
        log_deaths, log_before = np.log1p(own.sel(year=stretch.year).values), np.log1p(past[stretch.year - 1])
        expected = stretch.months / 12 * np.exp(level + by_deaths * log_deaths + by_before * log_before)
        wave, luck = (_luck(seed, names, stretch.year, what, size) for what in ("wave", "count"))
        came = poisson.ppf(luck, np.minimum(expected * gamma.ppf(wave, shape) / shape, 1e6))
        past[stretch.year] = past.get(stretch.year, 0.0) + came
        found.append(came)
    coords = {"year": [stretch.year for stretch in ahead], "country": names}
    return xr.DataArray(np.stack(found, axis=1), dims=("draw", "year", "country"), coords=coords, name="attacks")


def _luck(seed: int, names: list[str], year: int, what: str, size: int) -> np.ndarray:
    """Return uniform numbers, shape (draw, country)."""
    return np.stack([stream(seed, AID_WORKERS.id, name, str(year), what).random(size) for name in names], axis=1)
