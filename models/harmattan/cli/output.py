"""What a command prints, and where it may write."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ..core.errors import InputError
from ..core.files import check_file


def say(message: str) -> None:
    """Say something to the person, on stderr."""
    print(f"harmattan: {message}", file=sys.stderr)


def say_provisional(months: Iterable[str]) -> None:
    """Say which months of the record rest on candidate events, where some do."""
    from ..core.months import months_said

    named = months_said(months)
    if named:
        say(f"Provisional: the record of {named} rests on candidate events, which UCDP will still revise.")


def print_json(data: Any) -> None:
    """Print machine-readable results on stdout."""
    print(json.dumps(data, indent=2, ensure_ascii=False, default=str))


def print_table(frame: Any, title: str) -> None:
    """Print a data frame on stdout: a readable table at a terminal, tab-separated values in a pipe or file."""
    if not sys.stdout.isatty():
        print(frame.to_csv(sep="\t", index=False, float_format="%.6g", lineterminator="\n"), end="")
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title)
    for name in frame.columns:
        table.add_column(str(name), justify="left" if frame[name].dtype == object else "right")
    for row in frame.itertuples(index=False):
        table.add_row(*(_shown(value) for value in row))
    Console().print(table)


def _shown(value: Any) -> str:
    if not isinstance(value, float):
        return str(value)
    if value != value:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:.2f}"


def check_target(path: Path | None, suffixes: tuple[str, ...]) -> None:
    """Refuse a file that cannot be written before any work is done."""
    if path is not None and path.suffix not in suffixes:
        raise InputError(f"--out {path.name}: the name says what is written and must end in {', '.join(suffixes)}.")
    if path is not None:
        check_file(path, "--out")
