"""Likelihood, confidence and counts in words, always with the number; likelihood and confidence kept apart."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..plots.numbers import hundredths, in_hundred, month_words, scenario_words, sensible

__all__ = [
    "Confidence",
    "deaths",
    "hundredths",
    "in_hundred",
    "interval",
    "judge_confidence",
    "likelihood",
    "likelihood_word",
    "mixes_likelihood_and_confidence",
    "month_words",
    "scenario_words",
    "sensible",
]

Scale = Literal["icd203", "phia"]
Level = Literal["low", "moderate", "high"]

BANDS: dict[str, tuple[tuple[int, int, str], ...]] = {
    "icd203": (
        (1, 5, "almost no chance"),
        (5, 20, "very unlikely"),
        (20, 45, "unlikely"),
        (45, 55, "roughly even chance"),
        (55, 80, "likely"),
        (80, 95, "very likely"),
        (95, 99, "almost certain"),
    ),
    "phia": (
        (0, 5, "remote chance"),
        (10, 20, "highly unlikely"),
        (25, 35, "unlikely"),
        (40, 50, "realistic possibility"),
        (55, 75, "likely"),
        (80, 90, "highly likely"),
        (95, 100, "almost certain"),
    ),
}
"""First and last hundredth of each word: ICD 203 (2015) and the British PHIA probability yardstick."""

_CONFIDENCE = re.compile(r"\bconfiden(?:ce|t)\b", re.IGNORECASE)
_LIKELIHOOD = re.compile(
    "|".join(
        sorted(
            {re.escape(word) for bands in BANDS.values() for _, _, word in bands} | {r"\d+ in 100"},
            key=len,
            reverse=True,
        )
    ),
    re.IGNORECASE,
)


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
    fitting = [word for low, high, word in BANDS[scale] if low <= number <= high]
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
    return f"{word}, {number}" if word else number


def deaths(value: float) -> str:
    """Return an expected or simulated number of deaths, rounded to two figures.

    >>> deaths(1234.5)
    'about 1,200'
    """
    text = sensible(value)
    return text if text in ("0", "less than 1") else f"about {text}"


def interval(low: float, high: float, *, level: int = 80, unit: str = "deaths") -> str:
    """Return a central interval in plain words.

    >>> interval(412, 1287)
    'between 410 and 1,300 deaths in 80 of 100 simulated futures'
    """
    if low > high:
        raise ValueError(f"The lower end, {low}, lies above the upper end, {high}.")
    ends = (
        f"around {sensible(low)} {unit}"
        if sensible(low) == sensible(high)
        else f"between {sensible(low)} and {sensible(high)} {unit}"
    )
    return f"{ends} in {level} of 100 simulated futures"


@dataclass(frozen=True)
class Confidence:
    """How far a judgement can be leaned on, and why. Never said in one sentence with a likelihood."""

    level: Level
    reasons: tuple[str, ...]

    def sentence(self) -> str:
        """Return one sentence that holds the level and its reasons and no likelihood."""
        return f"Confidence is {self.level}: {_listed(self.reasons)}."


def judge_confidence(
    *, prior_share: float, coverage_80: float | None, effective_sources: float, fit_passed: bool
) -> Confidence:
    """Return confidence from four stated reasons.

    Parameters
    ----------
    prior_share : float
        Share (0 to 1) of the answer that rests on the prior; above one half counts as weak.
    coverage_80 : float or None
        Share of past observations inside their 80 % interval; weak when off by more than 0.1, or when not measured.
    effective_sources : float
        Number of independent sources behind the claims; below three counts as weak.
    fit_passed : bool
        Whether the fit passed its diagnostics; if not, confidence is low whatever the rest says.

    Notes
    -----
    High without a weak reason, moderate with one, low with two or more. The limits are ours and not published ones.
    """
    covered = coverage_80 is not None and abs(coverage_80 - 0.8) <= 0.1
    said = "has not been measured" if coverage_80 is None else f"was {hundredths(coverage_80)} per cent"
    weak = [prior_share > 0.5, not covered, effective_sources < 3]
    reasons = (
        f"{hundredths(prior_share)} per cent of the answer rests on what was assumed before the data",
        f"past coverage of the 80 per cent interval {said}",
        f"the claims amount to {effective_sources:.1f} independent sources",
        *(() if fit_passed else ("the fit did not pass its diagnostics",)),
    )
    level: Level = "low" if not fit_passed or sum(weak) >= 2 else "moderate" if any(weak) else "high"
    return Confidence(level, reasons)


def mixes_likelihood_and_confidence(text: str) -> bool:
    """Return whether a sentence of `text` speaks of confidence and of likelihood at once."""
    return any(_CONFIDENCE.search(s) and _LIKELIHOOD.search(s) for s in re.split(r"(?<=[.!?])\s+", text))


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
