"""How forecasts to five years ahead did, by horizon: what `benchmarks/judge.py` keeps in `seeds/scorecard/`."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from ..core.errors import InputError
from ..core.resources import display_path
from .flatness import flatness_by_row
from .judge import TOGETHER
from .judge_tables import EVERYWHERE, coverage_by_row, errors_together, skill_by_row, wars_that_end
from .scoreboard import MODEL

TABLES = ("horizons_skill", "horizons_coverage", "horizons_said", "horizons_flatness")
MADE = "horizons.json"
"""Which version of the program the tables are of, which regions there are, and which countries are focal."""

COUNTRIES = "countries"
"""In the column `places`: every country of the region, one by one."""

ALONE, SUMMED = "one by one", "together"
"""In the column `taken`: totals of each country, or of several summed."""

WARS, ERRORS = "long wars below a quarter", "errors of outcomes"
"""In the column `measure` of what was said beside what came."""

LATER_YEARS = ("year 3", "year 5")
"""Spans beyond two years whose totals are the track record of such forecasts."""


def horizon_tables(
    table: pd.DataFrame, own: str, groups: Mapping[str, Sequence[str]], everywhere: bool = True
) -> dict[str, pd.DataFrame]:
    """Return the kept tables by name.

    Parameters
    ----------
    table : DataFrame
        Rows of `judged`, with the columns origin and region.
    own : str
        The region that the case's countries are.
    groups : mapping of name to countries
        Countries of that region that are also scored apart: one by one, and summed where `judged` has their sum.
    everywhere : bool
        Whether all regions are there, so that rows over all of them may be kept.

    Returns
    -------
    dict of str to DataFrame
        Of `TABLES`. Skill: the CRPS by region, places (`COUNTRIES` or a group), outcome and span, as `skill_by_row`,
        and summary_events (without or with cells that one touches). Coverage: how often 80 % intervals held, by region,
        places, taken (`ALONE` or `SUMMED`), outcome and span. Said: by region and measure (`WARS`: shares of wars;
        `ERRORS`: correlations, with those of the outcome in the column `beside`) what was said, what came, and count.
        Flatness: how far the PIT lies from a straight line, as `flatness_by_row`, of the same rows as coverage.
    """
    plain = table[~table["summary"]]
    found = {
        "horizons_skill": _skill({"without": plain, "with": table}, own, groups),
        "horizons_coverage": _with_groups(coverage_by_row, plain, own, groups),
        "horizons_said": _said(table, plain),
        "horizons_flatness": _with_groups(flatness_by_row, plain, own, groups),
    }
    if everywhere:
        return found
    return {name: rows[rows["region"] != EVERYWHERE].reset_index(drop=True) for name, rows in found.items()}


def _skill(by_events: Mapping[str, pd.DataFrame], own: str, groups: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    found = []
    for told, rows in by_events.items():
        found.append(skill_by_row(rows).assign(places=COUNTRIES, summary_events=told))
        for name, countries in groups.items():
            of_group = skill_by_row(rows[(rows["region"] == own) & rows["country"].isin(countries)])
            found.append(of_group[of_group["region"] == own].assign(places=name, summary_events=told))
    every = pd.concat(found, ignore_index=True)
    first = ["region", "places", "outcome", "span", "summary_events"]
    kept = ["value", "best", "best_value", "skill", "skill_low", "skill_high", "detectable", "origins"]
    return every.loc[every["score"] == "crps", [*first, *kept]].reset_index(drop=True)


def _with_groups(
    by_row: Callable[[pd.DataFrame], pd.DataFrame], plain: pd.DataFrame, own: str, groups: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    """Return what is told by row, also of the countries of each group one by one, with the column taken."""
    every = by_row(plain)
    every = every[(every["region"] != EVERYWHERE) | ~every["places"].isin(list(groups))]  # its own region's once more
    found = [every.assign(taken=every["places"].map({COUNTRIES: ALONE}).fillna(SUMMED))]
    for name, countries in groups.items():
        of_group = by_row(plain[(plain["region"] == own) & plain["country"].isin(countries)])
        found.append(of_group[of_group["region"] == own].assign(places=name, taken=ALONE))
    first = ["region", "places", "taken"]
    told = pd.concat(found, ignore_index=True)
    return told[[*first, *told.columns.difference(first, sort=False)]]


def _said(table: pd.DataFrame, plain: pd.DataFrame) -> pd.DataFrame:
    """Return what was said beside what came, of each region and of all."""
    found = []
    for region in (*dict.fromkeys(table["region"]), EVERYWHERE):
        here = [rows if region == EVERYWHERE else rows[rows["region"] == region] for rows in (table, plain)]
        wars, errors = wars_that_end(here[0]), errors_together(here[1])
        wars = wars[wars["member"] == MODEL].rename(columns={"observed": "came"})
        found.append(wars.assign(region=region, measure=WARS, span="year 5", beside=""))
        if len(errors):
            told = errors.rename(columns={"other": "outcome", "first": "beside", "draws": "said", "observed": "came"})
            found.append(told.assign(region=region, measure=ERRORS))
    columns = ["region", "measure", "outcome", "beside", "span", "said", "came", "count"]
    return pd.concat(found, ignore_index=True)[columns]


def horizon_files(folder: Path) -> list[Path]:
    """Return the files of the kept tables and of what they are of; none where a case's forecasts were not judged so."""
    if not (folder / MADE).is_file():
        return []
    return [*(folder / f"{name}.csv" for name in TABLES), folder / MADE]


