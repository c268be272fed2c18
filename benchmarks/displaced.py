"""How forecasts of people displaced inside their country are scored, and the scores.

Declared before any model of them was fitted:

- **Cells.** Every unit of the case that IDMC has counted twice, by year; counts carried forward are no counts.
- **Origins.** Each year t from 2014 to 2023: what was recorded up to t is learnt from, the stock of t + 1 is forecast
  where both it and that of t were counted, given the deaths of t + 1 as recorded later.
- **Score.** Squared error of the log of the stock, of the mean of the forecast; CRPS of the log, 2,000 draws.
- **Rivals.** *Last year again*, for the CRPS with the errors that this had made in all units up to t beside it.
- **Verdict.** On 2019 to 2024 together: the model is shown if its squared log error is below last year's.
  Intervals resample whole years.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr
from flows import AGAIN, DRAWS, SEED, skill_rows

from harmattan.case.opening import open_case
from harmattan.core.files import file_in_place
from harmattan.core.randomness import stream
from harmattan.evaluate.scores import crps
from harmattan.follow.displaced import follow, learn
from harmattan.run.displaced import record_of_displaced

ORIGINS = range(2014, 2024)
JUDGED = range(2019, 2025)
MODEL = "stock"
SCORES = Path("seeds/scorecard/displaced.csv")


def errors_of(stock: xr.DataArray, deaths: xr.DataArray) -> pd.DataFrame:
    """Return squared error and CRPS of both models by year and unit."""
    tables = []
    for year in ORIGINS:
        known = stock.sel(year=slice(None, year))
        known = known.sel(country=(known.notnull().sum("year") > 1).values)
        counted = (known.sel(year=year) * stock.sel(year=year + 1)).dropna("country")["country"].values
        learnt = learn(known, deaths.sel(year=slice(None, year)), seed=SEED)
        futures = deaths.expand_dims(draw=DRAWS).sel(year=slice(None, year + 1))
        ahead = np.log(follow(learnt, known, futures, SEED).isel(year=0, drop=True).sel(country=counted))
        logs = np.log(known)
        errors = logs.diff("year").values.ravel()
        errors = errors[np.isfinite(errors)]
        drawn = [stream(SEED, "errors", str(unit), str(year)).choice(errors, DRAWS) for unit in counted]
        last = logs.sel(year=year, country=counted).reset_coords(drop=True)
        again = last + xr.DataArray(np.array(drawn).T, dims=("draw", "country"), coords={"country": counted})
        came = np.log(stock.sel(year=year + 1, country=counted)).reset_coords(drop=True)
        for model, point, draws in ((MODEL, ahead.mean("draw"), ahead), (AGAIN, last, again)):
            told = {"squared": (point - came) ** 2, "crps": crps(came, draws.transpose("country", "draw"))}
            told["below"] = (draws < came).mean("draw")
            tables.append(xr.Dataset(told).to_dataframe().reset_index().assign(model=model, year=year + 1))
        print(year, flush=True)
    return pd.concat(tables, ignore_index=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.parse_args()
    case = open_case()
    errors = errors_of(*record_of_displaced(case, case.record()))
    windows = {"2019-2024": errors["year"].isin(JUDGED), "2015-2024": errors["year"].notna()}
    table = skill_rows(errors, windows)
    with file_in_place(SCORES) as temporary:
        table.to_csv(temporary, index=False)
    print(table.to_string())


if __name__ == "__main__":
    main()
