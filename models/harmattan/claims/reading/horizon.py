"""When a sentence says that something will be: words, lengths of time, and dates, by the case's own horizons."""

import re
from collections.abc import Iterator

from ...core.language import language
from ...core.months import months_between
from ...schema.clock import Clock
from ...schema.reading_words import ReadingWords
from ...schema.vocabulary import HorizonName
from .words import Looked

_COUNTS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "eighteen": 18, "twenty": 20, "twenty-four": 24,
}  # fmt: skip
_MONTHS_IN = {"day": 1 / 30, "week": 7 / 30, "month": 1, "year": 12}
_LENGTH = re.compile(
    r"\b(?:in|within|over|for|next|coming|first|after|at least|inside)\s+(?:the\s+)?"
    r"(?:(?:next|coming|first|about|around|another)\s+)?"
    rf"(\d{{1,3}}|{'|'.join(_COUNTS)})[\s-]+({'|'.join(_MONTHS_IN)})s?\b",
    re.IGNORECASE,
)
_BEFORE_DATE = r"\b(?:by|until|before|in|from|since|of)\s+(?:the\s+)?(?:end\s+of\s+)?"
_DAY = r"(?:\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?)?"


def horizons_in(text: str, words: ReadingWords, clock: Clock) -> list[tuple[HorizonName, str]]:
    """Return (horizon, words) for everything in a text that says when, as the text writes it.

    Lengths of time and dates are counted from the case's exit; what lies before it or beyond the last horizon says
    nothing.
    """
    looked = Looked(text)
    found = [(name, said) for name, forms in words.horizons.items() for said in looked.has(forms)]
    counted = [*_lengths(text), *_dates(text, words.language, clock.exit)]
    found += [(name, said) for month, said in counted if (name := _horizon_of(month, clock)) is not None]
    return list(dict.fromkeys(found))


def _horizon_of(month: float, clock: Clock) -> HorizonName | None:
    inside = (name for name, (_, last) in clock.horizons.items() if 0 < month <= last)
    return next(inside, None)


def _lengths(text: str) -> Iterator[tuple[float, str]]:
    for match in _LENGTH.finditer(text):
        count, unit = match[1].lower(), match[2].lower()
        yield (int(count) if count.isdigit() else _COUNTS[count]) * _MONTHS_IN[unit], match[0]


def _dates(text: str, code: str, exit_month: str) -> Iterator[tuple[float, str]]:
    """Yield months after the exit and words of `by December 2023` and `until 2024`; a year alone is its end."""
    names = [language(code).phrases[f"months.m{number}"] for number in range(1, 13)]
    pattern = rf"{_BEFORE_DATE}{_DAY}({'|'.join(names)})?,?\s*((?:19|20)\d\d)\b"
    for match in re.finditer(pattern, text):
        month = names.index(match[1]) + 1 if match[1] else 12
        yield months_between(exit_month, f"{match[2]}-{month:02d}"), match[0]
