"""Begins a source, claim, driver or scenario, or copies a case: checks the name, never replaces anything.

Entries are added at the end of the file they belong in; what stood there stays as it was, byte for byte, so taking the
new lines out again undoes it. What only the analyst can know is left open, and `harmattan validate` lists it.
"""

import os
import re
import shutil
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..core.errors import InputError
from ..core.files import file_in_place, folder_in_place, sha256_of
from ..core.resources import belongs_to_installation, display_path, project_root
from .bearing_text import bearings_text
from .case import CASE_FILE, read_case
from .driver import drivers_in, read_drivers
from .driver_library import driver_from_library
from .json_schema import schema_file_name
from .scenario import NOT_SCENARIOS, load_scenario, scenario_names
from .starter_texts import claim_text, claims_file_head, driver_text, editor_line, scenario_text, source_text
from .validation import suggestion
from .yaml_source import YamlDocument, parse_yaml, read_yaml

_NAME = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_CLAIM = re.compile(r"(?P<source>.+?)-(?P<line>\d{3,})(?:-(?P<letter>[a-z]))?")


@dataclass(frozen=True)
class Started:
    """Where something was begun, and what to do next.

    Attributes
    ----------
    path : Path
        File (or folder, for a case) that was written.
    line : int or None
        First line of what is new, from 1; None for a folder.
    next : str
        What the analyst does now, in a sentence.
    """

    path: Path
    line: int | None
    next: str

    def __str__(self) -> str:
        inside = self.path.resolve().is_relative_to(project_root())
        where = display_path(self.path) if inside else str(self.path)
        return f"{where}{f':{self.line}' if self.line else ''}\n{self.next}"


def start_source(id: str, document: Path | None = None) -> Started:
    """Add a source to `seeds/sources.yaml`; with its document, file name and SHA-256 are filled in.

    Raises
    ------
    InputError
        If the name is unfit or taken, the document is missing or registered already, or the file cannot be changed.
    """
    check_name(id)
    path = own_file("seeds", "sources.yaml")
    file, digest = "", ""
    if document is not None:
        if not document.is_file():
            raise InputError(f"--document {document}: there is no such file. Check the path.")
        file, digest = document.name, sha256_of(document)
        _check_new_document(document, digest, path)
    line = _append(path, id, source_text(id, file, digest))
    return Started(
        path,
        line,
        f"Fill in what has no value, then code claims: harmattan new claim {id}-001 (001 is the line cited).",
    )


def start_claim(name: str, drivers: str = "") -> Started:
    """Add a claim to `seeds/claims/<source>.yaml`; the name says source and line, as in `note-018` or `note-018-c`.

    Without a letter the next free one is taken.

    Parameters
    ----------
    name : str
        Source, line and perhaps a letter.
    drivers : str
        Drivers it bears on, as the key `drivers` has it; a bare id (or several with commas) is a claim for it.

    Raises
    ------
    InputError
        If the name does not say source and line, the source is not registered, the id is taken, or a driver is wrong.
    """
    parts = _CLAIM.fullmatch(name)
    sources = {str(entry["id"]): entry for entry in _entries(own_file("seeds", "sources.yaml"))}
    if parts is None or not _NAME.fullmatch(name):
        example = name if name in sources else next(iter(sources), "report")
        raise InputError(
            f"{name!r} does not say which claim it is: write <source id>-<line, three digits>-<letter>, for instance "
            f"{example}-018-c; without the letter the next free one is taken."
        )
    source = parts["source"]
    if source not in sources:
        raise InputError(
            f"There is no source {source!r}.{suggestion(source, sources)} Register it first: "
            f"harmattan new source {source} --document FILE."
        )
    path = own_file("seeds", "claims", f"{source}.yaml")
    taken = _ids(path) if path.exists() else {}
    id = name if parts["letter"] else _with_letter(name, taken)
    head = editor_line(f"../schemas/{schema_file_name('claim')}") + claims_file_head(source)
    file, cited = str(sources[source].get("file") or ""), int(parts["line"])
    line = _append(path, id, claim_text(id, source, file, cited, bearings_text(drivers)), head)
    return Started(
        path,
        line,
        "Fill in what has no value, say at `drivers` on which drivers it bears, and run: harmattan validate "
        "--documents FOLDER.",
    )


