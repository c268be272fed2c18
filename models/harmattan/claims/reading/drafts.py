"""From proposals to drafts, and their files: `seeds/drafts/<source>.yaml`, which no run reads."""

import json
import string
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ...core.errors import InputError
from ...core.files import file_in_place
from ...core.resources import display_path
from ...schema.draft import DRAFTS, Draft, DraftsFile, FoundWords
from ...schema.forms import entry_for
from ...schema.records import Claim
from ...schema.validation import Problems, validate
from ...schema.yaml_source import read_yaml
from .document import Document, Sentence
from .known import Known
from .proposals import Proposal, Reader

_HEAD = """\
# Drafts of {source}, as `harmattan read` proposed them. No run and no register reads this file.
# Say what each claims in your own words (paraphrase), mend what was guessed, write `status: accepted` or `dropped`, and
# run: harmattan read --accept {path}
# Keys: `harmattan schema draft`. Only words of the document stand here, never its sentences.
"""


@dataclass(frozen=True)
class Read:
    """A document with what was proposed from it.

    Attributes
    ----------
    document : Document
    drafts : DraftsFile
    sentences : dict of str to Sentence
        By draft; these stay with the reader and go into no file of the project.
    taken : frozenset of str
        Ids of claims that the source has.
    """

    document: Document
    drafts: DraftsFile
    sentences: dict[str, Sentence]
    taken: frozenset[str] = frozenset()


def read_document(
    document: Document, source: str, known: Known, readers: Sequence[Reader], taken: Collection[str] = ()
) -> Read:
    """Ask readers for claims of a document and return them as drafts, in the order of lines.

    What two readers propose on the same lines with the same hedge is one draft that names both.

    Parameters
    ----------
    document : Document
    source : str
        Id of the source, registered or not.
    known : Known
    readers : sequence of Reader
    taken : collection of str
        Ids of claims that the source has.

    Raises
    ------
    InputError
        If a reader proposes what does not stand in the document or is no claim; it is named.
    """
    sentences = document.sentences
    proposed: dict[tuple[Any, ...], tuple[Proposal, list[str]]] = {}
    for reader in readers:
        proposals = [_checked(one, reader.name, document, known) for one in reader.propose(sentences)]
        for one in proposals:
            key = (
                (one.sentence, one.hedge, one.kind) if one.hedge else (one.sentence, one.hedge, one.kind, len(proposed))
            )
            names = proposed.setdefault(key, (one, []))[1]
            names += [reader.name] if reader.name not in names else []
    ordered = sorted(proposed.values(), key=lambda one: one[0].sentence.lines)
    ids = _ids(source, [one.sentence.lines[0] for one, _ in ordered], taken)
    drafts, told = [], {}
    for id, (proposal, names) in zip(ids, ordered, strict=True):
        drafts.append(_draft(id, source, document.file, proposal, names))
        told[id] = proposal.sentence
    file = DraftsFile(source=source, file=document.file, sha256=document.sha256, drafts=tuple(drafts))
    return Read(document, file, told, frozenset(taken))


def _checked(proposal: Proposal, reader: str, document: Document, known: Known) -> Proposal:
    """Return a proposal whose lines and words stand in the document and whose words the lexicons have."""
    lines = proposal.sentence.lines
    if not lines or any(not 1 <= n <= len(document.lines) or not document.lines[n - 1].strip() for n in lines):
        raise InputError(f"{reader} proposed a claim on line {lines} of {document.file}, where there is no text.")
    for key, words, entries in (
        ("hedge", proposal.hedge, known.lexicons.hedges.phrases),
        ("magnitude", proposal.magnitude, known.lexicons.magnitudes.words),
    ):
        where = f"{reader} proposed the {key} {words!r} on line {lines[0]} of {document.file}"
        if any(part.strip() and part.strip() not in proposal.sentence.text for part in words.split("...")):
            raise InputError(f"{where}, which does not stand there; a reader copies words from the sentence.")
        if words and entry_for(words, entries) is None:
            raise InputError(f"{where}, which no lexicon has; let it propose the sentence without it, or add an entry.")
    return proposal


def _ids(source: str, lines: Iterable[int], taken: Collection[str]) -> Iterator[str]:
    used = set(taken)
    for line in lines:
        free = (id for letter in _letters() if (id := f"{source}-{line:03d}-{letter}") not in used)
        id = next(free)
        used.add(id)
        yield id


def _letters() -> Iterator[str]:
    yield from string.ascii_lowercase
    yield from (first + second for first in string.ascii_lowercase for second in string.ascii_lowercase)


