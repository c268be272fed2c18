"""Months as `YYYY-MM` labels and as integers that can be added to."""

import re
from collections.abc import Iterable

from .errors import InputError

LATEST = "latest"
"""Says, in place of a month, the last one of the record."""

_MONTH = re.compile(r"(\d{4})-(\d{2})")


def month_number(label: str) -> int:
    """Return the number of months since year 0 of a `YYYY-MM` label.

    Raises
    ------
    InputError
        If the label is not a month written `YYYY-MM`.
    """
    match = _MONTH.fullmatch(str(label))
    if match is None or not 1 <= int(match[2]) <= 12 or int(match[1]) == 0:
        shown = f"{label!r}"[:40]
        raise InputError(f"{shown} is not a month: write it as YYYY-MM, for instance 2023-06.")
    return int(match[1]) * 12 + int(match[2]) - 1


def month_label(number: int) -> str:
    """Return the `YYYY-MM` label of a month number."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def months_after(label: str, count: int) -> list[str]:
    """Return the `count` month labels that follow `label`."""
    start = month_number(label)
    return [month_label(start + i) for i in range(1, count + 1)]


def months_between(first: str, last: str) -> int:
    """Return how many months `last` lies after `first` (negative when before)."""
    return month_number(last) - month_number(first)


def month_range(first: str, last: str) -> list[str]:
    """Return all month labels from `first` to `last`, both included."""
    return [month_label(n) for n in range(month_number(first), month_number(last) + 1)]


def month_spans(labels: Iterable[str]) -> list[tuple[str, str]]:
    """Return months as spans without a gap, first and last of each."""
    spans: list[tuple[str, str]] = []
    for label in sorted(labels):
        if spans and months_between(spans[-1][1], label) == 1:
            spans[-1] = (spans[-1][0], label)
        else:
            spans.append((label, label))
    return spans


def months_said(labels: Iterable[str]) -> str:
    """Return months in few words: 2025-01 to 2025-03, 2025-06."""
    from .language import phrase

    spans = month_spans(labels)
    return ", ".join(first if first == last else phrase("number.span", first=first, last=last) for first, last in spans)


def years_of(labels: Iterable[str]) -> list[int]:
    """Return the calendar year of each month label."""
    return [int(label[:4]) for label in labels]