def start_driver(id: str) -> Started:
    """Add a driver to `scenarios/drivers.yaml`.

    Raises
    ------
    InputError
        If the name is unfit or taken, or the file cannot be changed.
    """
    check_name(id)
    path = own_file("scenarios", "drivers.yaml")
    line = _append(path, id, driver_text(id))
    return Started(
        path,
        line,
        f"Fill in what has no value, name {id} at `drivers` of the claims that bear on it, and run: harmattan "
        "validate.",
    )


def take_driver(library_id: str, name: str | None = None) -> Started:
    """Write a driver of the program's library into `scenarios/drivers.yaml`, as the case's own from then on.

    Parameters
    ----------
    library_id : str
        Driver of the library.
    name : str, optional
        What it is called in the case; its id in the library by default.

    Raises
    ------
    InputError
        If the name is unfit or taken, the library has no such driver, or the file would not be right with it; then
        nothing is written.
    """
    name = name or library_id
    check_name(name)
    path = own_file("scenarios", "drivers.yaml")
    known = _ids(path) if path.exists() else {}
    line = _append(path, name, driver_from_library(library_id, name, known), _DRIVERS_HEAD, _check_drivers)
    return Started(
        path,
        line,
        "It acts with the prior that it states until claims have a vote on it. Change what differs in this case, then "
        "let it act in a scenario: drivers: {default: from-claims}.",
    )


_DRIVERS_HEAD = """\
# Drivers: the mechanisms that scenarios set. Keys and their meaning: `harmattan schema driver`; seeds/README.md.
"""


def _check_drivers(text: str, path: Path) -> None:
    try:
        drivers_in(parse_yaml(text, path, root="drivers"))
    except InputError as error:
        raise InputError(f"{error} Mend this first; nothing was written.") from None


def start_scenario(id: str, parent: str | None = None, out: Path | None = None) -> Started:
    """Write a scenario that extends another, changes nothing yet, and lists the drivers as comments.

    Parameters
    ----------
    id : str
        Name; the file is `scenarios/<id>.yaml` of the project unless `out` names another.
    parent : str, optional
        Scenario to extend, by name or title; the case's first by default.
    out : Path, optional
        File to write; its name must be the scenario's.

    Raises
    ------
    InputError
        If the name is unfit, the file exists, or the scenario to extend does not.
    """
    check_name(id)
    path = out if out is not None else own_file("scenarios", f"{id}.yaml")
    if path.suffix != ".yaml" or path.stem != id or id in NOT_SCENARIOS:
        never = " or ".join(f"{name}.yaml" for name in NOT_SCENARIOS)
        raise InputError(f"--out {path}: a scenario's file bears its name; write {id}.yaml, and never {never}.")
    if path.exists():
        raise InputError(f"{display_path(path)} exists already and is left as it is. Choose another name.")
    usual, known = read_case(project_root()).scenarios, scenario_names()
    base = load_scenario(parent or (usual.first if usual.first in known else usual.record_alone))
    _write(path, editor_line_for_scenario(path) + scenario_text(id, base, read_drivers()))
    where = id if out is None else path
    return Started(path, 1, f"Say what differs, then hold it against its parent: harmattan compare {where} {base.id}.")


def start_copy(folder: Path) -> Started:
    """Copy `case.yaml`, `seeds/` and `scenarios/` of the case in use into a new folder, to be changed freely.

    Raises
    ------
    InputError
        If the folder exists or cannot be made.
    """
    if folder.exists():
        raise InputError(f"{folder} exists already and is left as it is. Name a folder that does not exist yet.")
    with folder_in_place(folder) as temporary:
        for name in ("seeds", "scenarios"):
            _copy(project_root() / name, temporary / name)
        shutil.rmtree(temporary / "seeds" / "library", ignore_errors=True)  # the program's own is read in every project
        shutil.copyfile(project_root() / CASE_FILE, temporary / CASE_FILE)
    return Started(folder, None, f"Use it with: harmattan --project {folder} validate.")


def _copy(source: Path, goal: Path) -> None:
    """Copy a folder's files, not its rights: a copy of a project that may only be read is there to be changed."""
    goal.mkdir()
    for path in sorted(source.iterdir()):
        if path.is_dir():
            _copy(path, goal / path.name)
        else:
            shutil.copyfile(path, goal / path.name)


def check_name(name: str) -> None:
    """Refuse a name that no new entry may have.

    Raises
    ------
    InputError
        If it holds other than small letters and digits joined by single dashes.
    """
    if not _NAME.fullmatch(name):
        fit = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
        hint = f" For instance: {fit}." if fit else ""
        raise InputError(f"{name!r} cannot be a name: use small letters and digits, joined by single dashes.{hint}")


