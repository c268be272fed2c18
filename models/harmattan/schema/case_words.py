"""What a case says in sentences: names with their forms, and longer texts of its own."""

import re
from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from ..core.grammar import FORMS
from ..core.language import CASE_WORDS, language, languages
from ..core.names import OUTCOMES
from .vocabulary import Record, Text

ASKED = re.compile(r"\{([^{}]*)\}")
"""What a note asks for, between braces."""
YEARS_DEATHS = re.compile(r"([A-Z][\w-]+)\.(\w+)\.(\d{4})")
"""A year's deaths by the record: unit, outcome, year."""
ALL = "all"
"""Deaths of every kind together."""

UnitCode = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{2}(?:-[A-Za-z0-9]+)*$")]
"""ISO 3166 alpha-3 of a country; a first-level unit adds a dash and its own name."""

Wording = Annotated[dict[str, Text], Field(min_length=1)]
"""A text by language code; English (`en`) is always there."""


class UnitForms(Record):
    """What a unit is called, and how it stands in a sentence where the rules of the language get it wrong."""

    name: Text
    within: Text | None = Field(None, alias="in")
    """As in "deaths in Atlantis", with the preposition."""
    of: Text | None = None
    """As in "the record of Atlantis", with the preposition."""


class UnitNoun(Record):
    """What a unit is, such as "province", as sentences need it."""

    name: Text
    plural: Text
    kind: Text | None = None
    """One of `unit_kinds` in the language's file, such as `feminine` in French; the first where none is named."""

    @classmethod
    def problem(cls, code: str, kind: str | None) -> str | None:
        """Return what is wrong with a kind, by what the language has."""
        known = language(code).units.kinds if code in languages() else {}
        if kind is None or kind in known:
            return None
        return f"{kind!r} is no kind of noun in the language {code!r}; choose from {', '.join(known) or 'none'}."


class EventForms(Record):
    """The event in a sentence: `name` "the exit", `of` "of the exit", `to` "to the exit", `short` "exit"."""

    name: Text
    of: Text
    to: Text
    short: Text


class WatchedForms(Record):
    """The watched units in a question (`in`: "on the coast") and as a heading (`short`: "The coast")."""

    within: Text = Field(alias="in")
    short: Text


class Notes(Record):
    """Longer texts of the case; what is missing is left out. `{COD.state_based.2023}` is a year's deaths on record."""

    scorecard: Wording | None = None
    """What the scorecard of past forecasts rests on and where it loses; below its table."""
    spillover: Wording | None = None
    """What is known of violence that crossed borders; closes the lead of that section."""
    counted: Wording | None = None
    """How the event changed what is counted; one sentence."""

    def wordings(self) -> dict[str, dict[str, str]]:
        """Return the notes that are there, by key."""
        return {key: text for key in Notes.model_fields if (text := getattr(self, key)) is not None}


def asks_for_a_word(asked: str) -> bool:
    """Return whether a placeholder is a word of the case, or a form of one: `home`, `event.of`."""
    word, dot, form = asked.partition(".")
    return word in CASE_WORDS and (form in FORMS if dot else True)


def note_problem(text: str, units: Sequence[str]) -> str | None:
    """Return what is wrong with what a note asks for, as far as it can be told without the record."""
    for asked in ASKED.findall(text):
        found = YEARS_DEATHS.fullmatch(asked)
        if found is None and not asks_for_a_word(asked):
            return (
                f"{{{asked}}} asks for nothing known; write {{UNIT.OUTCOME.YEAR}}, such as {{{units[0]}.{ALL}.2020}}."
            )
        if found and found[1] not in units:
            return f"{{{asked}}}: {found[1]} is not in units.list; choose from {', '.join(units)}."
        if found and found[2] not in (*OUTCOMES, ALL):
            return f"{{{asked}}}: {found[2]} is no outcome; choose from {', '.join((*OUTCOMES, ALL))}."
    return None
