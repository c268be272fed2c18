"""People who newly sought refuge across a land border, by year and pair of countries, as UNHCR counts them."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from ..core.errors import InputError
from ..core.resources import display_path
from .case_table import read_case_table

Pair = tuple[str, str]
"""Country of origin and country of asylum."""

COUNTED = ("refugees", "asylum_seekers", "refugee_like", "other_in_need_of_protection")
"""People are counted in one of these, by how their asylum country takes them in."""

KEYS = ("year", "origin_iso3", "asylum_iso3")

LEAST_SHOWN = 5
"""UNHCR shows no smaller number: fewer people are shown as five or not at all."""


def load_flows(file: Path, pairs: Sequence[Pair], last_year: int) -> xr.DataArray:
    """Return new refugees and asylum seekers of some pairs by year; 0 where the table has no row.

    Parameters
    ----------
    file : Path
        Columns `year, origin_iso3, asylum_iso3` and those of `COUNTED` (people; blank = none), as in UNHCR's table of
        forced displacement flows. It must cover every pair in every year that it has.
    pairs : sequence of (origin, asylum)
    last_year : int
        Nothing later is returned.

    Returns
    -------
    DataArray (year, pair)
        People, with the coordinates `origin` and `asylum` along pair. Source: UNHCR Refugee Data Finder.

    Raises
    ------
    InputError
        If the file is not such a table, or has nothing so early.
    """
    table = _read(file)
    table = table[table["year"] <= last_year]
    if table.empty:
        raise InputError(f"{display_path(file)}: the table has no year up to {last_year}. Choose a later as_of.")
    people = table[list(COUNTED)].fillna(0).sum(axis=1).to_numpy(dtype="float64")
    years = np.arange(table["year"].min(), table["year"].max() + 1)
    position = {pair: i for i, pair in enumerate(pairs)}
    values = np.zeros((len(years), len(pairs)))
    for year, origin, asylum, number in zip(*(table[key] for key in KEYS), people, strict=True):
        if (origin, asylum) in position:
            values[year - years[0], position[origin, asylum]] += number
    return xr.DataArray(values, dims=("year", "pair"), coords={"year": years, **pair_coordinates(pairs)}, name="people")


def pair_coordinates(pairs: Sequence[Pair]) -> dict[str, tuple[str, list[str]]]:
    """Return labels of pairs, `ORIGIN>ASYLUM`, with origin and asylum beside."""
    return {
        "pair": ("pair", [pair_label(*pair) for pair in pairs]),
        "origin": ("pair", [origin for origin, _ in pairs]),
        "asylum": ("pair", [asylum for _, asylum in pairs]),
    }


def pair_label(origin: str, asylum: str) -> str:
    """Return what a pair is called in arrays and in the names of random streams."""
    return f"{origin}>{asylum}"


def last_whole_year(month: str) -> int:
    """Return the last year that is over by the end of a month.

    >>> last_whole_year("2023-06"), last_whole_year("2023-12")
    (2022, 2023)
    """
    return int(month[:4]) - (month[5:] != "12")


def yearly(deaths: xr.DataArray) -> xr.DataArray:
    """Return deaths by year in place of month, of the years with all twelve months, as whole numbers of people.

    Parameters
    ----------
    deaths : DataArray (month, ...)
        NaN where a country did not exist; its year is NaN then.
    """
    years = xr.DataArray([int(str(month)[:4]) for month in deaths["month"].values], dims="month", name="year")
    counts = years.to_series().value_counts()
    whole = sorted(int(year) for year in counts.index[counts == 12])
    return deaths.groupby(years).sum("month", skipna=False).sel(year=whole)


def _read(file: Path) -> pd.DataFrame:
    table = read_case_table(file, "record.flows", "the table of people who flee", (*KEYS, *COUNTED))
    wrong = table[list(COUNTED)].apply(pd.to_numeric, errors="coerce")
    if (wrong.isna() & table[list(COUNTED)].notna()).any(axis=None) or (wrong < 0).any(axis=None):
        row = int(((wrong.isna() & table[list(COUNTED)].notna()) | (wrong < 0)).any(axis=1).idxmax()) + 2
        raise InputError(f"{display_path(file)}, line {row}: a number of people is not a whole number of 0 or more.")
    return table.assign(**{name: wrong[name] for name in COUNTED})
