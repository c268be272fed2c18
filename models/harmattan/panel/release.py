"""A UCDP release as it is published: read, checked against itself, and added up by country, month and type."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pandas as pd

from ..core.errors import InputError
from ..core.language import phrase
from ..core.names import OUTCOMES
from ..core.resources import display_path
from .event_checks import checked_events, countries_named
from .placing import Placing
from .release_number import ReleaseNumber
from .ucdp import KEY, Lifetimes, checked_table, provisional_in, within_lifetimes

Kind = Literal["ged", "ged-candidate", "country-month"]
KINDS: tuple[Kind, ...] = ("ged", "ged-candidate", "country-month")
_ONLY_THE_YEAR = 5
"""UCDP's date_prec of an event whose month is not known."""
_LAST_DAY = 20
"""A month in which no event of the whole world begins after this day is not complete."""
_OUTSIDE = 0.5
"""Share of events outside of a release's months from which it is another release; UCDP's own have 2 in 100."""


@dataclass(frozen=True)
class SetAside:
    """Events of the panel's units that begin outside of the months that a release covers.

    Attributes
    ----------
    events, deaths : int
    months : dict of str to int
        Events by the month in which they begin.
    """

    events: int = 0
    deaths: int = 0
    months: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Release:
    """What a file says of the panel's units.

    Attributes
    ----------
    cells : DataFrame
        Columns month, iso3, type, events, best: every month that the release covers, country and type, zero-filled.
    months : tuple of str
        The months that the release covers, without a gap.
    provisional : frozenset of str
        Those of them that rest on candidate events.
    rows, rows_used : int
        Rows of the file, and those that count (the panel's units, covered months, final rows).
    not_final : int
        Rows that a final release leaves out because their coding is not finished.
    unbracketed : int
        Rows whose low and high do not bracket the best estimate; they count all the same, as UCDP has them.
    elsewhere : int
        Rows about other countries.
    set_aside : SetAside
    doubts : tuple of str
        What is odd in the file and was taken all the same, each in a sentence.
    """

    cells: pd.DataFrame
    months: tuple[str, ...]
    provisional: frozenset[str]
    rows: int
    rows_used: int
    not_final: int = 0
    unbracketed: int = 0
    elsewhere: int | None = None
    set_aside: SetAside = SetAside()
    doubts: tuple[str, ...] = ()


def read_release(file: Path, kind: Kind, placing: Placing, number: ReleaseNumber, lifetimes: Lifetimes) -> Release:
    """Read a release and check all that can be checked from the file alone.

    Parameters
    ----------
    file : Path
        GED CSV, candidate CSV, or a panel of the frozen one's form; also packed as .zip or .gz.
    kind : {"ged", "ged-candidate", "country-month"}
    placing : Placing
        Which unit of the panel an event belongs to.
    number : ReleaseNumber
        Says which months the file speaks for. Events are listed by when they became known, so a file of one month
        also holds some that began earlier; they do not make that month known.
    lifetimes : mapping of unit to (first, last)
        Outside of it a unit has no cells.

    Raises
    ------
    InputError
        If a column, date, type, count or id is not as UCDP publishes it, or months are missing in between.
    """
    if kind == "country-month":
        return _country_months(file, placing.countries, number, lifetimes)
    return _events(file, placing, number, lifetimes)


def _country_months(file: Path, codes: dict[str, str], number: ReleaseNumber, lifetimes: Lifetimes) -> Release:
    table = checked_table(file, tuple(codes.values()), lifetimes)
    cells = table[[*KEY, "events", "best"]].reset_index(drop=True)
    months = tuple(sorted(cells["month"].unique()))
    unfinished = {month for month in months if month > number.final_until}
    doubts = []
    if unfinished - provisional_in(file, table):
        doubts.append(
            f"Release {number.label} is final to {number.final_until}, so what {display_path(file)} holds after that "
            "month is taken as provisional."
        )
    for column, told in (
        ("gwno", table["gwno"].map(codes)),
        ("country", countries_named(table["country"], codes.values())),
    ):
        wrong = told != table["iso3"]
        if wrong.any():
            line = wrong.idxmax()
            doubts.append(
                f"In {int(wrong.sum()):,} rows {column} is not that of iso3 (first on line {line}: "
                f"{table.at[line, column]!r} for {table.at[line, 'iso3']}). They count by iso3."
            )
    provisional = frozenset(unfinished | provisional_in(file, table))
    return Release(cells, months, provisional, len(table), len(table), doubts=tuple(doubts))


