"""Published or computed effect estimates, with population and transport discount."""

from typing import Annotated, Literal

from pydantic import Field

from .vocabulary import Distinct, Identifier, Number, Record, Text

Positive = Annotated[Number, Field(gt=0)]


class _Evidence(Record):
    id: Identifier
    citation: Text
    population: Text
    driver: Identifier
    branch: Identifier | None
    note: str


class ProbabilityEvidence(_Evidence):
    """A share of comparable cases in which a branch happened.

    `transport` in (0, 1] multiplies the equivalent sample size estimate * (1 - estimate) / se**2.
    """

    kind: Literal["probability"]
    branch: Identifier
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


Evidence = ProbabilityEvidence | LogRateRatioEvidence | DirectionEvidence


class EvidenceFile(Record):
    """One file of evidence items."""

    items: tuple[Annotated[Evidence, Field(discriminator="kind")], ...]
