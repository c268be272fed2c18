"""`harmattan forecast`."""

from pathlib import Path
from typing import Annotated

import typer

from ...core.errors import DiagnosticsError, InputError
from ...core.names import Counts
from ..options import AsJson, AsOf, ClaimsAsOf, Draws, Months, PanelFile, Quiet, ScenarioArgument, Seed, Strict
from ..output import check_target, print_json, say, say_documents, say_provisional
from ..progress import TerminalSteps
from ..tables import COUNTRY, OUTCOME, Shown, print_table

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
    strict: Strict = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Joint draws of deaths by country, month and outcome.

    Example: harmattan forecast --as-of 2023-06 --months 18 --draws 1000 --seed 1 --out f.parquet
    """
    from ...api import forecast as run_forecast
    from ...case.opening import open_case
    from ...core.names import OUTCOMES
    from ...plots.numbers import first_months_words
    from ...run.asking import Ask
    from ...run.draw_files import check_room_for_draws

    check_target(out, (".parquet", ".csv", ".nc"))
    if form not in ("long", "hub"):
        raise InputError(f"--form {form}: choose long or hub.")
    case = open_case()
    chosen = Ask(as_of=as_of, months=months, panel_file=panel).of(scenario or case.record_alone)
    if out is not None:
        values = draws * chosen.clock.months * len(case.units) * len(OUTCOMES)
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
            raise DiagnosticsError("The fit failed: " + " ".join(run.posterior.diagnostics.problems))
        if out is not None:
            with steps.step("write the draws"):
                run.save(out, form="hub" if form == "hub" else "long")
    finally:
        steps.close()
    if not run.posterior.diagnostics.passed:
        say("The fit did not pass its diagnostics: " + " ".join(run.posterior.diagnostics.problems))
    say_provisional(run.provisional_months)
    if not quiet:
        say_documents(run.documents)
    totals = run.totals()
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
            }
        )
    elif out is None:
        span = first_months_words(run.months[:12])
        title = f"{run.counts.capitalize()} deaths in {span}: mean, and below what so many futures stay"
        print_table(totals, title, COLUMNS, NUMBERS)
    else:
        print(out)
