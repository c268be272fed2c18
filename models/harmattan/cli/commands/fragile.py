"""`harmattan fragile`."""

from typing import Annotated

import typer

from ..options import (
    AsJson,
    AsOf,
    ClaimsAsOf,
    Country,
    Draws,
    Outcome,
    PanelFile,
    Quiet,
    Refit,
    ScenarioArgument,
    Seed,
    SummedMonths,
    Threshold,
    WordsFolder,
)
from ..output import print_json, print_text, say_provisional
from ..page_tables import print_page_table
from ..progress import TerminalSteps


def fragile(
    scenario: ScenarioArgument = None,
    against: Annotated[
        str | None,
        typer.Option("--against", help="Scenario whose difference has a tipping point; by default the most unlike."),
    ] = None,
    country: Country = None,
    outcome: Outcome = None,
    months: SummedMonths = 12,
    threshold: Threshold = None,
    refit: Refit = False,
    as_of: AsOf = None,
    claims_as_of: ClaimsAsOf = None,
    draws: Draws = 4000,
    seed: Seed = 1,
    panel: PanelFile = None,
    out: WordsFolder = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Tell how fragile the answer is: over scenarios, without a source, with words read otherwise, to an unnamed cause.

    Example: harmattan fragile --as-of latest
    """
    from ...core.telling import telling
    from ...report.fragile_tables import fragile_tables
    from ...report.fragility import fragility as find

    steps = TerminalSteps(quiet=quiet)
    try:
        found = find(
            scenario, against, country=country, outcome=outcome, months=months, threshold=threshold, refit=refit,
            as_of=as_of, claims_as_of=claims_as_of, draws=draws, seed=seed, panel=panel, out=out, steps=steps,
        )  # fmt: skip
    finally:
        steps.close()
    say_provisional(found.run.provisional_months)
    if as_json:
        print_json(found.as_dict())
        return
    with telling(found.run.words):
        for sentence in found.sentences():
            print_text(sentence)
            print()
        for table in fragile_tables(found):
            print_page_table(table)
