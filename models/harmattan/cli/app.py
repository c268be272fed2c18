"""The `harmattan` command. Heavy rooms are imported inside the commands, so that `--help` is quick."""

import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from ..core.errors import DiagnosticsError, InputError
from .progress import TerminalSteps

app = typer.Typer(
    name="harmattan",
    help="Bayesian scenario and risk forecasting for the Sahel: from documents to priors, posterior, paths and brief.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

ScenarioArgument = Annotated[str, typer.Argument(help="Scenario: a name in scenarios/ or the path of a YAML file.")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="Last month of the record to use, YYYY-MM.")]
Months = Annotated[int | None, typer.Option("--months", help="Months to simulate.")]
Draws = Annotated[int, typer.Option("--draws", help="Number of futures.")]
Seed = Annotated[int, typer.Option("--seed", help="Root seed; equal seeds give equal futures.")]
PanelFile = Annotated[Path | None, typer.Option("--panel", help="Another panel of the frozen one's form.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print machine-readable results on stdout.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress on stderr.")]
Strict = Annotated[bool, typer.Option("--strict", help="Exit with 1 when the fit did not pass its diagnostics.")]


def main() -> None:
    """Run the command line: 0 on success, 2 with one paragraph on bad input, 1 on a failed strict run."""
    try:
        app(standalone_mode=False)
    except InputError as error:
        _say(str(error))
        sys.exit(2)
    except DiagnosticsError as error:
        _say(str(error))
        sys.exit(1)
    except typer.Abort:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:  # typer's own usage errors carry an exit code and a message
        if not hasattr(error, "format_message"):
            raise
        if type(error).__name__ == "NoArgsIsHelpError":
            print(error.format_message())
            sys.exit(0)
        _say(f"{error.format_message()} See harmattan --help.")
        sys.exit(2)


