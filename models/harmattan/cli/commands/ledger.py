"""`harmattan ledger`."""

from typing import TYPE_CHECKING, Annotated

import typer

from ...core.language import DEFAULT, phrase, translate
from ...core.terminal import named
from ..options import AsJson, FiguresFolder, Lang, PanelFile, Quiet
from ..output import print_json, print_text
from ..progress import TerminalSteps
from ..tables import Shown, print_table

if TYPE_CHECKING:
    from ...report.ledger import Ledger


def _verdict(name: str) -> str:
    return named("verdicts", name)


def _part(name: str) -> str:
    """Return what a row of shares or scores is about: a kind, a horizon, a sort of document, or an id as it stands."""
    return translate(named("commands.parts", name))


SETTLED = (
    Shown("claim", "claim", 1),
    Shown("says", "says"),
    Shown("stated", "words", 3, decimals=2),
    Shown("probability", "believed", decimals=2),
    Shown("base_rate", "base rate", 4, decimals=2),
    Shown("verdict", "came true", words=_verdict),
    Shown("before", "against before", 5, words=_verdict),
    Shown("trend", "against the trend", 5, words=_verdict),
    Shown("without", "against the forecast without it", 6, words=_verdict),
    Shown("why", "why"),
    Shown("release", "settled on", 7),
)
SHARES = (
    Shown("level", "by", words=_part),
    Shown("id", "name", words=_part),
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
    Shown("level", "by", words=_part),
    Shown("id", "name", words=_part),
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
    out: FiguresFolder = None,
    forecast: Annotated[
        bool, typer.Option("--forecast", help="Also hold claims against the forecast without the exit; needs a fit.")
    ] = False,
    lang: Lang = DEFAULT,
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
    if as_json:
        print_json(found.as_dict())
    else:
        _print(found)


def _print(found: "Ledger") -> None:
    from ...claims.verdicts import WORTH

    settled = found.claims[found.claims["verdict"].isin(list(WORTH))].copy()
    print_table(settled[[column.name for column in SETTLED]], phrase("ledger.settled_table"), SETTLED)
    shares = found.shares[[column.name for column in SHARES]]
    print_table(shares, phrase("ledger.shares_table"), SHARES)
    scores = found.scores[[column.name for column in SCORES]]
    print_table(scores, phrase("ledger.scores_table"), SCORES)
    for sentence in found.sentences.values():
        print_text(sentence)
        print()
