"""Dated events of a case: what happened when, on whose word, and what it says of drivers."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from .case_words import Wording
from .dates import EventDate
from .driver import KnownEvent
from .validation import Problems, validate_list
from .vocabulary import Distinct, Flag, Identifier, Number, Record, Text
from .yaml_source import YamlDocument, read_yaml

EVENTS_FILE = "seeds/events.yaml"
"""Where they stand in a case's folder; a case without the file has those of `case.yaml` alone."""


class Saying(Record):
    """What an event says of a driver: that it went one way, or by how much that is more or less likely."""

    driver: Identifier
    branch: Identifier
    """Branch that it speaks for, or against where the odds ratio is below 1."""
    odds_ratio: Annotated[Number, Field(gt=0, le=100)] | None
    """By how much it multiplies the branch's odds: 1.5 a little, 2 clearly, 3 much; null = it settles the matter."""
    why: Text
    """Why it says so."""

    @field_validator("odds_ratio")
    @classmethod
    def _says_something(cls, ratio: float | None) -> float | None:
        if ratio == 1.0:
            raise ValueError("an odds ratio of 1 says nothing; take the line out.")
        return ratio


class TableRow(Record):
    """Row of a shipped table that gives the date."""

    table: Text
    """CSV file below seeds/data, with a column `date`."""
    where: Annotated[dict[str, str], Field(min_length=1)]
    """Column to value; of several such rows the last counts."""


class CaseEvent(Record):
    """Something dated that can be looked up."""

    id: Identifier
    date: EventDate
    """When it happened, or was first known: YYYY-MM or YYYY-MM-DD."""
    what: Wording
    """What happened, in own words."""
    checked: Literal["table", "record"]
    """table: a shipped table gives the date (`row`); record: the public record that `source` names."""
    source: Text
    """Whose word it is: a document's number, or a page."""
    row: TableRow | None = None
    own_schedule: Flag = False
    """True where it is the exit itself, as it had been decided: to foresee it is no foresight."""
    says: Annotated[tuple[Saying, ...], Distinct] = ()
    """What it says of drivers, once `as_of` is not before it; none = nothing that deaths do not say already."""

    @model_validator(mode="after")
    def _whole(self) -> "CaseEvent":
        if "en" not in self.what:
            raise ValueError(f"what happened ({next(iter(self.what.values()))!r}) has no English (en); add it.")
        if (self.checked == "table") != (self.row is not None):
            raise ValueError(
                "checked: table needs row: {table: ..., where: {...}}, and checked: record takes none; mend one of the "
                "two."
            )
        said = [(one.driver, one.branch) for one in self.says]
        if len(set(said)) < len(said):
            twice = next(pair for pair in said if said.count(pair) > 1)
            raise ValueError(f"it bears twice on {twice[1]} of {twice[0]}; keep one of the two.")
        return self

    def on(self, driver: str) -> tuple[KnownEvent, ...]:
        """Return what it says of one driver, as drivers hold it."""
        return tuple(
            KnownEvent(event=self.id, branch=one.branch, odds_ratio=one.odds_ratio, why=one.why)
            for one in self.says
            if one.driver == driver
        )


def read_events(folder: Path) -> dict[str, CaseEvent]:
    """Return the dated events of a case's folder by id, in file order; none where it has no such file.

    Raises
    ------
    InputError
        If the file is wrong, or an id stands twice.
    """
    if not (folder / EVENTS_FILE).exists():
        return {}
    return events_in(read_yaml(folder / EVENTS_FILE, root="events"))


def events_in(document: YamlDocument) -> dict[str, CaseEvent]:
    """Return the events that a document lists, as `read_events` does."""
    problems, found = Problems(), {}
    for number, event in enumerate(validate_list(CaseEvent, document)):
        if event.id in found:
            problems.add(document, (number, "id"), f"the id {event.id!r} stands already above; give this another.")
        found[event.id] = event
    problems.raise_if_any()
    return found
