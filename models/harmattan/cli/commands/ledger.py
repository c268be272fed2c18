"""`harmattan ledger`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ...core.language import speaking, translate
from ..options import AsJson, PanelFile, Quiet
from ..output import print_json, print_text
from ..progress import TerminalSteps
from ..tables import Shown, print_table

if TYPE_CHECKING:
    from ...report.ledger import Ledger

SETTLED = (
    Shown("claim", "claim", 1),
    Shown("says", "says"),
    Shown("stated", "words", 3, decimals=2),
    Shown("probability", "believed", decimals=2),
    Shown("base_rate", "base rate", 4, decimals=2),
    Shown("verdict", "came true"),
    Shown("before", "against before", 5),
    Shown("trend", "against the trend", 5),
    Shown("without", "against the forecast without it", 6),
    Shown("why", "why"),
)
SHARES = (
    Shown("level", "by"),
    Shown("id", "name"),
    Shown("claims", "claims", 1),
    Shown("true", "true", 2),
    Shown("partly", "partly", 3),
    Shown("false", "false", 2),
    Shown("open", "open", 4),
    Shown("void", "nothing settles", 5),
    Shown("facts", "facts settled"),
    Shown("share", "came true", decimals=2),
    Shown("low", "from", decimals=2),
    Shown("high", "to", decimals=2),
    Shown("base", "base rate", decimals=2),
)
SCORES = (
    Shown("level", "of"),
    Shown("id", "name"),
    Shown("claims", "claims", 3),
    Shown("true", "true", 3),
    Shown("false", "false", 3),
    Shown("partly", "partly", 4),
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
    forecast: Annotated[
        bool, typer.Option("--forecast", help="Also hold claims against the forecast without the exit; needs a fit.")
    ] = False,
    lang: Annotated[str, typer.Option("--lang", help="Language of sentences and figures: en or fr.")] = "en",
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
        found = make(as_of, panel=panel, out=out, forecast=forecast, lang=lang, steps=steps)
    finally:
        steps.close()
    with speaking(lang):
        if as_json:
            print_json(found.as_dict())
            return
        _print(found)


def _print(found: "Ledger") -> None:
    from ...explain.ledger import WORTH

    settled = found.claims[found.claims["verdict"].isin(list(WORTH))].copy()
    settled[["says", "why"]] = settled[["says", "why"]].map(translate)
    print_table(
        settled[[column.name for column in SETTLED]],
        "Settled claims: probability as the words are read, as the source is believed, and the base rate",
        SETTLED,
    )
    shares = found.shares[[column.name for column in SHARES]]
    print_table(shares, "How much came true, counted by facts; all but the first rows leave the schedule out", SHARES)
    scores = found.scores[[column.name for column in SCORES]]
    print_table(scores, "Scores of the sources; lower is better, 0.25 is what a coin gets", SCORES)
    for sentence in found.sentences.values():
        print_text(sentence)
        print()
