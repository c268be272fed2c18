"""How a claim is settled: by a series over a window, by a dated event, or not at all, and why not.

Rules are written from the claim's own words. Windows go by its horizon (short, mid and long as the case has them, 1 to
24 where it names none), in months after the exit, so that none is chosen by what came.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from .vocabulary import ActedOn, Country, Distinct, EventName, InOrder, Number, Record, Text, Whole

Window = Annotated[tuple[Whole, Whole], InOrder]
"""First and last month after the exit."""

Years = Annotated[tuple[Whole, Whole], InOrder]
"""First and last year, counted from the year of the exit."""

Yardstick = Literal["before", "trend"]
"""What now is held against: the level before, or that level as it had been changing from the window before it."""

Yardsticks = Annotated[tuple[Yardstick, ...], Field(min_length=1), Distinct]

BOTH: tuple[Yardstick, ...] = ("before", "trend")

YearlySeries = Literal["new_refugees", "refugees", "displaced", "aid"]
"""People who newly sought refuge abroad, who live there, who are displaced at home; money that aid plans got."""

Reason = Literal["vague", "no_measure", "no_window"]
"""The words say nothing definite; nothing that can be counted here measures it; it names no time that can pass."""


class _Ratio(Record):
    """A mean in a window over that in a reference window."""

    against: Yardsticks = BOTH
    """Yardsticks; where they disagree the claim is partly true."""
    ratio_above: Number | None = None
    ratio_below: Number | None = None

    @model_validator(mode="after")
    def _one_side(self) -> "_Ratio":
        if (self.ratio_above is None) == (self.ratio_below is None):
            raise ValueError("give exactly one of ratio_above and ratio_below.")
        return self

    def holds(self, now: float, level: float) -> bool:
        """Return whether what is now is to a level as the rule says."""
        ratio = now / level if level > 0 else float("inf") if now > 0 else 1.0
        return ratio > self.ratio_above if self.ratio_above is not None else ratio < (self.ratio_below or 0.0)


class PanelRatio(_Ratio):
    """Monthly mean deaths in a window over those in a reference window; months relative to the exit."""

    kind: Literal["panel-ratio"]
    outcomes: Annotated[tuple[ActedOn, ...], Field(min_length=1), Distinct]
    """Types of violence; or one_sided_state, one_sided_other: civilians killed by the state and partners, by others."""
    places: Annotated[tuple[Country, ...], Field(min_length=1), Distinct]
    window: Window
    reference: Window

    @model_validator(mode="after")
    def _counted_once(self) -> "PanelRatio":
        return _counted_once(self)


class PanelTotal(Record):
    """Total deaths in a window above a number."""

    kind: Literal["panel-total"]
    outcomes: Annotated[tuple[ActedOn, ...], Field(min_length=1), Distinct]
    """As in a panel-ratio."""
    places: Annotated[tuple[Country, ...], Field(min_length=1), Distinct]
    window: Window
    above: Number

    @model_validator(mode="after")
    def _counted_once(self) -> "PanelTotal":
        return _counted_once(self)


def _counted_once[Rule: (PanelRatio, PanelTotal)](rule: Rule) -> Rule:
    if "one_sided" in rule.outcomes and {"one_sided_state", "one_sided_other"} & set(rule.outcomes):
        raise ValueError("one_sided holds one_sided_state and one_sided_other already; name it or them.")
    return rule


class YearlyRatio(_Ratio):
    """Yearly mean of a series that is counted by year over that of a reference window; years relative to the exit's."""

    kind: Literal["yearly-ratio"]
    series: YearlySeries
    places: Annotated[tuple[Country, ...], Field(min_length=1), Distinct]
    """Units that people come from, or where they or the aid are."""
    years: Years
    reference: Years


class DatedEvent(Record):
    """A known event that falls in a window."""

    kind: Literal["dated-event"]
    event: EventName
    window: Window


class NothingSettles(Record):
    """Nothing in the record can settle it."""

    kind: Literal["void"]
    reason: Reason
    why: Text
    """In a few words."""


Rule = PanelRatio | PanelTotal | YearlyRatio | DatedEvent
"""What settles a claim once its window is over."""

Resolution = Annotated[Rule | NothingSettles, Field(discriminator="kind")]
