"""Words by which a sentence of a new document is sorted: when, what sort of statement, which way."""

from functools import cache
from typing import Annotated

from pydantic import Field

from ..core.resources import shipped_root
from .lexicon import Forms
from .validation import validate
from .vocabulary import ClaimDirection, ClaimKind, Distinct, HorizonName, Record, Text
from .yaml_source import read_yaml


class KindWords(Record):
    """Words that make a sentence a statement of one kind."""

    kind: ClaimKind
    forms: Forms


class ReadingWords(Record):
    """Words of one language, general and of no case."""

    language: Text
    """As in the `lang` attribute of a page."""
    function_words: Annotated[tuple[Text, ...], Distinct]
    """The commonest words, by which the language is told."""
    empty_words: Annotated[tuple[Text, ...], Distinct]
    """Words that say nothing of what a document is about."""
    asides: Forms
    """Phrases that only point to what follows, so that no hedge in them is the sentence's own."""
    horizons: dict[HorizonName, Forms]
    kinds: Annotated[tuple[KindWords, ...], Field(min_length=1)]
    """Tried in this order."""
    directions: dict[ClaimDirection, Forms]
    """Tried in this order."""


@cache
def reading_words() -> ReadingWords:
    """Return the program's own words (`seeds/library/reading.yaml`)."""
    return validate(ReadingWords, read_yaml(shipped_root() / "seeds" / "library" / "reading.yaml"))
