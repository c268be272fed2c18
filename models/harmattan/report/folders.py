"""Folders of results: tables, figures, words and `run.json`, whole or not at all."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from ..core.errors import InputError
from ..core.files import folder_in_place


def plain_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table as plain data; numbers that are not there become None."""
    return json.loads(frame.to_json(orient="records", double_precision=15))


def check_replaceable(out: Path) -> None:
    """Refuse to replace what no command of ours has written.

    Raises
    ------
    InputError
        If `out` is a file, or a folder with other files in it.
    """
    if out.exists() and not out.is_dir():
        raise InputError(f"--out {out} is a file; name a folder.")
    if out.is_dir() and any(out.iterdir()) and not (out / "run.json").is_file():
        raise InputError(
            f"--out {out} holds other files and would be replaced as a whole. Name a new folder, or one that an "
            "earlier run has made."
        )


def write_folder(
    out: Path,
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
        Replaced as a whole when everything has been made.
    tables : mapping of name to DataFrame
    figures : mapping of name to callable
        Each draws on a page and returns its axes.
    words : pair of str
        File name and text.
    record : mapping
        What goes into `run.json`.
    """
    from .figures import save_figure

    check_replaceable(out)
    with folder_in_place(out) as folder:
        (folder / "tables").mkdir()
        for name, frame in tables.items():
            frame.to_csv(folder / "tables" / f"{name}.csv", index=False, lineterminator="\n")
        for name, draw in figures.items():
            save_figure(draw().get_figure(root=True), folder / "figures", name)
        (folder / words[0]).write_text(words[1] + "\n", encoding="utf-8")
        text = json.dumps(record, indent=2, ensure_ascii=False, default=str)
        (folder / "run.json").write_text(text + "\n", encoding="utf-8")
    return out
