"""Adds a UCDP release to the record of the case in use."""

from pathlib import Path

from ..core.arguments import checked
from ..core.errors import InputError
from ..core.resources import display_path
from ..core.telling import telling
from ..panel.importing import Base, Imported, add_release
from ..schema.case import CASE_FILE
from .opening import open_case


@checked
def import_data(
    file: str | Path,
    *,
    kind: str,
    release: str | None = None,
    out: str | Path = "panel.csv",
    onto: str | Path | None = None,
    level: str | None = None,
    accept_revisions: bool = False,
    dry_run: bool = False,
) -> Imported:
    """Add a UCDP release to the record and write it as a new panel, which `panel=` and `--panel` take.

    Parameters
    ----------
    file : path
        GED CSV, candidate CSV or a table by country and month, as UCDP publishes it, also packed.
    kind : {"ged", "ged-candidate", "country-month"}
        Candidate events are provisional: they never replace final ones, and the JSON says which months rest on them.
    release : str, optional
        UCDP's version number, which says what months the file covers; read from the file's name by default.
    out : path
        The new panel; ``<out>.json`` beside it keeps SHA-256, release, row counts and revisions.
    onto : path, optional
        Panel to add to; the case's frozen one, which never changes, by default.
    level : {"country", "admin1"}, optional
        Whether events are counted by country or by first-level region (GED's `adm_1`); the case's own level, and no
        other can be.
    accept_revisions : bool
        Take a release that changes the deaths of final months by more than a quarter.
    dry_run : bool
        Check everything and write nothing.

    Raises
    ------
    InputError
        If the release cannot be vouched for; then nothing has been written.
    """
    case = open_case()
    own = case.definition.units.level
    if level is not None and level != own:
        raise InputError(_other_level(level, own, display_path(case.root / CASE_FILE)))
    added_to = Path(onto) if onto is not None else case.record_file
    base = Base(added_to, case.units, case.record_file, case.definition.record.release, case.lifetimes, own)
    with telling(case.words):  # places are called as the case calls them
        return add_release(
            Path(file), base, Path(out), kind=kind, release=release, accept_revisions=accept_revisions, dry_run=dry_run
        )


def _other_level(level: str, own: str, file: str) -> str:
    if level not in ("country", "admin1"):
        return f"--level {level}: choose country or admin1, or leave it out: the case says it (units.level in {file})."
    counted = {"country": "whole countries", "admin1": "first-level regions"}
    return (
        f"--level {level}: this case counts in {counted[own]} (units.level: {own} in {file}), and a panel that mixed "
        f"them with {counted[level]} would count deaths twice or lose them. Leave --level out, or make a case of "
        f"{counted[level]} with harmattan new case FOLDER --level {level} and import into that."
    )
