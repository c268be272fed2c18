"""Attacks on aid workers by month and country, as the Aid Worker Security Database counts them."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import xarray as xr

from ..core.errors import InputError
from ..core.months import month_range
from ..core.resources import display_path
from .case_table import read_case_table

COLUMNS = ("iso3", "month", "incidents")


def load_attacks(file: Path, units: Sequence[str], as_of: str) -> xr.DataArray:
    """Return incidents by month and country; 0 where the table has no row.

    Parameters
    ----------
    file : Path
        Columns `iso3, month` and `incidents` (killed, wounded or kidnapped aid workers in one event), months with
        incidents only. It must cover all units from the year of its first row on.
    units : sequence of str
    as_of : str
        Nothing later is returned.

    Returns
    -------
    DataArray (month, country)
        Incidents, from January of the year of the first row. Source: Humanitarian Outcomes, AWSD.

    Raises
    ------
    InputError
        If the file is not such a table, or has nothing so early.
    """
    name = display_path(file)
    table = read_case_table(file, "record.aid_workers", "the table of attacks on aid workers", COLUMNS)
    month = table["month"].astype(str)
    number = pd.to_numeric(table["incidents"], errors="coerce")
    wrong = number.isna() | (number < 0) | ~month.str.fullmatch(r"\d{4}-(0[1-9]|1[0-2])")
    if wrong.any():
        raise InputError(
            f"{name}, line {int(wrong.idxmax()) + 2}: a month is YYYY-MM, incidents a number of 0 or more."
        )
    first = f"{month.min()[:4]}-01"
    if as_of < first:
        raise InputError(f"{name}: the table begins in {first}, after {as_of}. Choose a later as_of.")
    months = month_range(first, as_of)
    chosen = table.assign(month=month, incidents=number.astype(float))[table["iso3"].isin(units) & (month <= as_of)]
    wide = chosen.pivot_table(index="month", columns="iso3", values="incidents", aggfunc="sum")
    wide = wide.reindex(index=months, columns=list(units)).fillna(0.0)
    return xr.DataArray(wide.to_numpy(), coords={"month": months, "country": list(units)}, name="incidents")
