"""The register agrees with the original documents, and the project holds none of their sentences."""

import dataclasses
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from harmattan.claims.documents import check_documents
from harmattan.claims.register import load_register
from harmattan.core.errors import InputError
from harmattan.schema.scenario import load_scenario, scenario_names

PROJECT = Path(__file__).resolve().parents[1]
DOCUMENTS = PROJECT.parent / "shared" / "seeds"
RUN = 8
OFFICIAL_NAME = "the united nations multidimensional integrated stabilisation stabilization mission in mali minusma"
NAMES = set(OFFICIAL_NAME.split())


@pytest.fixture(scope="module")
def register():
    return load_register()


@pytest.fixture(scope="module")
def documents() -> Path:
    if not DOCUMENTS.is_dir():
        pytest.skip("original documents not at ../shared/seeds")
    return DOCUMENTS


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower().replace("’", "'").replace("'", ""))


def _runs(words: list[str]) -> set[tuple[str, ...]]:
    runs = zip(*(words[i:] for i in range(RUN)), strict=False)
    return {run for run in runs if not set(run) <= NAMES}


def test_lines_hedges_magnitudes_and_hashes_agree_with_the_documents(register, documents):
    scenarios = [load_scenario(name) for name in scenario_names()]
    check_documents(register, documents, scenarios=scenarios)


def _tracked() -> list[Path]:
    """Every file that the project hands on."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    return [PROJECT / name for name in listed.split("\0") if name and (PROJECT / name).is_file()]


def _text_of(path: Path) -> str | None:
    """A file's text, None when it holds none. Of a notebook cells and outputs as they read, not as they are stored."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
    if path.suffix != ".ipynb":
        return text.replace("\\n", " ")
    return "\n".join(_strings(json.loads(text)["cells"]))


def _strings(data: object) -> Iterator[str]:
    """All text inside a notebook's cells; a list of lines is one text."""
    if isinstance(data, list) and all(isinstance(item, str) for item in data):
        yield "".join(data)
    elif isinstance(data, str):
        yield data
    elif isinstance(data, dict | list):
        for item in data.values() if isinstance(data, dict) else data:
            yield from _strings(item)


@pytest.fixture(scope="module")
def their_runs(documents) -> dict[tuple[str, ...], str]:
    theirs: dict[tuple[str, ...], str] = {}
    for path in sorted(documents.glob("0*.txt")):
        theirs |= dict.fromkeys(_runs(_words(path.read_text(encoding="utf-8"))), path.name)
    return theirs


def test_no_run_of_eight_words_of_a_document_is_in_the_project(their_runs):
    found, read = [], []
    for path in _tracked():
        text = _text_of(path)
        if text is not None:
            read.append(path.suffix)
            shared = their_runs.keys() & _runs(_words(text))
            found += [f"{path.relative_to(PROJECT)}: {their_runs[run]}: {' '.join(run[:3])} ..." for run in shared]
    assert {".md", ".py", ".yaml", ".csv", ".ipynb", ".json", ".j2", ".toml"} <= set(read)
    assert not found, "\n".join(found)


def test_a_sentence_is_found_however_it_is_stored(documents, their_runs, tmp_path):
    """Planted in a comment, over two lines, in a string with an escape, and over two lines of a notebook's cell."""
    line = next(line for line in sorted(documents.glob("0*.txt"))[0].read_text().splitlines() if len(line.split()) > 12)
    words = line.split()[:12]
    first, second = " ".join(words[:6]), " ".join(words[6:])
    notebook = {"cells": [{"cell_type": "markdown", "source": [f"{first}\n", second]}]}
    for name, text in {
        "a.py": f"# {first}\n# {second}\n",
        "b.yaml": f'note: "{first}\\n{second}"\n',
        "c.ipynb": json.dumps(notebook),
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert their_runs.keys() & _runs(_words(_text_of(tmp_path / name))), name


def _folder_with(register, tmp_path: Path, lines: int = 400) -> Path:
    """Stand-ins for the documents, long enough for every citation but without their words."""
    for source in register.sources.values():
        (tmp_path / source.file).write_text("\n".join(["word"] * lines), encoding="utf-8")
    return tmp_path


def test_every_disagreement_is_listed(register, tmp_path):
    folder = _folder_with(register, tmp_path)
    (folder / "004_b63fa0e52479ec40.txt").unlink()
    with pytest.raises(InputError) as caught:
        check_documents(register, folder)
    message = str(caught.value)
    assert "000_09e09d23894f455d.txt: SHA-256 is" in message
    assert "004_b63fa0e52479ec40.txt: document of source news-bnn is not in" in message
    assert "do not stand on line" in message


def test_a_line_beyond_the_end_is_named(register, tmp_path):
    folder = _folder_with(register, tmp_path, lines=3)
    lone = dataclasses.replace(register, claims={"chat-bard-084-a": register.claims["chat-bard-084-a"]})
    with pytest.raises(InputError, match="chat-bard-084-a cites line 84, which is empty or beyond the last line, 3"):
        check_documents(dataclasses.replace(lone, facts={}, conflicts={}), folder)


def test_a_missing_folder_is_said_to_be_missing(register, tmp_path):
    with pytest.raises(InputError, match="there is no such folder"):
        check_documents(register, tmp_path / "nowhere")
