"""What was forecast beside what then happened, window by window."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from ..core.errors import InputError
from ..core.months import month_label, month_number
from ..core.names import HORIZONS
from ..core.randomness import KNOWN_BY
from .scores import crps

YEAR = ("12 months", (1, 12))
KEYS = ("country", "outcome", "window", "first_month", "last_month", "months", "complete")
QUANTILES = {"q05": 0.05, "q25": 0.25, "median": 0.5, "q75": 0.75, "q95": 0.95}


def against_what_happened(
    paths: xr.DataArray,
    panel_full: xr.DataArray,
    reference: xr.DataArray | None = None,
    *,
    after: str | None = None,
    exit_month: str | None = None,
    horizons: Mapping[Any, tuple[int, int]] = HORIZONS,
) -> pd.DataFrame:
    """Compare totals of forecast draws with the observations that came later.

    Parameters
    ----------
    paths : xarray.DataArray
        Forecast draws, dims (draw, month, country, outcome).
    panel_full : xarray.DataArray
        Observed deaths, dims (month, country, outcome), beyond the forecast's origin.
    reference : xarray.DataArray, optional
        Draws of a second forecast of the same months, customarily conflictology-12; adds `crps_reference` and
        `error_ratio`, how many times the reference's CRPS the forecast's is; NaN where that of the reference is nil.
    after : str, optional
        Month after which the twelve months are counted. The month before the forecast by default, so that they are
        those that are forecast and drawn as twelve months.
    exit_month : str, optional
        Month after which the horizons are counted; `after` by default.
    horizons : mapping of str to pair of int
        First and last month of each horizon.

    Returns
    -------
    pandas.DataFrame
        One row for each country, outcome and window (12 months and the horizons) of which at least one month was
        forecast and observed: `country, outcome, window, first_month, last_month, months, complete, observed, median,
        q05, q25, q75, q95, probability_at_least_observed, crps[, crps_reference, error_ratio]`. Deaths in the months
        named; `complete` is false while part of the window lies outside the forecast or the record.

    Raises
    ------
    InputError
        If no forecast month was observed, or the reference does not cover the same months and places.
    """
    common = _observed_months(paths, panel_full)
    start = str(paths["month"].values[0])
    origin = month_number(start) - 1 if after is None else month_number(after)
    counted_from = {YEAR[0]: origin}
    exit_number = origin if exit_month is None else month_number(exit_month)
    countries, outcomes = paths["country"].values, paths["outcome"].values
    truth = panel_full.sel(country=countries, outcome=outcomes)
    if reference is not None:
        reference = _same_cells(reference, common, countries, outcomes)
    tables = []
    for window, (first, last) in _windows(horizons).items():
        zero = counted_from.get(window, exit_number)
        months = [m for m in (month_label(zero + i) for i in range(first, last + 1)) if m in common]
        if months:
            table = _compare(paths, truth, reference, months)
            table = table.assign(
                window=window,
                first_month=months[0],
                last_month=months[-1],
                months=len(months),
                complete=len(months) == last - first + 1,
            )
            tables.append(table)
    if not tables:
        raise InputError(
            f"No month after {month_label(origin)} was both forecast and observed: choose an earlier `after`."
        )
    joined = pd.concat(tables, ignore_index=True)
    return joined[[*KEYS, *(column for column in joined.columns if column not in KEYS)]]


def _windows(horizons: Mapping[Any, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    """Return the windows by their last month."""
    return dict(sorted({**horizons, YEAR[0]: YEAR[1]}.items(), key=lambda item: item[1][1]))


def _observed_months(paths: xr.DataArray, panel: xr.DataArray) -> set[str]:
    common = {str(m) for m in paths["month"].values} & {str(m) for m in panel["month"].values}
    if not common:
        raise InputError(
            f"Nothing to compare: the forecast covers {paths['month'].values[0]} to {paths['month'].values[-1]} and "
            f"the record ends in {panel['month'].values[-1]}. Choose an earlier as_of, or add newer observations."
        )
    return common


def _same_cells(reference: xr.DataArray, months: set[str], countries: np.ndarray, outcomes: np.ndarray) -> xr.DataArray:
    try:
        return reference.sel(month=sorted(months), country=countries, outcome=outcomes)
    except KeyError as error:
        raise InputError(
            f"The reference forecast lacks {error}: make it for the same months, countries and outcomes."
        ) from None


def _compare(
    paths: xr.DataArray, truth: xr.DataArray, reference: xr.DataArray | None, months: list[str]
) -> pd.DataFrame:
    """Return one row for each country and outcome with totals over `months`."""
    total = paths.sel(month=months).sum("month")
    observed = truth.sel(month=months).sum("month")
    columns = {"observed": observed}
    columns |= {name: total.quantile(share, dim="draw", method="linear") for name, share in QUANTILES.items()}
    columns["probability_at_least_observed"] = (total >= observed).mean("draw")
    columns["crps"] = crps(observed, total)
    if reference is not None:
        columns["crps_reference"] = crps(observed, reference.sel(month=months).sum("month"))
        columns["error_ratio"] = columns["crps"] / columns["crps_reference"].where(columns["crps_reference"] > 0)
    order = ["observed", "median", "q05", "q25", "q75", "q95", *list(columns)[1 + len(QUANTILES) :]]
    beside = ("quantile", KNOWN_BY)
    table = xr.Dataset({name: columns[name].drop_vars(beside, errors="ignore") for name in order})
    return table.to_dataframe(dim_order=["country", "outcome"]).reset_index()
