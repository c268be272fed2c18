"""The closed word lists of the register, and the base of every record."""

from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from ..core.errors import InputError
from ..core.months import month_number
from ..core.names import ISO3

Grade = Literal["A", "B", "C", "D", "E", "F"]
HorizonName = Literal["short", "mid", "long"]
Horizon = Literal["short", "mid", "long", "unspecified"]
ClaimKind = Literal["forecast", "fear", "observation", "mitigation", "counter-claim", "question", "recommendation"]
ClaimDirection = Literal["increase", "decrease", "occurs", "does-not-occur", "uncertain"]
Scope = Literal["consequence", "context"]
OutcomeName = Literal["state_based", "non_state", "one_sided"]
ClaimOutcome = Literal[
    "civilian_harm", "armed_violence", "armed_group_strength", "urban_siege", "terrorism_spread", "rights_abuses",
    "rights_monitoring", "humanitarian_aid", "humanitarian_access", "displacement", "peace_process",
    "separatist_conflict", "state_security_capacity", "security_vacuum", "russian_influence", "wagner_presence",
    "western_engagement", "foreign_assistance", "great_power_contest", "poverty_inequality", "social_unrest",
    "youth_prospects", "development_resources", "local_conflict_prevention", "regional_spillover",
    "regional_instability", "arms_flow", "new_armed_groups", "un_reputation", "mission_withdrawal", "mission_mandate",
    "successor_force", "regional_cooperation", "national_ownership", "host_state_stance", "sanctions_effect",
    "accountability", "general_security", "other",
]  # fmt: skip
Country = Literal[
    "MLI", "BFA", "NER", "MRT", "SEN", "GIN", "GNB", "CIV", "GHA", "TGO", "BEN", "NGA", "TCD", "CMR", "DZA", "LBY"
]  # fmt: skip
EventName = Literal["accord-ended", "accord-hostilities", "minusma-left", "kidal-base-closed", "coup-ner"]
Region = Literal["sahel", "west_africa", "coastal_states", "northern_mali", "central_mali", "urban_mali"]
Place = Literal[Country, Region]

assert get_args(Country) == ISO3


def _month(label: str) -> str:
    try:
        month_number(label)
    except InputError as error:
        raise ValueError(str(error)) from None
    return label


def _text(value: Any) -> Any:
    """Years written without quotes are meant as text wherever text is asked for."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Month = Annotated[str, AfterValidator(_month)]
Text = Annotated[str, Field(min_length=1)]
LooseText = Annotated[str, BeforeValidator(_text), WithJsonSchema({"type": ["string", "integer"]})]
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$")]
Lines = Annotated[tuple[Annotated[int, Field(ge=1)], ...], Field(min_length=1)]
Share = Annotated[float, Field(gt=0, le=1)]


class Record(BaseModel):
    """A record an analyst writes: frozen, unknown keys are errors. Editors show a key's docstring as its meaning."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class SourceLines(Record):
    """Lines of a document that something rests on."""

    file: Text
    """Document, by its file name."""
    lines: Lines
    """Line numbers, from 1."""
