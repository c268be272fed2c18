"""Tables at a terminal: numbers whole, columns named, words wrapped between words; tab-separated anywhere else."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from shutil import get_terminal_size
from textwrap import wrap
from typing import Any, Literal

from ..core.language import country_name, unit_noun
from ..core.telling import telling
from .output import print_text

GAP = 2
"""Blanks between two columns."""

LEAST_TEXT = 18
"""Narrowest that a column of sentences gets, unless it needs less."""


@dataclass(frozen=True)
class Shown:
    """How a column of a data frame is shown at a terminal.

    Attributes
    ----------
    name : str
        The column.
    heading : str
        What stands above it, in short words.
    minor : int
        0: always shown. Where room is short the columns with the largest number are left out first.
    decimals : int, optional
        Of its numbers; by default two below ten and none above.
    words : callable
        Returns what a code is called.
    once : bool
        Left out where all rows say the same, which the title says then.
    """

    name: str
    heading: str
    minor: int = 0
    decimals: int | None = None
    words: Callable[[str], str] = str
    once: bool = False

    def cells(self, frame: Any) -> list[str]:
        """Return the column in words."""
        return [
            self.words(value) if isinstance(value, str) else _said(value, self.decimals)
            for value in frame[self.name].tolist()
        ]


COUNTRY = Shown("country", "country", words=country_name)
"""Units; above them stands what the case in use calls them."""
_OUTCOMES = {
    "state_based": "state-based", "non_state": "non-state", "one_sided": "of civilians",
    "one_sided_state": "by the state", "one_sided_other": "by others",
}  # fmt: skip
OUTCOME = Shown("outcome", "deaths", words=lambda name: _OUTCOMES.get(name, name))


def print_table(frame: Any, title: str, columns: Sequence[Shown], quiet: Sequence[str] = ()) -> None:
    """Print a data frame on the standard output.

    Parameters
    ----------
    frame : DataFrame
        Printed as it is, all of it, where the output is no terminal.
    title : str
    columns : sequence of Shown
        What a terminal shows, in this order.
    quiet : sequence of str
        Columns of numbers; a row in which all of them are nought to two decimals is left out at a terminal.
    """
    if not sys.stdout.isatty():
        print(frame.to_csv(sep="\t", index=False, float_format="%.6g", lineterminator="\n"), end="")
        return
    from ..case.opening import open_case

    with telling(open_case().words):
        _print_shown(frame, title, columns, quiet)


def _print_shown(frame: Any, title: str, columns: Sequence[Shown], quiet: Sequence[str]) -> None:
    from rich.console import Console

    columns = [replace(column, heading=unit_noun()) if column is COUNTRY else column for column in columns]
    width, height = get_terminal_size()
    console = Console(width=width, height=height, highlight=False)
    loud = frame[~(frame[list(quiet)].abs() < 0.005).all(axis=1)] if quiet else frame
    columns = [column for column in columns if not (column.once and loud[column.name].nunique() == 1)]
    cells = {column: column.cells(loud) for column in columns}
    kept = _fitting(cells, width)
    print_text(title)
    if kept is None:
        _print_stacked(cells)
    else:
        console.print(_rich_table({column: cells[column] for column in kept}, width))
    for note in _notes(columns, kept or columns, len(frame) - len(loud)):
        print_text(note)
    print()


def layout(cells: dict[Shown, list[str]], width: int) -> dict[Shown, int] | None:
    """Return the width of each column, or None where not even the least widths fit."""
    least = {column: _least(column, values) for column, values in cells.items()}
    wanted = {column: max(least[column], *map(len, values), 0) for column, values in cells.items()}
    room = width - sum(least.values()) - GAP * (len(cells) - 1)
    if room < 0:
        return None
    given = dict(least)
    while room > 0 and any(given[column] < wanted[column] for column in cells):
        column = min((c for c in cells if given[c] < wanted[c]), key=lambda c: given[c])  # narrowest first
        given[column] += 1
        room -= 1
    return given


def _fitting(cells: dict[Shown, list[str]], width: int) -> list[Shown] | None:
    """Return the columns that fit, the minor ones left out one by one; None where not even the others fit."""
    columns = list(cells)
    while layout({column: cells[column] for column in columns}, width) is None:
        most = max(columns, key=lambda column: column.minor)
        if most.minor == 0:
            return None
        columns.remove(most)
    return columns


def _least(column: Shown, values: list[str]) -> int:
    """Return the narrowest width in which no number and no word is broken."""
    words = [word for text in (column.heading, *values) for word in text.split()]
    longest = max(map(len, words), default=1)
    if _is_number(values):
        return max(longest, *map(len, values), 0)
    return max(longest, min(LEAST_TEXT, max(map(len, values), default=0)))


def _is_number(values: list[str]) -> bool:
    return all(value.lstrip("-").replace(",", "").replace(".", "").isdigit() or value == "–" for value in values)


def _rich_table(cells: dict[Shown, list[str]], width: int) -> Any:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    widths = layout(cells, width) or {}
    headings = {column: wrap(column.heading, given, break_long_words=False) for column, given in widths.items()}
    height = max(map(len, headings.values()))
    for column, given in widths.items():
        side: Literal["left", "right"] = "right" if _is_number(cells[column]) else "left"
        heading = [""] * (height - len(headings[column])) + headings[column]
        table.add_column(Text("\n".join(heading)), width=given, justify=side, overflow="fold")
    for row in zip(*cells.values(), strict=True):
        table.add_row(*map(Text, row))
    return table


def _print_stacked(cells: dict[Shown, list[str]]) -> None:
    """Print each row as a block of lines, one for each column."""
    for row in zip(*cells.values(), strict=True):
        for number, (column, value) in enumerate(zip(cells, row, strict=True)):
            print_text(f"{'  ' if number else ''}{column.heading}: {value}")


def _notes(columns: Sequence[Shown], kept: Sequence[Shown], quiet: int) -> list[str]:
    """Return what the table does not show."""
    notes = []
    left_out = [column.heading for column in columns if column not in kept]
    if left_out:
        notes.append(f"For want of room not shown: {', '.join(left_out)}. A wider terminal, a pipe or --json has all.")
    if quiet:
        notes.append(f"{quiet} row{'s' if quiet > 1 else ''} of nothing but 0.00 not shown; a pipe or --json has all.")
    return notes


def _said(value: Any, decimals: int | None) -> str:
    """Return a cell in words: numbers with thousands marked, a dash for what is not there."""
    if value is None or value != value:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) or (value == 0 and decimals is None):
        return f"{value:,.0f}"
    text = f"{value:,.{2 if decimals is None and abs(value) < 9.995 else decimals or 0}f}"
    return text.removeprefix("-") if not text.strip("-0.") else text