@app.command()
def brief(
    scenarios: Annotated[
        list[str] | None, typer.Argument(help="One or two scenarios; withdrawal against mission_stays by default.")
    ] = None,
    out: Annotated[Path, typer.Option("--out", help="Folder of the brief; replaced as a whole.")] = Path("out"),
    draws: Draws = 4000,
    seed: Seed = 1,
    strict: Strict = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Claims to priors to posterior to paths to figures, tables and brief.html.

    Example: harmattan brief withdrawal mission_stays --out out
    """
    from ..api import brief as write

    steps = TerminalSteps(quiet=quiet)
    try:
        page = write(*(scenarios or ()), out=out, draws=draws, seed=seed, steps=steps)
    finally:
        steps.close()
    run = json.loads((page.parent / "run.json").read_text(encoding="utf-8"))
    failures = [problem for fit in run["diagnostics"].values() for problem in fit["problems"]]
    if as_json:
        _print_json({"page": str(page), "diagnostics": run["diagnostics"], "seconds": run["seconds"]})
    else:
        print(page)
    if failures:
        _say("The fit did not pass its diagnostics: " + " ".join(failures) + " Its numbers cannot be relied on.")
        if strict:
            raise DiagnosticsError("Stopped because of --strict; the brief was written with the failure at its top.")


@app.command()
def forecast(
    scenario: ScenarioArgument = "baseline",
    as_of: AsOf = None,
    months: Months = None,
    draws: Draws = 4000,
    seed: Seed = 1,
    out: Annotated[Path | None, typer.Option("--out", help="Parquet file for the draws in long form.")] = None,
    panel: PanelFile = None,
    strict: Strict = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Joint draws of deaths by country, month and outcome.

    Example: harmattan forecast --as-of 2023-06 --months 18 --draws 1000 --seed 1 --out f.parquet
    """
    from ..api import forecast as run_forecast

    _check_target(out, ".parquet")
    steps = TerminalSteps(quiet=quiet)
    try:
        run = run_forecast(scenario, as_of=as_of, months=months, draws=draws, seed=seed, panel=panel, steps=steps)
        if strict and not run.posterior.diagnostics.passed:
            raise DiagnosticsError("The fit failed: " + " ".join(run.posterior.diagnostics.problems))
        if out is not None:
            with steps.step("write the draws"):
                run.save(out)
    finally:
        steps.close()
    if not run.posterior.diagnostics.passed:
        _say("The fit did not pass its diagnostics: " + " ".join(run.posterior.diagnostics.problems))
    totals = run.totals()
    if as_json:
        _print_json(
            {
                "scenario": run.scenario.id,
                "as_of": run.scenario.as_of,
                "months": [str(month) for month in run.deaths["month"].values],
                "draws": draws,
                "seed": seed,
                "out": None if out is None else str(out),
                "diagnostics": run.posterior.diagnostics.as_dict(),
                "totals_first_12_months": totals.to_dict(orient="records"),
            }
        )
    elif out is None:
        _print_table(totals, "Deaths in the first twelve months")
    else:
        print(out)


@app.command()
def compare(
    scenarios: Annotated[list[str], typer.Argument(help="Two or more scenarios; each is held against the last.")],
    as_of: AsOf = None,
    months: Months = None,
    draws: Draws = 4000,
    seed: Seed = 1,
    panel: PanelFile = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Paired scenarios on common random numbers: difference and ratio by country, outcome and horizon.

    Example: harmattan compare withdrawal mission_stays
    """
    from ..api import compare as run_compare

    steps = TerminalSteps(quiet=quiet)
    try:
        result = run_compare(*scenarios, as_of=as_of, months=months, draws=draws, seed=seed, panel=panel, steps=steps)
    finally:
        steps.close()
    if as_json:
        _print_json({"comparison": json.loads(result.table.to_json(orient="records"))})
    else:
        shown = result.table.query("outcome == 'one_sided'")
        _print_table(shown, "Deaths of civilians per month: each scenario against the last")


@app.command()
def validate(
    paths: Annotated[list[Path] | None, typer.Argument(help="Scenario files; everything by default.")] = None,
    documents: Annotated[
        Path | None, typer.Option("--documents", help="Folder of the original documents, to check lines against.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check every source, claim, driver, lexicon, evidence and scenario file.

    Example: harmattan validate --documents ../shared/seeds
    """
    from ..api import load
    from ..api import validate as check

    register = check(documents=documents)
    for path in paths or ():
        _check_is_scenario(path)
        load(path)
    counts = {
        "sources": len(register.sources),
        "claims": len(register.claims),
        "facts": len(register.facts),
        "conflicts": len(register.conflicts),
        "drivers": len(register.drivers),
        "evidence": len(register.evidence),
    }
    if as_json:
        _print_json({"valid": True, "checked_against_documents": documents is not None, **counts})
    else:
        listed = ", ".join(f"{count} {name}" for name, count in counts.items())
        print(f"All is well: {listed}" + (", held against the original documents." if documents else "."))


@app.command()
def trace(
    id: Annotated[str, typer.Argument(help="Id of a claim, driver, source, evidence item, proposition or fact.")],
    as_json: AsJson = False,
) -> None:
    """Show what an id rests on and what it touches, down to file and line.

    Example: harmattan trace peace-accord
    """
    from ..api import trace as run_trace

    found = run_trace(id)
    if as_json:
        _print_json(found.as_dict())
    else:
        print(found.as_text())


def _check_is_scenario(path: Path) -> None:
    from ..schema.yaml_source import read_yaml

    if path.is_file():
        data = read_yaml(path).data
        if not isinstance(data, dict) or not {"extends", "condition", "drivers"} & set(data):
            raise InputError(
                f"{path}: this is not a scenario. Claims, drivers and all other files of seeds/ and scenarios/ are "
                "checked by `harmattan validate` without a path; a path names a scenario file that lies elsewhere."
            )


def _say(message: str) -> None:
    print(f"harmattan: {message}", file=sys.stderr)


def _print_json(data: Any) -> None:
    print(json.dumps(data, indent=2, ensure_ascii=False, default=str))


def _print_table(frame: Any, title: str) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title)
    for name in frame.columns:
        table.add_column(str(name), justify="left" if frame[name].dtype == object else "right")
    for row in frame.itertuples(index=False):
        table.add_row(*(_shown(value) for value in row))
    Console(width=None if sys.stdout.isatty() else 200).print(table)


def _shown(value: Any) -> str:
    if not isinstance(value, float):
        return str(value)
    if value != value:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:.2f}"


def _check_target(path: Path | None, suffix: str) -> None:
    if path is not None and path.suffix != suffix:
        raise InputError(f"--out {path.name}: draws are written as Parquet, so the file's name must end in {suffix}.")
    if path is not None and path.is_dir():
        raise InputError(f"--out {path.name} is a folder; name a file in it.")
    if path is not None:
        nearest = next(folder for folder in path.absolute().parents if folder.exists())
        if not nearest.is_dir() or not os.access(nearest, os.W_OK):
            raise InputError(f"--out {path}: {nearest} is not a folder that can be written to; choose another place.")
