"""`hm.read`: drafts of claims from a new document, and the page on which a person accepts, edits or drops them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..case.words import words_of
from ..claims.reading.document import Document, open_document
from ..claims.reading.drafts import Read, read_document, write_drafts
from ..claims.reading.known import Known, known_of
from ..claims.reading.proposals import Reader
from ..claims.reading.rules import Rules
from ..core.arguments import checked
from ..core.errors import InputError
from ..core.files import check_file, file_in_place
from ..core.language import DEFAULT, language, speaking
from ..core.resources import display_path, project_root
from ..core.telling import telling
from ..schema.draft import DRAFTS
from ..schema.starters import own_file
from ..schema.yaml_source import read_yaml
from .reading_page import render_reading

PAGES = Path("out", "read")
"""Where pages stand unless another place is named: they hold the document's sentences, and no project keeps `out/`."""

FEWEST_FUNCTION_WORDS = 0.2
"""Share of English function words below which a text is taken to be in another language; English has about 0.35."""

FEWEST_WORDS = 25
"""Words below which nothing is said of a text's language."""


@dataclass(frozen=True)
class Reading:
    """What `harmattan read` did.

    Attributes
    ----------
    read : Read
        Document, drafts and their sentences.
    drafts, page : Path
        What was written.
    new : bool
        Whether the drafts are new; False where the same ones stood there.
    registered : bool
        Whether the source is registered with this document.
    in_our_language : bool
        Whether the text looks like the language that the rules are for.
    """

    read: Read
    drafts: Path
    page: Path
    new: bool
    registered: bool
    in_our_language: bool

    def as_dict(self) -> dict[str, Any]:
        """Return the drafts and where they stand; no sentence of the document."""
        return {
            "source": self.read.drafts.source,
            "registered": self.registered,
            "document_language_read": self.in_our_language,
            "file": str(self.drafts),
            "page": str(self.page),
            "sentences": len(self.read.document.sentences),
            "drafts": self.read.drafts.model_dump(mode="json", by_alias=True)["drafts"],
        }


@checked
def read(
    document: str | Path,
    *,
    source: str | None = None,
    drafts: str | Path | None = None,
    page: str | Path | None = None,
    readers: Sequence[Reader] = (),
    lang: str = DEFAULT,
) -> Reading:
    """Propose claims from a document; write them as drafts, and a page to accept, edit or drop them.

    Nothing that is proposed enters a register or a run before a person has accepted it.

    Parameters
    ----------
    document : str or Path
        Plain text in UTF-8.
    source : str, optional
        Id of the source; that under which the document is registered by default, else one made of its name.
    drafts : str or Path, optional
        YAML file; `seeds/drafts/<source>.yaml` of the project by default.
    page : str or Path, optional
        HTML file; `out/read/<source>.html` by default. It holds sentences of the document, so it is refused inside the
        project elsewhere.
    readers : sequence of Reader
        Readers beside the rules (`claims.reading.proposals.Reader`).
    lang : str
        Language of the page.

    Raises
    ------
    InputError
        If the document cannot be read, other drafts of the source are there, or a reader proposes what cannot be.
    """
    language(lang)
    root, opened = project_root(), open_document(Path(document))
    id, registered = _source_of(opened, source, root)
    path = Path(drafts) if drafts is not None else own_file(DRAFTS, f"{id}.yaml")
    target = Path(page) if page is not None else PAGES / f"{id}.html"
    check_file(path, "--drafts" if drafts is not None else "")
    _check_page(target, root)
    known = known_of(root).without([id])
    taken = _claims_of(root, id)
    done = read_document(opened, id, known, (Rules(known), *readers), taken)
    with speaking(lang), telling(words_of(root, known.case)):
        shown = render_reading(done, known)
    new = write_drafts(done.drafts, path)
    with file_in_place(target) as temporary:
        temporary.write_text(shown, encoding="utf-8")
    return Reading(done, path, target, new, registered, _in_language(opened, known))


def _source_of(document: Document, told: str | None, root: Path) -> tuple[str, bool]:
    """Return the id of a document's source, and whether it is registered with this document."""
    listed = [one for one in read_yaml(root / "seeds" / "sources.yaml").data or [] if isinstance(one, dict)]
    same = next((str(one["id"]) for one in listed if one.get("sha256") == document.sha256 and "id" in one), None)
    if told is not None and same not in (None, told):
        raise InputError(f"--source {told}: this document is registered as {same!r}. Leave --source out.")
    slug = re.sub(r"[^a-z0-9]+", "-", Path(document.file).stem.lower()).strip("-")[:60].strip("-") or "document"
    id = told or same or slug
    if same is None and any(id == str(one.get("id")) for one in listed):
        raise InputError(
            f"Source {id!r} is registered with another document or another edition of this one. Name the new one with "
            "--source, or read the registered edition."
        )
    if not re.fullmatch(r"[a-z0-9]+(?:[-_][a-z0-9]+)*", id):
        raise InputError(f"--source {id}: use small letters and digits, joined by single dashes.")
    return id, same is not None


def _claims_of(root: Path, source: str) -> set[str]:
    """Return the ids of claims that a source has."""
    path = root / "seeds" / "claims" / f"{source}.yaml"
    listed = read_yaml(path, root="claims").data or [] if path.exists() else []
    return {str(one.get("id")) for one in listed if isinstance(one, dict)}


def _check_page(target: Path, root: Path) -> None:
    check_file(target, "--page")
    real = target.resolve()
    if real.is_relative_to(root) and not real.is_relative_to(root / PAGES.parts[0]):
        raise InputError(
            f"--page {target}: the page holds sentences of the document, and the project keeps none. Name a place "
            f"outside {display_path(root) or root.name}, or below {PAGES.parts[0]}/."
        )


def _in_language(document: Document, known: Known) -> bool:
    """Return whether a text is in the language of the rules; a short one is given the benefit of the doubt."""
    words = re.findall(r"[^\W\d_]+", " ".join(document.lines).lower())
    common = set(known.words.function_words)
    return len(words) < FEWEST_WORDS or sum(word in common for word in words) >= FEWEST_FUNCTION_WORDS * len(words)
