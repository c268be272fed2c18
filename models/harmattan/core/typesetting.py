"""How language files are read: texts by dotted key, the language's own spaces, templates as patterns."""

import re
from collections.abc import Iterator, Mapping
from string import Formatter
from typing import Any

from .telling import Forms


def flat(data: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield the texts of a nested mapping by dotted key."""
    for key, value in data.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)


def spaced(text: str, spacing: Mapping[str, str]) -> str:
    """Put the language's own spaces around its marks, so that translators can type ordinary ones."""
    text = " ".join(text.split(" ")).strip("\n")
    for plain, typeset in spacing.items():
        text = text.replace(plain, typeset)
    return text


def spaced_by_kind(given: Mapping[str, Forms], spacing: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return forms by kind, with the language's own spaces in them."""
    return {kind: {form: spaced(text, spacing) for form, text in forms.items()} for kind, forms in given.items()}


def pattern_of(template: str) -> re.Pattern[str]:
    """Return the pattern that a template stands for; a placeholder whose name begins with `maybe` may be empty."""
    parts = []
    for literal, name, _, _ in Formatter().parse(template):
        parts.append(re.escape(literal))
        if name:
            parts.append(rf"(?P<{name}>.{'*' if name.startswith('maybe') else '+'}?)")
    return re.compile("".join(parts))
