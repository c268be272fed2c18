"""Tables with units: one frame, written as CSV and shown in the brief."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any, Literal, get_args

import pandas as pd

from ..core.files import file_in_place
from ..core.language import (
    DEFAULT,
    country_name,
    decimal,
    has_translation,
    outcome_name,
    per_cent,
    phrase,
    speaking,
    translate,
    whole,
)
from ..plots.numbers import horizon_words, span_words
from .words import in_hundred, month_words, scenario_words, sensible

WordKind = Literal[
    "text",
    "quote",
    "code",
    "source",
    "driver",
    "country",
    "scenario",
    "outcome",
    "horizon",
    "belief",
    "verdict",
    "month",
    "span",
]
NumberKind = Literal["count", "estimate", "close", "number", "precise", "hundredths", "ratio", "probability", "share"]
Kind = WordKind | NumberKind
WORDS: tuple[str, ...] = get_args(WordKind)
"""Kinds that read as words and stand at the left of their column."""


ENGLISH = " (en)"
"""Ends the name of a column that the CSV holds in place of the one of the same name in the reader's language."""


def with_english(make: Callable[[], pd.DataFrame], *columns: str) -> pd.DataFrame:
    """Return a frame that says something in the reader's language, with the same in English for the CSV beside it."""
    frame = make()
    with speaking(DEFAULT):
        english = make()
    return frame.assign(**{f"{name}{ENGLISH}": english[name] for name in columns})


@dataclass(frozen=True)
class Column:
    """One column: its name in the frame, the heading a reader sees, its unit and how its values read.

    Words: ``text`` (in the reader's language where it is known), ``quote`` of a document and ``code`` (as they are),
    ``source`` (a source's id and line), ``driver`` (its title), ``country`` (ISO3), ``scenario``, ``outcome``,
    ``horizon``, ``verdict``, ``month``, ``span`` (first and last month with a slash between). Numbers: ``count`` exact
    and whole; ``estimate`` a count with two figures, ``close`` with three, where neighbours differ little; ``number``
    three significant figures, ``precise`` four, ``hundredths`` two decimals; ``ratio`` two decimals with a
    multiplication sign; ``probability`` (0 to 1) "23 in 100"; ``share`` (0 to 1) whole per cents.

    The CSV reads the same in every language, units included.
    """

    name: str
    heading: str
    kind: Kind = "text"
    unit: str = ""

    @property
    def csv_name(self) -> str:
        """Column name in the CSV, with the unit in brackets."""
        unit = self.unit or {"probability": "probability 0-1", "ratio": "ratio", "share": "share 0-1"}.get(
            self.kind, ""
        )
        return f"{self.name} [{unit}]" if unit else self.name

    @property
    def unit_words(self) -> str:
        """The unit in the reader's language."""
        return translate(self.unit)

    @property
    def is_words(self) -> bool:
        """Whether the column reads as words and not as numbers."""
        return self.kind in WORDS


@dataclass(frozen=True)
class Cell:
    """What stands in a cell: its text, its language where that is not the reader's, and the id that it leads to."""

    text: str
    lang: str = ""
    leads_to: str = ""


