"""Takes what a person accepted into the register: all of it or nothing, beside what stands there, never over it."""

import os
import re
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...core.errors import InputError
from ...core.files import file_in_place
from ...core.language import listed
from ...core.resources import display_path
from ...core.terminal import terminal_words
from ...schema.draft import Draft, DraftsFile
from ...schema.json_schema import schema_file_name
from ...schema.records import Claim
from ...schema.starter_texts import claims_file_head, editor_line
from ...schema.starters import own_file
from ...schema.validation import validate, validate_list
from ...schema.yaml_source import YamlDocument, read_yaml
from .drafts import claim_entry, drafts_path

_STATUS = re.compile(r"(status:\s*)\w+")


@dataclass(frozen=True)
class Taken:
    """What was taken into the register.

    Attributes
    ----------
    path : Path
        File of claims that it stands in now.
    claims : tuple of str
        Ids.
    waiting : int
        Drafts of the same file on which nobody has decided.
    """

    path: Path
    claims: tuple[str, ...]
    waiting: int


def accept(path: Path, root: Path) -> Taken:
    """Move accepted claims to `seeds/claims/<source>.yaml`, after those that stand there; mark their drafts as moved.

    Parameters
    ----------
    path : Path
        A file of drafts, of which those with `status: accepted` are taken; or a list of claims, as the page saves it,
        which is taken whole.
    root : Path
        The project's folder.

    Raises
    ------
    InputError
        If something that a claim needs is missing, an id is taken, the source is not registered with this document, or
        the register would not be right with it. Then nothing is changed.
    """
    document = read_yaml(path)
    claims, waiting = _accepted(document)
    source = _only_source(claims, document)
    sha256 = document.data["sha256"] if isinstance(document.data, dict) else None
    _check_registered(source, claims[0].file, sha256, root)
    target = own_file("seeds", "claims", f"{source}.yaml")
    text = _with_claims(target, source, claims)
    _check_whole(root, target, text)
    with file_in_place(target) as temporary:
        temporary.write_text(text, encoding="utf-8")
    drafts = path if isinstance(document.data, dict) else drafts_path(root, source)
    if drafts.exists():
        _mark_moved(read_yaml(drafts), {claim.id for claim in claims})
    return Taken(target, tuple(claim.id for claim in claims), waiting)


def _accepted(document: YamlDocument) -> tuple[list[Claim], int]:
    """Return the claims that a person accepted, and how many drafts wait."""
    if isinstance(document.data, list):
        claims, waiting = validate_list(Claim, document), 0
    else:
        file = validate(DraftsFile, document)
        chosen = [draft for draft in file.drafts if draft.status == "accepted"]
        _check_complete(chosen, document, file)
        claims = [_claim(draft) for draft in chosen]
        waiting = sum(draft.status == "draft" for draft in file.drafts)
    if not claims:
        raise InputError(
            f"{document.name}: no draft is accepted. Write `status: accepted` at those that are claims, or accept them "
            "on the page and give the file that it saves."
        )
    return claims, waiting


def _check_complete(chosen: Sequence[Draft], document: YamlDocument, file: DraftsFile) -> None:
    lines = {draft.id: document.line_of(("drafts", number, "id")) for number, draft in enumerate(file.drafts)}
    lacking = [f"line {lines[one.id]}: {one.id} has no {listed(one.missing)}" for one in chosen if one.missing]
    if lacking:
        told = "; ".join(map(terminal_words, lacking))
        raise InputError(
            f"{document.name}: {told}. Say it in your own words before you accept the draft; nothing was changed."
        )


def _claim(draft: Draft) -> Claim:
    return Claim.model_validate({key: getattr(draft, key) for key in Claim.model_fields})


def _only_source(claims: Sequence[Claim], document: YamlDocument) -> str:
    sources = dict.fromkeys(claim.source for claim in claims)
    if len(sources) > 1:
        raise InputError(
            f"{document.name} holds claims of several sources: {', '.join(sources)}. Give a file for each."
        )
    return next(iter(sources))


def _check_registered(source: str, file: str, sha256: str | None, root: Path) -> None:
    listed = read_yaml(root / "seeds" / "sources.yaml").data or []
    entry = next((one for one in listed if isinstance(one, dict) and one.get("id") == source), None)
    if entry is None:
        raise InputError(
            f"Source {source!r} is not registered yet. Do that first, with the document: harmattan new source {source} "
            f"--document {file}; then fill in what has no value there."
        )
    if entry.get("file") != file or sha256 not in (None, entry.get("sha256")):
        raise InputError(
            f"Source {source!r} is registered with another document or another edition of it than the drafts were made "
            "from. Read the registered one, or register this one under another id."
        )


def _with_claims(target: Path, source: str, claims: Sequence[Claim]) -> str:
    """Return the text of a source's file with more claims at its end; what stood there stays as it was."""
    entries = "".join(claim_entry(claim) for claim in claims)
    if not target.exists():
        return editor_line(f"../schemas/{schema_file_name('claim')}") + claims_file_head(source) + entries
    standing = {str(one.get("id")) for one in read_yaml(target).data or [] if isinstance(one, dict)}
    if twice := [claim.id for claim in claims if claim.id in standing]:
        raise InputError(
            f"{display_path(target)} has {', '.join(twice)} already, and no claim is overwritten. Give the draft "
            "another letter, or drop it; nothing was changed."
        )
    before = target.read_text(encoding="utf-8")
    return before + ("" if before.endswith("\n") or not before else "\n") + entries


def _check_whole(root: Path, target: Path, text: str) -> None:
    """Refuse a file of claims with which the register would not be right."""
    from ..register import load_register  # brings arrays and tables along, which reading a document does not need

    with _project_with(root, target, text) as trial:
        try:
            load_register(trial)
        except InputError as error:
            raise InputError(f"{error} Mend this first; nothing was changed.") from None


@contextmanager
def _project_with(root: Path, target: Path, text: str) -> Iterator[Path]:
    """Yield a project of links to another one, in which one file has another text."""
    with tempfile.TemporaryDirectory() as folder:
        trial, at = Path(folder), root
        for part in (*target.relative_to(root).parts[:-1], target.name):
            for entry in at.iterdir() if at.is_dir() else ():
                if entry.name != part:
                    os.symlink(entry, trial / entry.name)
            at, trial = at / part, trial / part
            if part != target.name:
                trial.mkdir()
        trial.write_text(text, encoding="utf-8")
        yield Path(folder)


def _mark_moved(document: YamlDocument, ids: Collection[str]) -> None:
    """Write `moved` as the status of drafts that are claims now; all else in the file stays as somebody wrote it."""
    lines = document.path.read_text(encoding="utf-8").splitlines(keepends=True)
    drafts: list[Any] = document.data["drafts"]
    for number, draft in enumerate(drafts):
        if draft["id"] in ids:
            line = document.line_of(("drafts", number, "status")) - 1
            lines[line] = _STATUS.sub(r"\1moved", lines[line], count=1)
    with file_in_place(document.path) as temporary:
        temporary.write_text("".join(lines), encoding="utf-8")
