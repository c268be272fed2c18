"""Dated events that are known: when they happened, and whether they had happened by a month."""

import csv
from collections.abc import Collection
from pathlib import Path

from ..core.errors import InputError
from ..core.months import month_number, months_between
from ..core.resources import display_path, seeds_folder

EVENT_SOURCES = {
    "accord-ended": ("ucdp/algiers_accord_timeline.csv", {"kind": "ended"}),
    "accord-hostilities": ("ucdp/algiers_accord_timeline.csv", {"kind": "hostilities"}),
    "minusma-left": ("peacekeeping/minusma_withdrawal_timeline.csv", {"kind": "end"}),
    "kidal-base-closed": ("peacekeeping/minusma_withdrawal_timeline.csv", {"kind": "base_closed", "place": "Kidal"}),
    "coup-ner": ("coups/coups_1989_2024.csv", {"iso3": "NER", "event_type": "coup"}),
}
"""Where the date of a known event stands: file below `seeds/data` and the row's values; the last such row counts."""


OWN_SCHEDULE = frozenset({"minusma-left", "kidal-base-closed"})
"""The withdrawal itself, decided before most documents were written: to foresee it is no foresight."""


def event_files() -> list[Path]:
    """Return the files that hold the dates of events, of those that are there."""
    files = [seeds_folder() / "data" / name for name in sorted({name for name, _ in EVENT_SOURCES.values()})]
    return [file for file in files if file.is_file()]


def event_dates(events: Collection[str] = tuple(EVENT_SOURCES)) -> dict[str, str]:
    """Return the date, `YYYY-MM` or `YYYY-MM-DD`, of known events (all by default), read from `seeds/data`.

    Never kept: another project, or the same one after an edit, has other dates.

    Raises
    ------
    InputError
        If a file is missing or does not give the date.
    """
    return {event: _date(event, *EVENT_SOURCES[event]) for event in EVENT_SOURCES if event in events}


def events_known(as_of: str, events: Collection[str]) -> frozenset[str]:
    """Return which events had happened by the end of a month.

    Parameters
    ----------
    as_of : str
        `YYYY-MM`.
    events : collection of str
        Events that are asked for; dates of no others are read.
    """
    dates = event_dates(events)
    return frozenset(event for event, date in dates.items() if months_between(date[:7], as_of) >= 0)


def _date(event: str, name: str, wanted: dict[str, str]) -> str:
    path = seeds_folder() / "data" / name
    mend = f"The date of {event} stands there; restore it, or take the event out of drivers.yaml and claims."
    try:
        with open(path, encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if all(row.get(key) == value for key, value in wanted.items())]
        date = max(row["date"] for row in rows)
        month_number(date[:7])
    except OSError as error:
        raise InputError(f"{display_path(path)}: cannot be read ({error.strerror}). {mend}") from None
    except (ValueError, KeyError, TypeError, csv.Error, InputError):
        told = ", ".join(f"{key} {value}" for key, value in wanted.items())
        raise InputError(f"{display_path(path)}: no row with {told} has a date. {mend}") from None
    return date
