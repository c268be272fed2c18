"""JSON Schema of every file that an analyst edits, so that editors complete keys and words and mark what is wrong.

The schemas are made from the same records that `harmattan validate` checks with. They stand in `seeds/schemas/`, where
the `$schema` line of a new file points; `python -m harmattan.schema.json_schema` writes them anew. What they cannot say
is whether an id exists in another file: that is left to `harmattan validate`.
"""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from ..core.errors import InputError
from ..core.files import check_folder, file_in_place
from ..core.resources import project_root, shipped_root
from .actors import ACTORS_FILE, Actor
from .case import CaseDefinition, read_case
from .credits import CREDITS_FILE, Credit
from .draft import DRAFTS, DraftsFile
from .driver import Driver
from .events import EVENTS_FILE, CaseEvent, read_events
from .evidence import EvidenceFile
from .exits import ExitFile
from .lexicon import HedgeLexicon, MagnitudeLexicon, PhraseLexicon, ReliabilityLexicon, Yardsticks
from .reading_words import ReadingWords
from .records import Claim, Conflict, Fact, Source
from .scenario import Scenario
from .texts import TextsFile
from .validation import suggestion

DIALECT = "https://json-schema.org/draft/2020-12/schema"

KINDS: dict[str, tuple[Any, str]] = {
    "case": (CaseDefinition, "case.yaml"),
    "source": (list[Source], "seeds/sources.yaml"),
    "claim": (list[Claim], "seeds/claims/*.yaml"),
    "draft": (DraftsFile, f"{DRAFTS}/*.yaml"),
    "fact": (list[Fact], "seeds/facts.yaml"),
    "conflict": (list[Conflict], "seeds/conflicts.yaml"),
    "event": (list[CaseEvent], EVENTS_FILE),
    "evidence": (EvidenceFile, "seeds/evidence/*.yaml"),
    "exits": (ExitFile, "seeds/evidence/exits.yaml"),
    "driver": (list[Driver], "scenarios/drivers.yaml"),
    "actor": (list[Actor], ACTORS_FILE),
    "scenario": (Scenario, "scenarios/*.yaml"),
    "texts": (TextsFile, "seeds/texts/*.yaml"),
    "credit": (list[Credit], CREDITS_FILE),
    "lexicon-capphrase": (PhraseLexicon, "seeds/lexicons/capphrase.yaml"),
    "lexicon-hedges": (HedgeLexicon, "seeds/lexicons/hedges.yaml"),
    "lexicon-magnitudes": (MagnitudeLexicon, "seeds/lexicons/magnitudes.yaml"),
    "lexicon-reading": (ReadingWords, "seeds/library/reading.yaml"),
    "lexicon-reliability": (ReliabilityLexicon, "seeds/lexicons/reliability.yaml"),
    "lexicon-yardsticks": (Yardsticks, "seeds/lexicons/yardsticks.yaml"),
}
"""Kind to what the file holds and where such files lie (drivers.yaml and actors.yaml are no scenarios,
exits.yaml holds no items)."""


def json_schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of one kind of file.

    Raises
    ------
    InputError
        If there is no such kind; the known ones are listed.
    """
    if kind not in KINDS:
        raise InputError(
            f"There is no kind of file {kind!r}.{suggestion(kind, KINDS)} Known kinds: {', '.join(KINDS)}."
        )
    content, where = KINDS[kind]
    schema = _with_words_of(_words_of(project_root()), TypeAdapter(content).json_schema())
    if kind == "scenario":
        schema["required"] = ["id"]  # what is left out comes from the scenario that it extends
    return {"$schema": DIALECT, "title": f"Harmattan {kind}: {where}"} | {
        k: v for k, v in schema.items() if k != "title"
    }


def _words_of(folder: Path) -> Callable[[str], list[str]]:
    """Return what says which words a case's files may use, by the kind of word (`CaseDefinition.words`)."""
    case = read_case(folder)
    dated = list(read_events(folder))
    return lambda kind: case.words(kind) + (dated if kind == "events" else [])


def _with_words_of(words: Callable[[str], list[str]], schema: Any) -> Any:
    """Return a schema in which words that the case decides on are listed."""
    if isinstance(schema, list):
        return [_with_words_of(words, part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: _with_words_of(words, part) for key, part in schema.items() if key != "case"}
    if not isinstance(schema.get("case"), str):
        return inner if "case" not in schema else inner | {"case": _with_words_of(words, schema["case"])}
    return {key: part for key, part in inner.items() if key != "minLength"} | {"enum": words(schema["case"])}


def as_text(schema: dict[str, Any]) -> str:
    """Return a schema as the text of its file."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def schema_file_name(kind: str) -> str:
    """Return the name of a kind's schema file."""
    return f"{kind}.schema.json"


def write_schemas(folder: Path, kinds: Iterable[str] = tuple(KINDS)) -> list[Path]:
    """Write the schemas of some kinds into a folder and return the files.

    Raises
    ------
    InputError
        If `folder` is a file or cannot be written to, or a kind is unknown.
    """
    texts = {folder / schema_file_name(kind): as_text(json_schema(kind)) for kind in kinds}
    check_folder(folder, "--out")
    for path, text in texts.items():
        with file_in_place(path) as temporary:
            temporary.write_text(text, encoding="utf-8")
    return list(texts)


if __name__ == "__main__":
    write_schemas(shipped_root() / "seeds" / "schemas")
