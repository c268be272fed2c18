"""Which past years a case's scorecard is of: its windows, with the dates that they were made with."""

import json
from dataclasses import dataclass
from pathlib import Path

from ..core.errors import InputError
from ..core.months import month_label, month_number
from ..core.resources import display_path
from .scorecard import scorecard_files

MADE = "made.json"
"""What `make backtest` notes of each window, beside the tables."""

YEAR_AHEAD = (3, 14)
"""Months ahead of a forecast made in October of the year that follows."""


@dataclass(frozen=True)
class ScoredWindow:
    """Forecasts of past years that are scored together.

    Attributes
    ----------
    name : str
        As in the column `window` of the tables.
    origins : tuple of str
        Months in which the forecasts were made, the earliest first.
    ahead : tuple of int
        First and last month ahead.
    elsewhere : bool
        Whether they are of units that are none of the case's.
    """

    name: str
    origins: tuple[str, ...]
    ahead: tuple[int, int]
    elsewhere: bool

    @property
    def first_year(self) -> str:
        """Year of the first month that was forecast."""
        return month_label(month_number(self.origins[0]) + self.ahead[0])[:4]

    @property
    def last_year(self) -> str:
        """Year of the last month that was forecast."""
        return month_label(month_number(self.origins[-1]) + self.ahead[1])[:4]

    @property
    def years(self) -> str:
        """The years that were forecast, such as ``2018-2023``."""
        return self.first_year if self.first_year == self.last_year else f"{self.first_year}-{self.last_year}"


def windows_file(folder: Path) -> list[Path]:
    """Return the file that windows are read from; none where a case has not been scored."""
    return [folder / MADE] if scorecard_files(folder) else []


def scored_windows(folder: Path) -> tuple[ScoredWindow, ...]:
    """Return the windows of a scorecard: those of the case before others, by their years.

    Parameters
    ----------
    folder : Path
        `seeds/scorecard` of a case; one without a scorecard gives none.

    Raises
    ------
    InputError
        If there are tables, and nothing that says what they are of.
    """
    if not scorecard_files(folder):
        return ()
    try:
        made = json.loads((folder / MADE).read_text(encoding="utf-8"))
        found = [
            ScoredWindow(name, tuple(sorted(one["origins"])), (one["first"], one["horizon"]), one["elsewhere"])
            for name, one in made.items()
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{display_path(folder / MADE)}: this file has to say of which origins each window of the scorecard is, "
            f"and does not ({error}). `make backtest` writes it beside the tables."
        ) from None
    return tuple(sorted(found, key=lambda one: (one.elsewhere, one.first_year, [-int(one.last_year)], one.name)))


def years_ahead(folder: Path) -> tuple[ScoredWindow, ...]:
    """Return the windows whose forecasts are each of the year that follows."""
    return tuple(one for one in scored_windows(folder) if one.ahead == YEAR_AHEAD)


def latest_years(folder: Path) -> ScoredWindow | None:
    """Return the case's latest window of more than one year, by which its intervals are judged."""
    several = [one for one in years_ahead(folder) if not one.elsewhere and len(one.origins) > 1]
    return max(several, key=lambda one: one.last_year, default=None)
