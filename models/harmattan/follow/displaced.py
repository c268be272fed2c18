"""People displaced inside their country by conflict, at the end of each year.

A share of last year's stock stays, and each death of the year adds so many, more in some countries than in others.
Fitted to the record alone, whatever the scenario. On simulated futures each country starts from its last count, also
where that lies some years back: the years between follow the deaths on record.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
import xarray as xr

from ..core.randomness import stream
from ..model.following.stock import stock_draws
from .declared import SubModel

DISPLACED = SubModel("displaced", unit="people", step="year", kind="stock", needs=("deaths", "displaced"))


def learn(
    stock: xr.DataArray,
    deaths: xr.DataArray,
    *,
    draws: int = 500,
    chains: int = 2,
    seed: int = 1,
    progress: Callable[[float], None] | None = None,
) -> pd.DataFrame:
    """Return draws of all parameters, learnt from counts of two years running and the deaths of the later one.

    Parameters
    ----------
    stock : DataArray (year, country)
        People; NaN where nobody counted.
    deaths : DataArray (year, country)
        Of all violence.
    draws, chains, seed : int
    progress : callable, optional
        Is told when it is done.

    Returns
    -------
    DataFrame
        As `model.following.stock.stock_draws`.
    """
    before, now, of_year, group = rows_of(stock, deaths)
    names = tuple(str(name) for name in stock["country"].values)
    found = stock_draws(before, now, of_year, group, names, draws=draws, chains=chains, seed=seed)
    if progress is not None:
        progress(1.0)
    return found


def rows_of(stock: xr.DataArray, deaths: xr.DataArray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return counts of the year before and of the year, its deaths, and which country; a row for each two years."""
    years = [int(year) for year in stock["year"].values if int(year) - 1 in stock["year"].values]
    before, now = stock.sel(year=[year - 1 for year in years]).values, stock.sel(year=years).values
    of_year = deaths.sel(year=years, country=stock["country"].values).transpose("year", "country").values
    there = np.isfinite(before + now + of_year)
    group = np.broadcast_to(np.arange(stock.sizes["country"]), there.shape)
    return before[there], now[there], of_year[there], group[there]


def follow(learnt: pd.DataFrame, stock: xr.DataArray, deaths: xr.DataArray, seed: int) -> xr.DataArray:
    """Return stocks on simulated futures.

    Parameters
    ----------
    learnt : DataFrame
        `learn`.
    stock : DataArray (year, country)
        Counts; each country goes on from its last one.
    deaths : DataArray (draw, year, country)
        Of all violence, recorded and simulated, of every year after the earliest of these last counts.
    seed : int
        Chance goes by the names of countries and by year.

    Returns
    -------
    DataArray (draw, year, country)
        People at the end of each year after the last that anybody counted.
    """
    size, last = deaths.sizes["draw"], int(stock["year"].values[-1])
    part = learnt.iloc[stream(seed, DISPLACED.id, "learnt").integers(len(learnt), size=size)]
    years = [int(year) for year in deaths["year"].values if int(year) > last]
    names = [str(name) for name in stock["country"].values]
    found = np.empty((size, len(years), len(names)))
    for i, name in enumerate(names):
        counted = stock.sel(country=name).dropna("year").isel(year=-1)
        added = np.exp(part[f"added.in.{name}"].to_numpy())
        before = np.full(size, float(counted))
        for year in range(int(counted["year"]) + 1, (years[-1] if years else last) + 1):
            noise = part["noise"].to_numpy() * stream(seed, DISPLACED.id, name, str(year)).standard_normal(size)
            of_year = deaths.sel(year=year, country=name).values
            before = np.rint((part["keep"].to_numpy() * before + added * of_year) * np.exp(noise))
            if year > last:
                found[:, years.index(year), i] = before
    coords = {"year": years, "country": names}
    return xr.DataArray(found, dims=("draw", "year", "country"), coords=coords, name="people")
