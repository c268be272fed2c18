"""People displaced inside their country by conflict at the end of a year, as IDMC counts them."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import xarray as xr

from ..core.errors import InputError
from ..core.resources import display_path
from .case_table import read_case_table

COLUMNS = ("iso3", "year", "idps", "note")


def load_displaced(file: Path, units: Sequence[str], last_year: int) -> xr.DataArray:
    """Return the displaced of some countries by year; NaN where nobody counted.

    A row with a note is a count of an earlier date carried forward. It says nothing of its own year, so it is left out.

    Parameters
    ----------
    file : Path
        Columns `iso3, year, idps` (people at the end of the year) and `note`.
    units : sequence of str
        Those that the table never names, or names once, are left out.
    last_year : int
        Nothing later is returned.

    Returns
    -------
    DataArray (year, country)
        People. Source: Internal Displacement Monitoring Centre (IDMC), as served by UNHCR.

    Raises
    ------
    InputError
        If the file is not such a table, or has nothing so early.
    """
    name = display_path(file)
    table = read_case_table(file, "record.displaced", "the table of displaced people", COLUMNS)
    if not pd.api.types.is_numeric_dtype(table["idps"]) or (table["idps"] < 0).any():
        raise InputError(f"{name}: idps is a number of people, 0 or more.")
    known = table[table["iso3"].isin(units) & (table["year"] <= last_year) & table["note"].isna() & (table["idps"] > 0)]
    counted = known["iso3"].value_counts()
    known = known[known["iso3"].map(counted) > 1]
    if known.empty:
        raise InputError(f"{name}: no unit of this case has two counts up to {last_year}. Choose a later as_of.")
    stock = known.set_index(["year", "iso3"])["idps"].astype("float64").to_xarray().rename(iso3="country")
    years = range(int(known["year"].min()), int(known["year"].max()) + 1)
    return stock.reindex(year=list(years)).rename("people")
