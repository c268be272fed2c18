"""Drivers: named mechanisms that scenarios set."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from ..core.resources import scenarios_folder
from .arrows import Arrow, check_arrows
from .dates import PartialDate
from .moved_claims import refuse_claims
from .naming import driver_titles, ids_throughout
from .validation import Problems, validate_list
from .vocabulary import (
    Country,
    Distinct,
    EventName,
    Flag,
    Identifier,
    InOrder,
    Number,
    OutcomeName,
    Record,
    Share,
    Text,
    Whole,
    common,
)
from .yaml_source import read_yaml


class Branch(Record):
    """One way in which a driver can go; "no effect" is never a branch."""

    id: Identifier
    """Name of this way to go."""
    title: Text | None = None
    """What happens, in a few words; left out = the driver's own title, where it can go one way only."""
    means: Text
    """What happens, in a sentence."""
    direction: Literal["raise", "lower"]
    """Whether deaths rise or fall."""

    @property
    def sign(self) -> int:
        """+1 when the branch raises deaths, -1 when it lowers them."""
        return 1 if self.direction == "raise" else -1


class Happened(Record):
    """Something of a driver that is public record, whatever its effect."""

    date: PartialDate
    """When: YYYY, YYYY-MM or YYYY-MM-DD."""
    what: Text
    """What happened, in a few words."""


OnsetMonth = Annotated[Whole, Field(ge=0, le=120)]


class Timing(Record):
    """When the effect starts (months after the exit), climbs to its peak and fades; half-life null = it lasts.

    The onset is not known to the month: half of the futures start between the first month of `onset_window` and
    `onset_month`, half between that and the last month of the window. Without a window every future starts in
    `onset_month`.
    """

    onset_month: OnsetMonth
    """First month after the exit in which it acts, in the median future."""
    onset_window: Annotated[tuple[OnsetMonth, OnsetMonth], InOrder] | None = None
    """Earliest and latest such month; left out = onset_month in every future."""
    ramp_months: Annotated[Whole, Field(ge=0, le=120)]
    """Months to the peak."""
    half_life_months: Annotated[Number, Field(gt=0)] | None
    """Months after the peak in which it halves; null = it lasts."""

    @model_validator(mode="after")
    def _window_holds_the_onset(self) -> "Timing":
        if self.onset_window is not None and not self.onset_window[0] <= self.onset_month <= self.onset_window[1]:
            raise ValueError(f"onset_window must be [earliest, latest] months around onset_month {self.onset_month}.")
        return self


class DistanceDecay(Record):
    """Shares by country that fall with distance: exp(-distance / scale), for countries that `places` leaves out."""

    origin: Country
    """Country at no distance."""
    between: Literal["border", "capital", "centroid"]
    """What the distance is taken between."""
    scale_km: Annotated[Number, Field(ge=50, le=5000)]
    """Kilometres in which the share falls to 0.37 of what it was."""


class KnownEvent(Record):
    """A dated event that bears on a driver once `as_of` is not before it.

    `odds_ratio` null means that the event settles it: the driver went this way. A number multiplies the odds of the
    branch against all other ways.
    """

    event: EventName
    """Event whose date stands in seeds/data."""
    branch: Identifier
    """Branch that it speaks for."""
    odds_ratio: Annotated[Number, Field(gt=0, le=100)] | None
    """By how much it multiplies the branch's odds; null = it settles the matter."""
    why: Text
    """Why the event bears on the driver."""


