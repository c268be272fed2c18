"""What the record says of the months before and after the exit: counts, no model."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr

MONTHS_BEFORE = 12
SOON = 6
"""Months after the exit that are looked at on their own."""
ALL = "all"
"""Stands for the three types of violence together."""


def around_exit(
    record: xr.DataArray,
    exit_month: str,
    countries: Sequence[str],
    headline: str,
    parts: xr.DataArray | None = None,
) -> pd.DataFrame:
    """Return mean deaths a month before and after the exit.

    Parameters
    ----------
    record : DataArray (month, country, outcome)
    exit_month : str
        Its last month counts as before.
    countries : sequence of str
    headline : str
        Outcome that stands beside all of them together.
    parts : DataArray (month, country, outcome), optional
        The headline by who killed, which follows it where it is known in every month.

    Returns
    -------
    DataFrame
        One row for each country and, within it, the headline, its parts, all deaths: country, outcome, months_before,
        before, months_after, after, soon (the first six months after), months_since, since (those after them). Means
        of no month are NaN.
    """
    at = int((record["month"].values.astype(str) <= exit_month).sum())
    rows = []
    for country in countries:
        cells = record.sel(country=country)
        shown = [(headline, cells.sel(outcome=headline))]
        if parts is not None and bool(parts.sel(country=country, month=record["month"]).notnull().all()):
            shown += [(str(name), parts.sel(country=country, outcome=name)) for name in parts["outcome"].values]
        for outcome, series in (*shown, (ALL, cells.sum("outcome"))):
            rows.append({"country": country, "outcome": outcome} | _means(series.values.astype(float), at))
    return pd.DataFrame(rows)


def _means(deaths: np.ndarray, at: int) -> dict[str, float]:
    before, after = deaths[max(at - MONTHS_BEFORE, 0) : at], deaths[at:]
    since = after[SOON:]
    return {
        "months_before": before.size,
        "before": _mean(before),
        "months_after": after.size,
        "after": _mean(after),
        "soon": _mean(after[:SOON]),
        "months_since": since.size,
        "since": _mean(since),
    }


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if values.size else float("nan")
