"""Lexicons: what hedge words, reliability grades and words of size mean as numbers."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from .vocabulary import ClaimKind, Distinct, Flag, Grade, Number, Record, Text, Whole

Probability = Annotated[Number, Field(gt=0, lt=1)]
Positive = Annotated[Number, Field(gt=0)]


class Phrase(Record):
    """One verbal probability: what its readers said, and the Beta fitted to their answers."""

    n: Annotated[Whole, Field(ge=1)]
    median: Probability
    p05: Probability
    p95: Probability
    a: Positive
    b: Positive
    median_error: Number

    @model_validator(mode="after")
    def _in_order(self) -> "Phrase":
        if not self.p05 <= self.median <= self.p95:
            raise ValueError(f"p05, median and p95 must rise, not {self.p05:g}, {self.median:g}, {self.p95:g}.")
        return self


class PhraseLexicon(Record):
    """CAPphrase: term to Beta."""

    origin: Text
    method: Text
    terms: dict[str, Phrase]


class HedgeEntry(Record):
    """One hedge of the register and the term it is read as; `term` null = the words carry no probability."""

    hedge: Text
    term: str | None
    shift: Literal["strengthened", "weakened"] | None = None
    reason: Text


class EmptyHedgeRule(Record):
    """How a claim without hedge words is read, by its kind and by whether it is implied."""

    kind: ClaimKind
    implied: Flag
    term: str | None
    reason: Text


class HedgeLexicon(Record):
    """Every hedge string of the register, in lower case, and the rules for claims without one."""

    shift_rule: Text
    phrases: Annotated[tuple[HedgeEntry, ...], Distinct]
    empty: Annotated[tuple[EmptyHedgeRule, ...], Distinct]


class ReferencePrior(Record):
    """What is believed of an arbitrary forecast before reading it: a Beta by mean and concentration."""

    mean: Probability
    concentration: Positive
    why: Text


class ReliabilityLexicon(Record):
    """Probability that a claim of each grade is informative, and the reference prior for when it is not."""

    why: Text
    grades: dict[Grade, Annotated[Number, Field(ge=0, le=1)]]
    reference: ReferencePrior


class MagnitudeClass(Record):
    """80 % interval of the rate ratio of one mechanism at its peak."""

    low: Positive
    high: Positive

    @model_validator(mode="after")
    def _ordered(self) -> "MagnitudeClass":
        if not 1.0 <= self.low < self.high:
            raise ValueError("low and high are rate ratios with 1 <= low < high; the branch gives the sign.")
        return self


class MagnitudeWord(Record):
    """One magnitude string of the register and the class it is read as."""

    magnitude: Text
    size: Literal["unstated", "slight", "moderate", "substantial", "severe"]
    reason: Text


class MagnitudeLexicon(Record):
    """Words of size to rate ratios: a declared assumption."""

    why: Text
    null_sd: Positive
    classes: dict[Literal["unstated", "slight", "moderate", "substantial", "severe"], MagnitudeClass]
    words: Annotated[tuple[MagnitudeWord, ...], Distinct]


class Band(Record):
    """One term of an official yardstick, per cent."""

    term: Text
    low_pct: Annotated[Number, Field(ge=0, le=100)]
    high_pct: Annotated[Number, Field(ge=0, le=100)]

    @model_validator(mode="after")
    def _in_order(self) -> "Band":
        if self.low_pct > self.high_pct:
            raise ValueError(f"low_pct {self.low_pct:g} lies above high_pct {self.high_pct:g}; exchange the two.")
        return self


class Yardsticks(Record):
    """Official verbal scales (ICD 203, PHIA, IPCC, NATO, EFSA), for translation in the brief."""

    origin: Text
    standards: dict[str, Annotated[tuple[Band, ...], Distinct]]