class Driver(Record):
    """A mechanism with its branches, its shares by outcome and country, and its timing."""

    id: Identifier
    """Name of the mechanism."""
    title: Text
    """What changes, in a few words."""
    means: Text
    """The mechanism in a sentence."""
    branches: Annotated[tuple[Branch, ...], Field(min_length=1)]
    """Ways it can go, at most one at a time; no effect is never written down."""
    outcomes: Annotated[dict[OutcomeName, Share], Field(min_length=1)]
    """Share of the log effect by UCDP outcome; the largest is 1.0."""
    places: Annotated[dict[Country, Share], Field(min_length=1)]
    """Share of the log effect by country; the largest is 1.0."""
    timing: Timing
    """When it starts, peaks and fades."""
    basis: Text
    """Why these shares and this timing."""
    evidence: Annotated[tuple[Identifier, ...], Distinct]
    """Ids in seeds/evidence."""
    distance_decay: DistanceDecay | None = None
    """How the share falls with distance in countries that places leaves out."""
    hinges_on_exit: Flag = True
    """Whether it comes from the exit, so that a scenario's pace moves it."""
    parents: Annotated[tuple[Arrow, ...], Distinct] = ()
    """Arrows from drivers that make it more or less likely."""
    events: Annotated[tuple[KnownEvent, ...], Distinct] = ()
    """Dated events that settle it or bear on it."""
    happened: tuple[Happened, ...] = ()
    """What of it is public record, with its date; shown, and never entered into a number."""
    resolves: Text | None = None
    """What would settle, in hindsight, whether it happened."""

    @model_validator(mode="before")
    @classmethod
    def _names_no_claims(cls, data: Any) -> Any:
        refuse_claims(data)
        return data

    @model_validator(mode="after")
    def _consistent(self) -> "Driver":
        ids = [branch.id for branch in self.branches]
        if len(set(ids)) < len(ids):
            raise ValueError(f"branch ids of {self.id} repeat; give each branch its own.")
        for name, shares in (("outcomes", self.outcomes), ("places", self.places)):
            if max(shares.values()) != 1.0:
                raise ValueError(
                    f"the largest share in {name} of {self.id} must be 1.0, since effects are stated there."
                )
        arrow = common([(arrow.driver, arrow.branch, arrow.moves, arrow.lag_months) for arrow in self.parents])
        if arrow is not None:
            raise ValueError(f"the arrow from {arrow[0]} ({arrow[1]}) to {arrow[2]} stands twice; keep one of the two.")
        bears = common([(event.event, event.branch) for event in self.events])
        if bears is not None:
            raise ValueError(f"the event {bears[0]} bears twice on {bears[1]}; keep one of the two.")
        if self.id in [arrow.driver for arrow in self.parents]:
            raise ValueError(f"{self.id} is among its own parents; take that arrow out.")
        if len({arrow.moves for arrow in self.parents if arrow.lag_months}) > 1:
            raise ValueError(f"the arrows of {self.id} that act after a lag must all move the same branch.")
        for event in self.events:
            if event.branch not in ids:
                raise ValueError(f"event {event.event} of {self.id} needs a branch out of {ids}, not {event.branch!r}.")
        return self

    def title_of(self, branch: Branch) -> str:
        """Return what a branch is called where it stands by itself."""
        if branch.title is not None:
            return branch.title
        return self.title if len(self.branches) == 1 else f"{self.title}: {branch.id.replace('-', ' ')}"

    @property
    def branch_ids(self) -> tuple[str, ...]:
        """Ids of the branches, in file order."""
        return tuple(branch.id for branch in self.branches)


def read_drivers(path: Path | None = None) -> dict[str, Driver]:
    """Read `scenarios/drivers.yaml` (or `path`) as id to Driver, in file order.

    Raises
    ------
    InputError
        If a driver is wrong, or an arrow between drivers points to nothing or closes a circle.
    """
    document, problems = read_yaml(path or scenarios_folder() / "drivers.yaml", root="drivers"), Problems()
    ids_throughout(document, driver_titles(document), problems)
    listed = validate_list(Driver, document)
    drivers = {driver.id: driver for driver in listed}
    for row, driver in enumerate(listed):
        if driver.id in [other.id for other in listed[:row]]:
            problems.add(document, (row, "id"), f"the id {driver.id!r} stands already above; give this another.")
    problems.raise_if_any()
    branches = {name: driver.branch_ids for name, driver in drivers.items()}
    check_arrows({name: driver.parents for name, driver in drivers.items()}, branches, document, problems)
    problems.raise_if_any()
    return drivers
