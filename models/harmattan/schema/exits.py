"""Exits of missions from countries at war (`seeds/evidence/exits.yaml`), and which are left out and why."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from ..core.months import month_number, months_between
from .vocabulary import Distinct, Identifier, Month, Record, Share, Text, Whole

Sender = Literal["UN", "NATO", "EU", "AU", "ECOWAS", "other"]
ExitKind = Literal["mandate-done", "handed-over", "consent-withdrawn", "collapsed"]
Shape = Literal["force", "observers", "police", "political"]
Because = Literal[
    "still-there", "another-presence", "too-small", "police", "not-inside-a-state", "no-war", "larger-force", "party",
    "divided-state", "record",
]  # fmt: skip
Iso3 = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
People = Annotated[Whole, Field(ge=0)]
Names = Annotated[tuple[Text, ...], Field(min_length=1), Distinct]


class Rule(Record):
    """The part of the rule of inclusion that is a number; the head of the file says all of it in words."""

    version: Annotated[Whole, Field(ge=1)]
    """Another number with every change of the rule; results say by which they were made."""
    smallest_peak: People
    """Uniformed people at the peak."""
    smallest_share_of_soldiers: Share
    """Soldiers and military observers among them."""
    left: Share
    """Share of the peak at which a mission that was cut has left."""
    deaths: Annotated[Whole, Field(ge=1)]
    """Deaths of organised violence in the host that make a year one of war."""
    years: Annotated[Whole, Field(ge=1)]
    """How many years before the start of the drawdown hold such a year."""
    largest_successor: Share
    """Another force of this share of the peak, there when the mission left, makes it a change of hands."""


class Dated(Record):
    """A month and where it is from."""

    month: Month
    source: Literal["strengths", "list", "council", "public"]
    """`strengths` and `list` are the tables that the head of the file names, and are held against them; `council` is a
    resolution of the Security Council, `public` general knowledge."""
    note: str = ""

    @model_validator(mode="after")
    def _says_which(self) -> "Dated":
        if self.source in ("council", "public") and not self.note:
            raise ValueError(f"source {self.source} needs a note that says which resolution, page or event it was.")
        return self


class Peak(Dated):
    """The largest number of uniformed people, and its month."""

    people: People


class Stayed(Record):
    """Who stayed or came when the mission left."""

    who: Text
    sender: Sender
    shape: Shape
    people: People | None
    """Uniformed people; null where that is not known."""
    at_once: Annotated[bool, Field(strict=True)]
    """Whether it was there when the mission left or in the month after."""
    source: Literal["strengths", "list", "council", "public"]


class _Missions(Record):
    missions: Names
    """As the tables name them; those that followed one another without a gap are one presence and stand together."""
    sender: Sender
    host: Iso3
    """Country of the war, which need not be that of the seat."""


class MissionExit(_Missions):
    """One exit that counts by the rule."""

    id: Identifier
    kind: ExitKind
    first: Month
    """Strengths are counted from this month: the beginning of the presence, or what a note says."""
    last: Month
    """Last month whose strength belongs to this exit."""
    peak: Peak
    below_80: Dated | None
    """From this month the strength stays below 80 % of the peak, up to `last`; null where no table tells."""
    below_50: Dated | None
    below_20: Dated | None
    decision: Dated | None
    """When it was decided that the mission leaves or is cut."""
    end: Dated | None
    """When the last of it left, or the cut was made; null where a cut has no date but the strengths."""
    stayed: tuple[Stayed, ...]
    shocks: tuple[Text, ...]
    """What else befell the host in the five years after the drawdown began, as general knowledge has it."""
    note: str = ""

    @model_validator(mode="after")
    def _in_order(self) -> "MissionExit":
        if self.below_80 is None and self.decision is None:
            raise ValueError("an exit needs the month below_80 or a decision, from which its windows count.")
        dates = [d.month for d in (self.below_80, self.below_50, self.below_20) if d is not None]
        if dates != sorted(dates) or self.first > self.last:
            raise ValueError("the months must rise: first to last, and below_80, below_50, below_20.")
        if self.below_20 is None and self.end is None:
            raise ValueError("an exit needs the month below_20 or an end, or it is not known to have left.")
        if self.over < self.start:
            raise ValueError(f"the end ({self.over}) lies before the drawdown began ({self.start}).")
        return self

    @property
    def start(self) -> str:
        """Month 0 of the windows: when the strength fell below 80 % of the peak, else the decision."""
        begun = self.below_80 or self.decision
        assert begun is not None
        return begun.month

    @property
    def left(self) -> str:
        """Month in which a fifth or less was left, else the end."""
        gone = self.below_20 or self.end
        assert gone is not None
        return gone.month

    @property
    def over(self) -> str:
        """Month in which the exit was over, whatever tells it last."""
        return max(self.left, self.end.month if self.end else self.left)

    @property
    def pace(self) -> int:
        """Months from the start of the drawdown until the mission had left."""
        return months_between(self.start, self.left)

    def known_by(self, as_of: str, months: int) -> bool:
        """Return whether the exit was over, and so many months had passed since its start, by a month."""
        return max(month_number(self.start) + months, month_number(self.over)) <= month_number(as_of)


class LeftOut(_Missions):
    """A mission whose end does not count, and why."""

    because: Because
    why: Text


class ExitFile(Record):
    """A register of exits."""

    rule: Rule | None = None
    """The library's where a case's own file states none."""
    exits: tuple[MissionExit, ...]
    left_out: tuple[LeftOut, ...] = ()
