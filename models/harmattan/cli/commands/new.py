"""`harmattan new`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ..options import AsJson
from ..output import print_json, print_text


class Kind(StrEnum):
    """What can be begun."""

    scenario = "scenario"
    claim = "claim"
    source = "source"
    driver = "driver"
    project = "project"


def new(
    kind: Annotated[Kind, typer.Argument(help="What to begin.")],
    name: Annotated[str, typer.Argument(help="Its name; for a claim source, line and letter; for a project a folder.")],
    document: Annotated[Path | None, typer.Option("--document", help="The document of a new source.")] = None,
    extends: Annotated[str | None, typer.Option("--extends", help="Scenario that a new one extends.")] = None,
    drivers: Annotated[
        str | None, typer.Option("--drivers", help="Drivers that a new claim bears on, as in its file; or their ids.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="File for a new scenario, NAME.yaml.")] = None,
    as_json: AsJson = False,
) -> None:
    """Begin a scenario, claim, source, driver or project with comments that say what to fill in.

    Nothing that exists is ever replaced. `validate` then lists what has no value yet.

    Example: harmattan new scenario slow_exit
    """
    from ...core.errors import InputError
    from ...schema import starters

    for option, given, owner in (
        ("--document", document, "source"),
        ("--extends", extends, "scenario"),
        ("--drivers", drivers, "claim"),
        ("--out", out, "scenario"),
    ):
        if given is not None and kind != owner:
            raise InputError(f"{option} goes with `harmattan new {owner}` only; leave it out for a {kind}.")
    if kind == Kind.scenario:
        started = starters.start_scenario(name, extends, out)
    elif kind == Kind.source:
        started = starters.start_source(name, document)
    elif kind == Kind.claim:
        started = starters.start_claim(name, drivers or "")
    elif kind == Kind.driver:
        started = starters.start_driver(name)
    else:
        started = starters.start_project(Path(name))
    if as_json:
        print_json({"file": str(started.path), "line": started.line, "next": started.next})
    else:
        print_text(str(started))
