"""`harmattan data import`."""

from pathlib import Path
from typing import Annotated

import typer

from ...core.language import phrase
from ...core.terminal import terminal_words
from ..options import AsJson
from ..output import print_json, print_text, say

data = typer.Typer(help="The record of deaths: add a UCDP release.", no_args_is_help=True, rich_markup_mode=None)


@data.callback()
def about() -> None:
    """Add a UCDP release to the record of deaths."""


@data.command("import")
def import_data(
    file: Annotated[Path, typer.Argument(help="The release as UCDP publishes it, also packed (.zip, .gz).")],
    kind: Annotated[str, typer.Option("--kind", help="ged, ged-candidate or country-month.")],
    release: Annotated[
        str | None,
        typer.Option(
            "--release",
            help="UCDP's version number, which says what months it covers; by default the file's name tells.",
        ),
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", help="New panel, for --panel; a JSON beside it says where from.")
    ] = Path("panel.csv"),
    onto: Annotated[Path | None, typer.Option("--onto", help="Panel to add to; the frozen one by default.")] = None,
    level: Annotated[
        str | None, typer.Option("--level", help="country, or admin1 = by region (adm_1); the case's by default.")
    ] = None,
    accept_revisions: Annotated[
        bool, typer.Option("--accept-revisions", help="Take changes of final months by more than a quarter.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything and write nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Add a UCDP release: GED events, candidate events, or a table by country and month.

    Example: harmattan data import GEDEvent_v26_1.csv --kind ged --out panel.csv
    """
    from ...case.importing import import_data as run_import
    from ...panel.importing import as_plain_data

    done = run_import(
        file,
        kind=kind,
        release=release,
        out=out,
        onto=onto,
        level=level,
        accept_revisions=accept_revisions,
        dry_run=dry_run,
    )
    for warning in done.warnings:
        say(warning)
    if as_json:
        print_json(as_plain_data(done))
        return
    print_text(terminal_words(done.sentence()))
    print(done.panel if done.written else phrase("commands.nothing_written"))
