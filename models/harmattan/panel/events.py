"""Dated events that are known: when they happened, and whether they had happened by a month."""

import csv
import re
from collections.abc import Mapping
from pathlib import Path

from ..core.errors import InputError
from ..core.months import months_between
from ..core.resources import display_path

_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])(-\d{2})?")


def date_in_table(file: Path, wanted: Mapping[str, str], event: str, said_in: str = "case.yaml") -> str:
    """Return the date of the last row of a table that has the wanted values, `YYYY-MM` or `YYYY-MM-DD`.

    Parameters
    ----------
    file : Path
        CSV file with a column `date`.
    wanted : mapping of column to value
    event : str
        What is looked for, for messages.
    said_in : str
        File that names the event, for messages.

    Raises
    ------
    InputError
        If the file cannot be read, lacks a column, or has no such row.
    """
    name = display_path(file)
    try:
        with open(file, encoding="utf-8", newline="") as handle:
            reader = csv.DictReader(handle)
            columns = reader.fieldnames or []
            rows = [row for row in reader if all(row.get(key) == value for key, value in wanted.items())]
            dates = [row["date"] for row in rows if _DATE.fullmatch(row.get("date") or "")]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            f"{name}: the date of the event {event} in {said_in} stands in this table, which cannot be read ({error}). "
            "Put the file there, or give the event a date and a source."
        ) from None
    if missing := [column for column in ("date", *wanted) if column not in columns]:
        raise InputError(f"{name}: the table has no column {missing[0]!r}, which the event {event} in {said_in} names.")
    if not dates:
        said = ", ".join(f"{key} {value}" for key, value in wanted.items())
        raise InputError(
            f"{name}: no row with {said} has a date, so the event {event} in {said_in} has none. Mend its where."
        )
    return max(dates)


def happened_by(dates: Mapping[str, str], as_of: str) -> frozenset[str]:
    """Return the events that had happened by the end of a month.

    Parameters
    ----------
    dates : mapping of event to date
        `YYYY-MM` or `YYYY-MM-DD`.
    as_of : str
        `YYYY-MM`.
    """
    return frozenset(event for event, date in dates.items() if months_between(date[:7], as_of) >= 0)
