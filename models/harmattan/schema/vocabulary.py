"""The closed word lists of the register, and the base of every record."""

import datetime
import re
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AllowInfNan,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    WithJsonSchema,
)

from ..core.errors import InputError
from ..core.months import month_number

Grade = Literal["A", "B", "C", "D", "E", "F"]
HorizonName = Literal["short", "mid", "long"]
Horizon = Literal["short", "mid", "long", "unspecified"]
ClaimKind = Literal["forecast", "fear", "observation", "mitigation", "counter-claim", "question", "recommendation"]
ClaimDirection = Literal["increase", "decrease", "occurs", "does-not-occur", "uncertain"]
Scope = Literal["consequence", "context"]
OutcomeName = Literal["state_based", "non_state", "one_sided"]
ActedOn = Literal["state_based", "non_state", "one_sided", "one_sided_state", "one_sided_other"]
"""What drivers may act on: an outcome, or one perpetrator of one-sided violence, on top of what acts on both."""
CLAIM_OUTCOMES = (
    "civilian_harm", "armed_violence", "armed_group_strength", "urban_siege", "terrorism_spread", "rights_abuses",
    "rights_monitoring", "humanitarian_aid", "humanitarian_access", "displacement", "peace_process",
    "separatist_conflict", "state_security_capacity", "security_vacuum", "foreign_military_presence",
    "western_engagement", "foreign_assistance", "great_power_contest", "poverty_inequality", "social_unrest",
    "youth_prospects", "development_resources", "local_conflict_prevention", "regional_spillover",
    "regional_instability", "arms_flow", "new_armed_groups", "un_reputation", "mission_withdrawal", "mission_mandate",
    "successor_force", "regional_cooperation", "national_ownership", "host_state_stance", "sanctions_effect",
    "accountability", "general_security", "other",
)  # fmt: skip
"""What claims may be about in any case."""
VIOLENCE = frozenset((
    "civilian_harm", "armed_violence", "urban_siege", "terrorism_spread", "rights_abuses", "separatist_conflict",
    "regional_spillover", "regional_instability", "general_security",
))  # fmt: skip
"""Of these, what says that violence itself changes, not only something that may lead to it."""
SCHEDULE = frozenset(("mission_withdrawal", "mission_mandate"))
"""Of these, what is the exit itself: that it was decided, and when it is over, says nothing of harm."""
Country = Annotated[str, Field(min_length=1, json_schema_extra={"case": "units"})]
"""Unit of the case, by its code; `claims.cross_checks` holds it against `case.yaml`."""
Where = Annotated[str, Field(min_length=1, json_schema_extra={"case": "where"})]
"""Unit of the case; or `home`, or `neighbours`: those that share a land border with it."""
Origin = Annotated[str, Field(min_length=1, json_schema_extra={"case": "origins"})]
"""Unit of the case, or `home`."""
HOME, NEIGHBOURS = "home", "neighbours"
EventName = Annotated[str, Field(min_length=1, json_schema_extra={"case": "events"})]
"""Event of the case."""
Place = Annotated[str, Field(min_length=1, json_schema_extra={"case": "places"})]
"""Unit of the case, or a word for a place that `case.yaml` explains."""
ClaimOutcome = Annotated[str, Field(min_length=1, json_schema_extra={"case": "outcomes"})]
"""What a claim is about: one of `CLAIM_OUTCOMES`, or a word that `case.yaml` adds."""


def _month(label: str) -> str:
    try:
        month_number(label)
    except InputError as error:
        raise ValueError(str(error)) from None
    return label


def _text(value: Any) -> Any:
    """Years written without quotes are meant as text wherever text is asked for."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


_DATE = re.compile(r"(?<![0-9])([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?(?![0-9-])")


def _dates_exist(text: str | None) -> str | None:
    """Every date in a loose text (2023-06-30, 2023-06) must be one that the calendar has."""
    for found in _DATE.finditer(text or ""):
        year, month, day = (int(part or 1) for part in found.groups())
        try:
            datetime.date(year, month, day)
        except ValueError:
            raise ValueError(f"there is no {found[0]} in the calendar; write a date that exists.") from None
    return text


def _distinct[Item](values: tuple[Item, ...]) -> tuple[Item, ...]:
    for place, value in enumerate(values):
        if value in values[:place]:
            raise ValueError(f"{value!r} stands twice; keep it once.")
    return values


def _in_order(ends: tuple[Any, Any]) -> tuple[Any, Any]:
    if ends[0] > ends[1]:
        raise ValueError(f"must be [earliest, latest], the smaller number first: [{ends[1]}, {ends[0]}].")
    return ends


def _rising(lines: tuple[int, ...]) -> tuple[int, ...]:
    if list(lines) != sorted(set(lines)):
        told = ", ".join(map(str, sorted(set(lines))))
        raise ValueError(f"lines stand in order and once each: [{told}].")
    return lines


def common[Item](values: Sequence[Item]) -> Item | None:
    """Return the first value that stands twice, or None."""
    return next((value for place, value in enumerate(values) if value in values[:place]), None)


Whole = Annotated[int, Strict()]
"""A whole number, and nothing that could be taken for one: no true, no "6"."""
Number = Annotated[float, Strict(), AllowInfNan(False)]
Flag = Annotated[bool, Strict()]
Distinct = AfterValidator(_distinct)
InOrder = AfterValidator(_in_order)
Month = Annotated[str, AfterValidator(_month)]
Text = Annotated[str, Field(min_length=1)]
LooseText = Annotated[str, BeforeValidator(_text), WithJsonSchema({"type": ["string", "integer"]})]
LooseDate = Annotated[LooseText, AfterValidator(_dates_exist)]
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$", max_length=100)]
Lines = Annotated[tuple[Annotated[Whole, Field(ge=1)], ...], Field(min_length=1), AfterValidator(_rising)]
Share = Annotated[Number, Field(gt=0, le=1)]


class Record(BaseModel):
    """A record an analyst writes: frozen, unknown keys are errors. Editors show a key's docstring as its meaning."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class SourceLines(Record):
    """Lines of a document that something rests on."""

    file: Text
    """Document, by its file name."""
    lines: Lines
    """Line numbers, from 1."""
