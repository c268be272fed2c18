"""`harmattan compare`."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from ...core.errors import InputError
from ...core.files import check_file
from ..options import AsJson, AsOf, Draws, Months, PanelFile, Quiet, Seed
from ..output import print_json, print_table, say_provisional
from ..progress import TerminalSteps

SUFFIXES = (".csv", ".png", ".svg")


def compare(
    scenarios: Annotated[
        list[str] | None, typer.Argument(help="Two or more scenarios; each is held against the last.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="All scenarios side by side against withdrawal; or those that are named.")
    ] = False,
    out: Annotated[
        list[Path] | None, typer.Option("--out", help="With --all: the table as .csv, the figure as .png or .svg.")
    ] = None,
    as_of: AsOf = None,
    months: Months = None,
    draws: Draws = 4000,
    seed: Seed = 1,
    panel: PanelFile = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Paired scenarios on common random numbers: difference and ratio by country, outcome and horizon.

    With --all every scenario in one table and figure: Mali, the central Sahel and the coast, at each horizon.

    Example: harmattan compare withdrawal mission_stays
    """
    from ...api import compare as run_compare

    named = scenarios or []
    if out and not everything:
        raise InputError("--out goes with --all: harmattan compare --all --out scenarios.csv.")
    for path in out or ():
        _check_out(path)
    steps = TerminalSteps(quiet=quiet)
    options: dict[str, Any] = dict(as_of=as_of, months=months, draws=draws, seed=seed, panel=panel, steps=steps)
    try:
        if everything:
            _all(named, out or [], options, as_json)
            return
        result = run_compare(*named, **options)
    finally:
        steps.close()
    say_provisional(result.provisional_months)
    if as_json:
        table = json.loads(result.table.to_json(orient="records"))
        print_json(
            {
                "comparison": table,
                "provisional_months": list(result.provisional_months),
                "inputs_sha256": result.inputs,
            }
        )
    else:
        shown = result.table.query("outcome == 'one_sided'")
        print_table(shown, "Deaths of civilians per month: each scenario against the last")


def _all(named: list[str], out: list[Path], options: dict[str, Any], as_json: bool) -> None:
    from ...api import compare_all
    from ...plots import scenario_overview
    from ...report.figures import save_as

    overview = compare_all(*named, **options)
    for path in out:
        if path.suffix == ".csv":
            overview.save(path)
        else:
            save_as(path, scenario_overview(overview.table, against=overview.against, as_of=overview.as_of))
    say_provisional(overview.provisional_months)
    if as_json:
        table = json.loads(overview.table.to_json(orient="records"))
        print_json(
            {
                "overview": table,
                "against": overview.against,
                "provisional_months": list(overview.provisional_months),
                "inputs_sha256": dict(overview.inputs),
            }
        )
    elif not out:
        columns = [
            "scenario",
            "region",
            "months",
            "lower_80",
            "median",
            "upper_80",
            "mean",
            "ratio",
            "probability_more",
        ]
        print_table(overview.table[columns], f"Deaths of civilians per month; ratio against {overview.against}")
    else:
        print(*out, sep="\n")


def _check_out(path: Path) -> None:
    """Refuse a file that cannot be written before any work is done."""
    if path.suffix not in SUFFIXES:
        raise InputError(f"--out {path.name}: name a .csv file for the table, a .png or .svg file for the figure.")
    check_file(path, "--out")
