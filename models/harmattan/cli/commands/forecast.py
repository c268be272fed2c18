"""`harmattan forecast`."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ...core.errors import DiagnosticsError, InputError
from ...core.language import phrase, translate, whole
from ...core.names import Counts
from ...core.terminal import terminal_words
from ..options import AsJson, AsOf, ClaimsAsOf, Draws, Months, PanelFile, Quiet, ScenarioArgument, Seed, Strict
from ..output import check_target, print_json, say, say_documents, say_provisional
from ..progress import TerminalSteps
from ..tables import COUNTRY, OUTCOME, Shown, asylum_name, print_table

if TYPE_CHECKING:
    from ...run.breaks import Breaks
    from ...run.displaced import Displaced
    from ...run.flows import Flows

_QUANTILES = {"q05": ("5%", 1), "q10": ("10%", 2), "q25": ("25%", 3), "median": ("median", 0)} | {
    "q75": ("75%", 3), "q90": ("90%", 2), "q95": ("95%", 1)
}  # fmt: skip
COLUMNS = (
    COUNTRY,
    OUTCOME,
    Shown("mean", "mean"),
    *(Shown(name, heading, minor) for name, (heading, minor) in _QUANTILES.items()),
    Shown("tail_mean_95", "mean of worst 5%", 1),
)
NUMBERS = ("mean", *_QUANTILES, "tail_mean_95")
FLOW_COLUMNS = (
    Shown("asylum", "to country", words=asylum_name),
    Shown("year", "year"),
    Shown("any", "chance of any", 1),
    *(Shown(name, heading, minor, decimals=0) for name, (heading, minor) in _QUANTILES.items()),
)
DISPLACED_COLUMNS = (
    COUNTRY,
    Shown("last_counted", "last count", 1),
    Shown("counted_in", "counted in", 1),
    Shown("year", "year"),
    *(Shown(name, heading, minor, decimals=0) for name, (heading, minor) in _QUANTILES.items()),
)
BREAK_COLUMNS = (
    Shown("name", "what"),
    Shown("place", "where"),
    Shown("chance", "chance"),
    Shown("base_rate", "base rate"),
    Shown("shown", "rests on", 2, words=terminal_words),
)


def forecast(
    scenario: ScenarioArgument = None,
    as_of: AsOf = None,
    claims_as_of: ClaimsAsOf = None,
    months: Months = None,
    draws: Draws = 4000,
    seed: Seed = 1,
    out: Annotated[Path | None, typer.Option("--out", help="File for the draws: .parquet, .csv or .nc.")] = None,
    form: Annotated[
        str, typer.Option("--form", help="Columns of the file: long, or hub for hubverse samples.")
    ] = "long",
    panel: PanelFile = None,
    counts: Annotated[
        Counts,
        typer.Option(
            "--counts", help="Deaths: reported (UCDP's best estimates) or plausible (within its low and high ones)."
        ),
    ] = "reported",
    parts: Annotated[
        bool,
        typer.Option("--parts", help="Also deaths of civilians by who kills: the state and its partners, and others."),
    ] = False,
    flows: Annotated[
        bool, typer.Option("--flows", help="Also who flees from home over which border, by year.")
    ] = False,
    displaced: Annotated[
        bool, typer.Option("--displaced", help="Also how many are displaced inside each country, by year.")
    ] = False,
    breaks: Annotated[
        Path | None,
        typer.Option(
            "--breaks", help="Also what may break, by year; the draws go to this file: .parquet, .csv or .nc."
        ),
    ] = None,
    strict: Strict = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Joint draws of deaths by country, month and outcome.

    Example: harmattan forecast --as-of 2023-06 --months 18 --draws 1000 --seed 1 --out f.parquet
    """
    from ...api import forecast as run_forecast
    from ...case.opening import open_case
    from ...case.perpetrators import perpetrators_file
    from ...core.names import ONE_SIDED_PARTS, OUTCOMES
    from ...plots.numbers import first_months_words
    from ...run.asking import Ask
    from ...run.displaced import displaced_file
    from ...run.draw_files import check_room_for_draws
    from ...run.flows import flows_file

    check_target(out, (".parquet", ".csv", ".nc"))
    check_target(breaks, (".parquet", ".csv", ".nc"), "--breaks")
    if form not in ("long", "hub"):
        raise InputError(f"--form {form}: choose long or hub.")
    case = open_case()
    if parts:
        perpetrators_file(case)
    if flows:
        flows_file(case)
    if displaced:
        displaced_file(case)
    chosen = Ask(as_of=as_of, months=months, panel_file=panel).of(scenario or case.record_alone)
    if out is not None:
        kinds = len(OUTCOMES) + (len(ONE_SIDED_PARTS) if parts else 0)
        values = draws * chosen.clock.months * len(case.units) * kinds
        check_room_for_draws(out, "hub" if form == "hub" else "long", values)
    steps = TerminalSteps(quiet=quiet)
    try:
        run = run_forecast(
            scenario,
            as_of=as_of,
            claims_as_of=claims_as_of,
            months=months,
            draws=draws,
            seed=seed,
            panel=panel,
            counts=counts,
            steps=steps,
        )
        if strict and not run.posterior.diagnostics.passed:
            problems = " ".join(map(translate, run.posterior.diagnostics.problems))
            raise DiagnosticsError(phrase("commands.fit_failed", problems=problems))
        if out is not None:
            with steps.step("write the draws"):
                run.save(out, form="hub" if form == "hub" else "long", parts=parts)
        fleeing, inside = run.flows if flows else None, run.displaced if displaced else None
        breaking = None if breaks is None else run.breaks
        if breaking is not None and breaks is not None:
            breaking.save(breaks, form="hub" if form == "hub" else "long")
    finally:
        steps.close()
    if not run.posterior.diagnostics.passed:
        say(phrase("commands.fit_failed", problems=" ".join(map(translate, run.posterior.diagnostics.problems))))
    say_provisional(run.provisional_months)
    if not quiet:
        say_documents(run.documents)
    totals = run.totals(parts=parts)
    if as_json:
        print_json(
            {
                "scenario": run.scenario.id,
                "as_of": run.clock.as_of,
                "months": run.months,
                "draws": draws,
                "seed": seed,
                "counts": run.counts,
                "provisional_months": list(run.provisional_months),
                "out": None if out is None else str(out),
                "documents": run.documents.as_dict(),
                "inputs_sha256": run.inputs,
                "diagnostics": run.posterior.diagnostics.as_dict(),
                f"totals_first_{len(run.months[:12])}_months": totals.to_dict(orient="records"),
                **({"perpetrators_verdict": run.perpetrators.verdict()} if parts else {}),
                **({} if fleeing is None else _people_json("flows", fleeing)),
                **({} if inside is None else _people_json("displaced", inside)),
                **({} if breaking is None else _breaks_json(breaking)),
            }
        )
    elif out is None:
        title = phrase(f"commands.forecast_{run.counts}", span=first_months_words(run.months[:12]))
        print_table(totals, title, COLUMNS, NUMBERS)
    else:
        print(out)
    if parts and not as_json:
        say(run.perpetrators.verdict())
    if fleeing is not None and not as_json:
        print_table(
            fleeing.table().astype({"year": str}), phrase("commands.flows_title"), (*FLOW_COLUMNS, *_over(fleeing))
        )
        say(fleeing.verdict())
    if inside is not None and not as_json:
        table = inside.table().astype({"year": str, "counted_in": str})
        print_table(table, phrase("commands.displaced_title"), (*DISPLACED_COLUMNS, *_over(inside)))
        say(inside.verdict())
    if breaking is not None and not as_json:
        _say_breaks(breaking)


def _over(found: "Flows | Displaced") -> Iterator[Shown]:
    for number in found.told:
        yield Shown(f"more_than_{number}", phrase("commands.over", number=whole(number)), 0)


def _say_breaks(found: "Breaks") -> None:
    if found.parts:
        full = next(year for year, months in found.months.items() if months == 12)
        print_table(
            found.named_table().query("year == @full", local_dict={"full": full}),
            phrase("commands.breaks_title", year=full),
            BREAK_COLUMNS,
        )
    for text in (*found.verdicts().values(), *found.notes()):
        say(text)


def _breaks_json(found: "Breaks") -> dict[str, Any]:
    table = found.table()
    return {
        "breaks": table.astype(object).where(table.notna(), None).to_dict(orient="records"),
        "breaks_verdicts": found.verdicts(),
        "breaks_missing": list(found.notes()),
        "breaks_relations": found.relations.to_dict(orient="records"),
        "breaks_inputs_sha256": dict(found.inputs),
    }


def _people_json(name: str, found: "Flows | Displaced") -> dict[str, Any]:
    return {
        name: found.table().to_dict(orient="records"),
        f"{name}_verdict": found.verdict(),
        f"{name}_inputs_sha256": dict(found.inputs),
    }
