"""Series that are counted by year and unit: people abroad by where they come from, money that aid got."""

from collections.abc import Collection, Sequence
from pathlib import Path

import pandas as pd
import xarray as xr

from ..core.errors import InputError
from ..core.resources import display_path


def load_yearly(
    file: Path, counted: Sequence[str], units: Collection[str], last_year: int, *, key: str, by: str = "iso3"
) -> xr.DataArray:
    """Return a series by year and unit: the sum of some columns of a table, over all of a unit's rows of a year.

    Parameters
    ----------
    file : Path
        Columns `year`, `by` and those of `counted`; blank = none.
    counted : sequence of str
        Columns that are added up.
    units : collection of str
    last_year : int
        Nothing later is returned.
    key : str
        Key of `case.yaml` that names the file, for messages.
    by : str
        Column with the unit.

    Returns
    -------
    DataArray (year, country)
        In the unit of the columns; NaN where the table has no row of a unit in a year.

    Raises
    ------
    InputError
        If the file is not such a table.
    """
    name = display_path(file)
    try:
        table = pd.read_csv(file)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise InputError(
            f"{name}: the table that {key} of case.yaml names cannot be read ({error}). Put the file there, or take "
            "the line out of case.yaml."
        ) from None
    wanted = ("year", by, *counted)
    if missing := [column for column in wanted if column not in table.columns]:
        raise InputError(
            f"{name}: the table that {key} of case.yaml names has no column {missing[0]!r}. Its columns are "
            f"{', '.join(wanted)}."
        )
    if wrong := [column for column in counted if not pd.api.types.is_numeric_dtype(table[column])]:
        raise InputError(f"{name}: {wrong[0]} holds something that is no number.")
    rows = table[table[by].isin(list(units)) & (table["year"] <= last_year)]
    total = rows[list(counted)].fillna(0).sum(axis=1).astype("float64")
    series = total.groupby([rows["year"], rows[by]]).sum()
    series.index.names = ["year", "country"]
    return series.to_xarray().reindex(country=[unit for unit in units if unit in set(rows[by])])