def own_file(*parts: str) -> Path:
    """Return a file of the project in use, which may be changed.

    Raises
    ------
    InputError
        If it belongs to the installed program.
    """
    path = project_root().joinpath(*parts)
    if belongs_to_installation(path):
        raise InputError(
            "The files of the installed program are not changed, since the next update would replace them. Make a copy "
            "with `harmattan new case FOLDER --copy` and name it: harmattan --project FOLDER new ..."
        )
    return path


def _check_new_document(document: Path, digest: str, path: Path) -> None:
    for source in _entries(path):
        same = "text" if source.get("sha256") == digest else "file name" if source.get("file") == document.name else ""
        if same:
            raise InputError(
                f"--document {document}: source {source['id']!r} has this {same} already. Add claims to that source, "
                "or give the file another name."
            )


def _entries(path: Path) -> list[dict[str, Any]]:
    """Return the entries of a file as they are, half-filled ones too."""
    data = _list_in(path).data if path.exists() else None
    return [entry for entry in data or [] if isinstance(entry, dict) and "id" in entry]


def _ids(path: Path) -> dict[str, int]:
    """Return the ids of a file that is a list, each with its line."""
    document = _list_in(path)
    entries = enumerate(document.data or [])
    return {str(e["id"]): document.line_of((i,)) for i, e in entries if isinstance(e, dict) and "id" in e}


def _list_in(path: Path) -> YamlDocument:
    document = read_yaml(path)
    if document.data is not None and not isinstance(document.data, list):
        raise InputError(
            f"{document.name}: this file should be a list of entries that begin with '- id:'. Mend it first."
        )
    return document


def _with_letter(name: str, taken: dict[str, int]) -> str:
    free = [f"{name}-{letter}" for letter in "abcdefghijklmnopqrstuvwxyz" if f"{name}-{letter}" not in taken]
    if not free:
        raise InputError(f"All letters of {name} are taken. Check whether one line really holds 26 assertions.")
    return free[0]


def _append(path: Path, id: str, entry: str, head: str = "", check: Callable[[str, Path], None] | None = None) -> int:
    """Add an entry at the end of a file that is a list, making the file if need be; return the entry's first line.

    What `check` refuses of the new text is not written.
    """
    before, entries = head, 0
    if path.exists():
        document, taken = _list_in(path), _ids(path)
        if id in taken:
            raise InputError(f"{display_path(path)}, line {taken[id]}: {id!r} is there already and is left as it is.")
        before, entries = _without_empty_list(path.read_text(encoding="utf-8"), document), len(document.data or [])
        entry = textwrap.indent(entry, " " * (document.nodes.start_mark.column if document.data else 0))
    if before and not before.endswith("\n"):
        before += "\n"
    _check_appended(before + entry, path, entries + 1)
    if check is not None:
        check(before + entry, path)
    _write(path, before + entry)
    return before.count("\n") + 1


def _without_empty_list(text: str, document: YamlDocument) -> str:
    """Take the brackets of an empty list out of a file's text, so that entries with dashes may follow."""
    if document.data != []:
        return text
    start, end = document.nodes.start_mark, document.nodes.end_mark
    lines = text.splitlines(keepends=True)
    first, last = lines[start.line][: start.column], lines[end.line][end.column :]
    kept = "".join(lines[: start.line]), (first + last).strip(" "), "".join(lines[end.line + 1 :])
    return "".join(part for part in kept if part.strip("\n") or part.count("\n") > 1)


def _check_appended(text: str, path: Path, entries: int) -> None:
    """Refuse to write what would not be the list that stood there with one entry more."""
    try:
        data = parse_yaml(text, path).data
    except InputError:
        data = None
    if not isinstance(data, list) or len(data) != entries:
        raise InputError(
            f"{display_path(path)}: nothing can be added at the end of this file as it stands. Write it as a list of "
            "entries that begin with '- id:', without brackets around them or marks such as '...' at its end; nothing "
            "was changed."
        )


def _write(path: Path, text: str) -> None:
    with file_in_place(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def editor_line_for_scenario(path: Path) -> str:
    """Return the line that leads editors to the schema; none for a file outside the project, which may move."""
    schema = project_root() / "seeds" / "schemas" / schema_file_name("scenario")
    folder = path.absolute().parent
    if not folder.is_relative_to(project_root()):
        return ""
    return editor_line(Path(os.path.relpath(schema, folder)).as_posix())
