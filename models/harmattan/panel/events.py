"""Dated events that are known: when they happened, and whether they had happened by a month."""

import csv
from pathlib import Path

from ..core.months import months_between
from ..core.resources import seeds_folder

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
    """Return the files that hold the dates of events."""
    return [seeds_folder() / "data" / name for name in sorted({name for name, _ in EVENT_SOURCES.values()})]


def event_dates() -> dict[str, str]:
    """Return the date, `YYYY-MM` or `YYYY-MM-DD`, of every known event, read from `seeds/data`.

    Never kept: another project, or the same one after an edit, has other dates.
    """
    dates = {}
    for event, (name, wanted) in EVENT_SOURCES.items():
        with open(seeds_folder() / "data" / name, encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if all(row[key] == value for key, value in wanted.items())]
        dates[event] = max(row["date"] for row in rows)
    return dates


def events_known(as_of: str) -> frozenset[str]:
    """Return the events that had happened by the end of a month.

    Parameters
    ----------
    as_of : str
        `YYYY-MM`.
    """
    return frozenset(event for event, date in event_dates().items() if months_between(date[:7], as_of) >= 0)
