"""What a command prints, and where it may write."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from shutil import get_terminal_size
from textwrap import wrap
from typing import TYPE_CHECKING, Any, TextIO

from ..core.errors import InputError
from ..core.files import check_file

if TYPE_CHECKING:
    from ..claims.documents_by_date import DocumentDates


def say(message: str) -> None:
    """Say something to the person, on stderr, in the language spoken where it is translated."""
    from ..core.terminal import terminal_words

    print_text(f"harmattan: {terminal_words(message)}", sys.stderr)


def say_provisional(months: Iterable[str]) -> None:
    """Say which months of the record rest on candidate events, where some do."""
    from ..core.language import phrase
    from ..core.months import months_said

    named = months_said(months)
    if named:
        say(phrase("commands.provisional", months=named))


def say_documents(dates: "DocumentDates") -> None:
    """Say which documents were written after the record ends, or may have been, and which were left out for that."""
    from ..run.document_words import document_sentences

    for sentence in document_sentences(dates):
        say(sentence)


def print_json(data: Any) -> None:
    """Print machine-readable results on stdout."""
    print(json.dumps(data, indent=2, ensure_ascii=False, default=str))


def print_text(text: str, file: TextIO | None = None) -> None:
    """Print lines; at a terminal long ones go on below, between words and under their own beginning."""
    file = file or sys.stdout
    lines = text.splitlines() or [""]
    if file.isatty():
        lines = [part for line in lines for part in _wrapped(line, get_terminal_size().columns)]
    print("\n".join(lines), file=file)


def _wrapped(line: str, width: int) -> list[str]:
    indent = line[: len(line) - len(line.lstrip())]
    further = indent + "    " if indent or line.startswith("harmattan: ") else ""
    return wrap(
        line.strip(), width, initial_indent=indent, subsequent_indent=further,
        break_long_words=False, break_on_hyphens=False,
    ) or [""]  # fmt: skip


def check_target(path: Path | None, suffixes: tuple[str, ...], option: str = "--out") -> None:
    """Refuse a file that cannot be written before any work is done."""
    if path is not None and path.suffix not in suffixes:
        raise InputError(f"{option} {path.name}: the name says what is written and must end in {', '.join(suffixes)}.")
    if path is not None:
        check_file(path, option)
