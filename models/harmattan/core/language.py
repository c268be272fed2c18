"""What a reader sees, in the reader's language: words from `languages/<code>.yaml`, numbers by that language's rules.

Code holds keys, files hold sentences: a new language is a new file. `speaking("fr")` sets the language of a block;
outside any block it is English. Names, and texts of the analyst's own, come from the case that is being told
(`core.telling`).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from .errors import InputError
from .grammar import Grammar, Name, Nouns
from .names import HEADLINE, ONE_SIDED_PARTS, OUTCOMES
from .telling import UCDP, Forms, told, told_or_none
from .typesetting import flat, pattern_of, spaced, spaced_by_kind
from .unit_names import common_name

FOLDER = Path(__file__).resolve().parents[1] / "languages"
DEFAULT = "en"
_CURRENT: ContextVar[str] = ContextVar("language", default=DEFAULT)
AS_WRITTEN = (
    *("again", "branch", "claim", "column", "driver", "event", "id", "key", "kind", "name", "one", "other", "same"),
    *("scenario", "source", "unit", "value", "where", "word"),
)
"""How placeholders begin that hold an id, a key or a column: a single word in them stays as the reader wrote it."""
_DATE = re.compile(r"\b(\d{4})-(0[1-9]|1[0-2])(?:-(\d{2}))?\b")
_NUMBER = re.compile(r"(?<![\w-])\d[\d,]*(?:\.\d+)?(?![\w-])")


@dataclass(frozen=True)
class Texts:
    """English texts of data files and of other rooms, as templates, to a language's.

    Attributes
    ----------
    plain : mapping of str to str
        All of them.
    patterns : tuple of (pattern, template)
        Those that have placeholders, the one with most words of its own first.
    """

    plain: Mapping[str, str]
    patterns: tuple[tuple[re.Pattern[str], str], ...]

    def find(self, text: str, worded: Callable[[str], str] | None = None) -> str | None:
        """Return a text in the language; None where nobody has translated it.

        Parameters
        ----------
        text : str
        worded : callable, optional
            Words what stands in the placeholders; by default numbers and dates by the language's rules.
        """
        if text in self.plain and "{" not in text:
            return self.plain[text].format_map(_Values({}, text))
        for pattern, template in self.patterns:
            match = pattern.fullmatch(text)
            if match:
                given = {
                    name: value if worded and _as_written(name, value) else (worded or _renumbered)(value)
                    for name, value in match.groupdict().items()
                }
                return template.format_map(_Values(given, text))
        return None


def _as_written(name: str, value: str) -> bool:
    return name.startswith(AS_WRITTEN) and " " not in value


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
    texts : Texts
        What other rooms of the program say.
    terminal : Texts
        What stands in the code in English for a terminal: errors, help, steps, headings of tables.
    grammar : Grammar
        How names stand in sentences.
    units : Nouns
        What units are called.
    headlines, records : mapping of str to Forms
        How sentences speak of the outcome that answers are about, and of who keeps the record.
    spacing : mapping of str to str
        Marks as a translator types them to the same with the language's own spaces.
    """

    code: str
    decimal: str
    group: str
    phrases: Mapping[str, str]
    texts: Texts
    terminal: Texts
    grammar: Grammar
    units: Nouns
    headlines: Mapping[str, Forms]
    records: Mapping[str, Forms]
    spacing: Mapping[str, str]


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
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C it takes a tenth of the time
    data: dict[str, Any] = yaml.load(file.read_text(encoding="utf-8"), Loader=loader)
    rules = data.pop("language")
    spacing: dict[str, str] = rules.get("spacing", {})
    grammar = data.pop("grammar")
    nouns, headlines, records = (spaced_by_kind(data.pop(key), spacing) for key in ("units", "headlines", "records"))
    units = Nouns(spaced_by_kind(data.pop("unit_kinds"), spacing), nouns)
    kinds = tuple((re.compile(pattern), kind) for pattern, kind in grammar.pop("kinds").items())
    forms = {form: {kind: spaced(text, spacing) for kind, text in by.items()} for form, by in grammar.items()}
    texts = made_texts(data.pop("texts", None) or {}, spacing)
    terminal = made_texts(data.pop("terminal", None) or {}, spacing)
    phrases = {key: spaced(text, spacing) for key, text in flat(data)}
    return Language(
        rules["code"], rules["decimal"], rules["group"], phrases, texts, terminal,
        Grammar(kinds, forms), units, headlines, records, spacing,
    )  # fmt: skip


