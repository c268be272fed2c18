"""`harmattan ledger`."""

from pathlib import Path
from typing import Annotated

import typer

from ..options import AsJson, PanelFile, Quiet
from ..output import print_json, print_text
from ..progress import TerminalSteps
from ..tables import Shown, print_table

SETTLED = (
    Shown("claim", "claim", 1),
    Shown("says", "says"),
    Shown("stated", "words", 3, decimals=2),
    Shown("probability", "believed", decimals=2),
    Shown("base_rate", "base rate", 4, decimals=2),
    Shown("verdict", "came true"),
    Shown("why", "why"),
)
SCORES = (
    Shown("level", "of"),
    Shown("id", "name"),
    Shown("claims", "claims", 3),
    Shown("true", "true", 3),
    Shown("false", "false", 3),
    Shown("propositions", "separate claims", 2),
    Shown("brier", "Brier score", decimals=2),
    Shown("brier_low", "from", 1, decimals=2),
    Shown("brier_high", "to", 1, decimals=2),
    Shown("brier_stated", "as worded", 4, decimals=2),
    Shown("brier_base", "of base rates", 4, decimals=2),
    Shown("log", "log score", 5, decimals=2),
)


def ledger(
    as_of: Annotated[str, typer.Option("--as-of", help="Last month of the record to use, YYYY-MM or latest.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for tables and figures; other files in it stay.")
    ] = None,
    panel: PanelFile = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Claims against what happened, and how each source scored.

    Example: harmattan ledger --as-of 2024-12 --out ledger
    """
    from ...api import ledger as make

    steps = TerminalSteps(quiet=quiet)
    try:
        found = make(as_of, panel=panel, out=out, steps=steps)
    finally:
        steps.close()
    if as_json:
        print_json(found.as_dict())
        return
    settled = found.claims[found.claims["verdict"].isin(["true", "false"])]
    print_table(
        settled[[column.name for column in SETTLED]],
        "Settled claims: probability as the words are read, as the source is believed, and the base rate",
        SETTLED,
    )
    scores = found.scores[[column.name for column in SCORES]]
    print_table(scores, "Scores of the sources; lower is better, 0.25 is what a coin gets", SCORES)
    for sentence in found.sentences.values():
        print_text(sentence)
        print()
