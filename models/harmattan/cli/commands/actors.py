"""`harmattan actors`."""

from ..options import (
    AsJson,
    AsOf,
    ClaimsAsOf,
    Country,
    Draws,
    Outcome,
    PanelFile,
    Quiet,
    ScenarioArgument,
    Seed,
    SummedMonths,
    Threshold,
    WordsFolder,
)
from ..output import print_json, print_text, say_provisional
from ..page_tables import print_page_table
from ..progress import TerminalSteps


def actors(
    scenario: ScenarioArgument = None,
    country: Country = None,
    outcome: Outcome = None,
    months: SummedMonths = 12,
    threshold: Threshold = None,
    as_of: AsOf = None,
    claims_as_of: ClaimsAsOf = None,
    draws: Draws = 4000,
    seed: Seed = 1,
    panel: PanelFile = None,
    out: WordsFolder = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Tell what each actor can change, from the end of the record: deaths averted, and the cost at which it pays.

    Example: harmattan actors --threshold 500
    """
    from ...core.telling import telling
    from ...report.actor_tables import actor_table
    from ...report.actors import actors as find

    steps = TerminalSteps(quiet=quiet)
    try:
        found = find(
            scenario, country=country, outcome=outcome, months=months, threshold=threshold, as_of=as_of,
            claims_as_of=claims_as_of, draws=draws, seed=seed, panel=panel, out=out, steps=steps,
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
        print_page_table(actor_table(found))
