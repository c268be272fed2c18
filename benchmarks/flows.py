"""How forecasts of people who flee across a border are scored, and the scores.

Declared before any model of them was fitted:

- **Cells.** Every ordered pair of countries with a land border of which at least one is a unit of the case, by year.
  UNHCR's new refugees, asylum seekers and people in like situations together; a pair without a row had none.
- **Origins.** Each year t from 2010 to 2023: what was recorded up to t is learnt from, the flow of t + 1 is forecast.
- **Given.** Flow and deaths to t, and of t + 1 (a) the deaths of the origin as recorded later, so that it is flight
  given violence that is scored and not the forecast of violence; (b) nothing: deaths of t + 1 are those of t;
  (c) deaths of the case's units as this program forecasts them from December of t (record alone, quick fits), of other
  origins those of t.
- **Score.** Squared error of log(1 + people) of the mean of the forecast, and CRPS of log(1 + people), 2,000 draws.
- **Rivals.** *Last year again*: log(1 + people of t); for the CRPS with the errors that this had made in all pairs up
  to t beside it, drawn at random, and also without (a single number). *Without deaths*: the same model blind to deaths.
- **Verdict.** On the years 2015 to 2024 together, all pairs, (a): the model is shown if its squared log error is at
  least 8 % below last year's. Else last year's flow with its error is shown in its place.
  Intervals resample whole years.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

import harmattan as hm
from harmattan.case.opening import open_case
from harmattan.core.files import file_in_place
from harmattan.core.randomness import stream
from harmattan.evaluate.scores import crps
from harmattan.follow.refugees import follow, learn
from harmattan.run.backtesting import QUICK
from harmattan.run.flows import record_of_flight

ORIGINS = range(2010, 2024)
JUDGED = range(2015, 2025)
DRAWS, SEED = 2000, 1
SCORES = Path("seeds/scorecard/flows.csv")
MODEL, BLIND, AGAIN, POINT = "hurdle", "hurdle without deaths", "last year again", "last year as a number"


def forecasts_of(flows: xr.DataArray, deaths: xr.DataArray, year: int) -> dict[str, xr.DataArray]:
    """Return what each model says of the year after, dims (draw, pair), log(1 + people); nothing later is seen."""
    known = flows.sel(year=slice(None, year))
    before = deaths.sel(year=slice(None, year))
    coming = deaths.sel(year=slice(year, year + 1))
    same = coming.copy(data=np.broadcast_to(coming.sel(year=year).values, coming.shape))
    quiet, last = xr.zeros_like(before).where(before.notnull()), known.sel(year=year)
    learnt, blind = learn(known, before, seed=SEED), learn(known, quiet, seed=SEED)

    def ahead(fit: pd.DataFrame, given: xr.DataArray) -> xr.DataArray:
        futures = given if "draw" in given.dims else given.expand_dims(draw=DRAWS)
        futures = futures.transpose("draw", "year", "country")
        return np.log1p(follow(fit, last, futures, SEED).isel(year=0, drop=True))

    logs = np.log1p(known)
    errors = (logs.diff("year").sel(year=slice(1995, None))).values.ravel()
    drawn = [stream(SEED, "errors", str(pair), str(year)).choice(errors, DRAWS) for pair in last["pair"].values]
    again = (logs.sel(year=year) + xr.DataArray(np.array(drawn).T, dims=("draw", "pair"))).clip(min=0)
    return {
        f"{MODEL} (a)": ahead(learnt, coming),
        f"{MODEL} (b)": ahead(learnt, same),
        f"{MODEL} (c)": ahead(learnt, _with_forecast(same, year)),
        BLIND: ahead(blind, xr.zeros_like(coming)),
        AGAIN: again.transpose("draw", "pair"),
        POINT: logs.sel(year=year).expand_dims(draw=DRAWS).transpose("draw", "pair"),
    }


def _with_forecast(deaths: xr.DataArray, year: int) -> xr.DataArray:
    """Return deaths (draw, year, country) with those of the case's units in the year after as they are forecast."""
    run = hm.forecast(as_of=f"{year}-12", months=12, draws=DRAWS, seed=SEED, settings=QUICK)
    ahead = run.deaths.sum(["month", "outcome"]).astype("float64")
    drawn = deaths.expand_dims(draw=ahead["draw"].values).transpose("draw", "year", "country").copy()
    drawn.loc[{"year": year + 1, "country": ahead["country"].values}] = ahead.values
    return drawn


