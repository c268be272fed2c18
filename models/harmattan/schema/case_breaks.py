"""What `case.yaml` says of things that may break: tables of events, an accord, and what is not forecast."""

from datetime import date
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from ..core.names import DISPLACED_PEOPLE, PEOPLE
from .case_words import UnitCode, Wording
from .vocabulary import Identifier, Month, Record, Text, Whole

DAY = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"


class CoupTable(Record):
    """Coups and attempts, and how far nobody missed one."""

    file: Text
    """CSV file below seeds/data with iso3, date and event_type (coup, attempt; other words are left out)."""
    complete_to: Month
    """Last month of which the table holds every event; later ones in it are known, others may be missing."""


class AccordCurve(Record):
    """Which accords like it ended, and when."""

    file: Text
    """CSV file below seeds/data: share of accords that had ended so many years after signing, by group."""
    group: Text
    """Which group of accords in that file."""
    known: Month
    """Month by which the file's last observation had been made; a run as of an earlier one does not use it."""


class Accord(Record):
    """An accord that may end."""

    name: Wording
    """With its article, as within a sentence."""
    unit: UnitCode
    signed: Annotated[str, Field(pattern=DAY)]
    ended: Identifier | None = None
    """Event, among `events`, with which it ended; null = it has not."""
    curve: AccordCurve

    @model_validator(mode="after")
    def _a_day(self) -> "Accord":
        try:
            date.fromisoformat(self.signed)
        except ValueError:
            raise ValueError(f"signed: there is no day {self.signed}.") from None
        return self


Numbers = Annotated[tuple[Annotated[Whole, Field(ge=1)], ...], Field(min_length=1)]


class PeopleTold(Record):
    """Numbers of people whose chance of being passed is told, lowest first; the one in the middle is drawn."""

    refugees: Numbers = PEOPLE
    """Who newly flee in a year."""
    displaced: Numbers = DISPLACED_PEOPLE
    """Displaced inside their country at the end of a year."""

    @field_validator("refugees", "displaced")
    @classmethod
    def _rising(cls, told: tuple[int, ...]) -> tuple[int, ...]:
        if list(told) != sorted(set(told)):
            raise ValueError("these are numbers of people, the lowest first and each once.")
        return told


class NotForecast(Record):
    """What readers ask for and the data do not carry, with the reason."""

    what: Wording
    why: Wording
