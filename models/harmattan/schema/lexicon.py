"""Lexicons: what hedge words, reliability grades and words of size mean as numbers."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from .forms import check_form, is_written, plain_ways
from .vocabulary import ClaimKind, Distinct, Flag, Grade, Number, Record, Text, Whole

Probability = Annotated[Number, Field(gt=0, lt=1)]
Positive = Annotated[Number, Field(gt=0)]
SizeName = Literal["unstated", "slight", "moderate", "substantial", "severe"]


Forms = Annotated[tuple[Annotated[Text, AfterValidator(check_form)], ...], Distinct]
"""Ways to write an expression, in the signs that `forms` explains."""


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
    """The words of the document, in lower case."""
    forms: Forms = ()
    """Other ways to write them: BE (is, was, will be ...), HAVE, [may be left out], this/that; see seeds/library."""
    term: str | None
    shift: Literal["strengthened", "weakened"] | None = None
    reason: Text

    def is_written(self, words: str) -> bool:
        """Return whether normalised words are one of the ways to write it."""
        return is_written(words, self.hedge, self.forms)

    @property
    def plain_ways(self) -> frozenset[str]:
        """The plainest ways to write it."""
        return plain_ways(self.hedge, self.forms)


class EmptyHedgeRule(Record):
    """How a claim without hedge words is read, by its kind and by whether it is implied."""

    kind: ClaimKind
    implied: Flag
    term: str | None
    reason: Text


class HedgeLexicon(Record):
    """Hedges, and the rules for claims without one; what a case leaves out is the program's (seeds/library)."""

    shift_rule: Text | None = None
    """What strengthened and weakened mean."""
    phrases: Annotated[tuple[HedgeEntry, ...], Distinct] = ()
    empty: Annotated[tuple[EmptyHedgeRule, ...], Distinct] = ()

    def before(self, other: "HedgeLexicon") -> "HedgeLexicon":
        """Return both as one, in which what stands here comes first."""
        ruled = {(rule.kind, rule.implied) for rule in self.empty}
        rules = tuple(rule for rule in other.empty if (rule.kind, rule.implied) not in ruled)
        shift_rule = self.shift_rule or other.shift_rule
        return HedgeLexicon(shift_rule=shift_rule, phrases=self.phrases + other.phrases, empty=self.empty + rules)


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
    """80 % interval of a rate ratio that words of size stand for.

    Of the whole effect of the exit where the claim is on a driver that hinges on it, else of that one mechanism at its
    peak. `unstated` is of one mechanism; what no claim states of the whole is `WholeEffect.unstated`.
    """

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
    """The words of the document, in lower case."""
    forms: Forms = ()
    """Other ways to write them, as for hedges."""
    size: SizeName
    reason: Text

    def is_written(self, words: str) -> bool:
        """Return whether normalised words are one of the ways to write it."""
        return is_written(words, self.magnitude, self.forms)

    @property
    def plain_ways(self) -> frozenset[str]:
        """The plainest ways to write it."""
        return plain_ways(self.magnitude, self.forms)


class WholeEffect(Record):
    """What documents say of the whole effect of the exit, which the drivers that hinge on it share."""

    unstated: MagnitudeClass
    """80 % interval of the rate ratio of the whole where no claim states a size."""
    documents_sd: Positive
    """Sd of the log rate ratio by which what came of an exit misses what documents said of it."""
    no_effect_sd: Positive
    """Sd of the log rate ratio of the whole where nothing of what was claimed happens."""
    matters: Probability
    """That something which happens changes deaths, before any claim says so."""
    why: Text


class MagnitudeLexicon(Record):
    """Words of size to rate ratios: a declared assumption. What a case leaves out is the program's (seeds/library)."""

    why: Text | None = None
    null_sd: Positive | None = None
    """Sd of the log rate ratio when a mechanism does not matter."""
    classes: dict[SizeName, MagnitudeClass] = Field(default_factory=dict)
    whole: WholeEffect | None = None
    """What documents say of the whole effect of the exit."""
    words: Annotated[tuple[MagnitudeWord, ...], Distinct] = ()

    def before(self, other: "MagnitudeLexicon") -> "MagnitudeLexicon":
        """Return both as one, in which what stands here comes first."""
        return MagnitudeLexicon(
            why=self.why or other.why,
            null_sd=self.null_sd or other.null_sd,
            classes=other.classes | self.classes,
            whole=self.whole or other.whole,
            words=self.words + other.words,
        )


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
