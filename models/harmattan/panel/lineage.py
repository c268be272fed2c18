"""Where every month of a panel comes from: the JSON beside it, which imports write and read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd

from ..core.errors import InputError
from ..core.files import sha256_of
from ..core.months import month_number, month_range
from ..core.resources import display_path
from .release_number import ReleaseNumber, release_number, release_or_none
from .ucdp import provisional_in


@dataclass(frozen=True)
class Lineage:
    """What is known of a panel's own imports.

    Attributes
    ----------
    imports : list of dict
        One entry for each import, oldest first.
    provisional : frozenset of str
        Months that rest on candidate events.
    held : dict of str to ReleaseNumber
        The release that each month comes from, where that is known.
    """

    imports: list[dict[str, Any]]
    provisional: frozenset[str]
    held: dict[str, ReleaseNumber]


@dataclass(frozen=True)
class RecordName:
    """What a record of deaths is called: whose it is, and which release."""

    source: str
    release: str

    def __str__(self) -> str:
        return f"{self.source} {self.release}".strip()


def name_of_panel(panel: Path, frozen: Path, said: RecordName) -> RecordName:
    """Return what a panel is called that is read in place of a case's own record.

    Parameters
    ----------
    panel : Path
    frozen : Path
        The case's own.
    said : RecordName
        What the case calls that.

    Returns
    -------
    RecordName
        What an import has made belongs to the same source, with the releases that its months come from; any other
        panel goes by its file.
    """
    beside = Path(f"{panel}.json")
    if beside.is_file():
        known = read_record(beside)
        held = [span["release"] for span in known.get("months", known["imports"])]
        whole = "months" in known and release_or_none(said.release) is not None
        return RecordName(said.source, ", ".join(dict.fromkeys(held if whole else (said.release, *held))))
    if panel.is_file() and frozen.is_file() and sha256_of(panel) == sha256_of(frozen):
        return said
    return RecordName(panel.name, "")


def lineage_of(file: Path, table: pd.DataFrame, frozen: Path, release: str) -> Lineage:
    """Return what is known of a panel.

    Parameters
    ----------
    file : Path
    table : DataFrame
        What it holds.
    frozen : Path
        The panel that the case carries.
    release : str
        What that one was cut from, as the case says it. If it is no number of UCDP's, nothing is known of its months.

    Raises
    ------
    InputError
        If the panel is not the file that the JSON beside it describes, or that JSON was not written by an import.
    """
    provisional = frozenset(provisional_in(file, table))
    held: dict[str, ReleaseNumber] = {}
    cut_from = release_or_none(release)
    if cut_from is not None and frozen.is_file() and sha256_of(file) == sha256_of(frozen):
        held = dict.fromkeys(table["month"].unique(), cut_from)
    beside = Path(f"{file}.json")
    if not beside.is_file():
        return Lineage([], provisional, held)
    known = read_record(beside)
    if known["sha256"] != sha256_of(file):
        raise InputError(
            f"{display_path(file)} is not the file that {beside.name} describes: it was changed after its import. "
            "Import the release again, or remove the JSON if the change is meant."
        )
    for span in known.get("months", known["imports"]):  # version 0.5 wrote the imports alone
        held |= dict.fromkeys(month_range(span["first"], span["last"]), release_number(span["release"]))
    return Lineage(known["imports"], provisional, held)


def read_record(file: Path) -> dict[str, Any]:
    """Return the JSON that an import wrote beside a panel."""
    try:
        known = json.loads(file.read_text(encoding="utf-8"))
        if isinstance(known["sha256"], str) and isinstance(known["imports"], list):
            return dict(known)
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise InputError(
        f"{display_path(file)} was not written by `harmattan data import`. Move it away, or name another panel."
    )


def spans(held: Mapping[str, ReleaseNumber]) -> list[dict[str, str]]:
    """Return the months by release, neighbours taken together: first, last, release."""
    ordered = sorted(held.items(), key=lambda item: month_number(item[0]))
    runs = groupby(enumerate(ordered), key=lambda item: (month_number(item[1][0]) - item[0], item[1][1].label))
    listed = [[month for _, (month, _) in run] for _, run in runs]
    return [{"first": months[0], "last": months[-1], "release": held[months[0]].label} for months in listed]
