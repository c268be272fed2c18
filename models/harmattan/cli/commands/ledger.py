"""`harmattan ledger`."""

from pathlib import Path
from typing import Annotated

import typer

from ..options import AsJson, Quiet
from ..output import print_json, print_table
from ..progress import TerminalSteps


def ledger(
    as_of: Annotated[str, typer.Option("--as-of", help="Last month of the record to use, YYYY-MM.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for tables and figures; other files in it stay.")
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Claims against what happened, and how each source scored.

    Example: harmattan ledger --as-of 2024-12 --out ledger
    """
    from ...api import ledger as make

    steps = TerminalSteps(quiet=quiet)
    try:
        found = make(as_of, out=out, steps=steps)
    finally:
        steps.close()
    if as_json:
        print_json(found.as_dict())
        return
    settled = found.claims[found.claims["verdict"].isin(["true", "false"])]
    print_table(settled[["claim", "says", "stated", "probability", "base_rate", "verdict", "why"]], "Settled claims")
    shown = ["level", "id", "claims", "true", "false", "propositions", "brier", "brier_low", "brier_high"]
    print_table(found.scores[[*shown, "brier_stated", "brier_base", "log"]], "Scores; lower is better")
    for sentence in found.sentences.values():
        print(f"{sentence}\n")
