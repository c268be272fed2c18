"""Numbers as a reader meets them, in figures and in sentences. No matplotlib here."""

import math
import textwrap
from collections.abc import Iterable, Sequence

from ..core.language import current, decimal, listed, phrase, scenario_name, whole
from ..core.months import month_number, month_spans


def month_words(label: str) -> str:
    """Return a month label in words: ``"2023-06"`` becomes ``"June 2023"``."""
    number = month_number(label)
    return phrase("number.month", month=phrase(f"months.m{number % 12 + 1}"), year=number // 12)


def span_words(first: str, last: str) -> str:
    """Return a span of months in words: "July 2023 to June 2024"."""
    return phrase("number.span", first=month_words(first), last=month_words(last))


def spans_words(months: Sequence[str]) -> str:
    """Return months in order as spans: "January 2023 to June 2023 and July 2028"."""
    spans = month_spans(months)
    return listed([month_words(first) if first == last else span_words(first, last) for first, last in spans])


def first_months_words(months: Sequence[str]) -> str:
    """Return the months of a total in words: "the first twelve months (July 2023 to June 2024)"."""
    count, known = len(months), current().phrases
    if count == 1:
        return phrase("number.first_month", month=month_words(months[0]))
    word = known.get(f"number.counts.n{count}", whole(count))
    return phrase("number.first_months", count=word, span=span_words(months[0], months[-1]))


def held_words(first: int, last: int, first_month: str, last_month: str) -> str:
    """Return the months of a horizon that a run holds: "months 1 to 6 after the exit (July 2023 to December 2023)".

    Months before the exit, which belong to no horizon, are named by the calendar alone.
    """
    span = month_words(first_month) if first_month == last_month else span_words(first_month, last_month)
    if first < 1:
        return span
    key = "number.month_after_exit" if first == last else "number.months_after_exit"
    return phrase(key, first=first, last=last, span=span)


def in_hundred(probability: float) -> str:
    """Return a probability as a natural frequency: ``0.23`` becomes ``"23 in 100"``.

    Values that would round to 0 or 100 are never shown as impossible or certain: they read "less than 1 in 100" and
    "more than 99 in 100".
    """
    if not 0 <= probability <= 1:
        raise ValueError(f"A probability lies between 0 and 1, not at {probability}.")
    if probability < 0.01:
        return phrase("number.below_one_in_hundred")
    if probability > 0.99:
        return phrase("number.above_ninety_nine_in_hundred")
    return phrase("number.in_hundred", number=hundredths(probability))


def short_in_hundred(probability: float) -> str:
    """Return the natural frequency for tight places: ``"23"``, ``"<1"`` or ``">99"`` (of 100)."""
    if probability < 0.01:
        return "<1"
    if probability > 0.99:
        return ">99"
    return str(hundredths(probability))


def hundredths(probability: float) -> int:
    """Return a probability in whole hundredths, halves rounded up (Python's own `round` takes halves to even)."""
    return math.floor(probability * 100 + 0.5 + 1e-9)


def sensible(value: float, figures: int = 2) -> str:
    """Return a count with two significant figures and thousands separators: ``1234`` becomes ``"1,200"``.

    Values between 0 and 1 read "less than 1", because a fraction of a death is only an expectation.
    """
    if value < 0:
        return f"−{sensible(-value, figures)}"
    if value == 0:
        return "0"
    if value < 1:
        return phrase("number.below_one")
    step = 10 ** max(math.floor(math.log10(value)) - figures + 1, 0)
    return whole(math.floor(value / step + 0.5) * step)


def ratio_words(value: float) -> str:
    """Return a rate ratio with its multiplication sign: ``1.42`` becomes ``"×1.4"``."""
    if value >= 10:
        return f"×{whole(value)}"
    return f"×{decimal(value, 1)}" if value >= 0.95 else f"×{decimal(value, 2)}"


def scenario_words(name: str) -> str:
    """Return a scenario's file name as words: ``"it_stays"`` becomes ``"it stays"``."""
    return scenario_name(name)


def horizon_words(horizon: str) -> str:
    """Return a horizon's name in the reader's language."""
    return current().phrases.get(f"horizons.{horizon}", horizon)


def opening(text: str) -> str:
    """Return a text with its first letter as a capital, the rest as it is."""
    return text[:1].upper() + text[1:]


def joined(parts: Iterable[str]) -> str:
    """Return parts one after the other, as a caption lists them."""
    return phrase("number.join").join(parts)


def wrapped(label: str, width: int = 54) -> str:
    """Return a row's label on as many lines as it needs."""
    return "\n".join(textwrap.wrap(label, width)) or label
