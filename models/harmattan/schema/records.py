"""Sources, claims, facts and conflicts: what the documents say, line by line."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from .vocabulary import (
    ClaimDirection,
    ClaimKind,
    ClaimOutcome,
    Country,
    EventName,
    Grade,
    Horizon,
    Identifier,
    Lines,
    LooseText,
    OutcomeName,
    Place,
    Record,
    Scope,
    Text,
)


class Source(Record):
    """One document. `group` names the sources that are not independent of one another."""

    id: Identifier
    file: Text
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    title: Text
    publisher: Text
    date: LooseText | None
    kind: Text
    group: Identifier
    reliability: Grade
    notes: str


class ReliabilityOverride(Record):
    """Another grade for one claim than its source has, and why."""

    grade: Grade
    why: Text


Window = tuple[int, int]


class PanelRatio(Record):
    """Monthly mean deaths in a window over those in a reference window; months relative to the exit."""

    kind: Literal["panel-ratio"]
    outcomes: Annotated[tuple[OutcomeName, ...], Field(min_length=1)]
    places: Annotated[tuple[Country, ...], Field(min_length=1)]
    window: Window
    reference: Window
    ratio_above: float | None = None
    ratio_below: float | None = None

    @model_validator(mode="after")
    def _one_side(self) -> "PanelRatio":
        if (self.ratio_above is None) == (self.ratio_below is None):
            raise ValueError("give exactly one of ratio_above and ratio_below.")
        return self


class PanelTotal(Record):
    """Total deaths in a window above a number."""

    kind: Literal["panel-total"]
    outcomes: Annotated[tuple[OutcomeName, ...], Field(min_length=1)]
    places: Annotated[tuple[Country, ...], Field(min_length=1)]
    window: Window
    above: float


class DatedEvent(Record):
    """A known event that falls in a window."""

    kind: Literal["dated-event"]
    event: EventName
    window: Window


Resolution = Annotated[PanelRatio | PanelTotal | DatedEvent, Field(discriminator="kind")]


class Claim(Record):
    """One assertion of one source on consequences, risks or mitigations, with the lines it stands on."""

    id: Identifier
    proposition: Identifier
    source: Identifier
    file: Text
    lines: Lines
    paraphrase: Text
    horizon: Horizon
    horizon_explicit: bool
    outcome: ClaimOutcome
    direction: ClaimDirection
    hedge: str
    magnitude: str
    claimant: Text
    places: tuple[Place, ...]
    condition: str
    kind: ClaimKind
    scope: Scope
    implied: bool
    drivers: tuple[Identifier, ...]
    reliability: ReliabilityOverride | None
    resolution: Resolution | None
    note: str


class Fact(Record):
    """One dated or counted statement of a source."""

    id: Identifier
    source: Identifier
    file: Text
    lines: Lines
    value: int | float | str
    unit: str
    date: LooseText
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
    statements: Annotated[tuple[Statement, ...], Field(min_length=1)]
    what: Text
    reading: Text
    why: Text