@dataclass(frozen=True)
class Table:
    """A frame with what a reader needs to know about it.

    Parameters
    ----------
    id : str
        Lower case with hyphens; anchor in the brief and file name of the CSV.
    caption : str
        One line, with the period and the units that all columns share.
    note : str
        Source and cautions, shown below the table.
    on_page : bool
        Whether its rows are shown; if not, caption, note and file stand there alone.

    Raises
    ------
    ValueError
        If a column is not in the frame.
    """

    id: str
    caption: str
    frame: pd.DataFrame
    columns: tuple[Column, ...]
    note: str = ""
    on_page: bool = True

    def __post_init__(self) -> None:
        missing = [column.name for column in self.columns if column.name not in self.frame.columns]
        if missing:
            raise ValueError(f"Table {self.id} names columns that its frame does not have: {', '.join(missing)}.")

    def rows(self) -> list[list[str]]:
        """Return the cells as a reader sees them."""
        series = [[shown(value, column.kind) for value in self.frame[column.name]] for column in self.columns]
        return [list(cells) for cells in zip(*series, strict=True)]

    def cells(self) -> list[list["Cell"]]:
        """Return the cells with the language they are in and where they lead."""
        return [
            [self._cell(index, column, text) for column, text in zip(self.columns, texts, strict=True)]
            for index, texts in zip(self.frame.index, self.rows(), strict=True)
        ]

    def _cell(self, index: Any, column: Column, text: str) -> "Cell":
        value = self.frame.at[index, column.name]
        has_words = any(letter.isalpha() for letter in str(value))
        told = f"{column.name}{ENGLISH}" in self.frame  # in the reader's language already
        foreign = column.kind in ("quote", "text", "driver") and has_words and not has_translation(str(value))
        leads_to = ""
        if column.kind == "source":
            leads_to = f"source-{text.split()[0]}"
        elif column.kind == "driver" and "driver" in self.frame:
            leads_to = f"driver-{self.frame.at[index, 'driver']}"
        return Cell(text, DEFAULT if foreign and not told and text != "–" else "", leads_to)

    def csv(self) -> str:
        """Return the table as CSV with units in the column names, six significant figures."""
        english = {column.name: f"{column.name}{ENGLISH}" for column in self.columns}
        frame = self.frame[[column.name for column in self.columns]].assign(
            **{name: self.frame[told] for name, told in english.items() if told in self.frame}
        )
        return frame.rename(columns={c.name: c.csv_name for c in self.columns}).to_csv(
            index=False, float_format="%.6g", lineterminator="\n"
        )


def shown(value: object, kind: Kind) -> str:
    """Return one value as a reader sees it; a missing value reads "–"."""
    if value is None or (isinstance(value, float) and not isfinite(value)) or value is pd.NA:
        return "–"
    if kind in WORDS:
        return _words(str(value), kind)
    number = float(value)  # type: ignore[arg-type]
    if kind == "probability":
        return in_hundred(number)
    if kind == "count":
        return whole(number)
    if kind in ("estimate", "close"):
        return sensible(number, 2 if kind == "estimate" else 3)
    if kind == "hundredths":
        return decimal(number, 2)
    if kind == "ratio":
        return f"×{decimal(number, 2)}"
    return per_cent(number) if kind == "share" else _figures(number, 4 if kind == "precise" else 3)


def _words(value: str, kind: Kind) -> str:
    if kind == "span":
        return span_words(*value.split("/"))
    if kind == "verdict":
        return phrase(f"verdicts.{value.replace(' ', '_')}")
    by_kind: dict[str, Callable[[str], str]] = {
        **{"text": translate, "quote": translate, "driver": translate, "country": _country, "scenario": scenario_words},
        "belief": lambda belief: phrase(f"figures.exit_effect.{belief}"),
        **{"outcome": outcome_name, "horizon": horizon_words, "month": month_words},
    }
    return by_kind.get(kind, str)(value)


def _country(value: str) -> str:
    return translate(country_name(value))


def _figures(number: float, figures: int) -> str:
    """Return a number with so many significant figures; whole where it has as many before the decimal mark."""
    if number == 0 or abs(number) >= 10 ** (figures - 1):
        return whole(number)
    places = min(max(figures - 1 - math.floor(math.log10(abs(number))), 0), 6)
    return decimal(number, places).rstrip("0").rstrip(",.")


def write_table(table: Table, folder: Path) -> Path:
    """Write ``<folder>/<table.id>.csv`` whole or not at all, and return its path."""
    target = Path(folder) / f"{table.id}.csv"
    with file_in_place(target) as path:
        path.write_text(table.csv(), encoding="utf-8")
    return target