def _draft(id: str, source: str, file: str, proposal: Proposal, names: Sequence[str]) -> Draft:
    found = {
        "hedges": proposal.hedges, "sizes": proposal.sizes, "horizons": proposal.horizon_words,
        "places": proposal.place_words, "drivers": dict(proposal.driver_words),
        "outcomes": proposal.outcomes, "propositions": proposal.propositions,
    }  # fmt: skip
    try:
        return Draft(
            status="draft", proposed_by=tuple(names), found=FoundWords.model_validate(found), id=id, source=source,
            file=file, lines=proposal.sentence.lines, proposition=proposal.proposition, paraphrase=None,
            horizon=proposal.horizon, horizon_explicit=proposal.horizon_explicit, outcome=proposal.outcome,
            direction=proposal.direction, hedge=proposal.hedge, magnitude=proposal.magnitude, claimant="the author",
            places=proposal.places, condition="", kind=proposal.kind, scope=proposal.scope, implied=False,
            drivers=dict(proposal.drivers), reliability=None, resolution=None, note="",
        )  # fmt: skip
    except ValidationError as error:
        wrong = error.errors()[0]
        where = ".".join(map(str, wrong["loc"]))
        raise InputError(f"{', '.join(names)} proposed what is no claim: {where}: {wrong['msg']}.") from None


def drafts_path(root: Path, source: str) -> Path:
    """Return where the drafts of a source stand."""
    return root / DRAFTS / f"{source}.yaml"


def load_drafts(path: Path) -> DraftsFile:
    """Read a file of drafts.

    Raises
    ------
    InputError
        If it is missing or is not as it should be; with place and line.
    """
    return validate(DraftsFile, read_yaml(path))


def check_drafts(root: Path) -> int:
    """Check the form of every file of drafts in a project; return how many drafts wait.

    Raises
    ------
    InputError
        With one paragraph for each file that has something wrong.
    """
    problems, wrong, waiting = Problems(), [], 0
    for path in sorted((root / DRAFTS).glob("*.yaml")):
        try:
            file = load_drafts(path)
        except InputError as error:
            wrong.append(str(error))
            continue
        if file.source != path.stem:
            problems.add_text(
                display_path(path), f"these are drafts of {file.source!r}; name the file {file.source}.yaml."
            )
        waiting += sum(draft.status in ("draft", "accepted") for draft in file.drafts)
    if wrong:
        raise InputError("\n".join(wrong))
    problems.raise_if_any()
    return waiting


def drafts_text(file: DraftsFile, path: Path) -> str:
    """Return a file of drafts as YAML."""
    lines = [f"source: {file.source}", f"file: {_plain(file.file)}", f"sha256: {file.sha256}"]
    keys = ("id", "status", "proposed_by", "found", *(key for key in Claim.model_fields if key != "id"))
    entries = [_entry(keys, draft) for draft in file.drafts]
    body = "drafts:\n" + "".join(entries) if entries else "drafts: []\n"
    return _HEAD.format(source=file.source, path=display_path(path)) + "\n".join(lines) + "\n" + body


def claim_entry(claim: Claim) -> str:
    """Return a claim as an entry of its file; of a draft, the keys that a claim has."""
    return _entry(tuple(Claim.model_fields), claim)


def _entry(keys: Sequence[str], claim: Claim) -> str:
    data = claim.model_dump(mode="json", by_alias=True)
    return "".join(f"{'- ' if n == 0 else '  '}{key}: {_plain(data[key], key)}\n" for n, key in enumerate(keys))


BARE = ("id", "status", "proposition", "source", "horizon", "outcome", "direction", "kind", "scope")
"""Keys whose values are ids or words of closed lists, written without quotes."""


def _plain(value: Any, key: str = "") -> str:
    """Return a value as YAML has it on one line; JSON is YAML, words of closed lists stand without quotes."""
    return value if key in BARE and isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def write_drafts(file: DraftsFile, path: Path) -> bool:
    """Write drafts beside and move them into place; return whether they are new.

    Raises
    ------
    InputError
        If other drafts stand there: they may hold somebody's work.
    """
    text = drafts_text(file, path)
    if path.exists():
        if path.read_text(encoding="utf-8") == text:
            return False
        raise InputError(
            f"{display_path(path)} holds drafts already and is left as it is, since somebody may have worked on them. "
            "Accept or move them first, or name another source with --source."
        )
    with file_in_place(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return True
