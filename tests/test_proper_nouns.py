"""The program names no country, event or mission: what it says of a place it takes from the case that is told."""

import ast
import io
import re
import token
import tokenize
from pathlib import Path

import pytest
import yaml
from babel import Locale

from harmattan.core.countries import COUNTRY_CODES
from harmattan.core.language import language, languages

PACKAGE = Path(__file__).resolve().parents[1] / "models" / "harmattan"
FILES = sorted(PACKAGE.rglob("*.py"))

OF_ONE_CASE = (
    *("MINUSMA", "MONUSCO", "MINUSTAH", "Sahel", "Sahelian", "West Africa", "West African", "Afrique de l'Ouest"),
    *("Wagner", "Barkhane", "Algiers", "Alger", "Kidal", "Bamako", "Kremlin", "Moscow", "Moscou", "Moura", "Djibo"),
    *("JNIM", "Boko Haram", "Tigray", "Tigré", "Malian", "Malians", "Malien", "Maliens", "malien", "maliens"),
    *("withdrawal", "mission_stays", "coup-ner", "accord-ended", "accord-hostilities", "minusma-left"),
    *("kidal-base-closed", "sixteen", "seize"),
)
"""Words of the case that is shipped, and of others: none of them belongs into the program."""

GENERAL = {"likelihood.icd203_name", "number.words.n16"}
"""Sentences that name a country as the publisher of a standard, and numbers in words."""

ALLOWED = {"evaluate/scores.py": 1}
"""Places that are no country: the author of a paper."""


def names() -> set[str]:
    """Return what countries are called in every language of the program, however the apostrophe is written."""
    found = {
        name
        for code in languages()
        for two, name in Locale.parse(code).territories.items()
        if re.fullmatch("[A-Z]{2}", two) and two not in ("EU", "EZ", "UN", "QO", "XA", "XB", "ZZ")
    }
    return found | {name.replace("’", "'") for name in found}


PATTERN = re.compile(
    r"(?<![\w-])(?:" + "|".join(sorted(map(re.escape, names() | set(OF_ONE_CASE)), key=len, reverse=True)) + r")(?!\w)"
)
TEXT = {token.STRING, token.COMMENT, token.FSTRING_MIDDLE}


def in_python(path: Path) -> list[str]:
    """Return every proper noun in texts and comments of a file, and every code of a country that stands by itself."""
    source = path.read_text(encoding="utf-8")
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    said = [found for one in tokens if one.type in TEXT for found in PATTERN.findall(one.string)]
    constants = (node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant))
    return said + [value for value in constants if isinstance(value, str) and value in COUNTRY_CODES]


def sentences(code: str) -> dict[str, str]:
    """Return every sentence of a language file by its key; texts of other rooms with their English."""
    spoken = language(code)
    texts = {f"texts.{english}": f"{english} {text}" for english, text in spoken.texts.plain.items()}
    return dict(spoken.phrases) | texts


def test_files_of_the_program_name_no_country():
    found = {path.relative_to(PACKAGE).as_posix(): in_python(path) for path in FILES}
    named = {name: said for name, said in found.items() if len(said) != ALLOWED.get(name, 0)}
    assert not named, f"take the name from the case (core/telling.py): {named}"


@pytest.mark.parametrize("code", languages())
def test_sentences_name_no_country(code):
    named = {
        key: PATTERN.findall(text.replace("’", "'")) for key, text in sentences(code).items() if key not in GENERAL
    }
    assert {key: found for key, found in named.items() if found} == {}


def test_first_names_and_parts_of_words_give_no_alarm():
    text = "Michael Jordanian, a nigerian jar, Togolese; chad, turkey and the mission"
    assert PATTERN.findall(text) == []
    assert PATTERN.findall("deaths in Mali, Côte d'Ivoire and the Sahel") == ["Mali", "Côte d'Ivoire", "Sahel"]


def test_the_language_files_are_read_whole():
    for code in languages():
        data = yaml.safe_load((PACKAGE / "languages" / f"{code}.yaml").read_text(encoding="utf-8"))
        assert len(sentences(code)) > 500 and set(data) >= {"grammar", "case", "texts"}
