"""Tables at a terminal: numbers whole, columns named, words wrapped between words; tab-separated anywhere else."""

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from shutil import get_terminal_size
from textwrap import wrap
from typing import Any, Literal

from ..core.language import country_name, phrase, scenario_name, translate, unit_noun
from ..core.names import ALL_NEIGHBOURS
from ..core.telling import telling
from ..core.terminal import at_terminal, named, terminal_words
from .output import print_text

GAP = 2
"""Blanks between two columns."""

_NUMBER = re.compile(r"-?\d[\d,.\u202f]*")

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
        Returns what a code or a text is called; by default its translation.
    once : bool
        Left out where all rows say the same, which the title says then.
    """

    name: str
    heading: str
    minor: int = 0
    decimals: int | None = None
    words: Callable[[str], str] = translate
    once: bool = False

    def cells(self, frame: Any) -> list[str]:
        """Return the column in words."""
        return [
            self.words(value) if isinstance(value, str) else _said(value, self.decimals)
            for value in frame[self.name].tolist()
        ]


def asylum_name(code: str) -> str:
    """Return what a country of asylum is called, or all of them together."""
    return terminal_words("all of them") if code == ALL_NEIGHBOURS else country_name(code)


def break_name(kind: str) -> str:
    """Return what a kind of what may break is called."""
    return named("commands.breaks", kind)


def horizon_name(horizon: str) -> str:
    """Return what a horizon is called."""
    return named("horizons", horizon)


COUNTRY = Shown("country", "country", words=country_name)
"""Units; above them stands what the case in use calls them."""


def _outcome(name: str) -> str:
    return named("commands.outcomes", name)


OUTCOME = Shown("outcome", "deaths", words=_outcome)
SCENARIO = Shown("scenario", "scenario", words=scenario_name)


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

    headings = [unit_noun() if column is COUNTRY else terminal_words(column.heading) for column in columns]
    columns = [replace(column, heading=heading) for column, heading in zip(columns, headings, strict=True)]
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
    words = [word for text in (column.heading, *values) for word in text.split(" ")]
    longest = max(map(len, words), default=1)
    if _is_number(values):
        return max(longest, *map(len, values), 0)
    return max(longest, min(LEAST_TEXT, max(map(len, values), default=0)))


def _is_number(values: list[str]) -> bool:
    return all(_NUMBER.fullmatch(value) or value == "–" for value in values)


def _rich_table(cells: dict[Shown, list[str]], width: int) -> Any:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    widths = layout(cells, width) or {}
    headings = {column: _lines(column.heading, given) for column, given in widths.items()}
    height = max(map(len, headings.values()))
    for column, given in widths.items():
        side: Literal["left", "right"] = "right" if _is_number(cells[column]) else "left"
        heading = [""] * (height - len(headings[column])) + headings[column]
        table.add_column(Text("\n".join(heading)), width=given, justify=side, overflow="fold")
    for row in zip(*cells.values(), strict=True):
        table.add_row(
            *(Text("\n".join(_lines(value, widths[column]))) for column, value in zip(cells, row, strict=True))
        )
    return table


def _lines(text: str, width: int) -> list[str]:
    """Return a cell in lines, broken between words alone: not within a number, a percentage or an id."""
    return wrap(text, width, break_long_words=False, break_on_hyphens=False)


def _print_stacked(cells: dict[Shown, list[str]]) -> None:
    """Print each row as a block of lines, one for each column."""
    for row in zip(*cells.values(), strict=True):
        for number, (column, value) in enumerate(zip(cells, row, strict=True)):
            print_text(f"{'  ' if number else ''}{column.heading}{phrase('page.colon')} {value}")


def _notes(columns: Sequence[Shown], kept: Sequence[Shown], quiet: int) -> list[str]:
    """Return what the table does not show."""
    notes = []
    left_out = [column.heading for column in columns if column not in kept]
    if left_out:
        notes.append(phrase("commands.no_room", columns=", ".join(left_out)))
    if quiet:
        notes.append(phrase("commands.quiet_row" if quiet == 1 else "commands.quiet_rows", count=quiet))
    return notes


def _said(value: Any, decimals: int | None) -> str:
    """Return a cell in words: numbers with thousands marked, a dash for what is not there."""
    if value is None or value != value:
        return "–"
    if isinstance(value, bool):
        return phrase("commands.yes" if value else "commands.no")
    whole = isinstance(value, int) or (value == 0 and decimals is None)
    places = 0 if whole else 2 if decimals is None and abs(value) < 9.995 else decimals or 0
    return at_terminal(value, places)
