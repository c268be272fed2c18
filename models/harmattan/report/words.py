"""Likelihood, confidence and counts in words, always with the number; likelihood and confidence kept apart."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from ..core.language import current, per_cent, phrase
from ..evaluate.past_totals import Held
from ..plots.numbers import hundredths, in_hundred, joined, month_words, scenario_words, sensible

__all__ = [
    "Confidence",
    "Grounds",
    "hundredths",
    "in_hundred",
    "interval",
    "judge_confidence",
    "likelihood",
    "likelihood_word",
    "mixes_likelihood_and_confidence",
    "month_words",
    "scale_explained",
    "scale_words",
    "scenario_words",
    "sensible",
]

Scale = Literal["icd203", "phia"]
Level = Literal["low", "moderate", "high"]

BANDS: dict[str, tuple[tuple[int, int], ...]] = {
    "icd203": ((1, 5), (5, 20), (20, 45), (45, 55), (55, 80), (80, 95), (95, 99)),
    "phia": ((0, 5), (10, 20), (25, 35), (40, 50), (55, 75), (80, 90), (95, 100)),
}
"""First and last hundredth of each word: ICD 203 (2015) and the British PHIA probability yardstick. The words stand in
the language files."""


def scale_words(scale: Scale) -> list[str]:
    """Return the words of a scale in the reader's language, from the least likely to the most."""
    return [phrase(f"likelihood.{scale}.b{number}") for number in range(1, len(BANDS[scale]) + 1)]


def scale_explained(scale: Scale) -> str:
    """Return every word of a scale with the hundredths that it stands for."""
    pairs = zip(scale_words(scale), BANDS[scale], strict=True)
    return ", ".join(phrase("likelihood.band", word=word, low=low, high=high) for word, (low, high) in pairs)


def likelihood_word(probability: float, scale: Scale = "icd203") -> str:
    """Return the word for a probability, or an empty string where the scale has none (beyond its ends, in PHIA's gaps).

    The probability is rounded to hundredths first, so that word and printed number agree. Where two bands touch, the
    lower bound of the upper band decides: 80 in 100 is "very likely" on ICD 203.

    Raises
    ------
    ValueError
        If the scale is neither icd203 nor phia, or the probability is not between 0 and 1.
    """
    if scale not in BANDS:
        raise ValueError(f"{scale!r} is not a scale of likelihood words: choose icd203 or phia.")
    if not 0 <= probability <= 1:
        raise ValueError(f"A probability lies between 0 and 1, not at {probability}.")
    if probability < 0.01 or probability > 0.99:
        return ""
    number = hundredths(probability)
    pairs = zip(scale_words(scale), BANDS[scale], strict=True)
    fitting = [word for word, (low, high) in pairs if low <= number <= high]
    return fitting[-1] if fitting else ""


def likelihood(probability: float, scale: Scale = "icd203") -> str:
    """Return the likelihood word with its number.

    >>> likelihood(0.72)
    'likely, 72 in 100'
    >>> likelihood(0.004)
    'less than 1 in 100'
    >>> likelihood(0.37, "phia")
    '37 in 100'
    """
    word = likelihood_word(probability, scale)
    number = in_hundred(probability)
    return phrase("number.said", word=word, number=number) if word else number


def interval(low: float, high: float, *, level: int = 80) -> str:
    """Return a central interval in plain words.

    >>> interval(412, 1287)
    'between 410 and 1,300 in 80 of 100 simulated futures'
    """
    if low > high:
        raise ValueError(f"The lower end, {low}, lies above the upper end, {high}.")
    key = "number.interval_point" if sensible(low) == sensible(high) else "number.interval"
    return phrase(key, low=sensible(low), high=sensible(high), level=level)


@dataclass(frozen=True)
class Confidence:
    """How far a judgement can be leaned on, and why. Never said in one sentence with a likelihood."""

    level: Level
    reasons: tuple[str, ...]

    def sentence(self) -> str:
        """Return one sentence that holds the level and its reasons and no likelihood."""
        return phrase("confidence.sentence", level=phrase(f"confidence.{self.level}"), reasons=joined(self.reasons))


