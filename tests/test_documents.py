"""The register agrees with the original documents, and the project holds none of their sentences."""

import dataclasses
import re
from pathlib import Path

import pytest

from harmattan.claims.documents import check_documents
from harmattan.claims.register import load_register
from harmattan.core.errors import InputError
from harmattan.schema.scenario import load_scenario

PROJECT = Path(__file__).resolve().parents[1]
DOCUMENTS = PROJECT.parent / "shared" / "seeds"
RUN = 8
NOT_OURS = {
    ".git",
    ".venv",
    ".tools",
    "out",
    "dist",
    "build",
    ".pytest_cache",
    ".ruff_cache",
    ".mypy_cache",
    "__pycache__",
}
TEXT = {".md", ".py", ".yaml", ".yml", ".toml", ".txt", ".csv", ".ipynb", ".html", ".j2", ".css", ".json", ""}
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
    scenarios = [load_scenario(name) for name in ("baseline", "withdrawal", "mission_stays")]
    check_documents(register, documents, scenarios=scenarios)


def test_no_run_of_eight_words_of_a_document_is_in_the_project(documents):
    theirs: dict[tuple[str, ...], str] = {}
    for path in sorted(documents.glob("0*.txt")):
        theirs |= dict.fromkeys(_runs(_words(path.read_text(encoding="utf-8"))), path.name)
    found = []
    for path in sorted(PROJECT.rglob("*")):
        if path.is_file() and path.suffix in TEXT and not NOT_OURS & set(path.relative_to(PROJECT).parts):
            if path.stat().st_size > 300_000:
                continue
            shared = theirs.keys() & _runs(_words(path.read_text(encoding="utf-8", errors="ignore")))
            found += [f"{path.relative_to(PROJECT)}: {theirs[run]}: {' '.join(run[:3])} ..." for run in shared]
    assert not found, "\n".join(found)


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