def _events(file: Path, placing: Placing, number: ReleaseNumber, lifetimes: Lifetimes) -> Release:
    name = display_path(file)
    table, doubts = checked_events(file, name, placing.countries, placing.by_region)
    clear = table["code_status"].str.strip().str.lower() == "clear"
    if number.final and not clear.mean() > 0.5:
        raise InputError(
            f"{name}: only {int(clear.sum()):,} of {len(table):,} rows have code_status Clear, so this is not a final "
            "release. If it is a candidate release, import it with --kind ged-candidate."
        )
    counted = table[clear] if number.final else table
    covered = _covered(counted, number, name)
    inside = counted["month"].isin(covered)
    _check_covered(counted, inside, covered, number, name)
    ours = counted["iso3"].notna()
    used = counted[inside & ours]
    if not len(used):
        raise InputError(
            f"{name}: no row is about a unit of the panel. country_id holds Gleditsch and Ward's numbers, for instance "
            f"{next(iter(placing.countries))} for {next(iter(placing.countries.values()))}."
        )
    used, unplaced = placing.placed(used, name)
    return Release(
        cells=_cells(used, covered, placing.units, lifetimes),
        months=tuple(covered),
        provisional=frozenset() if number.final else frozenset(covered),
        rows=len(table),
        rows_used=len(used),
        not_final=len(table) - len(counted),
        unbracketed=int(used["unbracketed"].sum()),
        elsewhere=int((inside & ~ours).sum()),
        set_aside=_set_aside(counted[~inside & ours]),
        doubts=(*doubts, *unplaced, *_unfinished(table, counted, covered[-1]), *_known_to_the_year(used)),
    )


def _covered(events: pd.DataFrame, number: ReleaseNumber, name: str) -> list[str]:
    """Return the months that the release speaks for; a final one that was cut at its beginning from the year it has."""
    if not number.final or not len(events):
        return number.months
    return [month for month in number.months if month[:4] >= events["month"].min()[:4]]


def _check_covered(
    events: pd.DataFrame, inside: pd.Series, covered: list[str], number: ReleaseNumber, name: str
) -> None:
    span = _span(number.first, number.last)
    outside = ~inside
    if outside.mean() > _OUTSIDE:
        row = outside.idxmax()
        raise InputError(
            f"{name}: {int(outside.sum()):,} of {len(events):,} events begin outside of {span}, the span of release "
            f"{number.label} (the first in row {row}, in {events.at[row, 'month']}). The file is another release: "
            "correct its name, or --release."
        )
    seen = set(events["month"])
    empty = [month for month in covered if month not in seen]
    if empty:
        raise InputError(
            f"{name}: not one event anywhere begins in {empty[0]}"
            f"{f' and {len(empty) - 1} other months' if len(empty) > 1 else ''}, and release {number.label} covers "
            f"{_span(covered[0], covered[-1])}. A whole release has events in every month, so "
            "part of the file is missing, or it was cut to some countries. Take it again from UCDP."
        )


def _span(first: str, last: str) -> str:
    return first if first == last else phrase("number.span", first=first, last=last)


def _cells(used: pd.DataFrame, covered: list[str], units: tuple[str, ...], lifetimes: Lifetimes) -> pd.DataFrame:
    full = pd.MultiIndex.from_product([covered, sorted(units), list(OUTCOMES)], names=KEY)
    full = within_lifetimes(full, lifetimes)
    sums = used.assign(events=1.0).groupby(KEY)[["events", "best"]].sum()
    return sums.reindex(full, fill_value=0.0).reset_index()


def _set_aside(events: pd.DataFrame) -> SetAside:
    months = events["month"].value_counts().sort_index()
    return SetAside(len(events), int(events["best"].sum()), {str(month): int(count) for month, count in months.items()})


def _unfinished(table: pd.DataFrame, counted: pd.DataFrame, last_month: str) -> list[str]:
    """Say what is left out because its coding goes on, and whether the last month seems to be cut off."""
    said = []
    if len(counted) < len(table):
        rows = len(table) - len(counted)
        said.append(f"Left out: {rows:,} rows whose coding is not finished (code_status is not Clear).")
    latest = str(counted.loc[counted["month"] == last_month, "date"].max())
    if int(latest[8:]) <= _LAST_DAY:
        said.append(
            f"No event anywhere begins after {latest}, so the file may have been made before {last_month} was coded to "
            "its end. Look for a newer copy."
        )
    return said


def _known_to_the_year(used: pd.DataFrame) -> list[str]:
    """Say how much of the record has no month of its own (date_prec 5), for UCDP writes some month nevertheless."""
    vague = used[used["date_prec"] == _ONLY_THE_YEAR]
    if not len(vague):
        return []
    first = vague["month"].value_counts().sort_index()
    where = ", ".join(f"{month}: {count}" for month, count in first.nlargest(3).items())
    return [
        f"{len(vague):,} events with {int(vague['best'].sum()):,} deaths are known only to the year (date_prec 5). "
        f"They count in the month that UCDP writes for them ({where}), which makes that month look worse than it was."
    ]
