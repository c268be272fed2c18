"""Deaths of the headline in the first twelve months, forecast beside recorded: the numbers of the first answers."""

import numpy as np
import pandas as pd
import xarray as xr

from ..core.names import HEADLINE
from ..panel.ucdp import annual_totals
from ..plots.summary import interval_summary
from ..risk.comparison import ratio_of_expected
from ..risk.measures import first_months
from ..run.results import Forecast
from .evidence_of_run import YEAR, BriefRun


def year_of(forecast: Forecast, country: str) -> xr.DataArray:
    """Return the deaths of the headline in the first twelve months in one country, by draw."""
    return first_months(forecast.deaths.sel(country=country, outcome=forecast.case.headline))


def first_year(run: BriefRun) -> list[str]:
    """Return the months of the first twelve that are simulated."""
    return [str(month) for month in run.first.deaths["month"].values[:YEAR]]


def recorded(run: BriefRun, country: str) -> float:
    """Return the deaths of the headline in those months by the record; NaN while it lacks one of them."""
    months = first_year(run)
    if not set(months) <= set(run.later_months):
        return float("nan")
    return float(run.record.sel(country=country, outcome=run.headline, month=months).sum())


def toll_frame(run: BriefRun) -> pd.DataFrame:
    """Return the total of each country shown under each forecast, its ratio and what was recorded.

    Columns country, scenario, those of `interval_summary`, ratio (of expected deaths, first scenario to second) and
    recorded (NaN while unknown).
    """
    rows = []
    for country in run.countries:
        totals = {f.scenario.id: year_of(f, country) for f in run.forecasts}
        ratio = float("nan")
        if run.second is not None:
            ratio = ratio_of_expected(totals[run.first.scenario.id], totals[run.second.scenario.id])
        for name, total in totals.items():
            row = {"country": country, "scenario": name} | interval_summary(total.values)
            first = name == run.first.scenario.id
            rows.append(row | {"ratio": ratio if first else float("nan"), "recorded": recorded(run, country)})
    return pd.DataFrame(rows)


def yearly_table_id(run: BriefRun) -> str:
    """Return the id of the table of `yearly_toll`, which is the name of its file as well."""
    return "civilians-killed" if run.headline == HEADLINE else f"{run.headline.replace('_', '-')}-by-year"


def yearly_toll(run: BriefRun) -> xr.DataArray:
    """Return deaths of the headline by full calendar year and country."""
    return annual_totals(run.record).sel(outcome=run.headline, drop=True)


def largest_toll(run: BriefRun) -> tuple[str, int]:
    """Return the country with the most deaths of the headline in the last full year of the record, and that year."""
    last = yearly_toll(run).isel(year=-1)
    return str(last["country"].values[int(np.nanargmax(last.values))]), int(last["year"])
