"""When the next deaths of a record become known, by the rhythm in which UCDP publishes.

A release number says which months it speaks for (`release_number`). The rest is habit: final events of a year come in
June or July of the next one, candidates of a month about 20 days after its end (Hegre, Croicu, Eck & Högbladh 2020,
"Introducing the UCDP Candidate Events Dataset", Research & Politics 7(3): monthly, with not more than a month's lag).
Nothing is told of records of another source, whose rhythm is not known here.
"""

from dataclasses import dataclass
from typing import Literal

from ..core.months import month_label, month_number, months_after
from ..core.telling import UCDP
from .release_number import ReleaseNumber, release_number, release_or_none

CANDIDATES_DAY = 20
"""Day of the month after, about which candidates come."""

FINAL_MONTHS = (6, 7)
"""Months in one of which final releases come."""


@dataclass(frozen=True)
class NextData:
    """A release that would bring deaths that a record does not hold.

    Attributes
    ----------
    release : str
        Its number.
    kind : {"out", "candidates", "final"}
        Out is one that the record was cut from, so that it is published.
    first, last : str
        Months that it would bring or close, `YYYY-MM`.
    expected_first, expected_last : str or None
        Months between which it is expected; None for what is out.
    """

    release: str
    kind: Literal["out", "candidates", "final"]
    first: str
    last: str
    expected_first: str | None
    expected_last: str | None


def next_data(source: str, release: str, last: str) -> tuple[NextData, ...]:
    """Return what comes next for a record, in the order in which it comes.

    Parameters
    ----------
    source, release : str
        Of the record, as its case or panel names them: `UCDP GED`, `26.1`.
    last : str
        Last month of the record, `YYYY-MM`.

    Returns
    -------
    tuple of NextData
        Empty for another source, or a release that UCDP does not number like that.
    """
    held = release_or_none(release)
    if source != UCDP or held is None:
        return ()
    known = max(last, held.last)
    more = months_after(last, 1)[0]
    out = [NextData(held.label, "out", more, held.last, None, None)] if last < held.last else []
    return (*out, _candidates(months_after(known, 1)[0]), _final(held))


def _candidates(month: str) -> NextData:
    number = release_number(f"{month[2:4]}.0.{int(month[5:])}")
    comes = months_after(month, 1)[0]
    return NextData(number.label, "candidates", month, month, comes, comes)


def _final(held: ReleaseNumber) -> NextData:
    """Return the final release that closes the first year which the held one does not."""
    year = int(held.final_until[:4]) + 1
    number = release_number(f"{(year + 1) % 100}.1")
    first, last = (month_label(month_number(f"{year + 1}-{month:02d}")) for month in FINAL_MONTHS)
    return NextData(number.label, "final", f"{year}-01", number.last, first, last)
