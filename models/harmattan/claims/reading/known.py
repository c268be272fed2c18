"""What a case knows before a new document is read: lexicons, places, drivers, and what earlier claims said of them.

Read without the rest of the register, so that reading a document takes a second.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ...core.language import languages
from ...core.unit_names import common_name
from ...schema.case import CaseDefinition, read_case
from ...schema.case_words import UnitForms
from ...schema.clock import Clock
from ...schema.driver import Driver, read_drivers
from ...schema.forms import entry_for
from ...schema.reading_words import ReadingWords, reading_words
from ...schema.yaml_source import read_yaml
from ..lexicon import Lexicons
from ..lexicon_files import read_lexicons
from ..loading import Loading
from .topics import Topics
from .words import Expressions, apart


@dataclass(frozen=True)
class Known:
    """What sentences are held against.

    Attributes
    ----------
    case : CaseDefinition
    lexicons : Lexicons
    drivers : dict of str to Driver
    coded : tuple of dict
        Claims of documents that were coded before, as their files have them.
    words : ReadingWords
    """

    case: CaseDefinition
    lexicons: Lexicons
    drivers: dict[str, Driver]
    coded: tuple[dict[str, Any], ...]
    words: ReadingWords

    @property
    def clock(self) -> Clock:
        """Exit and horizons."""
        return self.case.time

    @cached_property
    def driver_topics(self) -> Topics:
        """Which driver a sentence may be about."""
        texts = {id: [driver.title, driver.means] for id, driver in self.drivers.items()}
        for id, driver in self.drivers.items():
            texts[id] += [text for branch in driver.branches for text in (branch.title or "", branch.means)]
        for claim in self.coded:
            for id in set(claim.get("drivers") or {}) & set(texts):
                texts[id].append(_said(claim))
        return Topics.of(texts, self._empty_words)

    @cached_property
    def outcome_topics(self) -> Topics:
        """What a claim may be about."""
        texts = {name: [name.replace("_", " ")] for name in self.case.words("outcomes") if name != "other"}
        for claim in self.coded:
            if claim.get("outcome") in texts:
                texts[claim["outcome"]].append(_said(claim))
        return Topics.of(texts, self._empty_words)

    @cached_property
    def proposition_topics(self) -> Topics:
        """Which proposition of earlier documents a sentence may say again."""
        texts: dict[str, list[str]] = {}
        for claim in self.coded:
            texts.setdefault(str(claim.get("proposition")), []).append(_said(claim))
        return Topics.of(texts, self._empty_words)

    @cached_property
    def _empty_words(self) -> frozenset[str]:
        """Words that tell no topic from another: the language's, and what the case's places are called."""
        own = self.case.units.names
        names = {name for unit in self.case.units.list for name in _names(unit, own.get(unit, {}))}
        names |= {place.replace("_", " ") for place in self.case.places}
        return frozenset(self.words.empty_words) | {word for name in names for word in name.lower().split()}

    @cached_property
    def hedges(self) -> Expressions:
        """The lexicon of hedges, to be looked for in sentences."""
        return Expressions(self.lexicons.hedges.phrases)

    @cached_property
    def magnitudes(self) -> Expressions:
        """The lexicon of words of size, to be looked for in sentences."""
        return Expressions(self.lexicons.magnitudes.words)

    def reads_hedge(self, words: str) -> bool:
        """Return whether the lexicon of hedges has these words."""
        return entry_for(words, self.lexicons.hedges.phrases) is not None

    def reads_magnitude(self, words: str) -> bool:
        """Return whether the lexicon of words of size has these words."""
        return entry_for(words, self.lexicons.magnitudes.words) is not None

    @cached_property
    def _place_patterns(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        own = self.case.units.names
        units = [(unit, name) for unit in self.case.units.list for name in _names(unit, own.get(unit, {}))]
        words = [(place, place.replace("_", " ")) for place in self.case.places]
        return (
            *((unit, _name_pattern(way)) for unit, name in units for way in (name, name.upper())),
            *((place, _name_pattern(name, re.IGNORECASE)) for place, name in words),
        )

    def places_in(self, text: str) -> list[tuple[str, str]]:
        """Return (place, words) for every unit and place of the case that a text names, in order and once each.

        A name may have an ending of up to four letters, as names of peoples do; the longer name wins.
        """
        plain = _plain(text)
        found = {
            match.span(1): (id, match) for id, pattern in self._place_patterns for match in pattern.finditer(plain)
        }
        names = [(span, *found[span]) for span in apart(found)]
        return list({id: (id, text[match.start() : match.end()]) for _, id, match in names}.values())

    @cached_property
    def _subject(self) -> re.Pattern[str]:
        names = [self.case.actor or ""]
        words = "|".join(re.escape(_plain(name)) for name in names if name)
        return re.compile(rf"\b(?:{words})\b" if words else r"(?!)", re.IGNORECASE)

    def names_subject(self, text: str) -> bool:
        """Return whether a text names who leaves, or a place of the case."""
        return bool(self._subject.search(_plain(text)) or self.places_in(text))

    def without(self, sources: Iterable[str]) -> "Known":
        """Return the same without what was coded of some sources."""
        left_out = set(sources)
        coded = tuple(claim for claim in self.coded if claim.get("source") not in left_out)
        return Known(self.case, self.lexicons, self.drivers, coded, self.words)


def known_of(root: Path) -> Known:
    """Return what the case in a folder knows.

    Raises
    ------
    InputError
        If `case.yaml`, a lexicon, the drivers or a file of claims cannot be read.
    """
    paths = sorted((root / "seeds" / "claims").glob("*.yaml"))
    coded = [claim for path in paths for claim in read_yaml(path, root="claims").data or []]
    return Known(
        case=read_case(root),
        lexicons=read_lexicons(Loading(), root / "seeds" / "lexicons"),
        drivers=read_drivers(root / "scenarios" / "drivers.yaml"),
        coded=tuple(claim for claim in coded if isinstance(claim, dict)),
        words=reading_words(),
    )


def _said(claim: dict[str, Any]) -> str:
    return f"{claim.get('paraphrase') or ''} {str(claim.get('proposition') or '').replace('-', ' ')}"


def _names(unit: str, own: Mapping[str, UnitForms]) -> set[str]:
    """Return what a unit is called in every language of the program, by the case and by the world."""
    named = {forms.name for forms in own.values()} | {common_name(unit, code)[0] for code in languages()}
    return {name for name in named if name != unit}


def _plain(text: str) -> str:
    """Return a text of the same length without accents and with plain apostrophes."""
    plain = (unicodedata.normalize("NFKD", sign)[:1] or sign for sign in text)
    return "".join(plain).replace("’", "'")


def _name_pattern(name: str, flags: int = 0) -> re.Pattern[str]:
    words = re.escape(_plain(name)).replace(r"\ ", r"[\s_-]+")
    return re.compile(rf"(?<!\w)({words})[^\W\d_]{{0,4}}(?!\w)", flags)