@dataclass(frozen=True)
class Grounds:
    """What confidence is judged by.

    Attributes
    ----------
    focal, toll : Held or None
        How often the 80 % intervals held past yearly totals of the countries shown, and of these the totals of
        civilians killed; None when never measured.
    later : Held or None
        The same for the totals since this forecast, all countries; None while no later month is known.
    months_met : int
        Months after the exit that the drivers' assumed effects were held against in the fit.
    documents, groups : int
        Documents, and how many of them are independent: those that share an origin count once.
    fit_passed : bool
        Whether the fit passed its diagnostics; if not, confidence is low whatever the rest says.
    drivers : bool
        Whether drivers are part of the forecast.
    """

    focal: Held | None
    toll: Held | None
    later: Held | None
    months_met: int
    documents: int
    groups: int
    fit_passed: bool
    drivers: bool = True


def judge_confidence(grounds: Grounds, *, places: str = "", years: str = "") -> Confidence:
    """Return confidence from its stated reasons.

    Parameters
    ----------
    grounds : Grounds
    places, years : str
        Words for the countries shown and for the years of their past totals.

    Notes
    -----
    Weak are: intervals for the countries shown that were off by more than a tenth or never measured; intervals for the
    later totals that were; drivers that no month has met; fewer than three independent sources. High without a weak
    reason, moderate with one, low with two or more. The limits are ours and not published ones.
    """
    focal, later = grounds.focal, grounds.later
    weak = [
        focal is None or focal.fit != "right",
        later is not None and later.fit != "right",
        grounds.months_met == 0,
        grounds.groups < 3,
    ]
    reasons = (
        _of_focal(grounds, places, years),
        *((_held("later", later),) if later else ()),
        *_of_drivers(grounds),
        *(() if grounds.fit_passed else (phrase("confidence.failed"),)),
    )
    level: Level = "low" if not grounds.fit_passed or sum(weak) >= 2 else "moderate" if any(weak) else "high"
    return Confidence(level, reasons)


def _of_drivers(grounds: Grounds) -> Iterator[str]:
    """Yield what has tested the drivers and how many documents they rest on; nothing where there are none."""
    if grounds.drivers:
        yield phrase("confidence.met", months=grounds.months_met) if grounds.months_met else phrase("confidence.unmet")
    if grounds.documents:
        yield phrase("confidence.sources", documents=grounds.documents, groups=grounds.groups)
    else:
        yield phrase("confidence.no_sources")


def _of_focal(grounds: Grounds, places: str, years: str) -> str:
    """Return how past intervals did in the countries shown."""
    if grounds.focal is None or grounds.toll is None:
        return phrase("confidence.focal_unknown", places=places)
    return _held("focal", grounds.focal, places=places, years=years, toll_share=per_cent(grounds.toll.share))


def _held(which: str, held: Held, **values: str) -> str:
    """Return how many totals an interval held, with what that says of it."""
    fit = phrase(f"confidence.{held.fit}")
    share = per_cent(held.share)
    return phrase(f"confidence.{which}", inside=held.inside, count=held.count, share=share, fit=fit, **values)


def mixes_likelihood_and_confidence(text: str) -> bool:
    """Return whether a sentence of `text` speaks of confidence and of likelihood at once."""
    confidence, likely = _patterns(current().code)
    return any(confidence.search(s) and likely.search(s) for s in re.split(r"(?<=[.!?])\s+", text))


@cache
def _patterns(code: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what speaks of confidence and what of likelihood in the language spoken, which `code` names."""
    words = {re.escape(word) for scale in BANDS for word in scale_words(scale)}  # type: ignore[arg-type]
    frequency = re.escape(phrase("number.in_hundred", number="NUMBER")).replace("NUMBER", r"\d+")
    either = "|".join(sorted(words | {frequency}, key=len, reverse=True))
    return re.compile(current().phrases["confidence.pattern"], re.IGNORECASE), re.compile(either, re.IGNORECASE)
