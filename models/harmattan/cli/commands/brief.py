"""`harmattan brief`."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from ...core.errors import DiagnosticsError
from ...core.language import DEFAULT, phrase, translate
from ..options import AsJson, AsOf, ClaimsAsOf, Draws, Lang, PanelFile, Quiet, Seed, Strict
from ..output import print_json, say
from ..progress import TerminalSteps


def brief(
    scenarios: Annotated[
        list[str] | None, typer.Argument(help="One or two scenarios; the case's pair by default.")
    ] = None,
    out: Annotated[Path, typer.Option("--out", help="Folder of the brief; other files in it stay.")] = Path("out"),
    lang: Lang = DEFAULT,
    likelihood: Annotated[
        str, typer.Option("--likelihood", help="Words of likelihood, always with the number: icd203 or phia.")
    ] = "icd203",
    formats: Annotated[
        list[str] | None, typer.Option("--format", help="What figures are written as: png, svg, pdf. Can be repeated.")
    ] = None,
    since: Annotated[
        Path | None,
        typer.Option("--since", help="run.json of an earlier brief: tables of what has changed since, and why."),
    ] = None,
    as_of: AsOf = None,
    claims_as_of: ClaimsAsOf = None,
    panel: PanelFile = None,
    draws: Draws = 4000,
    seed: Seed = 1,
    strict: Strict = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Claims to priors to posterior to paths to figures, tables, brief.html and brief.pdf.

    Example: harmattan brief --lang fr --out out-fr
    """
    from ...api import brief as write

    looks: dict[str, Any] = {"lang": lang, "likelihood": likelihood, "formats": formats or ["png", "svg"]}
    steps = TerminalSteps(quiet=quiet)
    try:
        page = write(
            *(scenarios or ()),
            out=out,
            since=since,
            as_of=as_of,
            claims_as_of=claims_as_of,
            panel=panel,
            draws=draws,
            seed=seed,
            steps=steps,
            **looks,
        )
    finally:
        steps.close()
    run = json.loads((page.parent / "run.json").read_text(encoding="utf-8"))
    failures = [problem for fit in run["diagnostics"].values() for problem in fit["problems"]]
    if as_json:
        files = {"page": str(page), "print": str(page.with_suffix(".pdf"))}
        print_json(files | {"diagnostics": run["diagnostics"], "seconds": run["seconds"]})
    else:
        print(page)
    if failures:
        say(phrase("commands.fit_failed", problems=" ".join(map(translate, failures))))
        if strict:
            raise DiagnosticsError("Stopped because of --strict; the brief was written with the failure at its top.")
