"""`harmattan fragile`."""

from pathlib import Path
from typing import Annotated

import typer

from ..options import AsJson, AsOf, ClaimsAsOf, Draws, PanelFile, Quiet, ScenarioArgument, Seed
from ..output import print_json, print_text, say_provisional
from ..page_tables import print_page_table
from ..progress import TerminalSteps


def fragile(
    scenario: ScenarioArgument = None,
    against: Annotated[
        str | None,
        typer.Option("--against", help="Scenario whose difference has a tipping point; by default the most unlike."),
    ] = None,
    country: Annotated[
        str | None, typer.Option("--country", help="Unit of the total by its code; home by default.")
    ] = None,
    outcome: Annotated[
        str | None, typer.Option("--outcome", help="state_based, non_state or one_sided; by default the headline.")
    ] = None,
    months: Annotated[int, typer.Option("--months", help="First months that are added up.")] = 12,
    threshold: Annotated[
        float | None,
        typer.Option("--threshold", help="Deaths that the total may pass; the case's middle one by default."),
    ] = None,
    refit: Annotated[
        bool, typer.Option("--refit", help="Fit again where drivers were learnt and weights fail; a minute for each.")
    ] = False,
    as_of: AsOf = None,
    claims_as_of: ClaimsAsOf = None,
    draws: Draws = 4000,
    seed: Seed = 1,
    panel: PanelFile = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for tables and words; other files in it stay.")
    ] = None,
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
