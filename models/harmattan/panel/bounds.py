"""How sure UCDP is of its own counts: the low, best and high estimates of every country-year."""

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from ..core.months import month_number
from ..core.names import OUTCOMES

LEAST_DEATHS = 25
"""Deaths a year in a country and outcome below which a ratio of bounds says little."""


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


def load_bounds(file: Path, units: Collection[str], as_of: str) -> pd.DataFrame:
    """Return UCDP's yearly estimates with their bounds, for years that have ended by `as_of`.

    Parameters
    ----------
    file : Path
        UCDP's table by country and year.
    units : collection of str
        Units that are wanted.
    as_of : str
        `YYYY-MM`.

    Returns
    -------
    DataFrame
        Columns country (ISO3), year, outcome, low, best, high (deaths in the year), low_ratio, high_ratio (of best).
        Years with fewer than `LEAST_DEATHS`, or whose bounds do not bracket the best estimate, are left out.
        Source: UCDP country-year dataset on organized violence 25.1.
    """
    table = pd.read_csv(file)
    table = table.drop(columns="country").rename(columns={"iso3": "country", "type": "outcome"})
    ended = table["year"].map(lambda year: month_number(f"{year}-12") <= month_number(as_of))
    brackets = (table["low"] <= table["best"]) & (table["best"] <= table["high"])
    known = table["country"].isin(units) & table["outcome"].isin(OUTCOMES)
    kept = table[ended & brackets & known & (table["best"] >= LEAST_DEATHS)].reset_index(drop=True)
    kept = kept[["country", "year", "outcome", "low", "best", "high"]]
    return kept.assign(low_ratio=kept["low"] / kept["best"], high_ratio=kept["high"] / kept["best"])
