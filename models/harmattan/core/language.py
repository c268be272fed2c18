"""What a reader sees, in the reader's language: words from `languages/<code>.yaml`, numbers by that language's rules.

Code holds keys, files hold sentences: a new language is a new file. `speaking("fr")` sets the language of a block;
outside any block it is English.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from .errors import InputError
from .names import COUNTRIES, OUTCOMES

FOLDER = Path(__file__).resolve().parents[1] / "languages"
DEFAULT = "en"
_CURRENT: ContextVar[str] = ContextVar("language", default=DEFAULT)
_DATE = re.compile(r"\b(\d{4})-(0[1-9]|1[0-2])(?:-(\d{2}))?\b")
_NUMBER = re.compile(r"(?<![\w-])\d[\d,]*(?:\.\d+)?(?![\w-])")


@dataclass(frozen=True)
class Language:
    """One language file.

    Attributes
    ----------
    code : str
        As in the `lang` attribute of a page.
    decimal, group : str
        Marks between whole and fraction, and between thousands.
    phrases : mapping of str to str
        Dotted key to template.
    texts : mapping of str to str
        English texts of data files and of other rooms, as templates, to this language's.
    patterns : tuple of (pattern, template)
        Those of `texts` that have placeholders, the one with most words of its own first.
    """

    code: str
    decimal: str
    group: str
    phrases: Mapping[str, str]
    texts: Mapping[str, str]
    patterns: tuple[tuple[re.Pattern[str], str], ...]


@cache
def language(code: str) -> Language:
    """Return a language by its code.

    Raises
    ------
    InputError
        If there is no file for it.
    """
    file = FOLDER / f"{code}.yaml"
    if code not in languages():
        raise InputError(f"There is no language {code!r}: choose one of {', '.join(languages())}.")
    data: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    rules = data.pop("language")
    spacing: dict[str, str] = rules.get("spacing", {})
    texts = {str(k): _spaced(v, spacing) for k, v in (data.pop("texts", None) or {}).items()}
    phrases = {key: _spaced(text, spacing) for key, text in _flat(data)}
    templates = sorted((k for k in texts if "{" in k), key=lambda k: -len(re.sub(r"{\w+}", "", k)))
    patterns = tuple((_pattern(k), texts[k]) for k in templates)
    return Language(rules["code"], rules["decimal"], rules["group"], phrases, texts, patterns)


def languages() -> tuple[str, ...]:
    """Return the codes of all languages that there is a file for, English first."""
    return tuple(sorted((file.stem for file in FOLDER.glob("*.yaml")), key=lambda code: (code != DEFAULT, code)))


@contextmanager
def speaking(code: str) -> Iterator[Language]:
    """Speak another language inside the block: figures, tables, words and numbers."""
    chosen = language(code)
    token = _CURRENT.set(code)
    try:
        yield chosen
    finally:
        _CURRENT.reset(token)


def current() -> Language:
    """Return the language that is spoken."""
    return language(_CURRENT.get())


def phrase(key: str, **values: object) -> str:
    """Return the phrase of a key, with its placeholders filled.

    Raises
    ------
    KeyError
        If the language has no such phrase or a placeholder gets no value.
    """
    return current().phrases[key].format(**values)


def translate(text: str) -> str:
    """Return a text of a data file or another room in the reader's language; as it is where nobody has translated it.

    A text with numbers or dates matches the template that it was made from; they come out by the language's rules.
    """
    spoken = current()
    if text in spoken.texts:
        return spoken.texts[text]
    for pattern, template in spoken.patterns:
        match = pattern.fullmatch(text)
        if match:
            return template.format(**{name: _renumbered(value) for name, value in match.groupdict().items()})
    return text


def has_translation(text: str) -> bool:
    """Return whether `translate` would find the text in the language spoken; always so in English."""
    spoken = current()
    return spoken.code == DEFAULT or text in spoken.texts or any(p.fullmatch(text) for p, _ in spoken.patterns)


def country_name(iso3: str) -> str:
    """Return a country's name; a code that is none of the sixteen stays as it is."""
    return current().phrases.get(f"countries.{iso3}", COUNTRIES.get(iso3, iso3))


def outcome_name(outcome: str) -> str:
    """Return the words for a type of violence."""
    return current().phrases.get(f"outcomes.{outcome}", OUTCOMES.get(outcome, outcome))


def decimal(value: float, places: int) -> str:
    """Return a number with a fixed number of decimals: ``1234.5`` with one is ``"1,234.5"`` in English."""
    return _marked(f"{value:,.{places}f}")


def whole(value: float) -> str:
    """Return a whole number with its thousands marked."""
    return decimal(value, 0)


def per_cent(share: float, places: int = 0) -> str:
    """Return a share (0 to 1) as per cents."""
    return phrase("number.per_cent", number=decimal(share * 100, places))


def listed(parts: list[str] | tuple[str, ...]) -> str:
    """Return parts as a list in words, with "and" before the last."""
    if len(parts) < 2:
        return "".join(parts)
    return phrase("number.list", first=", ".join(parts[:-1]), last=parts[-1])


def placeholders(template: str) -> set[str]:
    """Return the names of a template's placeholders."""
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def _marked(english: str) -> str:
    spoken = current()
    if not english.strip("-0.,"):
        english = english.lstrip("-")
    return english.translate({ord(","): spoken.group, ord("."): spoken.decimal, ord("-"): "−"})


def _renumbered(text: str) -> str:
    return _NUMBER.sub(lambda match: _marked(match[0]), _DATE.sub(_dated, text))


def _dated(match: re.Match[str]) -> str:
    """Return a date as 2023-12 or 2023-12-31 in words."""
    year, month, day = match.groups()
    named = phrase("number.month", month=phrase(f"months.m{int(month)}"), year=year)
    if day is None:
        return named
    return phrase("number.first_day", month=named) if day == "01" else phrase("number.day", day=int(day), month=named)


def _flat(data: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in data.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)


def _spaced(text: str, spacing: Mapping[str, str]) -> str:
    """Put the language's own spaces around its marks, so that translators can type ordinary ones."""
    text = " ".join(text.split(" ")).strip("\n")
    for plain, typeset in spacing.items():
        text = text.replace(plain, typeset)
    return text


def _pattern(template: str) -> re.Pattern[str]:
    parts = []
    for literal, name, _, _ in Formatter().parse(template):
        parts.append(re.escape(literal))
        if name:
            parts.append(rf"(?P<{name}>.+?)")
    return re.compile("".join(parts))
