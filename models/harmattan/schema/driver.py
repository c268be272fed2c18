"""Drivers: named mechanisms that scenarios set."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from ..core.resources import scenarios_folder
from .arrows import Arrow, check_arrows
from .dates import PartialDate
from .evidence import EvidenceUse, EvidenceUses
from .moved_claims import refuse_claims
from .naming import driver_titles, ids_throughout
from .ratios import RatioEnds, branch_ratio
from .validation import Problems, validate_list
from .vocabulary import (
    ActedOn,
    Distinct,
    EventName,
    Flag,
    Identifier,
    InOrder,
    Number,
    Origin,
    Record,
    Share,
    Text,
    Where,
    Whole,
    common,
)
from .yaml_source import YamlDocument, read_yaml


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

    origin: Origin
    """Country at no distance; or home."""
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


class StatedPrior(Record):
    """What is supposed of a branch on which no claim has a vote."""

    probability: Annotated[Number, Field(gt=0, lt=1)]
    """That the driver goes this way; what the branches leave is for no effect."""
    worth: Annotated[Number, Field(ge=1)] = 4.0
    """How many cases this is worth beside a share of cases from seeds/evidence."""
    ratio: RatioEnds
    """[low, high], 80 % interval of the rate ratio at the peak."""
    why: Text
    """What the numbers rest on."""


class Driver(Record):
    """A mechanism with its branches, its shares by outcome and country, and its timing."""

    id: Identifier
    """Name of the mechanism."""
    title: Text
    """What changes, in a few words."""
    means: Text
    """The mechanism in a sentence."""
    group: Text | None = None
    """Heading under which it is shown beside drivers of its kind."""
    branches: Annotated[tuple[Branch, ...], Field(min_length=1)]
    """Ways it can go, at most one at a time; no effect is never written down."""
    outcomes: Annotated[dict[ActedOn, Share], Field(min_length=1)]
    """Share of the log effect by UCDP outcome; the largest is 1.0."""
    places: Annotated[dict[Where, Share], Field(min_length=1)]
    """Share of the log effect by country, for home and for neighbours without one of their own; the largest is 1.0."""
    timing: Timing
    """When it starts, peaks and fades."""
    basis: Text
    """Why these shares and this timing."""
    evidence: EvidenceUses
    """What of seeds/evidence bears on it: ids, or {id: ID, branch: BRANCH} where an item speaks of one branch."""
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
    prior: dict[Identifier, StatedPrior] = Field(default_factory=dict)
    """What is supposed of a branch as long as no claim has a vote on it, by branch; claims take its place."""
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
        if told := self._unfit_prior():
            raise ValueError(told)
        for event in self.events:
            if event.branch not in ids:
                raise ValueError(f"event {event.event} of {self.id} needs a branch out of {ids}, not {event.branch!r}.")
        return self

    def _unfit_prior(self) -> str:
        """Return what to mend in the stated prior; empty when all fits."""
        signs = {branch.id: branch.sign for branch in self.branches}
        for name, stated in self.prior.items():
            if name not in signs:
                return f"the prior of {self.id} needs a branch out of {list(signs)}, not {name!r}."
            if branch_ratio(stated.ratio, signs[name]) is None:
                does, ends = ("raises", "above 1") if signs[name] > 0 else ("lowers", "at 1 or below")
                return f"branch {name} of {self.id} {does} deaths, so the ratio of its prior ends {ends}."
        if sum(stated.probability for stated in self.prior.values()) >= 1:
            return f"the probabilities in the prior of {self.id} add up to 1 or more; leave something for no effect."
        return ""

    def title_of(self, branch: Branch) -> str:
        """Return what a branch is called where it stands by itself."""
        if branch.title is not None:
            return branch.title
        return self.title if len(self.branches) == 1 else f"{self.title}: {branch.id.replace('-', ' ')}"

    def speaks_of(self, use: EvidenceUse) -> str | None:
        """Return the branch that an item of evidence speaks of: the one it names, or the only one there is."""
        return use.branch or (self.branches[0].id if len(self.branches) == 1 else None)

    @property
    def evidence_ids(self) -> tuple[str, ...]:
        """Ids of the evidence that bears on it."""
        return tuple(use.id for use in self.evidence)

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
    return drivers_in(read_yaml(path or scenarios_folder() / "drivers.yaml", root="drivers"))


def drivers_in(document: YamlDocument) -> dict[str, Driver]:
    """Return the drivers that a document lists, as `read_drivers` does."""
    problems = Problems()
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
