"""What the record says of the documents' expectations, counted by claims and by the facts behind them."""

import pandas as pd

from ..core.language import phrase
from ..explain.scorecard import scores
from .brief_tables import heading
from .evidence_of_run import BriefRun
from .tables import Column, Table

SCHEDULE, OTHER, TOGETHER = "The event's own schedule", "Everything else", "All of them"
VERDICTS = {
    "borne_out": ("true",), "in_part": ("partly",), "contradicted": ("false",), "open": ("open",),
    "untold": ("void", "no rule"),
}  # fmt: skip
"""Column to the verdicts of the ledger that it counts."""


def verdicts_frame(run: BriefRun, expected: pd.DataFrame) -> pd.DataFrame:
    """Return claims by verdict, the facts behind them and how they scored: schedule, everything else, and all.

    Only all of them where no event of the case is its own schedule.

    Returns
    -------
    DataFrame
        Columns which; claims, borne_out, in_part, contradicted, open, untold (numbers of claims); facts_true,
        facts_false (of events and numbers behind them); propositions, brier (after reliability), brier_stated (as the
        words are read), brier_base (base rates alone), by the rule of `harmattan ledger`: `explain.scorecard.scores`.
        No row where no claim is coded.
    """
    own = expected["fact"].isin(run.register.case.own_schedule)
    parts = {SCHEDULE: expected[own], OTHER: expected[~own]} if run.register.case.own_schedule else {}
    parts[TOGETHER] = expected
    rows = pd.DataFrame([{"which": name} | _counted(run, part) for name, part in parts.items()])
    return rows if run.register.claims else rows.iloc[:0]


def _counted(run: BriefRun, part: pd.DataFrame) -> dict[str, float]:
    found = part["verdict"].value_counts()
    facts = {f"facts_{v}": part.loc[part["verdict"] == v, "fact"].nunique() for v in ("true", "false")}
    score = scores(part, run.register.lexicons.reference.mean, run.seed).iloc[-1]
    names = ("propositions", "brier", "brier_stated", "brier_base")
    counts = {name: sum(int(found.get(verdict, 0)) for verdict in verdicts) for name, verdicts in VERDICTS.items()}
    return {"claims": len(part)} | counts | facts | {name: float(score[name]) for name in names}


def verdicts_table(run: BriefRun, expected: pd.DataFrame) -> Table:
    """Return `verdicts_frame` as the brief shows it."""
    counts = ("claims", *VERDICTS, "facts_true", "facts_false", "propositions")
    return Table(
        "verdicts",
        phrase("tables.verdicts"),
        verdicts_frame(run, expected),
        (
            Column("which", heading("expectations")),
            *(Column(name, heading(name), "count") for name in counts),
            *(Column(name, heading(name), "hundredths") for name in ("brier", "brier_stated", "brier_base")),
        ),
        phrase("tables.verdicts_note"),
    )
