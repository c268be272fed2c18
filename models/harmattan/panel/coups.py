"""Coups and attempts by month and country, as the Cline Center dates them; plots that came to nothing are no events."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import xarray as xr

from ..core.errors import InputError
from ..core.months import month_range
from ..core.resources import display_path
from .case_table import read_case_table

COLUMNS = ("iso3", "date", "event_type")

COUNTED = ("coup", "attempt")


def load_coups(file: Path, units: Sequence[str], complete_to: str, as_of: str) -> xr.DataArray:
    """Return whether there was a coup or an attempt, by month and country; NaN where nobody looked.

    Parameters
    ----------
    file : Path
        Columns `iso3, date` (YYYY-MM-DD) and `event_type` (`coup`, `attempt` or another word, which is left out).
    units : sequence of str
    complete_to : str
        Last month of which the table knows every event. In later months an event in the table is one, and no event in
        the table says nothing.
    as_of : str
        Nothing later is returned.

    Returns
    -------
    DataArray (month, country)
        1, 0 or NaN, from January of the year of the first row. Source: Cline Center, Coup d'Etat Project.

    Raises
    ------
    InputError
        If the file is not such a table, or has nothing so early.
    """
    name = display_path(file)
    table = read_case_table(file, "record.coups", "the table of coups", COLUMNS, dtype=str)
    wrong = ~table["date"].fillna("").str.fullmatch(r"\d{4}-(0[1-9]|1[0-2])-\d{2}")
    if wrong.any():
        raise InputError(f"{name}, line {int(wrong.idxmax()) + 2}: the date of a coup is written YYYY-MM-DD.")
    first = f"{table['date'].min()[:4]}-01"
    if as_of < first:
        raise InputError(f"{name}: the table begins in {first}, after {as_of}. Choose a later as_of.")
    months = month_range(first, as_of)
    values = np.where(np.array(months) <= complete_to, 0.0, np.nan)[:, None].repeat(len(units), axis=1)
    found = xr.DataArray(values, dims=("month", "country"), coords={"month": months, "country": list(units)})
    month = table["date"].str[:7]
    counted = table["event_type"].isin(COUNTED) & table["iso3"].isin(units) & (month <= as_of)
    for unit, when in zip(table.loc[counted, "iso3"], month[counted], strict=True):
        found.loc[{"month": when, "country": unit}] = 1.0
    return found.rename("coups")
