"""Makes the folder of a new case: what the world's record, borders and outlines say of a place, and empty registers."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

from ..core.errors import InputError
from ..core.files import check_folder, folder_in_place, sha256_of
from ..core.months import LATEST, month_number
from ..core.resources import using_project
from ..panel import regions, world
from ..panel.ucdp import SHORTEST_RECORD
from ..schema.case import CASE_FILE
from ..schema.json_schema import write_schemas
from .beginning import Beginning, countries, first_level_regions
from .case_text import EMPTY, README, baseline_text, case_text
from .opening import PAIRS, SHAPES


def start_case(
    folder: Path,
    home: str,
    exit: str,
    as_of: str | None = None,
    neighbours: Sequence[str] = (),
    actor: str | None = None,
    level: str = "country",
) -> Path:
    """Make a case that a forecast and a brief can be made from at once.

    Parameters
    ----------
    folder : Path
        Must not exist yet.
    home : str
        ISO 3166 alpha-3 of the state that the question is about.
    exit : str
        `YYYY-MM`: month of the exit or other event whose consequences are asked for.
    as_of : str
        Last month of the record that forecasts use by default; the last one that the program carries.
    neighbours : sequence of str
        Other states of the record; those within 500 km (the four nearest at least) by default.
    actor : str, optional
        Who leaves, or what the event is called, as sentences shall name it.
    level : {"country", "admin1"}
        What the case counts in: home and other countries, or the first-level regions of home.

    Raises
    ------
    InputError
        If the folder exists, a state is unknown, did not exist then or is not known by region, or a month cannot be
        used.
    """
    if folder.exists():
        raise InputError(f"{folder} exists already and is left as it is. Name a folder that does not exist yet.")
    check_folder(folder, "FOLDER")
    begun, as_of = _begun(home, exit, as_of, neighbours, level)
    with folder_in_place(folder) as made:
        _write_data(made, begun)
        _write_registers(made)
        (made / CASE_FILE).write_text(case_text(_id_of(folder), begun, exit, as_of, actor), encoding="utf-8")
        with using_project(made):
            write_schemas(made / "seeds" / "schemas")
    return folder


def _begun(home: str, exit: str, as_of: str | None, neighbours: Sequence[str], level: str) -> tuple[Beginning, str]:
    """Return what the case begins with, and the last month that it uses."""
    if level == "country":
        as_of = _usable(exit, as_of, world.FIRST_MONTH, world.LAST_MONTH, "of the world")
        return countries(home, neighbours, as_of), as_of
    if level == "admin1":
        as_of = _usable(exit, as_of, regions.FIRST_MONTH, regions.LAST_MONTH, "by region")
        return first_level_regions(home, neighbours, as_of), as_of
    raise InputError(
        f"--level {level}: a case counts in whole countries or in first-level regions. Use country or admin1."
    )


def _usable(exit: str, as_of: str | None, first: str, last: str, record: str) -> str:
    """Return the last month that a case uses, once it is known to lie in the record and far enough from its start."""
    as_of = last if as_of in (None, LATEST) else as_of
    for option, month in (("--exit", exit), ("--as-of", as_of)):
        try:
            month_number(month)
        except InputError as error:
            raise InputError(f"{option}: {error}") from None
    if as_of > last or month_number(as_of) - month_number(first) + 1 < SHORTEST_RECORD:
        raise InputError(
            f"--as-of {as_of}: the record {record} that the program carries runs from {first} to {last}, and "
            f"{SHORTEST_RECORD} months of it are needed. Choose a month in it; `harmattan data import` adds later "
            "ones to the case."
        )
    return as_of


def _write_data(made: Path, begun: Beginning) -> None:
    data = made / "seeds" / "data"
    files = [begun.record_file, PAIRS] if begun.outlines is None else [begun.record_file, PAIRS, SHAPES]
    for file in files:
        (data / file).parent.mkdir(parents=True, exist_ok=True)
    begun.panel.to_csv(data / begun.record_file, index=False, lineterminator="\n")
    begun.pairs.to_csv(data / PAIRS, index=False, lineterminator="\n")
    if begun.outlines is not None:
        outlines = json.dumps(begun.outlines, ensure_ascii=False, separators=(",", ":"))
        (data / SHAPES).write_text(outlines + "\n", encoding="utf-8")
    (data / "README.md").write_text(README[begun.level], encoding="utf-8")
    sums = [f"{sha256_of(data / file)}  {file}" for file in sorted(files)]
    (data / "SHA256SUMS").write_text("\n".join(sums) + "\n", encoding="utf-8")


def _write_registers(made: Path) -> None:
    (made / "scenarios").mkdir()
    (made / "seeds" / "claims").mkdir()
    for name, text in EMPTY.items():
        (made / name).write_text(text, encoding="utf-8")
    (made / "scenarios" / "baseline.yaml").write_text(baseline_text(), encoding="utf-8")


def _id_of(folder: Path) -> str:
    """Return the folder's name as an id."""
    return re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-") or "case"
