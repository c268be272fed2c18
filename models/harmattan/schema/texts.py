"""Translations of what the files of a case say: `seeds/texts/<language>.yaml`."""

from functools import cache
from pathlib import Path

from pydantic import Field

from ..core.language import fields
from .case_words import asks_for_a_word
from .validation import Problems, validate
from .vocabulary import Record, Text
from .yaml_source import YamlDocument, read_yaml

TEXTS = "seeds/texts"
"""Folder of translations, below the folder of the case."""


class TextsFile(Record):
    """Translations into one language."""

    scenarios: dict[str, Text] = Field(default_factory=dict)
    """Short name of a scenario by its id, as figures and tables have it."""
    texts: dict[str, Text] = Field(default_factory=dict)
    """English text of a file of the case to the same in the language; what is in braces may be any word or number."""


def read_texts(path: Path) -> TextsFile:
    """Read a file of translations.

    Raises
    ------
    InputError
        If it is wrong, or a translation asks for what its English text does not give.
    """
    return _read_at(path, path.stat().st_mtime_ns)


@cache
def _read_at(path: Path, changed: int) -> TextsFile:
    document = read_yaml(path)
    file = validate(TextsFile, document)
    _check_placeholders(file, document)
    return file


def _check_placeholders(file: TextsFile, document: YamlDocument) -> None:
    problems = Problems()
    for english, text in file.texts.items():
        try:
            unknown = {name for name in fields(text) - fields(english) if not asks_for_a_word(name)}
        except ValueError:
            problems.add(document, ("texts", english), "has a { or } without its other half; add it or take it away.")
            continue
        if unknown:
            asked = ", ".join(f"{{{name}}}" for name in sorted(unknown))
            problems.add(document, ("texts", english), f"{asked} is not in the English text; write what stands there.")
    problems.raise_if_any()
