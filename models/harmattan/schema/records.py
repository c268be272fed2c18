"""Sources, claims, facts and conflicts: what the documents say, line by line."""

import datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from .bearing import Bearings
from .dates import Dated, first_day, last_day
from .resolution import Resolution
from .vocabulary import (
    ClaimDirection,
    ClaimKind,
    ClaimOutcome,
    Distinct,
    Flag,
    Grade,
    Horizon,
    Identifier,
    Lines,
    LooseDate,
    Number,
    Place,
    Record,
    Scope,
    Text,
    Whole,
)


class Source(Record):
    """One document. `group` names the sources that are not independent of one another."""

    id: Identifier
    """Short name; claim ids start with it, and seeds/claims/<id>.yaml holds its claims."""
    file: Text
    """The document's file name."""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """Fingerprint of the file: the edition that was coded."""
    title: Text
    """Title in a few words."""
    publisher: Text
    """Who published it, or that the text does not say."""
    date: LooseDate | None
    """Only what the text itself gives; null = it gives none."""
    dated: Dated | None = None
    """Between which days it was written, by its contents; what `date` says where this is left out."""
    kind: Text
    """What sort of text: essay, press-article, report and the like."""
    group: Identifier
    """Sources that draw on one another share a group and one vote; its own id if it stands alone."""
    reliability: Grade
    """A (best) to E (worst), F = cannot be judged."""
    notes: str
    """Why this grade and this group."""

    @property
    def written(self) -> tuple[datetime.date | None, datetime.date | None]:
        """The earliest and the latest day on which it can have been written; None where nothing says so."""
        told = self.dated or _as_dated(self.date)
        earliest, latest = told.earliest, told.latest
        return (first_day(earliest) if earliest else None, last_day(latest) if latest else None)


def _as_dated(text: str | None) -> Dated:
    """Return a date of the text as the time of writing; loose words tell none."""
    try:
        first_day(text or "")
    except ValueError:
        return Dated()
    return Dated.model_validate({"from": text, "to": text})


class ReliabilityOverride(Record):
    """Another grade for one claim than its source has, and why."""

    grade: Grade
    why: Text


class Claim(Record):
    """One assertion of one source on consequences, risks or mitigations, with the lines it stands on."""

    id: Identifier
    """<source id>-<line, three digits>-<letter>."""
    proposition: Identifier
    """The idea in a few words-with-dashes; the same in every document that says or denies it."""
    source: Identifier
    """Id in seeds/sources.yaml."""
    file: Text
    """The document's file name."""
    lines: Lines
    """Lines of the document that it stands on, from 1."""
    paraphrase: Text
    """What it says, in your own words."""
    horizon: Horizon
    """Months 1-6, 7-24 or 25-60 after the exit."""
    horizon_explicit: Flag
    """True only where the document gives the time itself."""
    outcome: ClaimOutcome
    """What it is about."""
    direction: ClaimDirection
    """Which way, also where the idea is denied."""
    hedge: str
    """The document's words for how sure it is, copied; "" = none; ... joins two parts."""
    magnitude: str
    """The document's words of size, copied; "" = none."""
    claimant: Text
    """Who says so inside the document."""
    places: Annotated[tuple[Place, ...], Distinct]
    """Countries (ISO 3166 alpha-3) or regions."""
    condition: str
    """What it depends on; "" = nothing."""
    kind: ClaimKind
    """What sort of statement it is: seeds/README.md, Coding a claim."""
    scope: Scope
    """Follows from the exit, or was so before and bears on it."""
    implied: Flag
    """True where it describes what the mission did, not what follows."""
    drivers: Bearings
    """Drivers it bears on and how, {driver-id: {for: branch}}, {against: branch} or context (no vote)."""
    reliability: ReliabilityOverride | None
    """{grade: E, why: "..."} where this claim is worth less than its source; null = the source's grade."""
    resolution: Resolution | None
    """Rule by which the record settles it, or {kind: void} with the reason why nothing can; null = it says nothing of
    what will be."""
    note: str
    """The judgement behind the coding, where one was needed."""


def _no_flag(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError(f"{str(value).lower()} is no value of a fact; give a number or a text.")
    return value


FactValue = Annotated[Whole | Number | str, BeforeValidator(_no_flag)]


class Fact(Record):
    """One dated or counted statement of a source."""

    id: Identifier
    source: Identifier
    file: Text
    lines: Lines
    value: FactValue
    unit: str
    date: LooseDate
    place: str
    paraphrase: Text


class Statement(Record):
    """Where one side of a conflict stands, in own words."""

    file: Text
    lines: Lines
    says: Text


class Conflict(Record):
    """Statements that cannot all hold, or one that cannot hold at all, and the reading that is used."""

    id: Identifier
    statements: Annotated[tuple[Statement, ...], Field(min_length=1), Distinct]
    what: Text
    reading: Text
    why: Text
