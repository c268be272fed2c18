"""`harmattan new`."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ...core.errors import InputError
from ...core.language import phrase, translate
from ...core.terminal import terminal_words
from ..options import AsJson
from ..output import print_json, print_text

if TYPE_CHECKING:
    from ...schema.starters import Started


class Template(StrEnum):
    """What a scenario can be begun as."""

    scan = "scan"


class Kind(StrEnum):
    """What can be begun."""

    scenario = "scenario"
    claim = "claim"
    source = "source"
    driver = "driver"
    case = "case"
    project = "project"


def new(
    kind: Annotated[Kind, typer.Argument(help="What to begin.")],
    name: Annotated[
        str | None, typer.Argument(help="Its name; for a claim source, line and letter; for a case its folder.")
    ] = None,
    document: Annotated[Path | None, typer.Option("--document", help="The document of a new source.")] = None,
    extends: Annotated[str | None, typer.Option("--extends", help="Scenario that a new one extends.")] = None,
    drivers: Annotated[
        str | None,
        typer.Option("--drivers", help="Drivers that a new claim bears on, as in its file; or ids, of a scan too."),
    ] = None,
    template: Annotated[
        Template | None,
        typer.Option("--template", help="scan: scenarios for each way that some drivers may go, with a yardstick."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="File for a new scenario, NAME.yaml; for a scan a folder.")
    ] = None,
    home: Annotated[
        str | None, typer.Option("--home", help="State that a new case is about, by its ISO 3166 alpha-3 code.")
    ] = None,
    neighbours: Annotated[
        str | None, typer.Option("--neighbours", help="Other states of a new case, with commas; auto = the nearest.")
    ] = None,
    exit_month: Annotated[
        str | None, typer.Option("--exit", help="Month of the exit or event that a new case is about, YYYY-MM.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Last month of the record that a new case uses, YYYY-MM or latest.")
    ] = None,
    actor: Annotated[str | None, typer.Option("--actor", help="Who leaves, as sentences of a new case say.")] = None,
    level: Annotated[
        str | None, typer.Option("--level", help="What a new case counts in: country, or admin1 = regions of home.")
    ] = None,
    copy: Annotated[bool, typer.Option("--copy", help="Begin a case with a copy of the one in use.")] = False,
    from_library: Annotated[
        str | None, typer.Option("--from-library", help="Driver of the program's library that a new one begins as.")
    ] = None,
    library: Annotated[bool, typer.Option("--library", help="List the drivers of the library.")] = False,
    as_json: AsJson = False,
) -> None:
    """Begin a case, scenario, claim, source or driver with comments that say what to fill in.

    Nothing that exists is ever replaced. `validate` then lists what has no value yet. A new case has record, borders,
    outlines and an empty register, so that `harmattan --project FOLDER brief` works at once. A driver may be taken from
    the program's library (--from-library ID, listed by --library); it acts with the prior that it states. With
    --template scan a scenario is begun as several: a yardstick, each of some drivers happening and absent, and all of
    their corners, for `compare` to hold side by side; without --drivers the two that move the answer most by their
    priors.

    Example: harmattan new case my-case --home HTI --exit 2017-10 --as-of 2017-09
    """
    from ...schema import starters

    for option, given, owner in (
        ("--document", document, "source"),
        ("--extends", extends, "scenario"),
        ("--drivers", drivers if template is None else None, "claim"),
        ("--template", template, "scenario"),
        ("--out", out, "scenario"),
        ("--home", home, "case"),
        ("--neighbours", neighbours, "case"),
        ("--exit", exit_month, "case"),
        ("--as-of", as_of, "case"),
        ("--actor", actor, "case"),
        ("--level", level, "case"),
        ("--copy", copy or None, "case"),
        ("--from-library", from_library, "driver"),
        ("--library", library or None, "driver"),
    ):
        if given is not None and kind != owner and (kind, owner) != (Kind.project, "case"):
            raise InputError(f"{option} goes with `harmattan new {owner}` only; leave it out for a {kind}.")
    if library:
        _print_library(as_json)
        return
    if from_library is not None:
        started = starters.take_driver(from_library, name)
    elif name is None:
        raise InputError(f"The name of the new {kind} is missing: harmattan new {kind} NAME.")
    elif template is not None:
        started = _scan(name, drivers, extends, out)
    elif kind == Kind.scenario:
        started = starters.start_scenario(name, extends, out)
    elif kind == Kind.source:
        started = starters.start_source(name, document)
    elif kind == Kind.claim:
        started = starters.start_claim(name, drivers or "")
    elif kind == Kind.driver:
        started = starters.start_driver(name)
    elif copy:
        started = starters.start_copy(Path(name))
    else:
        started = _case(Path(name), home, neighbours, exit_month, as_of, actor, level or "country")
    if as_json:
        print_json({"file": str(started.path), "line": started.line, "next": started.next})
    else:
        where, _, advice = str(started).partition("\n")
        print_text(f"{where}\n{terminal_words(advice)}")


def _scan(name: str, drivers: str | None, extends: str | None, out: Path | None) -> "Started":
    """Write the scenarios of a scan, of the drivers named or else of those that move the answer most."""
    from ...schema.scans import start_scan

    if drivers is not None:
        return start_scan(name, [one.strip() for one in drivers.split(",") if one.strip()], extends, out)
    from ...explain.scanning import strongest_drivers

    chosen = strongest_drivers(extends)
    if not chosen:
        raise InputError(
            "No driver moves the answer in the scenario that the scan extends. Name some with --drivers, or another "
            "scenario with --extends."
        )
    return start_scan(name, chosen, extends, out)


def _case(
    folder: Path,
    home: str | None,
    neighbours: str | None,
    exit_month: str | None,
    as_of: str | None,
    actor: str | None,
    level: str,
) -> "Started":
    """Make a case of its own, or say what it needs to be told."""
    from ...case.starting import start_case
    from ...schema.starters import Started

    if home is None or exit_month is None:
        missing = " and ".join(name for name, given in (("--home", home), ("--exit", exit_month)) if given is None)
        raise InputError(
            f"A new case needs {missing}: which state it is about, and the month of the exit or event, as in harmattan "
            f"new case {folder} --home HTI --exit 2017-10. Or start from the case in use, with --copy."
        )
    others = () if neighbours in (None, "auto") else tuple(code.strip().upper() for code in str(neighbours).split(","))
    start_case(folder, home.strip().upper(), exit_month, as_of, others, actor, level)
    return Started(folder, None, f"Look at it with: harmattan --project {folder} brief --out {folder}/out.")


def _print_library(as_json: bool) -> None:
    """Print the drivers that any case may take over, one a line."""
    from ...schema.driver_library import library_drivers

    drivers = library_drivers()
    if as_json:
        print_json([{"id": key, "title": d.title, "branches": list(d.branch_ids)} for key, d in drivers.items()])
        return
    told = ((key, translate(d.title), ", ".join(d.branch_ids)) for key, d in drivers.items())
    print_text("\n".join(f"{key:<22}{title} ({branches})" for key, title, branches in told))
    print_text(phrase("commands.take_one"))
