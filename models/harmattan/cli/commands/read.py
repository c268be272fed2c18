"""`harmattan read`."""

from pathlib import Path
from typing import Annotated

import typer

from ...core.errors import InputError
from ...core.language import DEFAULT, phrase, whole
from ...core.resources import display_path, project_root
from ..options import AsJson, Lang
from ..output import print_json, print_text, say


def read(
    document: Annotated[Path | None, typer.Argument(help="A document as plain text, in UTF-8.")] = None,
    source: Annotated[
        str | None, typer.Option("--source", help="Id of its source; as registered, or made of the file's name.")
    ] = None,
    drafts: Annotated[
        Path | None, typer.Option("--drafts", help="File for the drafts; seeds/drafts/SOURCE.yaml of the project.")
    ] = None,
    page: Annotated[
        Path | None, typer.Option("--page", help="Page to accept, edit or drop drafts on; out/read/SOURCE.html.")
    ] = None,
    reader: Annotated[
        list[str] | None, typer.Option("--reader", help="A reader of your own beside the rules, MODULE:NAME.")
    ] = None,
    accept: Annotated[
        Path | None,
        typer.Option("--accept", help="Take accepted drafts, or claims that the page saved, into seeds/claims/."),
    ] = None,
    lang: Lang = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Propose draft claims from a new document, for a person to accept, edit or drop; never used before.

    Example: harmattan read report.txt --source report
    """
    if accept is not None:
        others = {"a document": document, "--source": source, "--drafts": drafts, "--page": page, "--reader": reader}
        for option, given in others.items():
            if given:
                raise InputError(f"--accept takes a file of drafts or claims and nothing else; leave {option} out.")
        _accept(accept, as_json)
    elif document is None:
        raise InputError("The document is missing: harmattan read DOCUMENT, or harmattan read --accept DRAFTS.")
    else:
        _read(document, source, drafts, page, reader or [], lang, as_json)


def _read(
    document: Path,
    source: str | None,
    drafts: Path | None,
    page: Path | None,
    readers: list[str],
    lang: str,
    as_json: bool,
) -> None:
    from ...claims.reading.plugged import reader_named
    from ...report.reading_entry import read as run

    named = [reader_named(one) for one in readers]
    done = run(document, source=source, drafts=drafts, page=page, readers=named, lang=lang)
    id, proposed = done.read.drafts.source, done.read.drafts.drafts
    if not done.in_our_language:
        say(phrase("reading.other_language"))
    if as_json:
        print_json(done.as_dict())
        return
    count, passages = whole(len(proposed)), whole(len({draft.lines for draft in proposed}))
    print_text(phrase("reading.found", drafts=count, lines=passages, file=done.read.document.file))
    print_text(phrase("reading.drafts_at", path=display_path(done.drafts)))
    print_text(phrase("reading.page_at", path=str(done.page)))
    if not done.registered:
        print_text(phrase("reading.register_first", source=id, document=str(document)))
    print_text(phrase("reading.then", path=display_path(done.drafts)))


def _accept(path: Path, as_json: bool) -> None:
    from ...claims.reading.accepting import accept

    taken = accept(path, project_root())
    if as_json:
        print_json({"file": str(taken.path), "claims": list(taken.claims), "waiting": taken.waiting})
        return
    print_text(phrase("reading.taken", count=whole(len(taken.claims)), path=display_path(taken.path)))
    if taken.waiting:
        print_text(phrase("reading.waiting", count=whole(taken.waiting)))
    print_text(phrase("reading.check"))
