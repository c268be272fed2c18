"""`harmattan compare`."""

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ...core.errors import InputError
from ...core.files import check_file
from ...core.language import phrase, scenario_name
from ..options import AsJson, AsOf, ClaimsAsOf, Draws, Months, PanelFile, Quiet, Seed
from ..output import print_json, say_documents, say_provisional
from ..progress import TerminalSteps
from ..tables import COUNTRY, OUTCOME, SCENARIO, Shown, asylum_name, break_name, horizon_name, print_table
from .compare_since import compare_since

if TYPE_CHECKING:
    import pandas as pd

SUFFIXES = (".csv", ".png", ".svg")

_RATIO = (
    Shown("ratio", "ratio", decimals=2),
    Shown("ratio_q05", "ratio 5%", 2, decimals=2),
    Shown("ratio_median", "ratio median", 3, decimals=2),
    Shown("ratio_q95", "ratio 95%", 2, decimals=2),
)
COLUMNS = (
    replace(SCENARIO, once=True),
    COUNTRY,
    Shown("window", "horizon", words=horizon_name),
    Shown("difference_mean", "more: mean"),
    Shown("difference_q05", "more: 5%", 4),
    Shown("difference_median", "more: median", 6),
    Shown("difference_q95", "more: 95%", 4),
    *_RATIO,
    Shown("probability_more", "chance of more", 5),
)
OVERVIEW = (
    SCENARIO,
    Shown("region", "region"),
    Shown("months", "months"),
    Shown("mean", "mean"),
    Shown("lower_80", "10%", 4),
    Shown("median", "median", 5),
    Shown("upper_80", "90%", 4),
    *_RATIO,
    Shown("probability_more", "chance of more", 6),
)


_QUANTILES = (
    Shown("median", "median", decimals=0),
    Shown("q10", "10%", 1, decimals=0),
    Shown("q90", "90%", 1, decimals=0),
)
_COLUMNS = {
    "perpetrators": (COUNTRY, OUTCOME, *_QUANTILES),
    "flows": (Shown("asylum", "to country", words=asylum_name), Shown("year", "year"), *_QUANTILES),
    "displaced": (COUNTRY, Shown("year", "year"), *_QUANTILES),
    "breaks": (
        Shown("kind", "what", words=break_name),
        COUNTRY,
        Shown("year", "year"),
        Shown("chance", "chance", decimals=2),
        Shown("base_rate", "base rate", decimals=2),
    ),
}


def compare(
    scenarios: Annotated[
        list[str] | None, typer.Argument(help="Two or more scenarios; each is held against the last.")
    ] = None,
    everything: Annotated[
        bool,
        typer.Option("--all", help="All scenarios side by side, or those named, against the case's first."),
    ] = False,
    out: Annotated[
        list[Path] | None, typer.Option("--out", help="With --all: the table as .csv, the figure as .png or .svg.")
    ] = None,
    people: Annotated[
        bool,
        typer.Option(
            "--people", help="Also who kills, who flees, who is displaced and what may break in each of them."
        ),
    ] = False,
    since: Annotated[
        Path | None,
        typer.Option("--since", help="run.json of an earlier brief: how one scenario's answer has changed, and why."),
    ] = None,
    as_of: AsOf = None,
    claims_as_of: ClaimsAsOf = None,
    months: Months = None,
    draws: Draws = 4000,
    seed: Seed = 1,
    panel: PanelFile = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Paired scenarios on common random numbers: difference and ratio by country, outcome and horizon.

    With --all every scenario in one table and figure: the case's groups of units, at each horizon. With --since one
    scenario against an earlier run: what new months, revised months, claims and the program changed.

    Example: harmattan compare FIRST SECOND
    """
    from ...api import compare as run_compare
    from ...core.telling import telling

    named = scenarios or []
    if out and not everything:
        raise InputError("--out goes with --all: harmattan compare --all --out scenarios.csv.")
    if people and everything:
        raise InputError("--people goes with scenarios named one by one, not with --all.")
    if since is not None and (people or everything):
        raise InputError("--since goes with one scenario and neither with --all nor with --people.")
    for path in out or ():
        _check_out(path)
    steps = TerminalSteps(quiet=quiet)
    options: dict[str, Any] = dict(
        as_of=as_of, claims_as_of=claims_as_of, months=months, draws=draws, seed=seed, panel=panel, steps=steps
    )
    try:
        if since is not None:
            compare_since(named, since, options, as_json=as_json)
            return
        if everything:
            _all(named, out or [], options, as_json)
            return
        result = run_compare(*named, **options)
        beside = result.people() if people else {}
    finally:
        steps.close()
    say_provisional(result.provisional_months)
    dates = {name: run.documents for name, run in result.forecasts.items()}
    if not quiet:
        say_documents(next((one for one in dates.values() if one.used), next(iter(dates.values()))))
    if as_json:
        table = json.loads(result.table.to_json(orient="records"))
        print_json(
            {
                "comparison": table,
                "provisional_months": list(result.provisional_months),
                "documents": {name: one.as_dict() for name, one in dates.items()},
                "inputs_sha256": result.inputs,
                **{name: json.loads(table.to_json(orient="records")) for name, table in beside.items()},
            }
        )
    else:
        case = next(iter(result.forecasts.values())).case
        case_words, headline = case.words, case.headline
        shown = result.table[result.table["outcome"] == headline]
        with telling(case_words):
            title = _title(shown, headline)
        print_table(shown, title, COLUMNS, [name for name in shown if name.startswith("difference_")])
        for name, table in beside.items():
            print_table(table, phrase(f"commands.people.{name}"), [SCENARIO, *_COLUMNS[name]])


def _title(table: "pd.DataFrame", headline: str) -> str:
    from ...plots.numbers import span_words

    against = scenario_name(table["against"].iloc[0])
    pairs = [phrase("commands.pair", first=scenario_name(one), second=against) for one in table["scenario"].unique()]
    horizons = table.drop_duplicates("window")[["window", "first_month", "last_month"]].itertuples(index=False)
    spans = [
        f"{horizon_name(window)}{phrase('page.colon')} {span_words(first, last)}" for window, first, last in horizons
    ]
    return phrase(
        "commands.compare_title", deaths=phrase(f"commands.headlines.{headline}"), pairs=", ".join(pairs),
        spans=phrase("number.join").join(spans),
    )  # fmt: skip


def _all(named: list[str], out: list[Path], options: dict[str, Any], as_json: bool) -> None:
    from ...api import compare_all
    from ...case.opening import open_case
    from ...core.telling import telling
    from ...plots import scenario_overview
    from ...report.figures import save_as

    overview = compare_all(*named, **options)
    for path in out:
        if path.suffix == ".csv":
            overview.save(path)
        else:
            with telling(open_case().words):
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
        deaths, against = phrase(f"commands.headlines.{overview.outcome}"), scenario_name(overview.against)
        with telling(open_case().words):
            title = phrase("commands.overview_title", deaths=deaths, against=against)
        print_table(overview.table[[column.name for column in OVERVIEW]], title, OVERVIEW)
    else:
        print(*out, sep="\n")


def _check_out(path: Path) -> None:
    """Refuse a file that cannot be written before any work is done."""
    if path.suffix not in SUFFIXES:
        raise InputError(f"--out {path.name}: name a .csv file for the table, a .png or .svg file for the figure.")
    check_file(path, "--out")
