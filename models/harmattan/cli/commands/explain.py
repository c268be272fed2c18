"""`harmattan explain`."""

from typing import Annotated

import typer

from ...core.language import phrase
from ..options import (
    AsJson,
    AsOf,
    ClaimsAsOf,
    Country,
    Draws,
    FiguresFolder,
    HighThreshold,
    Outcome,
    PanelFile,
    Quiet,
    Refit,
    ScenarioArgument,
    Seed,
    SummedMonths,
)
from ..output import print_json, print_text, say_provisional
from ..progress import TerminalSteps
from ..tables import Shown, print_table

SHOWN = 8
COLUMNS = (
    Shown("id", "id", 3),
    Shown("label", "what is left out"),
    Shown("mean_change", "change of total"),
    Shown("mean_error", "error", 1),
    Shown("change_in_100", "change in 100", decimals=1),
    Shown("error_in_100", "error", 1, decimals=1),
    Shown("k_hat", "k-hat", 4),
    Shown("method", "how", 2),
)


def explain(
    scenario: ScenarioArgument = None,
    country: Country = None,
    outcome: Outcome = None,
    months: SummedMonths = 12,
    threshold: HighThreshold = None,
    cost_ratio: Annotated[
        float, typer.Option("--cost-ratio", help="Cost of preparing over the loss of being caught unprepared, 0 to 1.")
    ] = 0.25,
    refit: Refit = False,
    as_of: AsOf = None,
    claims_as_of: ClaimsAsOf = None,
    draws: Draws = 4000,
    seed: Seed = 1,
    panel: PanelFile = None,
    out: FiguresFolder = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Which driver, claim and source moved the answer, what is prior, what lies behind the worst futures.

    Example: harmattan explain --threshold 1000 --out explained
    """
    from ...api import explain as run_explain

    steps = TerminalSteps(quiet=quiet)
    try:
        found = run_explain(
            scenario, country=country, outcome=outcome, months=months, threshold=threshold, cost_ratio=cost_ratio,
            refit=refit, as_of=as_of, claims_as_of=claims_as_of, draws=draws, seed=seed, panel=panel, out=out,
            steps=steps,
        )  # fmt: skip
    finally:
        steps.close()
    say_provisional(found.run.provisional_months)
    if as_json:
        print_json(found.as_dict())
        return
    for sentence in found.sentences.values():
        print_text(sentence)
        print()
    for kind in ("driver", "claim", "source", "evidence"):
        shown = found.without(kind).head(SHOWN)
        if shown.empty and kind == "evidence":
            continue
        hundredths = shown[["probability_change", "probability_error"]] * 100
        columns = ["id", "label", "mean_change", "mean_error", "k_hat", "method"]
        print_table(
            shown[columns].assign(change_in_100=hundredths.iloc[:, 0], error_in_100=hundredths.iloc[:, 1]),
            phrase(f"explained.tables.{kind}"),
            COLUMNS,
        )
