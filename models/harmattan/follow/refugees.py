"""People who newly flee from one country into a neighbouring one, by year.

Whether any come and how many (log) go by how many came the year before and by the deaths of their origin in the year
and the year before; each pair of countries has a partially pooled effect of its own in either. Fitted to the record
alone, whatever the scenario. On simulated futures each year's flow starts from the simulated one before.

Elasticities of flight to deaths near one half were found with effects of countries and years in place of last year's
flow (Fearon & Shaver 2021, on all civil wars: 0.49 within the year); here last year's flow carries a part of it.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from ..core.randomness import stream
from ..model.following.hurdle import PARTS, Predictor, Rows, hurdle_draws
from ..panel.flows import LEAST_SHOWN
from .declared import SubModel

REFUGEES = SubModel("refugees", unit="people", step="year", kind="count", needs=("deaths", "flows"))

FIRST_YEAR = 1995
"""Of flows that the fit explains; before, many countries of asylum did not report."""

PREDICTORS = (
    Predictor("constant", any_mean=0.0, any_sd=2.0, size_mean=4.0, size_sd=2.0),
    Predictor("none_before", any_mean=-1.0, any_sd=1.5, size_mean=0.0, size_sd=1.5),
    Predictor("log_before", any_mean=0.5, any_sd=0.5, size_mean=0.6, size_sd=0.3),
    Predictor("log_deaths", any_mean=0.2, any_sd=0.2, size_mean=0.2, size_sd=0.2),
    Predictor("log_deaths_before", any_mean=0.0, any_sd=0.2, size_mean=0.1, size_sd=0.2),
)
"""Logarithms are of one more than the number; `none_before` is 1 where nobody came the year before."""


def learn(
    flows: xr.DataArray,
    deaths: xr.DataArray,
    *,
    draws: int = 500,
    chains: int = 2,
    seed: int = 1,
    progress: Callable[[float], None] | None = None,
) -> pd.DataFrame:
    """Return draws of all coefficients, learnt from the flows and deaths of years that are over.

    Parameters
    ----------
    flows : DataArray (year, pair)
        People, with coordinates `origin` and `asylum`.
    deaths : DataArray (year, country)
        Of all violence, every origin and asylum country; NaN in years in which one did not exist throughout.
    draws, chains, seed : int
    progress : callable, optional
        Is told when it is done.

    Returns
    -------
    DataFrame
        As `model.following.hurdle.hurdle_draws`.
    """
    pairs = tuple(str(pair) for pair in flows["pair"].values)
    found = hurdle_draws(rows_of(flows, deaths), PREDICTORS, pairs, draws=draws, chains=chains, seed=seed)
    if progress is not None:
        progress(1.0)
    return found


def rows_of(flows: xr.DataArray, deaths: xr.DataArray) -> Rows:
    """Return every year of every pair from `FIRST_YEAR` on, of which the year before is known too.

    Parameters
    ----------
    flows : DataArray (year, pair)
    deaths : DataArray (year, country)
    """
    known = {int(year) for year in flows["year"].values} & {int(year) for year in deaths["year"].values}
    years = [year for year in sorted(known) if year >= FIRST_YEAR and year - 1 in known]
    before = [year - 1 for year in years]
    origin, asylum = flows["origin"].values, flows["asylum"].values
    log_deaths = xr.apply_ufunc(np.log1p, deaths)
    now, past = (log_deaths.sel(year=some, country=origin).values for some in (years, before))
    there = np.isfinite(now + past + sum(deaths.sel(year=some, country=asylum).values for some in (years, before)))
    arrived, came = flows.sel(year=years).values, flows.sel(year=before).values
    predictors = predictors_of(came, now, past)[there]
    group = np.broadcast_to(np.arange(len(origin)), there.shape)[there]
    return Rows(predictors, group, (came == 0)[there].astype(int), arrived[there])


def predictors_of(before: np.ndarray, log_deaths: np.ndarray, log_deaths_before: np.ndarray) -> np.ndarray:
    """Return the predictors of `PREDICTORS`, along a last axis.

    Parameters
    ----------
    before : array
        People who came the year before.
    log_deaths, log_deaths_before : array
        log(1 + deaths) of the origin in the year and in the one before; the same shape.
    """
    parts = (np.ones_like(before), (before == 0).astype(float), np.log1p(before), log_deaths, log_deaths_before)
    return np.stack(np.broadcast_arrays(*parts), axis=-1)


def follow(learnt: pd.DataFrame, last: xr.DataArray, deaths: xr.DataArray, seed: int) -> xr.DataArray:
    """Return flows on simulated futures.

    Parameters
    ----------
    learnt : DataFrame
        `learn`.
    last : DataArray (pair)
        People who came in the last year that is known; with coordinates `origin`, `asylum` and `year`.
    deaths : DataArray (draw, year, country)
        Of all violence, from that year on, of every origin.
    seed : int
        Chance goes by the names of pairs and by year: another pair, year or draw changes no number.

    Returns
    -------
    DataArray (draw, year, pair)
        People newly arrived in each year after the last one known.
    """
    pairs = [str(pair) for pair in last["pair"].values]
    known = int(last["year"])
    years = [int(year) for year in deaths["year"].values if int(year) > known]
    draws = deaths.sizes["draw"]
    part = learnt.iloc[stream(seed, REFUGEES.id, "learnt").integers(len(learnt), size=draws)]
    log_deaths = (
        xr.apply_ufunc(np.log1p, deaths).sel(country=last["origin"].values).transpose("year", "draw", "country")
    )
    before = np.broadcast_to(last.values, (draws, len(pairs)))
    arrived = np.empty((draws, len(years), len(pairs)))
    for t, year in enumerate(years):
        now, past = (log_deaths.sel(year=when).values for when in (year, year - 1))
        predictors = predictors_of(before, now, past)
        log_odds, log_size = (_linear(part, name, predictors, pairs) for name in PARTS)
        noise = np.where(before == 0, part["noise.1"].to_numpy()[:, None], part["noise.0"].to_numpy()[:, None])
        chance, luck = _luck(seed, pairs, year, draws)
        size = np.maximum(np.rint(np.exp(log_size + noise * luck)), LEAST_SHOWN)
        before = np.where(chance < 1.0 / (1.0 + np.exp(-log_odds)), size, 0.0)
        arrived[:, t] = before
    coords: dict[str, Any] = {name: last[name] for name in ("pair", "origin", "asylum")}
    return xr.DataArray(arrived, dims=("draw", "year", "pair"), coords={"year": years, **coords}, name="people")


def _linear(learnt: pd.DataFrame, part: str, predictors: np.ndarray, pairs: list[str]) -> np.ndarray:
    """Return the linear predictor, shape (draw, pair)."""
    coefficients = learnt[[f"{part}.{one.name}" for one in PREDICTORS]].to_numpy()
    effects = learnt[[f"{part}.in.{pair}" for pair in pairs]].to_numpy()
    return np.einsum("dpk,dk->dp", predictors, coefficients) + effects


def _luck(seed: int, pairs: list[str], year: int, draws: int) -> tuple[np.ndarray, np.ndarray]:
    """Return uniform and normal noise, shape (draw, pair)."""
    uniform = [stream(seed, REFUGEES.id, pair, str(year), "any").random(draws) for pair in pairs]
    normal = [stream(seed, REFUGEES.id, pair, str(year), "size").standard_normal(draws) for pair in pairs]
    return np.stack(uniform, axis=1), np.stack(normal, axis=1)