def errors_of(flows: xr.DataArray, deaths: xr.DataArray) -> pd.DataFrame:
    """Return squared error and CRPS of every model, year and pair, and the place of what came among the draws."""
    tables = []
    for year in ORIGINS:
        came = np.log1p(flows.sel(year=year + 1)).reset_coords(drop=True)
        for name, drawn in forecasts_of(flows, deaths, year).items():
            drawn = drawn.reset_coords(drop=True)
            point = drawn.mean("draw") if name != AGAIN else np.log1p(flows.sel(year=year)).reset_coords(drop=True)
            below = (drawn < came).mean("draw") + (drawn == came).mean("draw") / 2
            told = {"squared": (point - came) ** 2, "crps": crps(came, drawn), "below": below, "came": came}
            tables.append(xr.Dataset(told).to_dataframe().reset_index().assign(model=name, year=year + 1))
        print(year, flush=True)
    return pd.concat(tables, ignore_index=True)


def scores_of(errors: pd.DataFrame, units: tuple[str, ...]) -> pd.DataFrame:
    """Return mean scores, and skill against last year again with 90 % intervals over whole years."""
    errors = errors.assign(origin=errors["pair"].str[:3])
    windows = {
        "2015-2024": errors["year"].isin(JUDGED),
        "2011-2024": errors["year"].notna(),
        "2015-2024, from units": errors["year"].isin(JUDGED) & errors["origin"].isin(units),
    }
    return skill_rows(errors, windows)


def skill_rows(
    errors: pd.DataFrame,
    windows: dict[str, pd.Series],
    scores: tuple[str, ...] = ("squared", "crps"),
    against: str = AGAIN,
) -> pd.DataFrame:
    """Return mean scores and skill by window, that is given as the rows it holds, and how often 80 % intervals held.

    The latter where `errors` has a column `below`: the place of what came among the draws.
    """
    rows = []
    for window, chosen in windows.items():
        own = errors[chosen]
        for score in scores:
            by_year = own.pivot_table(index="year", columns="model", values=score, aggfunc="mean")
            rival = by_year[against]
            pick = stream(SEED, "bootstrap", window, score).integers(len(by_year), size=(2000, len(by_year)))
            for model in by_year:
                values = by_year[model].to_numpy()
                again = 1 - values[pick].mean(axis=1) / rival.to_numpy()[pick].mean(axis=1)
                low, high = np.quantile(again, [0.05, 0.95])
                told = {"window": window, "model": model, "score": score, "cells": int((own["model"] == model).sum())}
                told |= {"value": values.mean(), "skill": 1 - values.mean() / rival.mean()}
                told |= {"skill_low": low, "skill_high": high}
                if "below" in own:
                    told["inside_80"] = own.loc[own["model"] == model, "below"].between(0.1, 0.9).mean()
                rows.append(told)
    return pd.DataFrame(rows).round(4)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--errors", type=Path, help="File for the errors of every cell.")
    errors_file = parser.parse_args().errors
    case = open_case()
    flows, deaths = record_of_flight(case, case.record())
    errors = errors_of(flows, deaths)
    if errors_file is not None:
        with file_in_place(errors_file) as temporary:
            errors.round(4).to_csv(temporary, index=False)
    table = scores_of(errors, case.units)
    with file_in_place(SCORES) as temporary:
        table.to_csv(temporary, index=False)
    print(table.to_string())


if __name__ == "__main__":
    main()
