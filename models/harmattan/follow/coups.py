"""A coup or an attempt, by country and year: a hazard that goes by deaths and by coups and attempts of five years.

Fitted to the years of which every event is known. Months between them and `as_of` are simulated like those ahead, with
the events that are known in them.
"""

import numpy as np
import pandas as pd
import xarray as xr

from ..core.randomness import stream
from ..model.following.hazard import hazard_draws
from ..model.following.laplace import Coefficient
from .declared import SubModel
from .years import Stretch, chain, recently

COUPS = SubModel("coup", unit="coups and attempts", step="year", kind="event", needs=("deaths", "coups"))

MEMORY = 5
"""Years in which an earlier coup or attempt counts."""

COEFFICIENTS = (
    Coefficient("constant", mean=-2.8, sd=1.0),
    Coefficient("recent", mean=0.7, sd=0.7),
    Coefficient("log_deaths", mean=0.05, sd=0.1),
)
"""In the log hazard of a year: six in a hundred, twice that after another, a twentieth for each e-fold of deaths."""


def learn(
    happened: xr.DataArray, watched: xr.DataArray, deaths: xr.DataArray, *, draws: int = 1000, seed: int = 1
) -> pd.DataFrame:
    """Return draws of all coefficients.

    Parameters
    ----------
    happened : DataArray (year, country)
        Coups and attempts, in years that were watched.
    watched : DataArray (year)
        Share of each year that was watched.
    deaths : DataArray (year, country)
        Of all violence; NaN in years in which a country did not exist throughout.
    draws, seed : int

    Returns
    -------
    DataFrame
        As `model.following.hazard.hazard_draws`.
    """
    watching = watched.where(watched > 0, drop=True)["year"].values
    years = [int(year) for year in happened["year"].values[MEMORY:] if year in watching and year in deaths["year"]]
    names = tuple(str(name) for name in happened["country"].values)
    recent = recently(happened, MEMORY).sel(year=years).values
    log_deaths = np.array([_log_deaths(deaths.sel(country=list(names)), year) for year in years])
    there = np.isfinite(log_deaths)
    predictors = np.stack([np.ones_like(log_deaths), recent.astype(float), log_deaths], axis=-1)[there]
    group, share = (
        np.broadcast_to(values, there.shape)[there]
        for values in (np.arange(len(names)), watched.sel(year=years).values[:, None])
    )
    came = (happened.sel(year=years).values > 0)[there].astype(float)
    return hazard_draws(predictors, group, share, came, COEFFICIENTS, names, draws=draws, seed=seed)


def follow(
    learnt: pd.DataFrame, happened: xr.DataArray, ahead: list[Stretch], deaths: xr.DataArray, seed: int
) -> xr.DataArray:
    """Return whether there is a coup or an attempt in the months ahead of each year.

    Parameters
    ----------
    learnt : DataFrame
        `learn`.
    happened : DataArray (year, country)
        Those known by now, also from years that were not watched.
    ahead : list of Stretch
        All months that were not watched, and those ahead.
    deaths : DataArray (draw, year, country)
        Of all violence, from the year before the first of these on.
    seed : int
        Chance goes by the names of countries and by year: another country, year or draw changes no number.

    Returns
    -------
    DataArray (draw, year, country) of bool
    """
    size = deaths.sizes["draw"]
    part = learnt.iloc[stream(seed, COUPS.id, "learnt").integers(len(learnt), size=size)]
    names = [str(name) for name in happened["country"].values]
    own = deaths.sel(country=names).transpose("year", "draw", "country")
    level = part["constant"].to_numpy()[:, None] + part[[f"in.{name}" for name in names]].to_numpy()
    recent, by_deaths = (part[name].to_numpy()[:, None] for name in ("recent", "log_deaths"))

    def chance(year: int, before: np.ndarray, share: float) -> np.ndarray:
        return -np.expm1(-share * np.exp(level + recent * before + by_deaths * _log_deaths(own, year)))

    return chain(chance, happened, ahead, memory=MEMORY, draws=size, seed=seed, name=COUPS.id)


def _log_deaths(deaths: xr.DataArray, year: int) -> np.ndarray:
    """Return log(1 + deaths a year) over a year and the one before; NaN where one of them is not known."""
    both = deaths.reindex(year=[year - 1, year]).mean("year", skipna=False)
    return np.log1p(both.values)
