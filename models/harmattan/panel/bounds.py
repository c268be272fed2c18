"""How sure UCDP is of its own counts: low, best and high estimates, by month where they exist and by year elsewhere."""

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from ..core.errors import InputError
from ..core.months import month_number
from ..core.names import OUTCOMES
from ..core.resources import display_path
from .case_table import read_case_table

ESTIMATES = ["low", "best", "high"]
SPAN = ["first_month", "last_month"]
COLUMNS = ["country", "outcome", *SPAN, *ESTIMATES]


def civilians_in_battle(file: Path, units: Collection[str]) -> pd.DataFrame:
    """Return civilians killed in fighting between armed sides, whom one-sided violence does not count.

    Parameters
    ----------
    file : Path
        UCDP's table by country and year; without a column `civilians` nothing is known.
    units : collection of str

    Returns
    -------
    DataFrame
        Columns country (ISO3), year, civilians (deaths in the year, state-based and non-state together). Source: UCDP
        country-year dataset on organized violence 25.1.
    """
    table = pd.read_csv(file).drop(columns="country").rename(columns={"iso3": "country"})
    if "civilians" not in table:
        return pd.DataFrame({"country": [], "year": [], "civilians": []})
    rows = table[table["country"].isin(units) & (table["type"] != "one_sided")]
    return rows.groupby(["country", "year"], as_index=False)["civilians"].sum(min_count=1)


def load_bounds(yearly: Path, monthly: Path | None, units: Collection[str], as_of: str) -> pd.DataFrame:
    """Return UCDP's estimates with their bounds, of months and years that have ended by `as_of`.

    Parameters
    ----------
    yearly : Path
        UCDP's table by country and year: columns `iso3, year, type, low, best, high`.
    monthly : Path, optional
        The same by month (`month` in place of `year`). Its months stand for the years of the units that it covers.
    units : collection of str
        Units that are wanted.
    as_of : str
        `YYYY-MM`; nothing later is returned.

    Returns
    -------
    DataFrame
        Columns country (ISO3), outcome, first_month, last_month (of the row's month or year, `YYYY-MM`), low, best,
        high (deaths in it), in the order of time. Rows whose bounds do not bracket the best estimate are left out.
        Source: UCDP country-year dataset on organized violence 25.1, GED 24.1.

    Raises
    ------
    InputError
        If a file is not such a table.
    """
    years = _read(yearly, "bounds", "year", units)
    years = years.assign(
        first_month=years["year"].map(lambda year: f"{year}-01"),
        last_month=years["year"].map(lambda year: f"{year}-12"),
    )
    parts = [years]
    if monthly is not None:
        months = _read(monthly, "bounds_months", "month", units)
        told = set(zip(months["country"], months["month"].str[:4], strict=True))
        by_month = [(c, str(y)) in told for c, y in zip(years["country"], years["year"], strict=True)]
        parts = [
            years[[not one for one in by_month]],
            months.assign(first_month=months["month"], last_month=months["month"]),
        ]
    table = pd.concat([part[COLUMNS] for part in parts if len(part)] or [years[COLUMNS]], ignore_index=True)
    ended = table["last_month"].map(month_number) <= month_number(as_of)
    brackets = (table["low"] <= table["best"]) & (table["best"] <= table["high"])
    kept = table[ended & brackets & table["outcome"].isin(OUTCOMES)]
    return kept.sort_values([*SPAN, "country", "outcome"], kind="stable", ignore_index=True)


def _read(file: Path, key: str, period: str, units: Collection[str]) -> pd.DataFrame:
    needed = ("iso3", period, "type", *ESTIMATES)
    table = read_case_table(file, f"record.{key}", "the table of low and high estimates", needed)
    if not all(pd.api.types.is_numeric_dtype(table[name]) for name in ESTIMATES):
        raise InputError(f"{display_path(file)}: {', '.join(ESTIMATES)} are numbers of deaths.")
    named = table[["iso3", period, "type", *ESTIMATES]].rename(columns={"iso3": "country", "type": "outcome"})
    return named[named["country"].isin(units)].reset_index(drop=True)
