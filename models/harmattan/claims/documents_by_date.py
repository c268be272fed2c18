"""Which documents can have been written by a month, and the register without those that cannot be vouched for.

The rule: a document counts as written by a month if its latest possible day lies in or before it. One that may be
younger, or of which nothing says how young it may be, does not count.
"""

import datetime
from dataclasses import dataclass, replace
from typing import Any

from ..schema.dates import end_of_month
from ..schema.records import Source
from .register import Register


@dataclass(frozen=True)
class DocumentDates:
    """When the documents behind a run were written, against the last month of its record.

    Attributes
    ----------
    as_of : str
    claims_as_of : str or None
        Month after which documents are left out.
    used : int
        Number of documents that are used.
    earliest, latest : str or None
        Months between which the used documents are dated, by their earliest possible days; None where none is used or
        dated.
    or_later : bool
        Whether one of them may be younger than `latest`.
    after, maybe_after : tuple of Source
        Used documents that were written after `as_of`, and those that may have been.
    left_out : tuple of Source
        Documents that `claims_as_of` leaves out.
    """

    as_of: str
    claims_as_of: str | None
    used: int
    earliest: str | None
    latest: str | None
    or_later: bool
    after: tuple[Source, ...]
    maybe_after: tuple[Source, ...]
    left_out: tuple[Source, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the dates as plain data, for `run.json`."""
        return {
            "deaths_to": self.as_of,
            "claims_as_of": self.claims_as_of,
            "documents_used": self.used,
            "documents_from": self.earliest,
            "documents_to": self.latest,
            "documents_or_later": self.or_later,
            **{name: [one.id for one in getattr(self, name)] for name in ("after", "maybe_after", "left_out")},
        }


def written_by(source: Source, month: str) -> bool:
    """Return whether a document was certainly written by the end of a month."""
    latest = source.written[1]
    return latest is not None and latest <= end_of_month(month)


def register_as_of(register: Register, month: str | None) -> Register:
    """Return the register without the documents that were not certainly written by the end of a month.

    Parameters
    ----------
    register : Register
    month : str or None
        `claims_as_of`; None leaves nothing out.
    """
    if month is None:
        return register
    kept = {key: source for key, source in register.sources.items() if written_by(source, month)}
    claims = {key: claim for key, claim in register.claims.items() if claim.source in kept}
    gone = tuple(source for key, source in register.sources.items() if key not in kept)
    return replace(register, sources=kept, claims=claims, left_out=(*register.left_out, *gone))


def document_dates(register: Register, as_of: str, claims_as_of: str | None) -> DocumentDates:
    """Return when the documents of a register were written, against the last month of the record.

    Parameters
    ----------
    register : Register
        As `register_as_of` returns it.
    as_of : str
    claims_as_of : str or None
    """
    used = list(register.sources.values())
    starts = [source.written[0] for source in used]
    known = [day for day in starts if day is not None]
    latest = max(known, default=None)
    end = end_of_month(as_of)
    after = tuple(source for source in used if _surely_after(source, end))
    maybe = tuple(source for source in used if source not in after and not written_by(source, as_of))
    return DocumentDates(
        as_of,
        claims_as_of,
        len(used),
        _month(min(known, default=None)),
        _month(latest),
        bool(used) and (latest is None or any(not written_by(source, _month(latest) or as_of) for source in used)),
        after,
        maybe,
        register.left_out,
    )


def _surely_after(source: Source, end: datetime.date) -> bool:
    earliest = source.written[0]
    return earliest is not None and earliest > end


def _month(day: datetime.date | None) -> str | None:
    return None if day is None else f"{day:%Y-%m}"
