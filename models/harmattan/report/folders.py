"""Folders of results: tables, figures, words and `run.json`, whole or not at all, and nobody else's files touched."""

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from ..core.errors import InputError
from ..core.files import check_folder, folder_in_place
from ..run.inputs_kept import write_inputs
from .tables import Table

RECORD = "run.json"
"""The file of a folder that makes its results repeatable and says which files they are."""

_PAGES = {"brief": "brief.html", "explanation": "explanation.md", "ledger": "ledger.md"}
"""What a result is read from, by which folders of version 0.5 are known."""

_WRITTEN = (".csv", ".png", ".svg", ".pdf")
"""Suffixes of tables and figures."""

_OF_THE_SYSTEM = (".DS_Store", "Thumbs.db", "desktop.ini", "lost+found")
"""What a system puts into folders by itself."""


def plain_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table as plain data; numbers that are not there become None."""
    return json.loads(frame.to_json(orient="records", double_precision=15))


def check_replaceable(out: str | Path | None, result: str) -> None:
    """Refuse a folder that cannot be written to, or that holds what no earlier run of the same command has written.

    Parameters
    ----------
    out : path, optional
        Nothing is checked where nothing is to be written.
    result : str
        What would be written: `brief`, `explanation` or `ledger`.

    Raises
    ------
    InputError
        If `out` is a file, cannot be written to, or holds something else.
    """
    if out is None:
        return
    out = Path(out)
    check_folder(out, "--out")
    held = [] if not out.is_dir() else [path.name for path in out.iterdir() if path.name not in _OF_THE_SYSTEM]
    if held and _record_in(out).get("result") != result:
        raise InputError(
            f"--out {out} holds other files ({', '.join(sorted(held)[:3])}{' ...' if len(held) > 3 else ''}), among "
            f"which no {result} is put. Name a new or empty folder, or one with an earlier {result}."
        )


def results_in_place(out: Path, result: str) -> AbstractContextManager[Path]:
    """Yield a temporary folder whose files take the place of those of an earlier run; other files in `out` stay.

    `write_record` is to be called at the end of the block.
    """
    check_replaceable(out, result)
    return folder_in_place(out, [*_record_in(out).get("files", []), RECORD])


def write_record(folder: Path, result: str, record: Mapping[str, Any]) -> None:
    """Write `run.json`, and beside it `inputs.zip` with the files that were read.

    It also says what was written: the next run replaces these files and no others.
    """
    write_inputs(folder, record.get("inputs_sha256", {}))
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    whole = dict(record) | {"result": result, "files": files}
    text = json.dumps(whole, indent=2, ensure_ascii=False, default=str)
    (folder / RECORD).write_text(text + "\n", encoding="utf-8")


def _record_in(folder: Path) -> dict[str, Any]:
    """Return what an earlier run has noted in a folder; nothing where there is no such note."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(record, dict):
        return {}
    return record if isinstance(record.get("files"), list) else _as_before(folder, record)


def _as_before(folder: Path, record: dict[str, Any]) -> dict[str, Any]:
    """Return what a folder of version 0.5 or before holds, whose `run.json` names neither result nor files.

    Such a folder was ours as a whole: what stands where results go is an earlier run's, other files are not.
    """
    versions = record.get("versions")
    made = isinstance(versions, dict) and "harmattan" in versions and "result" not in record
    result = next((name for name, page in _PAGES.items() if made and (folder / page).is_file()), None)
    if result is None:
        return {}
    held = [_PAGES[result], "brief.pdf"] if result == "brief" else [_PAGES[result]]
    inside = [path for name in ("figures", "tables") for path in (folder / name).glob("*") if path.suffix in _WRITTEN]
    files = [name for name in held if (folder / name).is_file()]
    return {"result": result, "files": files + sorted(path.relative_to(folder).as_posix() for path in inside)}


def shown_in_notebook(sentences: Iterable[str], table: Table) -> str:
    """Return a result as a notebook shows it, in HTML: its sentences, and one of its tables."""
    said = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
    shown = pd.DataFrame(table.rows(), columns=[column.heading for column in table.columns])
    return said + shown.to_html(index=False)


def write_folder(
    out: Path,
    result: str,
    *,
    tables: Mapping[str, pd.DataFrame],
    figures: Mapping[str, Callable[..., Any]],
    words: tuple[str, str],
    record: Mapping[str, Any],
) -> Path:
    """Write a folder of results and return it.

    Parameters
    ----------
    out : Path
        Written when everything has been made; what an earlier run has written there gives way.
    result : str
        As in `check_replaceable`.
    tables : mapping of name to DataFrame
    figures : mapping of name to callable
        Each draws on a page and returns its axes.
    words : pair of str
        File name and text.
    record : mapping
        What goes into `run.json`.
    """
    from .figures import save_figure

    with results_in_place(out, result) as folder:
        (folder / "tables").mkdir()
        for name, frame in tables.items():
            frame.to_csv(folder / "tables" / f"{name}.csv", index=False, lineterminator="\n")
        for name, draw in figures.items():
            save_figure(draw().get_figure(root=True), folder / "figures", name)
        (folder / words[0]).write_text(words[1] + "\n", encoding="utf-8")
        write_record(folder, result, record)
    return out
