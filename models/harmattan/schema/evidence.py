"""Published or computed effect estimates, with population and transport discount, and which of them a driver takes."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    Field,
    ModelWrapValidatorHandler,
    WithJsonSchema,
    model_serializer,
    model_validator,
)

from .validation import Problems
from .vocabulary import Distinct, Flag, Identifier, Number, Record, Text
from .yaml_source import YamlDocument

Positive = Annotated[Number, Field(gt=0)]


class _Evidence(Record):
    id: Identifier
    """Name of the item; drivers take it by this."""
    citation: Text
    population: Text
    """Which cases it is about, and what the effect is an effect of."""
    note: str


class ProbabilityEvidence(_Evidence):
    """A share of comparable cases in which something happened, such as a driver's branch.

    `transport` in (0, 1] multiplies the equivalent sample size estimate * (1 - estimate) / se**2.
    """

    kind: Literal["probability"]
    estimate: Annotated[Number, Field(gt=0, lt=1)]
    se: Positive
    transport: Annotated[Number, Field(gt=0, le=1)]


class LogRateRatioEvidence(_Evidence):
    """A log rate ratio of deaths seen elsewhere; `transport` >= 1 multiplies its standard error."""

    kind: Literal["log_rate_ratio"]
    estimate: Number
    se: Positive
    transport: Annotated[Number, Field(ge=1)]


class DirectionEvidence(_Evidence):
    """Published estimates that are not on the log-rate scale: shown, never entered into a number."""

    kind: Literal["direction-only"]
    estimate: None = None
    se: None = None
    transport: None = None
    findings: Annotated[tuple[Text, ...], Field(min_length=1), Distinct]


class EvidenceUsed(Record):
    """What has a say: in the whole effect of the exit, and in how far sources are believed."""

    exits: Flag = True
    """What exits elsewhere did, where the case is of that class."""
    documents: Flag = True
    """What the documents say, by the drivers that hinge on the exit."""
    earned: Flag = False
    """Whether what each source had earned by `as_of`, in claims that were settled then, moves a little how far it is
    believed. Nothing is settled up to the exit, so a forecast as of then is the same with it."""


Evidence = ProbabilityEvidence | LogRateRatioEvidence | DirectionEvidence


class EvidenceFile(Record):
    """One file of evidence items."""

    items: tuple[Annotated[Evidence, Field(discriminator="kind")], ...]


def refuse_drivers(document: YamlDocument) -> None:
    """Raise InputError if items name drivers, as they did up to version 0.5, with what to write in their place."""
    items, problems = document.value_at(("items",)), Problems()
    for index, item in enumerate(items if isinstance(items, list) else []):
        named = [key for key in ("driver", "branch") if isinstance(item, dict) and key in item]
        if named:
            problems.add(document, ("items", index, named[0]), _moved_to_driver(item))
    problems.raise_if_any()


def _moved_to_driver(item: dict[str, Any]) -> str:
    driver, branch = item.get("driver") or "the driver", item.get("branch")
    use = f"{{id: {item.get('id')}, branch: {branch}}}" if branch else str(item.get("id"))
    return (
        f"{item.get('id')} names a driver or branch; evidence does not, since any driver may take it. In "
        f"scenarios/drivers.yaml write at {driver} evidence: [{use}], beside what stands there, and take driver and "
        "branch out here."
    )


class EvidenceUse(Record):
    """An item that bears on a driver: its id, or `{id: ..., branch: ...}` where it speaks of one branch of several."""

    id: Identifier
    """Item in seeds/evidence, of the case or of the program's library."""
    branch: Identifier | None = None
    """Branch that it speaks of; a share of cases needs one where the driver has several."""

    @model_validator(mode="wrap")
    @classmethod
    def _from_an_id(cls, data: Any, handler: ModelWrapValidatorHandler["EvidenceUse"]) -> "EvidenceUse":
        return handler({"id": data} if isinstance(data, str) else data)

    @model_serializer
    def _as_written(self) -> Any:
        """Return the shortest form that says the same."""
        return self.id if self.branch is None else {"id": self.id, "branch": self.branch}


def _once_each(uses: Sequence[EvidenceUse]) -> Sequence[EvidenceUse]:
    ids = [use.id for use in uses]
    for id in ids:
        if ids.count(id) > 1:
            raise ValueError(f"{id!r} stands twice, and would count twice; keep it once.")
    return uses


_ID_SCHEMA = {"type": "string", "pattern": r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$", "maxLength": 100}
_USE_SCHEMA = {
    "type": "object",
    "properties": {"id": _ID_SCHEMA, "branch": _ID_SCHEMA},
    "required": ["id"],
    "additionalProperties": False,
}
_USES_SCHEMA = {"type": "array", "items": {"anyOf": [_ID_SCHEMA, _USE_SCHEMA]}, "uniqueItems": True}

EvidenceUses = Annotated[tuple[EvidenceUse, ...], AfterValidator(_once_each), WithJsonSchema(_USES_SCHEMA)]
"""Evidence that bears on a driver, by id."""