@dataclass(frozen=True)
class Horizons:
    """The kept tables with what they are of.

    Attributes
    ----------
    skill, coverage, said, flatness : DataFrame
        As `horizon_tables`.
    version : str
        Of the program whose forecasts were scored.
    own : str
        The region that the case's countries are.
    countries : int
        How many they are.
    focal : tuple of str
        The focal countries: `focal_name` in the column `places`.
    focal_name : str
    regions : mapping of str to (mapping of str to str)
        What each region is called, by language.
    """

    skill: pd.DataFrame
    coverage: pd.DataFrame
    said: pd.DataFrame
    flatness: pd.DataFrame
    version: str
    own: str
    countries: int
    focal: tuple[str, ...]
    focal_name: str
    regions: Mapping[str, Mapping[str, str]]

    def held(self, places: str, span: str) -> float | None:
        """Return how often the 80 % intervals of a span's totals held in countries of the case one by one.

        All outcomes count alike, their sum not once more; None where none was scored.
        """
        rows = self.coverage[(self.coverage["region"] == self.own) & (self.coverage["places"] == places)]
        return held_alone(rows[rows["span"] == span])

    def flatness_here(self) -> pd.DataFrame:
        """Return the flatness of the PIT in countries of the case one by one, the focal ones first."""
        own = self.flatness[(self.flatness["region"] == self.own) & (self.flatness["taken"] == ALONE)]
        parts = [own[own["places"] == places] for places in dict.fromkeys((self.focal_name, COUNTRIES))]
        return pd.concat(parts, ignore_index=True)


def held_alone(coverage: pd.DataFrame) -> float | None:
    """Return how often intervals of single countries and outcomes held, over all rows; None where there is none."""
    rows = coverage[(coverage["taken"] == ALONE) & (coverage["outcome"] != TOGETHER)]
    count = rows["count"].sum()
    return float((rows["inside"] * rows["count"]).sum() / count) if count else None


def load_horizons(folder: Path) -> Horizons | None:
    """Return the kept tables; None where a case's forecasts were not judged by horizon.

    Parameters
    ----------
    folder : Path
        `seeds/scorecard` of a case.

    Raises
    ------
    InputError
        If a table is missing, or nothing says what the tables are of.
    """
    if not horizon_files(folder):
        return None
    file = folder / MADE
    try:
        made: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        tables = {}
        for name in TABLES:
            file = folder / f"{name}.csv"
            tables[name] = pd.read_csv(file)
        file = folder / MADE
        return Horizons(
            skill=tables["horizons_skill"],
            coverage=tables["horizons_coverage"],
            said=tables["horizons_said"],
            flatness=tables["horizons_flatness"],
            version=made["version"],
            own=made["own"],
            countries=len(made["regions"][made["own"]]["countries"]),
            focal=tuple(made["focal"]["countries"]),
            focal_name=made["focal"]["name"],
            regions={name: one["called"] for name, one in made["regions"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{display_path(file)}: how forecasts did by horizon cannot be read from this file ({error}). "
            "`make judge` writes it and those beside it."
        ) from None
