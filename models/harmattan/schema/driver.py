"""Drivers: named mechanisms that scenarios set."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from ..core.resources import scenarios_folder
from .validation import validate_list
from .vocabulary import Country, Identifier, OutcomeName, Record, Share, Text
from .yaml_source import read_yaml


class Branch(Record):
    """One way in which a driver can go; "no effect" is never a branch."""

    id: Identifier
    """Name of this way to go."""
    means: Text
    """What happens, in a sentence."""
    direction: Literal["raise", "lower"]
    """Whether deaths rise or fall."""
    claims_for: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    """Claims that say, fear or imply it; at least one."""
    claims_against: tuple[Identifier, ...]
    """Claims that deny it."""

    @property
    def sign(self) -> int:
        """+1 when the branch raises deaths, -1 when it lowers them."""
        return 1 if self.direction == "raise" else -1


class Timing(Record):
    """When the effect starts (months after the exit), climbs to its peak and fades; half-life null = it lasts."""

    onset_month: Annotated[int, Field(ge=0, le=120)]
    """First month after the exit in which it acts."""
    ramp_months: Annotated[int, Field(ge=0, le=120)]
    """Months to the peak."""
    half_life_months: Annotated[float, Field(gt=0)] | None
    """Months after the peak in which it halves; null = it lasts."""


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
    claims_context: tuple[Identifier, ...]
    """Claims that bear on it and state no probability."""
    outcomes: Annotated[dict[OutcomeName, Share], Field(min_length=1)]
    """Share of the log effect by UCDP outcome; the largest is 1.0."""
    places: Annotated[dict[Country, Share], Field(min_length=1)]
    """Share of the log effect by country; the largest is 1.0."""
    timing: Timing
    """When it starts, peaks and fades."""
    basis: Text
    """Why these shares and this timing."""
    evidence: tuple[Identifier, ...]
    """Ids in seeds/evidence."""

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
        for branch in self.branches:
            both = set(branch.claims_for) & set(branch.claims_against)
            if both:
                raise ValueError(f"branch {branch.id} of {self.id} has claims both for and against: {sorted(both)}.")
        return self

    @property
    def branch_ids(self) -> tuple[str, ...]:
        """Ids of the branches, in file order."""
        return tuple(branch.id for branch in self.branches)

    @property
    def claim_ids(self) -> set[str]:
        """Every claim that the driver names, voiced or context."""
        voiced = {claim for branch in self.branches for claim in (*branch.claims_for, *branch.claims_against)}
        return voiced | set(self.claims_context)


def read_drivers(path: Path | None = None) -> dict[str, Driver]:
    """Read `scenarios/drivers.yaml` (or `path`) as id to Driver, in file order."""
    document = read_yaml(path or scenarios_folder() / "drivers.yaml", root="drivers")
    return {driver.id: driver for driver in validate_list(Driver, document)}
