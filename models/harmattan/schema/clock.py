"""The clock: what is asked, apart from what is assumed. The case has one; a run or a scenario may ask otherwise."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from .vocabulary import HorizonName, Month, Record, Whole

MonthsAhead = Annotated[Whole, Field(ge=1, le=240)]
"""Months simulated after `as_of`."""


def _ordered(horizons: dict[HorizonName, tuple[int, int]]) -> dict[HorizonName, tuple[int, int]]:
    for name, (first, last) in horizons.items():
        if not 1 <= first <= last:
            raise ValueError(f"horizon {name} must be [first, last] with 1 <= first <= last, in months after exit.")
    return horizons


Horizons = Annotated[dict[HorizonName, tuple[Whole, Whole]], AfterValidator(_ordered)]
"""First and last month after the exit, by name."""

AllHorizons = Annotated[dict[HorizonName, tuple[Whole, Whole]], Field(min_length=1), AfterValidator(_ordered)]
"""The same where at least one is needed."""


def _never_null(schema: dict[str, Any]) -> None:
    """Leave null out of a key's schema: it stands for what a file does not say, and no editor shall offer it."""
    schema.pop("default")
    schema |= schema.pop("anyOf")[0]


class Asking(Record):
    """What may be asked otherwise than the case does; what is left out is the case's."""

    as_of: Month | None = Field(default=None, json_schema_extra=_never_null)
    """Last month whose deaths, events and counts are used."""
    claims_as_of: Month | None = None
    """Leaves out documents that were not certainly written by this month; null = as the case has it."""
    exit: Month | None = Field(default=None, json_schema_extra=_never_null)
    """Month 0 of the horizons."""
    months: MonthsAhead | None = Field(default=None, json_schema_extra=_never_null)
    """Months simulated after `as_of`."""
    horizons: Horizons | None = Field(default=None, json_schema_extra=_never_null)
    """First and last month after the exit; a horizon that is left out is the case's."""

    @property
    def names_month(self) -> bool:
        """Whether a month to look from is asked for."""
        return self.as_of is not None


class Clock(Record):
    """From when, how far, and counted from which month: everything of what is asked that moves dates."""

    as_of: Month
    exit: Month
    months: MonthsAhead
    horizons: AllHorizons
    claims_as_of: Month | None = None

    def asked(self, asking: Asking) -> "Clock":
        """Return the same clock with what is asked otherwise."""
        own = {name: getattr(asking, name) for name in Asking.model_fields}
        changed = {name: value for name, value in own.items() if value is not None}
        if asking.horizons is not None:
            changed["horizons"] = {**self.horizons, **asking.horizons}
        return Clock.model_validate(self.model_dump() | changed)
