"""Tables with units: one frame, written as CSV and shown in the brief."""

from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Literal

import pandas as pd

from ..core.files import file_in_place
from ..core.names import COUNTRIES
from .words import in_hundred, scenario_words, sensible

Kind = Literal["text", "country", "scenario", "count", "estimate", "number", "ratio", "probability", "share"]


@dataclass(frozen=True)
class Column:
    """One column: its name in the frame, the heading a reader sees, its unit and how its values read.

    Kinds: ``text`` as it is; ``country`` ISO3 shown as a name; ``scenario`` its name as words; ``count`` exact whole
    numbers; ``estimate`` two figures; ``number`` three significant figures; ``ratio`` two decimals with a
    multiplication sign; ``probability`` (0 to 1) "23 in 100"; ``share`` (0 to 1) whole per cents.
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

    def __post_init__(self) -> None:
        missing = [column.name for column in self.columns if column.name not in self.frame.columns]
        if missing:
            raise ValueError(f"Table {self.id} names columns that its frame does not have: {', '.join(missing)}.")

    def rows(self) -> list[list[str]]:
        """Return the cells as a reader sees them."""
        series = [[shown(value, column.kind) for value in self.frame[column.name]] for column in self.columns]
        return [list(cells) for cells in zip(*series, strict=True)]

    def csv(self) -> str:
        """Return the table as CSV with units in the column names, six significant figures."""
        frame = self.frame[[column.name for column in self.columns]]
        return frame.rename(columns={c.name: c.csv_name for c in self.columns}).to_csv(
            index=False, float_format="%.6g", lineterminator="\n"
        )


def shown(value: object, kind: Kind) -> str:
    """Return one value as a reader sees it; a missing value reads "–"."""
    if value is None or (isinstance(value, float) and not isfinite(value)) or value is pd.NA:
        return "–"
    if kind == "text":
        return str(value)
    if kind == "country":
        return COUNTRIES.get(str(value), str(value))
    if kind == "scenario":
        return scenario_words(str(value))
    number = float(value)  # type: ignore[arg-type]
    if kind == "probability":
        return in_hundred(number)
    if kind == "count":
        return f"{number:,.0f}"
    if kind == "estimate":
        return sensible(number)
    if kind == "ratio":
        return f"×{number:.2f}"
    return f"{number * 100:.0f} %" if kind == "share" else f"{number:,.3g}" if abs(number) < 1000 else f"{number:,.0f}"


def write_table(table: Table, folder: Path) -> Path:
    """Write ``<folder>/<table.id>.csv`` whole or not at all, and return its path."""
    target = Path(folder) / f"{table.id}.csv"
    with file_in_place(target) as path:
        path.write_text(table.csv(), encoding="utf-8")
    return target
