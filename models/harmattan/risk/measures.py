"""Measures of risk from simulated futures. Every table names its units; draws are collapsed only here."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr

from ..core.months import months_between
from ..core.names import HEADLINE

QUANTILES = {"q05": 0.05, "q10": 0.10, "q25": 0.25, "median": 0.50, "q75": 0.75, "q90": 0.90, "q95": 0.95}


def first_months(deaths: xr.DataArray, count: int = 12) -> xr.DataArray:
    """Return the total of the first `count` months, deaths, without dim month."""
    return deaths.isel(month=slice(0, count)).sum("month")


def horizon_months(
    months: Sequence[str], exit_month: str, horizons: dict[str, tuple[int, int]]
) -> dict[str, list[str]]:
    """Return the simulated months that belong to each horizon; horizons without any month are left out."""
    after = {month: months_between(exit_month, month) for month in months}
    windows = {name: [m for m, n in after.items() if first <= n <= last] for name, (first, last) in horizons.items()}
    return {name: window for name, window in windows.items() if window}


class Held(NamedTuple):
    """Which months a window holds: the first and last after the exit, and by the calendar."""

    first: int
    last: int
    first_month: str
    last_month: str


def months_held(months: Sequence[str], exit_month: str) -> Held:
    """Return which months a window holds.

    >>> months_held(["2025-01", "2025-02"], "2023-06")
    Held(first=19, last=20, first_month='2025-01', last_month='2025-02')
    """
    first, last = str(months[0]), str(months[-1])
    return Held(months_between(exit_month, first), months_between(exit_month, last), first, last)


def summary_table(deaths: xr.DataArray, windows: dict[str, list[str]]) -> pd.DataFrame:
    """Return deaths per month by country, outcome and window: mean and quantiles of the window's monthly mean.

    Returns
    -------
    DataFrame
        Columns country, outcome, mean, q05 ... q95 (deaths per month), window, months (how many), first_month and
        last_month.
    """
    rows = []
    for name, months in windows.items():
        monthly = deaths.sel(month=months).mean("month")
        rows.append(_quantile_frame(monthly).assign(**_window_columns(name, months)))
    return pd.concat(rows, ignore_index=True)


def _window_columns(name: str, months: Sequence[str]) -> dict[str, Any]:
    return {"window": name, "months": len(months), "first_month": months[0], "last_month": months[-1]}


def totals_table(total: xr.DataArray) -> pd.DataFrame:
    """Return mean, quantiles and tail mean of a total (draw, country, outcome); unit: deaths.

    Returns
    -------
    DataFrame
        Columns country, outcome, mean, q05 ... q95, tail_mean_95 (mean of the worst 5 in 100 futures).
    """
    table = _quantile_frame(total)
    tail = tail_mean(total).to_series().rename("tail_mean_95").reset_index()
    return table.merge(tail, on=["country", "outcome"])


def _quantile_frame(values: xr.DataArray) -> pd.DataFrame:
    columns = {"mean": values.mean("draw")}
    quantiles = values.quantile(list(QUANTILES.values()), dim="draw")
    for i, name in enumerate(QUANTILES):
        columns[name] = quantiles.isel(quantile=i, drop=True)
    frame = xr.Dataset({name: column.drop_vars("quantile", errors="ignore") for name, column in columns.items()})
    return frame.to_dataframe().reset_index()


def exceedance(total: xr.DataArray, thresholds: Sequence[float]) -> xr.DataArray:
    """Return the probability that a total is greater than each threshold, dims (threshold, ...)."""
    shares = [(total > threshold).mean("draw") for threshold in thresholds]
    return xr.concat(shares, dim=pd.Index(list(thresholds), name="threshold"))


def expected_excess(total: xr.DataArray, threshold: float) -> xr.DataArray:
    """Return the expected deaths above a threshold: the mean of max(total - threshold, 0)."""
    return (total - threshold).clip(min=0).mean("draw")


def tail_mean(total: xr.DataArray, level: float = 0.95) -> xr.DataArray:
    """Return the mean of the worst share of futures (expected shortfall; Rockafellar & Uryasev 2002, JBF 26(7)).

    Parameters
    ----------
    total : DataArray (draw, ...)
    level : float
        0.95 means the worst 5 in 100 futures.
    """
    axis = total.get_axis_num("draw")
    worst = max(round((1 - level) * total.sizes["draw"]), 1)
    ordered = np.sort(total.values, axis=axis)
    tail = np.take(ordered, range(ordered.shape[axis] - worst, ordered.shape[axis]), axis=axis).mean(axis=axis)
    return total.isel(draw=0, drop=True).copy(data=tail)


def months_to_threshold(deaths: xr.DataArray, threshold: float) -> xr.DataArray:
    """Return in how many months the running total passes a threshold; infinity where it never does.

    Parameters
    ----------
    deaths : DataArray (draw, month, ...)
    threshold : float
        Deaths since the start of the forecast.
    """
    return _months_below(deaths.cumsum("month"), threshold)


def _months_below(running: xr.DataArray, threshold: float) -> xr.DataArray:
    """Return the month in which a running total, which never falls, passes a threshold; infinity where it does not."""
    below = (running <= threshold).sum("month")
    return (below + 1.0).where(below < running.sizes["month"], np.inf)


def happened_by(happens: xr.DataArray) -> xr.DataArray:
    """Return whether something has happened in a year or in an earlier one of the run, dims as given.

    Parameters
    ----------
    happens : DataArray (draw, year, ...) of bool
    """
    return happens.astype("int8").cumsum("year") > 0


def watched_table(deaths: xr.DataArray, units: Sequence[str], threshold: float) -> pd.DataFrame:
    """Return P(a watched unit passes `threshold` deaths, all types of violence, in the first 12 months).

    Returns
    -------
    DataFrame
        Columns country, probability; the row `any` is the probability that at least one of them does.
    """
    year = first_months(deaths).sum("outcome").sel(country=list(units))
    passes = year > threshold
    rows = [{"country": str(c), "probability": float(passes.sel(country=c).mean())} for c in passes["country"].values]
    return pd.DataFrame([*rows, {"country": "any", "probability": float(passes.any("country").mean())}])


def risk_table(deaths: xr.DataArray, thresholds: Sequence[float], outcome: str = HEADLINE) -> pd.DataFrame:
    """Return the twelve-month risk measures of one outcome, one row per country and threshold.

    Returns
    -------
    DataFrame
        Columns country, threshold (deaths), probability, expected_excess (deaths), median_months_to_threshold (months;
        infinity when fewer than half of the futures reach it within the simulated time).
    """
    selected = deaths.sel(outcome=outcome)
    year, running = first_months(selected), selected.cumsum("month")
    rows = []
    for threshold in thresholds:
        share, excess = (year > threshold).mean("draw"), expected_excess(year, threshold)
        wait = _months_below(running, threshold)
        median = wait.quantile(0.5, "draw", method="lower", skipna=False)
        for country in deaths["country"].values:
            at = dict(country=country)
            rows.append(
                {
                    "country": str(country),
                    "threshold": threshold,
                    "probability": float(share.sel(at)),
                    "expected_excess": float(excess.sel(at)),
                    "median_months_to_threshold": float(median.sel(at)),
                }
            )
    return pd.DataFrame(rows)
