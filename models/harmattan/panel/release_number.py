"""UCDP's version numbers: what a release covers, and which of two is newer."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..core.errors import InputError
from ..core.months import month_label, month_number, month_range, months_between

FIRST_MONTH = "1989-01"
"""First month of every final release."""
_CENTURY = 2000
_IN_NAME = re.compile(r"(?<!\d)v?(\d{2}[._]\d{1,2}(?:[._]\d{2}[._]\d{2}|[._]\d{1,2})?)(?!\d|[._]\d)", re.IGNORECASE)
_IN_ARCHIVE_NAME = re.compile(r"ged(\d{2})(\d)(?!\d)", re.IGNORECASE)
_FIRST_YEAR = 17
"""Since 2017 UCDP numbers releases by year."""
_PATTERN = re.compile(r"v?(\d{2})[._](\d{1,2})(?:[._](\d{1,2})(?:[._](\d{1,2}))?)?", re.IGNORECASE)
_FORMS = (
    "26.1 for a final release (to December 2025), 26.0.3 for the candidates of March 2026, or 26.01.26.06 for those "
    "of January to June 2026"
)


@dataclass(frozen=True)
class ReleaseNumber:
    """A version number of UCDP and the months that such a release speaks for.

    Attributes
    ----------
    label : str
        As UCDP writes it: 26.1, 26.0.3, 26.01.26.06.
    first, last : str
        Months that it covers, `YYYY-MM`.
    final : bool
        Whether its events are final; candidates are provisional.
    part : int
        Tells final releases of one year apart.
    """

    label: str
    first: str
    last: str
    final: bool
    part: int = 0

    @property
    def final_until(self) -> str:
        """Last month whose events are final when this release comes out: the year before is closed by then."""
        return self.last if self.final else f"{int(self.first[:4]) - 1}-12"

    @property
    def months(self) -> list[str]:
        """Every month that the release covers."""
        return month_range(self.first, self.last)

    def older_than(self, other: "ReleaseNumber") -> bool:
        """Return whether UCDP published this one before `other`, for months that both cover.

        Final events come after all candidates. Of candidates, those that reach further are newer; of two that end
        in the same month, those of several months, because they are coded again.
        """
        return self._age() < other._age()

    def _age(self) -> tuple[bool, int, int]:
        span = months_between(self.first, self.last)
        return (self.final, month_number(self.last), self.part if self.final else span)


def release_number(text: str) -> ReleaseNumber:
    """Read a version number.

    Parameters
    ----------
    text : str
        `26.1`, `26.0.3` or `26.01.26.06`; underscores and a leading v are UCDP's own spelling in names of files.

    Raises
    ------
    InputError
        If UCDP numbers no release like that.
    """
    match = _PATTERN.fullmatch(text.strip())
    if match is None:
        raise InputError(f"{text!r} is not a release number of UCDP. Write {_FORMS}.")
    year, *rest = (int(part) for part in match.groups() if part is not None)
    readers: dict[int, Callable[..., ReleaseNumber | None]] = {1: _final, 2: _monthly, 3: _cumulative}
    read = readers[len(rest)](year, *rest) if year >= _FIRST_YEAR else None
    if read is None:
        raise InputError(f"UCDP has no release numbered {text.strip()}. Its numbers are like {_FORMS}.")
    return read


def release_or_none(text: str) -> ReleaseNumber | None:
    """Return the release of a number, or None where UCDP numbers none like that."""
    try:
        return release_number(text)
    except InputError:
        return None


def number_in_name(file: Path) -> ReleaseNumber | None:
    """Return the release that UCDP's name of a file tells (GEDEvent_v26_0_3.csv, ged261-csv.zip), if it tells one."""
    told = [f"{found[1]}.{found[2]}" for found in _IN_ARCHIVE_NAME.finditer(file.name)]
    texts = [*told, *(found[1] for found in _IN_NAME.finditer(file.name))]
    # those that are none happen to look alike, such as a day
    return next((number for number in map(release_or_none, texts) if number is not None), None)


def _final(year: int, part: int) -> ReleaseNumber | None:
    if not 1 <= part <= 9:
        return None
    return ReleaseNumber(f"{year}.{part}", FIRST_MONTH, _month(year - 1, 12), True, part)


def _monthly(year: int, zero: int, month: int) -> ReleaseNumber | None:
    if zero != 0 or not 1 <= month <= 12:
        return None
    return ReleaseNumber(f"{year}.0.{month}", _month(year, month), _month(year, month), False)


def _cumulative(year: int, first: int, again: int, last: int) -> ReleaseNumber | None:
    if again != year or not 1 <= first <= last <= 12:
        return None
    label = f"{year}.{first:02d}.{year}.{last:02d}"
    return ReleaseNumber(label, _month(year, first), _month(year, last), False)


def _month(year: int, month: int) -> str:
    return month_label((_CENTURY + year) * 12 + month - 1)
