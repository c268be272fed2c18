"""First-level regions of the countries whose events the program knows by region: codes, names, record and borders."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import permutations

import pandas as pd

from ..core.errors import InputError
from ..core.months import month_range
from ..core.names import OUTCOMES
from ..core.resources import shipped_root
from .ucdp import COLUMNS
from .world import state

FIRST_MONTH, LAST_MONTH = "1989-01", "2023-12"
"""Span of the record by region."""

REGIONS_FILE = shipped_root() / "seeds" / "data" / "ucdp" / "admin1_month_ged241.csv"

RELEASE = "24.1"
"""Release of UCDP's GED that it was cut from."""

FEWEST_EVENTS = 2
"""A name that the record has fewer times than this is no unit: its events count as not placed. One event in 35 years
teaches nothing of a region, and names of no region (a place, a slip) stand there once."""

NOT_LOCATED = "(not located)"
"""What the record writes where UCDP gives no region."""

UNPLACED = "unplaced"
"""Ends the code of a country's residual unit, which holds what no region can be named for."""


def region_code(iso3: str, name: str) -> str:
    """Return the code of a region: the country's, a dash, and its name in plain small letters.

    Examples
    --------
    >>> region_code("HTI", "Grand'Anse")
    'HTI-grandanse'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().replace("'", "").lower()
    return f"{iso3}-{re.sub(r'[^a-z0-9]+', '-', plain).strip('-')}"


def residual_of(iso3: str) -> str:
    """Return the code of the unit that holds a country's events without a region."""
    return f"{iso3}-{UNPLACED}"


def country_of(unit: str) -> str:
    """Return the ISO 3166 alpha-3 code of the country that a unit is, or lies in."""
    return unit.partition("-")[0]


def is_region(unit: str) -> bool:
    """Return whether a unit is a region with a place of its own, not a country or a residual."""
    return "-" in unit and unit != residual_of(country_of(unit))


def countries_with_regions() -> tuple[str, ...]:
    """Return the countries that the record knows by region."""
    return tuple(sorted(_record()["iso3"].unique()))


def regions_of(iso3: str) -> dict[str, str]:
    """Return the regions of a country by code, alphabetically; the residual unit is the last.

    Raises
    ------
    InputError
        If the record does not know the country by region.
    """
    country, own = state(iso3), _record()[_record()["iso3"] == iso3]
    if not len(own):
        raise InputError(
            f"The record by region that the program carries does not hold {iso3} ({country.name}). It holds "
            f"{', '.join(countries_with_regions())}. Make a case of countries (--level country), or one of these."
        )
    events = own.groupby("adm1")["events"].sum().drop(NOT_LOCATED, errors="ignore")
    named = {region_code(iso3, name): name for name in sorted(events.index[events >= FEWEST_EVENTS])}
    return dict(sorted(named.items())) | {residual_of(iso3): f"{country.name} (place unknown)"}


def region_panel(iso3: str) -> pd.DataFrame:
    """Return the record of a country by region, 0 where nothing was recorded; its sums are the country's.

    Returns
    -------
    DataFrame
        Columns `country` (name of the region)`, iso3` (its code)`, gwno` (the country's)`, month, type, events, best`.
    """
    names = regions_of(iso3)
    own = _record()[_record()["iso3"] == iso3]
    codes = own["adm1"].map(lambda name: region_code(iso3, name))
    own = own.assign(unit=codes.where(codes.isin(names), residual_of(iso3)))
    months = month_range(FIRST_MONTH, LAST_MONTH)
    full = pd.MultiIndex.from_product([names, months, sorted(OUTCOMES)], names=["unit", "month", "type"])
    sums = own.groupby(["unit", "month", "type"])[["events", "best"]].sum().reindex(full, fill_value=0).reset_index()
    labelled = sums.assign(country=sums["unit"].map(names), gwno=state(iso3).gwno)
    return labelled.rename(columns={"unit": "iso3"})[list(COLUMNS)]


def region_pairs(units: Sequence[str]) -> pd.DataFrame:
    """Return every ordered pair of regions, all of them as if they touched: no borders may be shipped.

    Returns
    -------
    DataFrame
        Columns as `world.pairs_of` has them; distances are blank. The residual is no place and touches nothing.
    """
    rows = [(a, b, int(is_region(a) and is_region(b))) for a, b in permutations(sorted(units), 2)]
    pairs = pd.DataFrame(rows, columns=["iso3_a", "iso3_b", "adjacent"])
    return pairs.assign(border_km=pairs["adjacent"], min_distance_km=pd.NA, centroid_distance_km=pd.NA)


@cache
def _record() -> pd.DataFrame:
    return pd.read_csv(REGIONS_FILE, keep_default_na=False)
