"""`harmattan signposts`."""

from typing import Annotated

import typer

from ...core.language import phrase
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
)
from ..output import print_json, print_text, say_provisional
from ..progress import TerminalSteps
from ..tables import COUNTRY, Shown, print_table

DRIVERS = (
    Shown("label", "news"),
    Shown("chance", "chance", 2, decimals=2),
    Shown("if_so", "answer if so", decimals=2),
    Shown("if_not", "if not", decimals=2),
    Shown("error", "error", 3, decimals=2),
    Shown("moves", "moves by", 1, decimals=3),
    Shown("half_by", "half by month", 4, decimals=0),
)
APART = (
    Shown("month", "after months"),
    Shown("deaths", "more deaths than"),
    Shown("first_has", "in first", 1, decimals=2),
    Shown("second_has", "in second", 1, decimals=2),
    Shown("chance_first", "chance of first", decimals=2),
)
CARDS = (
    COUNTRY,
    Shown("threshold", "in 3 months over"),
    Shown("event", "year over"),
    Shown("active", "chance now", decimals=2),
    Shown("warned", "warned"),
    Shown("missed", "missed", 1),
    Shown("false", "false alarms", 1),
)
SHOWN = 10


def signposts(
    scenario: ScenarioArgument = None,
    against: Annotated[
        str | None, typer.Option("--against", help="Scenario that it is told apart from; the case's second by default.")
    ] = None,
    country: Country = None,
    outcome: Outcome = None,
    months: SummedMonths = 12,
    threshold: Threshold = None,
    as_of: AsOf = None,
    claims_as_of: ClaimsAsOf = None,
    draws: Draws = 4000,
    seed: Seed = 1,
    panel: PanelFile = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Tell what to watch: what news or so many deaths would do to the answer, and what warnings were worth.

    Example: harmattan signposts --as-of 2024-12 --threshold 500
    """
    from ...report.signposting import signposts as find

    steps = TerminalSteps(quiet=quiet)
    try:
        found = find(
            scenario, against, country=country, outcome=outcome, months=months, threshold=threshold, as_of=as_of,
            claims_as_of=claims_as_of, draws=draws, seed=seed, panel=panel, steps=steps,
        )  # fmt: skip
    finally:
        steps.close()
    say_provisional(found.run.provisional_months)
    if as_json:
        print_json(found.as_dict())
        return
    for sentence in found.sentences():
        print_text(sentence)
        print()
    told = {
        "drivers": (found.drivers.head(SHOWN), DRIVERS),
        "apart": (found.apart, APART),
        "cards": (found.card_table(), CARDS),
    }
    for name, (table, columns) in told.items():
        if len(table):
            print_table(table, phrase(f"signposts.titles.{name}"), columns, ())
