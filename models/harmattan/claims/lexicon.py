"""From words to distributions: hedges to Betas, grades to weights, words of size to log rate ratios.

Rules
-----
- A hedge is looked up in the case's `seeds/lexicons/hedges.yaml` and then in the program's `seeds/library`, in lower
  case; a claim without one by its kind and by whether it is implied.
  The entry names a CAPphrase term, whose Beta was fitted to what 5,174 readers said it means.
- `strengthened` moves the mean half-way to the nearer bound (what "very" does: Mosteller & Youtz 1990), `weakened`
  half-way to one half; the concentration a + b stays.
- A claim is mixed with the reference prior by its reliability w: ``w * claim + (1 - w) * reference``. The mean is never
  multiplied by w.
- A size is the 80 % interval of a rate ratio, read as a normal on the log.
"""

import math
from dataclasses import dataclass

from ..schema.forms import entry_for, normalised
from ..schema.lexicon import (
    HedgeLexicon,
    MagnitudeLexicon,
    PhraseLexicon,
    ReliabilityLexicon,
    WholeEffect,
    Yardsticks,
)
from ..schema.ratios import branch_ratio
from ..schema.records import Claim, Source
from .mixtures import Beta, BetaMixture, Normal

Z90 = 1.2815515655446004
"""The 90 % quantile of a standard normal, at which an 80 % interval ends."""


@dataclass(frozen=True)
class Lexicons:
    """All lexicons of a register; hedges and words of size are the case's own and, after them, the program's."""

    phrases: PhraseLexicon
    hedges: HedgeLexicon
    reliability: ReliabilityLexicon
    magnitudes: MagnitudeLexicon
    yardsticks: Yardsticks

    @property
    def reference(self) -> Beta:
        """The reference prior of a forecast nobody has read yet."""
        prior = self.reliability.reference
        return Beta.from_mean(prior.mean, prior.concentration)

    @property
    def whole(self) -> WholeEffect:
        """What documents say of the whole effect of the exit, before any of them is read."""
        assert self.magnitudes.whole is not None, "the program's own lexicon states it"
        return self.magnitudes.whole

    @property
    def null_effect(self) -> Normal:
        """The log rate ratio when a mechanism does not matter."""
        assert self.magnitudes.null_sd is not None, "the program's own lexicon states it"
        return Normal(0.0, self.magnitudes.null_sd)


@dataclass(frozen=True)
class Reading:
    """How the words of a claim are read, before asking how far its source is to be trusted.

    Attributes
    ----------
    hedge : str
        The document's words, possibly empty.
    term : str
        CAPphrase term that they are read as.
    shift : str or None
        ``strengthened``, ``weakened`` or None.
    beta : Beta
        Distribution of the probability that the claim states.
    reason : str
        Why the words are read so.
    """

    hedge: str
    term: str
    shift: str | None
    beta: Beta
    reason: str


def shifted(beta: Beta, shift: str | None) -> Beta:
    """Return `beta` strengthened (mean half-way to the nearer bound) or weakened (half-way to one half)."""
    if shift is None:
        return beta
    target = 0.5 if shift == "weakened" else float(beta.mean > 0.5)
    return Beta.from_mean((beta.mean + target) / 2.0, beta.a + beta.b)


def reading_of(claim: Claim, lexicons: Lexicons) -> Reading | None:
    """Return how a claim's words are read; None when they state no probability (questions, recommendations)."""
    words = normalised(claim.hedge)
    shift = None
    if words:
        entry = entry_for(words, lexicons.hedges.phrases)
        assert entry is not None, "the register lets only words that a lexicon has through"
        term, shift, reason = entry.term, entry.shift, entry.reason
    else:
        rule = next(r for r in lexicons.hedges.empty if (r.kind, r.implied) == (claim.kind, claim.implied))
        term, reason = rule.term, rule.reason
    if term is None:
        return None
    phrase = lexicons.phrases.terms[term]
    return Reading(claim.hedge, term, shift, shifted(Beta(phrase.a, phrase.b), shift), reason)


def grade_of(claim: Claim, source: Source) -> str:
    """Return the reliability grade of a claim: its own if it has one, else its source's."""
    return claim.reliability.grade if claim.reliability is not None else source.reliability


def believed(beta: Beta, weight: float, reference: Beta) -> BetaMixture:
    """Return ``weight * beta + (1 - weight) * reference``."""
    return BetaMixture((weight, 1.0 - weight), (beta, reference))


def size_of(claim: Claim, lexicon: MagnitudeLexicon) -> str:
    """Return the magnitude class of a claim; ``unstated`` without words of size."""
    words = normalised(claim.magnitude)
    if not words:
        return "unstated"
    entry = entry_for(words, lexicon.words)
    assert entry is not None, "the register lets only words that a lexicon has through"
    return entry.size


def effect_of(size: str, lexicon: MagnitudeLexicon) -> Normal:
    """Return the log rate ratio of a magnitude class, for a branch that raises deaths."""
    interval = lexicon.classes[size]  # type: ignore[index]
    return normal_of_ratio((interval.low, interval.high), 1)


def normal_of_ratio(ratio: tuple[float, float], sign: int) -> Normal:
    """Return the log rate ratio of which `ratio` is the 80 % interval; sign +1 raises deaths, -1 lowers them."""
    ends = branch_ratio(ratio, sign)
    assert ends is not None, "the schema lets no ratio through that says the opposite of its branch"
    low, high = math.log(ends[0]), math.log(ends[1])
    return Normal((low + high) / 2.0, (high - low) / (2.0 * Z90))