def made_texts(given: Mapping[str, str], spacing: Mapping[str, str]) -> Texts:
    """Return texts as `Texts.find` looks them up."""
    texts = {str(k): spaced(str(v), spacing) for k, v in given.items()}
    templates = sorted((k for k in texts if "{" in k), key=lambda k: -len(re.sub(r"{\w+}", "", k)))
    return Texts(texts, tuple((pattern_of(k), texts[k]) for k in templates))


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
    """Return the phrase of a key, with its placeholders filled: from `values`, else from the case that is being told.

    Raises
    ------
    KeyError
        If the language has no such phrase or a placeholder gets no value.
    NoCaseToldError
        If a placeholder asks for a word of the case and none is being told.
    """
    return current().phrases[key].format_map(_Values(values, key))


CASE_WORDS = ("home", "actor", "event", "watched", "units", "record", "recorder", "unit", "toll")
"""Placeholders that the case fills where the code gives no value."""


class _Values(dict[str, object]):
    def __init__(self, given: Mapping[str, object], key: str) -> None:
        super().__init__(given)
        self._key = key

    def __missing__(self, name: str) -> object:
        if name not in CASE_WORDS:
            raise KeyError(f"{self._key}: {{{name}}}")
        return case_word(name, f"The phrase {self._key!r}")


def case_word(name: str, what: str = "This text") -> str:
    """Return a word of the case that is being told: one of `CASE_WORDS`.

    For event, actor and watched units there are general words, where no case is told or it does not name them. Where no
    case is told units are places, and the toll is that of the program's own headline.

    Parameters
    ----------
    name : str
    what : str
        What needs it, for the message of `NoCaseToldError`.
    """
    if name == "home":
        return country_name(told(what).home)
    if name == "units":
        return current().phrases.get(f"number.words.n{len(told(what).units)}", whole(len(told(what).units)))
    if name == "record":
        return told(what).record
    if name in _OF_KINDS:
        return _OF_KINDS[name]()
    case = told_or_none()
    if name == "actor" and case is not None and case.actor:
        return case.actor
    named: Mapping[str, Forms] = {} if case is None else case.watched if name == "watched" else case.event
    return _named_by_phrases("case.watched" if name == "watched" else "case.event", named.get(current().code, {}))


def unit_noun() -> Name:
    """Return what the units of the case that is told are: `{unit}` "country", `{unit.plural}` "countries"."""
    case, nouns = told_or_none(), current().units
    if case is None:
        return nouns.noun(nouns.known["place"])
    called = case.called.get(current().code)
    return nouns.noun(_spaced_all(called) if called else nouns.known[case.unit])


def toll_words() -> Name:
    """Return how sentences speak of the headline of the case that is told: `{toll}` is "civilians killed"."""
    case, known = told_or_none(), current().headlines
    headline = HEADLINE if case is None else case.headline
    name = outcome_name(headline)
    forms = {**known["other"], **known.get(headline, {})}
    made = {form: text.format(name=name, head=name[:1].upper() + name[1:]) for form, text in forms.items()}
    return Name(made.pop("name"), made)


def recorder_words() -> Name:
    """Return who keeps the record of the case that is told: `{recorder}` is "UCDP", or the name of the record."""
    case, known = told_or_none(), current().records
    source = UCDP if case is None else case.source
    forms = known["ucdp" if source.split()[0] == "UCDP" else "other"]
    made = {form: text.format(source=source) for form, text in forms.items()}
    return Name(made.pop("name"), made)


