"""Who crossed a border, on record: deaths in conflicts of groups that had killed elsewhere before they came.

The rule: a group comes from the unit where its first deaths on record are. It has crossed into another unit if its
first deaths there are at least `FEWEST_MONTHS` later. A death is of a group from elsewhere if an armed side of its dyad
has crossed into the unit where it happened, whoever was killed and by which side; where two such groups fight one
another it counts half for either's origin. Sides of a dyad that are governments or civilians are no groups.
"""

from collections.abc import Collection, Iterator
from pathlib import Path

import pandas as pd

from ..core.errors import InputError
from ..core.months import months_between
from ..core.names import OUTCOMES
from ..core.resources import display_path
from .case_table import read_case_table

FEWEST_MONTHS = 12
"""Between a group's first deaths anywhere in the case and its first ones in a unit that it is said to have come to."""

NEEDED = ("iso3", "dyad_name", "type", "month", "best")

BETWEEN_SIDES = " - "
GOVERNMENT = "Government of "
CIVILIANS = "Civilians"
"""As UCDP names dyads: two sides, `Government of ...`, and `Civilians` where violence is one-sided."""


def load_dyads(file: Path, units: Collection[str]) -> pd.DataFrame:
    """Return deaths by dyad, unit and month, of the units of a case.

    Parameters
    ----------
    file : Path
        Columns `iso3, dyad_name, type, month, best`, as UCDP's events summed by dyad and country. Units that it
        does not name at all are not covered.
    units : collection of str

    Returns
    -------
    DataFrame
        Columns country, dyad, outcome, month, deaths (best estimate); only rows with deaths. Source: UCDP GED.

    Raises
    ------
    InputError
        If the file is not such a table.
    """
    table = read_case_table(file, "record.dyads", "the table of deaths by dyad", NEEDED)
    if not pd.api.types.is_numeric_dtype(table["best"]) or not table["type"].isin(OUTCOMES).all():
        raise InputError(f"{display_path(file)}: best is a number of deaths, and type one of {', '.join(OUTCOMES)}.")
    known = table["iso3"].isin(units) & (table["best"] > 0)
    named = {"iso3": "country", "dyad_name": "dyad", "type": "outcome", "month": "month", "best": "deaths"}
    return table.loc[known, list(NEEDED)].rename(columns=named).reset_index(drop=True)


def groups_of(dyad: str) -> tuple[str, ...]:
    """Return the armed groups of a dyad.

    >>> groups_of("Government of Atlantis - Band"), groups_of("Band - Civilians"), groups_of("Band - Other Band")
    (('Band',), ('Band',), ('Band', 'Other Band'))

    A name that parts into more than two sides cannot be told apart and counts as one group.
    """
    sides = tuple(dyad.split(BETWEEN_SIDES))
    if sides[-1] == CIVILIANS:
        sides = (BETWEEN_SIDES.join(sides[:-1]),)
    elif len(sides) > 2:
        sides = (dyad,)
    return tuple(side for side in sides if not side.startswith(GOVERNMENT))


def deaths_by_origin(
    dyads: pd.DataFrame, first: str, last: str, *, outcome: str | None = None, fewest_months: int = FEWEST_MONTHS
) -> pd.DataFrame:
    """Return deaths by unit and by where the group came from.

    Parameters
    ----------
    dyads : DataFrame
        `load_dyads`. All of it tells where groups come from.
    first, last : str
        Months whose deaths are counted.
    outcome : str, optional
        Type of violence whose deaths are counted; all by default.
    fewest_months : int

    Returns
    -------
    DataFrame
        Deaths; index: country, every one with deaths in these months; columns: origin, the same and those that groups
        came from. What stands on the diagonal is of groups that are at home there, of governments and of unknown ones.
    """
    origins = _origins(dyads, fewest_months)
    counted = dyads["month"].between(first, last) & (outcome is None or dyads["outcome"] == outcome)
    rows = list(_parts(dyads[counted], origins))
    parts = pd.DataFrame(rows, columns=["country", "origin", "deaths"])
    wide = parts.pivot_table(index="country", columns="origin", values="deaths", aggfunc="sum", fill_value=0.0)
    units = sorted({*wide.index, *wide.columns})
    return wide.reindex(columns=units, fill_value=0.0).astype("float64").rename_axis(columns="origin")


def shares_from_elsewhere(deaths: pd.DataFrame) -> pd.DataFrame:
    """Return which share of each unit's deaths is of groups from each other one; the diagonal is 0.

    Parameters
    ----------
    deaths : DataFrame
        `deaths_by_origin`.
    """
    shares = deaths.div(deaths.sum(axis=1), axis=0)
    for unit in shares.index:
        shares.loc[unit, unit] = 0.0
    return shares


def _origins(dyads: pd.DataFrame, fewest_months: int) -> dict[tuple[str, str], str]:
    """Return for each group and unit that it has crossed into where it came from."""
    grouped = dyads.assign(group=dyads["dyad"].map(groups_of)).explode("group").dropna(subset="group")
    found = {}
    for group, own in grouped.groupby("group"):
        begun = own.groupby("country")["month"].min()
        origin = str(begun.idxmin())
        for country, month in begun.items():
            if months_between(str(begun[origin]), str(month)) >= fewest_months:
                found[str(group), str(country)] = origin
    return found


def _parts(dyads: pd.DataFrame, origins: dict[tuple[str, str], str]) -> Iterator[tuple[str, str, float]]:
    for country, dyad, deaths in zip(dyads["country"], dyads["dyad"], dyads["deaths"], strict=True):
        came = [origins[group, country] for group in groups_of(dyad) if (group, country) in origins] or [country]
        for origin in came:
            yield country, origin, deaths / len(came)
