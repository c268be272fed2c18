"""How forecasts of who kills civilians are scored, and the scores.

*Structure* (how months count in memory, and how long) was chosen first, by the log score of the next month's split in
months with deaths, learnt from 1994 to 2004 and scored on 2005 to 2012: weights by deaths, by their logarithm,
saturating, or one each, with half-lives of 3, 6, 12, 24 and 48 months. The logarithm and a year did well in both spans.
Tightness that goes with the number of deaths earned nothing and was left out.

Declared before any forecast was scored:

- **Origins.** Every October, forecasts of January to December of the next year, with deaths as this program forecasts
  them from that origin, without drivers.
- **Cells.** Unit x month x perpetrator; and unit x perpetrator for the year's total. What is not known is left out.
- **Scores.** CRPS of deaths, and of log(1 + deaths); 1,000 draws.
- **Rivals.** *Conflictology* of each perpetrator's own last 12, 24 and 36 months. *One share*: our sums, of which the
  state has its share in the five years before, in each unit, and chance is binomial.
- **Verdict.** On 2013 to 2024: the split is shown if its CRPS of months is below that of the best conflictology for
  each perpetrator, or else shown as one share. 2005 to 2012, where the structure was chosen, stands beside. Intervals
  resample whole years.
- **Sums** are those of the run without parts, draw by draw, so they score as they did.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from harmattan import forecast
from harmattan.case.opening import open_case
from harmattan.case.perpetrators import recorded_parts
from harmattan.core.files import file_in_place
from harmattan.core.names import ONE_SIDED_PARTS
from harmattan.core.randomness import stream
from harmattan.evaluate.baselines import conflictology
from harmattan.evaluate.scores import crps, log1p_crps

YEARS = range(2005, 2025)
WINDOWS = {"2013-2024": range(2013, 2025), "2005-2012": range(2005, 2013)}
DRAWS, SEED, RESAMPLES = 1000, 1, 2000
MODEL, ONE_SHARE = "split", "one share"
RULES = (12, 24, 36)
SCORES = Path("seeds/scorecard/perpetrators.csv")


def forecasts_of(year: int, known: xr.DataArray) -> dict[str, xr.DataArray]:
    """Return each model's draws of a year, dims (draw, month, country, outcome)."""
    run = forecast(as_of=f"{year - 1}-10", months=14, draws=DRAWS, seed=SEED)
    months = [f"{year}-{month:02d}" for month in range(1, 13)]
    found = {MODEL: run.perpetrators.deaths.sel(month=months)}
    found[ONE_SHARE] = _one_share(run.deaths.sel(month=months, outcome="one_sided", drop=True), known)
    for window in RULES:
        found[f"conflictology-{window}"] = conflictology(known, months, DRAWS, SEED, window)
    return found


def _one_share(sums: xr.DataArray, known: xr.DataArray) -> xr.DataArray:
    last = known.isel(month=slice(-60, None)).sum("month")
    total = last.sum("outcome")
    usual = float(last.isel(outcome=0).sum() / max(float(total.sum()), 1.0))
    share = ((last.isel(outcome=0) + usual) / (total + 1.0)).values
    state = stream(SEED, "one share").binomial(sums.values, share)
    both = np.stack([state, sums.values - state], axis=-1)
    coords = {"month": sums["month"].values, "country": sums["country"].values, "outcome": list(ONE_SIDED_PARTS)}
    return xr.DataArray(both, coords, ("draw", "month", "country", "outcome"))


def errors_of(year: int, parts: xr.DataArray) -> pd.DataFrame:
    """Return the scores of all models for one year, by perpetrator: means over cells."""
    known = parts.sel(month=slice(None, f"{year - 1}-10"))
    came = parts.sel(month=slice(f"{year}-01", f"{year}-12")).reset_coords(drop=True).astype("float64")
    rows = []
    for model, draws in forecasts_of(year, known).items():
        drawn = draws.reset_coords(drop=True).astype("float64")
        told = {
            "crps": crps(came, drawn).mean("month"),
            "log_crps": log1p_crps(came, drawn).mean("month"),
            "year_crps": crps(came.sum("month"), drawn.sum("month")),
        }
        inside = drawn.sum("month").quantile([0.1, 0.9], "draw")
        total = came.sum("month")
        told["inside_80"] = ((total >= inside.isel(quantile=0)) & (total <= inside.isel(quantile=1))).drop_vars(
            "quantile", errors="ignore"
        )
        for score, values in told.items():
            for part in ONE_SIDED_PARTS:
                value = float(values.sel(outcome=part).astype("float64").mean())
                rows.append({"year": year, "model": model, "outcome": part, "score": score, "value": value})
    return pd.DataFrame(rows)


def skill_table(errors: pd.DataFrame, units: int) -> pd.DataFrame:
    """Return each model's score and the split's skill against it, with intervals over years."""
    rows = []
    for window, years in WINDOWS.items():
        for (outcome, score), group in errors[errors["year"].isin(years)].groupby(["outcome", "score"], sort=False):
            wide = group.pivot(index="year", columns="model", values="value")
            picks = stream(SEED, "resample", window).integers(0, len(wide), size=(RESAMPLES, len(wide)))
            for model in group["model"].unique():
                row = {
                    "window": window,
                    "outcome": outcome,
                    "score": score,
                    "model": model,
                    "value": wide[model].mean(),
                    "cells": len(wide) * units * (1 if score in ("year_crps", "inside_80") else 12),
                }
                if score != "inside_80":
                    again = 1 - wide[MODEL].to_numpy()[picks].mean(axis=1) / wide[model].to_numpy()[picks].mean(axis=1)
                    row["skill_of_split"] = 1 - wide[MODEL].mean() / wide[model].mean()
                    row["skill_low"], row["skill_high"] = np.quantile(again, [0.05, 0.95])
                rows.append(row)
    return pd.DataFrame(rows).round(4)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.parse_args()
    case = open_case()
    parts = recorded_parts(case, case.record())
    assert parts is not None
    tables = []
    for year in YEARS:
        tables.append(errors_of(year, parts))
        print(year, flush=True)
    table = skill_table(pd.concat(tables, ignore_index=True), parts.sizes["country"])
    with file_in_place(SCORES) as temporary:
        table.to_csv(temporary, index=False)
    print(table.to_string())


if __name__ == "__main__":
    main()