_OF_KINDS = {"unit": unit_noun, "toll": toll_words, "recorder": recorder_words}


def _named_by_phrases(key: str, given: Forms) -> Name:
    """Return a name of the case; forms that it does not give are those of the phrases below `key`."""
    phrases, below = current().phrases, f"{key}_"
    texts = _spaced_all(given)
    bare = texts.pop("name", phrases[key])
    words = {"name": bare, "unit": unit_noun()}
    general = {k.removeprefix(below): v.format(**words) for k, v in phrases.items() if k.startswith(below)}
    return Name(bare, general | texts)


def with_guess(caption: str, key: str) -> str:
    """Return a caption, and after it the phrase of a key where the borders of the case that is told are a guess."""
    case = told_or_none()
    return f"{caption} {phrase(key)}" if case is not None and case.borders_guessed else caption


def case_title() -> str:
    """Return the title of the case that is being told."""
    return in_this_language(told("The title of the page").title)


def case_note(key: str) -> str:
    """Return a longer text of the case that is being told, as a template; empty where it has none."""
    return in_this_language({code: notes.get(key, "") for code, notes in told("A note").notes.items()})


def in_this_language(texts: Mapping[str, str]) -> str:
    """Return one of a text's versions by language code: in the language spoken, else in English, else nothing."""
    text = texts.get(current().code) or texts.get(DEFAULT, "")
    return spaced(text, current().spacing)


def translate(text: str) -> str:
    """Return a text of a data file or another room in the reader's language; as it is where nobody has translated it.

    The case that is being told comes first, then the program. A text with numbers or dates matches the template that it
    was made from; they come out by the language's rules.
    """
    found = _translated(text)
    return text if found is None else found


def has_translation(text: str) -> bool:
    """Return whether `translate` would find the text in the language spoken; always so in English."""
    return current().code == DEFAULT or _translated(text) is not None


def _translated(text: str) -> str | None:
    spoken, case = current(), told_or_none()
    own = None if case is None else _texts_of(tuple(case.texts.get(spoken.code, {}).items()), spoken.code).find(text)
    return spoken.texts.find(text) if own is None else own


@lru_cache(maxsize=8)
def _texts_of(texts: tuple[tuple[str, str], ...], code: str) -> Texts:
    return made_texts(dict(texts), language(code).spacing)


def country_name(code: str) -> Name:
    """Return what a unit is called, by the case that is being told or by the world; other codes stay as they are.

    Templates ask it for its forms: ``{country.in}`` is "in Atlantis", ``{country.of}`` "of Atlantis".
    """
    spoken, case = current(), told_or_none()
    given = {} if case is None else _spaced_all(case.names.get(spoken.code, {}).get(code, {}))
    bare, kind = common_name(code, spoken.code)
    forms = {form: text for form, text in given.items() if form != "name"}
    return spoken.grammar.named(given.get("name") or spaced(bare, spoken.spacing), kind, forms)


def scenario_name(name: str) -> str:
    """Return the short name of a scenario, as figures and tables have it: ``it_stays`` is "it stays"."""
    case = told_or_none()
    own = {} if case is None else case.scenarios.get(current().code, {})
    short = own.get(name) or current().phrases.get(f"scenarios.{name}", name.replace("_", " "))
    return spaced(short, current().spacing)


def _spaced_all(texts: Mapping[str, str]) -> dict[str, str]:
    return {key: spaced(text, current().spacing) for key, text in texts.items()}


def outcome_name(outcome: str) -> str:
    """Return the words for a type of violence."""
    return current().phrases.get(f"outcomes.{outcome}", {**OUTCOMES, **ONE_SIDED_PARTS}.get(outcome, outcome))


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


def fields(template: str) -> set[str]:
    """Return a template's placeholders as they stand in it, such as `month` and `home.in`."""
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def placeholders(template: str) -> set[str]:
    """Return the names of a template's placeholders; a form of a name counts as the name."""
    return {name.split(".")[0] for name in fields(template)}


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
