"""Dates as far as they are known: a day, a month or a year, and the time in which a document may have been written."""

from calendar import monthrange
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from ..core.months import month_number
from .vocabulary import Record, _text

_FORMS = "YYYY, YYYY-MM or YYYY-MM-DD, for instance 2023-09"


def first_day(text: str) -> date:
    """Return the earliest day that a date allows: the first of a month or year of which no more is known.

    Raises
    ------
    ValueError
        If it is no date, or no such day exists.
    """
    year, month, day = _parts(text)
    return date(year, month or 1, day or 1)


def last_day(text: str) -> date:
    """Return the latest day that a date allows.

    Raises
    ------
    ValueError
        As `first_day`.
    """
    year, month, day = _parts(text)
    return date(year, month or 12, day or monthrange(year, month or 12)[1])


def end_of_month(label: str) -> date:
    """Return the last day of a month, `YYYY-MM`."""
    number = month_number(label)
    return date(number // 12, number % 12 + 1, monthrange(number // 12, number % 12 + 1)[1])


def _parts(text: str) -> tuple[int, int | None, int | None]:
    numbers = text.split("-")
    if [len(part) for part in numbers] not in ([4], [4, 2], [4, 2, 2]) or not all(n.isdecimal() for n in numbers):
        raise ValueError(f"{text!r} is not a date: write it as {_FORMS}.")
    year, month, day = (*(int(part) for part in numbers), None, None)[:3]
    try:
        date(year or 0, month or 1, day or 1)
    except ValueError:
        raise ValueError(f"{text!r} is no day of the calendar: write a date that exists.") from None
    return year or 0, month, day


def _known(text: str) -> str:
    first_day(text)
    return text


PartialDate = Annotated[
    str, BeforeValidator(_text), AfterValidator(_known), WithJsonSchema({"type": ["string", "integer"]})
]


EventDate = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?$"), AfterValidator(_known)]
"""Day or month of an event, YYYY-MM-DD or YYYY-MM."""


class Dated(Record):
    """When a document was written, as far as it or its contents say. Both ends are included."""

    earliest: PartialDate | None = Field(default=None, alias="from")
    """It cannot be older: the debate it reports, the vote it mentions. null = nothing says so."""
    latest: PartialDate | None = Field(default=None, alias="to")
    """It cannot be younger: what it speaks of as still to come. null = nothing says so."""

    @model_validator(mode="after")
    def _in_order(self) -> "Dated":
        if self.earliest and self.latest and first_day(self.earliest) > last_day(self.latest):
            raise ValueError(f"from ({self.earliest}) lies after to ({self.latest}); write the earlier date first.")
        return self
