"""Whatever is wrong, a reader who asked for French is told so in French: every error and warning has its words.

The texts are read from the code (`said_texts`), so that a new one without French fails here.
"""

import re
from pathlib import Path

import pytest
from said_texts import BLANK, Reader, Said

from harmattan.cli import door
from harmattan.core.errors import InputError
from harmattan.core.language import language, speaking
from harmattan.core.terminal import terminal_words
from harmattan.schema.scenario import Scenario
from harmattan.schema.validation import validate
from harmattan.schema.yaml_source import read_yaml

PACKAGE = Path(door.__file__).parents[1]
FILL = "x7"
SAME = {text for text, french in language("fr").terminal.plain.items() if text == french}
"""Texts that are the same in both languages."""
YAML_WORDS = {"absent", "happens"}
"""What an analyst writes as it stands."""
NEVER_SAID = {
    "has this  already. Add claims": "said only where text or file name are the same",
    " Write , or the branch that is meant.": "said only where a word is meant",
}
"""Texts that the code alone seems to allow, and why nobody meets them."""
_CODE = re.compile(
    r"--[\w-]+(?: [A-Z:]+)?|`[^`]*`|\[[^\]]*\]|\{[^{}]*\}|\S*[_./=<>]\S+|'[^']*'|\"[^\"]*\"|harmattan [a-z ]+[A-Z]*"
)


@pytest.fixture(scope="module")
def all_texts():
    return Reader(PACKAGE).read()


@pytest.fixture(scope="module")
def said(all_texts):
    return [one for one in all_texts if not any(never in one.text for never in NEVER_SAID)]


def left_in_english(said: Said) -> list[str]:
    """Return the words of a text that are still English when French is spoken; all of it where nothing changed."""
    text = said.text.replace(BLANK, FILL)
    french = terminal_words(text).replace("\u202f", " ").replace("\u00a0", " ").replace("’", "'")
    if french == text:
        return [] if text in SAME else [text]
    parts = {part.strip() for part in said.parts if re.fullmatch(" ?[a-z]{3,} ?", part)} - SAME - YAML_WORDS
    return [
        words for words in {*_runs(said.text), *parts} if re.search(rf"(?<!\w){re.escape(words)}(?!\w)", french)
    ]  # fmt: skip


def _runs(text: str):
    """Yield each three words that stand side by side, but not names, options and what is written in files."""
    for piece in re.split(r"[.,:;()]", _CODE.sub(".", text.replace(BLANK, "."))):
        words = piece.split()
        for run in zip(words, words[1:], words[2:], strict=False):
            if all(word.replace("'", "").isalpha() for word in run):
                yield " ".join(run)


def test_the_texts_of_every_room_are_found(said):
    rooms = {one.file.split("/")[0] for one in said}
    assert rooms >= {"case", "claims", "cli", "core", "drivers", "explain", "panel", "report", "run", "schema", "tasks"}
    assert len(said) > 600
    found = {one.text for one in said}
    assert "{} is not a date YYYY-MM-DD" not in found  # a part goes with what it is a part of
    assert any("is not a date YYYY-MM-DD. Nothing was imported" in text for text in found)
    assert any(text.startswith("{} is incomplete or damaged") and "Download it again" in text for text in found)


def test_the_check_finds_what_stays_english():
    with speaking("fr"):
        assert left_in_english(Said("a.py", 1, "This is told in no other tongue."))
        assert left_in_english(Said("a.py", 1, "{}, line {}: this is told in no other tongue."))
        assert left_in_english(Said("a.py", 1, "{} is not one of {}.")) == []


def test_every_error_is_told_in_french(said):
    with speaking("fr"):
        english = {f"{one.file}:{one.line}: {one.text}": left for one in said if (left := left_in_english(one))}
    assert english == {}


def test_what_is_never_said_still_stands_in_the_code(all_texts):
    assert [never for never in NEVER_SAID if not any(never in one.text for one in all_texts)] == []


def refusal(path, text, model=Scenario):
    """Return what a reader of French is told of a file."""
    path.write_text(text, encoding="utf-8")
    with speaking("fr"), pytest.raises(InputError) as error:
        validate(model, read_yaml(path))
    with speaking("fr"):
        return terminal_words(str(error.value)).replace("\u202f", " ").replace("\u00a0", " ").replace("’", "'")


def test_each_problem_of_a_file_is_told_in_french(tmp_path):
    text = refusal(
        tmp_path / "leaves.yaml", 'id: leaves\ntitle: "It leaves"\nprobability: 1.7\nmonths: 4000\nextend: x\n'
    )
    assert "probability (ligne 3) : la valeur doit être d'au plus 1 (trouvé : 1.7)." in text
    assert "extend (ligne 5) : clé inconnue 'extend'. Vouliez-vous dire 'extends' ?" in text


def test_keys_and_ids_stay_as_they_are_written(tmp_path):
    assert terminal_spoken("months") == "mois"  # a heading
    text = refusal(tmp_path / "leaves.yaml", 'id: leaves\ntitle: "It leaves"\nmonths: 4000\n')
    assert "months (ligne 3) : la valeur" in text


def test_a_value_that_yaml_readers_disagree_on_is_refused_in_french(tmp_path):
    text = refusal(tmp_path / "leaves.yaml", "id: leaves\ntitle: yes\n")
    assert "leaves.yaml, ligne 2 : la valeur sans guillemets yes n'a pas le même sens" in text and text.endswith(".")


def terminal_spoken(text):
    with speaking("fr"):
        return terminal_words(text)
