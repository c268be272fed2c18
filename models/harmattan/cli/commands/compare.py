"""`harmattan compare`."""

import json
from typing import Annotated

import typer

from ..options import AsJson, AsOf, Draws, Months, PanelFile, Quiet, Seed
from ..output import print_json, print_table
from ..progress import TerminalSteps


def compare(
    scenarios: Annotated[list[str], typer.Argument(help="Two or more scenarios; each is held against the last.")],
    as_of: AsOf = None,
    months: Months = None,
    draws: Draws = 4000,
    seed: Seed = 1,
    panel: PanelFile = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Paired scenarios on common random numbers: difference and ratio by country, outcome and horizon.

    Example: harmattan compare withdrawal mission_stays
    """
    from ...api import compare as run_compare

    steps = TerminalSteps(quiet=quiet)
    try:
        result = run_compare(*scenarios, as_of=as_of, months=months, draws=draws, seed=seed, panel=panel, steps=steps)
    finally:
        steps.close()
    if as_json:
        print_json({"comparison": json.loads(result.table.to_json(orient="records"))})
    else:
        shown = result.table.query("outcome == 'one_sided'")
        print_table(shown, "Deaths of civilians per month: each scenario against the last")
