"""A UCDP release as it is published: read, checked against itself, and added up by country, month and type."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from ..core.errors import InputError
from ..core.months import month_range
from ..core.names import OUTCOMES
from ..core.resources import display_path
from .ucdp import KEY, checked_table

Kind = Literal["ged", "ged-candidate", "country-month"]
KINDS: tuple[Kind, ...] = ("ged", "ged-candidate", "country-month")
EVENT_COLUMNS = (
    *("id", "year", "type_of_violence", "country_id", "date_start", "date_end", "best", "high", "low", "code_status"),
)
TYPES = dict(zip(("1", "2", "3"), OUTCOMES, strict=True))
"""UCDP's number of a type of violence to our name: 1 state-based, 2 non-state, 3 one-sided."""
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Release:
    """What a file says of the sixteen countries.

    Attributes
    ----------
    cells : DataFrame
        Columns month, iso3, type, events, best: every month of the file's span, country and type, zero-filled.
    months : tuple of str
        The months that the file covers, without a gap.
    rows, rows_used : int
        Rows of the file, and those that count (the sixteen countries, final rows).
    not_final : int
        Rows that a final release leaves out because their coding is not finished.
    unbracketed : int
        Rows whose low and high do not bracket the best estimate; they count all the same, as UCDP has them.
    """

    cells: pd.DataFrame
    months: tuple[str, ...]
    rows: int
    rows_used: int
    not_final: int = 0
    unbracketed: int = 0


def read_release(file: Path, kind: Kind, codes: dict[str, str]) -> Release:
    """Read a release and check all that can be checked from the file alone.

    Parameters
    ----------
    file : Path
        GED CSV, candidate CSV, or a panel of the frozen one's form.
    kind : {"ged", "ged-candidate", "country-month"}
    codes : dict of str to str
        Gleditsch-Ward number to ISO3 of the sixteen countries.

    Raises
    ------
    InputError
        If a column, date, type, count or id is not as UCDP publishes it, or months are missing in between.
    """
    if kind == "country-month":
        return _country_months(file)
    return _events(file, codes, final=kind == "ged")


def _country_months(file: Path) -> Release:
    table = checked_table(file)
    cells = table[[*KEY, "events", "best"]].reset_index(drop=True)
    return Release(cells, tuple(sorted(cells["month"].unique())), len(table), len(table))


def _events(file: Path, codes: dict[str, str], *, final: bool) -> Release:
    name = display_path(file)
    table = _read_events(file, name)
    start = _dates(table, "date_start", name)
    end = _dates(table, "date_end", name)
    _refuse(table, start > end, name, "date_start", "lies after date_end")
    _refuse(table, ~table["type_of_violence"].isin(list(TYPES)), name, "type_of_violence", "is not 1, 2 or 3")
    counts = {column: _counts(table, column, name) for column in ("best", "low", "high")}
    _refuse(table, table["id"].duplicated(), name, "id", "stands there twice")
    clear = table["code_status"].str.strip().str.lower() == "clear"
    if final and not clear.mean() > 0.5:
        raise InputError(
            f"{name}: only {int(clear.sum()):,} of {len(table):,} rows have code_status Clear, so this is not a final "
            "release. If it is a candidate release, import it with --kind ged-candidate."
        )
    counted = clear if final else pd.Series(True, index=table.index)
    months = _covered(start[counted].str[:7], final, name)
    ours = counted & table["country_id"].isin(codes)
    if not ours.any():
        raise InputError(
            f"{name}: no row is about one of the sixteen countries; country_id holds GW numbers, Mali 432."
        )
    kept = pd.DataFrame(
        {
            "month": start[ours].str[:7],
            "iso3": table.loc[ours, "country_id"].map(codes),
            "type": table.loc[ours, "type_of_violence"].map(TYPES),
            "events": 1.0,
            "best": counts["best"][ours],
        }
    )
    unbracketed = int(((counts["low"] > counts["best"]) | (counts["high"] < counts["best"]))[ours].sum())
    full = pd.MultiIndex.from_product([months, sorted(codes.values()), list(OUTCOMES)], names=KEY)
    cells = kept.groupby(KEY)[["events", "best"]].sum().reindex(full, fill_value=0.0).reset_index()
    return Release(cells, tuple(months), len(table), int(ours.sum()), int((~counted).sum()), unbracketed)


def _read_events(file: Path, name: str) -> pd.DataFrame:
    try:
        table = pd.read_csv(file, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"Cannot read {name}: {error.strerror or error}. Check the path.") from None
    except (UnicodeDecodeError, csv.Error, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(f"{name} is not a CSV file in UTF-8 ({error}). Give the file as UCDP publishes it.") from None
    missing = [column for column in EVENT_COLUMNS if column not in table.columns]
    if missing:
        raise InputError(
            f"{name}, line 1: no column {', '.join(missing)}. A GED or candidate file as UCDP publishes it has "
            f"{', '.join(EVENT_COLUMNS)}; a table by country and month is imported with --kind country-month."
        )
    if not len(table):
        raise InputError(f"{name} holds a header and no events.")
    table.index = pd.RangeIndex(2, len(table) + 2)  # line numbers, where no cell holds a line break
    return table


def _dates(table: pd.DataFrame, column: str, name: str) -> pd.Series:
    dates = table[column].str.slice(0, 10)
    parsed = pd.to_datetime(dates.where(dates.str.fullmatch(_DATE)), format="%Y-%m-%d", errors="coerce")
    _refuse(table, parsed.isna(), name, column, "is not a date YYYY-MM-DD")
    return dates


def _counts(table: pd.DataFrame, column: str, name: str) -> pd.Series:
    numbers = pd.to_numeric(table[column], errors="coerce")
    wrong = ~(numbers.ge(0) & (numbers % 1 == 0))
    _refuse(table, wrong, name, column, "is not a whole number, 0 or more")
    return numbers.astype(float)


def _refuse(table: pd.DataFrame, wrong: pd.Series, name: str, column: str, what: str) -> None:
    if wrong.any():
        row = wrong.idxmax()
        more = f" ({int(wrong.sum()) - 1:,} more rows like it)" if wrong.sum() > 1 else ""
        raise InputError(
            f"{name}, event {table.at[row, 'id']} (row {row}), column {column}: {table.at[row, column]!r} {what}{more}"
            ". Nothing was imported: take the file again from UCDP, unchanged."
        )


def _covered(months: pd.Series, final: bool, name: str) -> list[str]:
    """Return the months that the file covers: whole years of a final release, else from its first month to its last."""
    seen = set(months)
    first, last = min(seen), max(seen)
    if final:
        first, last = f"{first[:4]}-01", f"{last[:4]}-12"
    covered = month_range(first, last)
    empty = [month for month in covered if month not in seen]
    if empty:
        raise InputError(
            f"{name}: not one event anywhere begins in {empty[0]}"
            f"{f' and {len(empty) - 1} other months' if len(empty) > 1 else ''} between {first} and {last}. A whole "
            "release has events in every month, so part of the file is missing, or it was cut to some countries."
        )
    return covered
