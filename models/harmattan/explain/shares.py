"""How much of what was claimed came true: by source, sort of document, kind of claim and horizon, counted by facts.

Claims that hang on one fact share it, so each fact counts once, with the mean of its claims. The interval is Jeffreys'
for a share of so many facts: few facts, wide interval. The event's own schedule stands apart, because it was decided.
"""

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from ..claims.verdicts import WORTH

LEVEL = 0.95
"""Of the intervals."""

COUNTED = ("true", "partly", "false", "open", "void")
SCHEDULE, REST, ALL = "schedule", "rest", "all"


def shares(table: pd.DataFrame, schedule: Collection[str], sorts: Mapping[str, str]) -> pd.DataFrame:
    """Return how much of the claims that look ahead came true, part by part.

    Parameters
    ----------
    table : DataFrame
        `scorecard.ledger_table`.
    schedule : collection of str
        Events that are the exit itself, as it had been decided (`Case.own_schedule`).
    sorts : mapping of source to str
        What sort of document each source is.

    Returns
    -------
    DataFrame
        Columns level (`all`, `document`, `source`, `kind`, `horizon`), id; claims (that look ahead), true, partly,
        false, open, void; leans_true, leans_partly, leans_false (of the open ones, if their window ended now); facts
        (settled, and what share, low, high and base are of), share (mean over facts; a claim that is partly true counts
        half), low, high (95 %, Jeffreys), base (mean over the same facts of how often their rules held in the past; NaN
        where none can be asked), with_base (facts that base is of). Rows of level `all`: everything but the schedule,
        the schedule, and both; all other rows leave the schedule out.
    """
    ahead = table[table["verdict"].isin(COUNTED)]
    own = ahead["fact"].isin(list(schedule))
    rest = ahead[~own]
    rows = [("all", REST, rest), ("all", SCHEDULE, ahead[own]), ("all", ALL, ahead)]
    by = {"document": rest["source"].map(sorts), "source": rest["source"], "kind": rest["kind"]}
    for level, labels in (by | {"horizon": rest["horizon"]}).items():
        rows += [(level, str(name), rest[labels == name]) for name in dict.fromkeys(labels)]
    return pd.DataFrame([{"level": level, "id": name} | _share(part) for level, name, part in rows])


def _share(part: pd.DataFrame) -> dict[str, float]:
    found = part["verdict"].value_counts()
    counts = {"claims": len(part)} | {name: int(found.get(name, 0)) for name in COUNTED}
    leaning = part["so_far"].value_counts()
    counts |= {f"leans_{name}": int(leaning.get(name, 0)) for name in WORTH}
    settled = part[part["verdict"].isin(list(WORTH))]
    facts = settled["verdict"].map(WORTH).astype(float).groupby(settled["fact"]).mean()
    base = settled.groupby("fact")["base_rate"].mean().dropna()
    low, high = jeffreys(float(facts.sum()), len(facts))
    return counts | {
        "facts": len(facts),
        "share": float(facts.mean()) if len(facts) else np.nan,
        "low": low,
        "high": high,
        "base": float(base.mean()) if len(base) else np.nan,
        "with_base": len(base),
    }


def jeffreys(held: float, of: int, level: float = LEVEL) -> tuple[float, float]:
    """Return Jeffreys' interval of a share: the middle of Beta(held + 1/2, of - held + 1/2); NaN of nothing.

    >>> tuple(round(end, 3) for end in jeffreys(9, 10))
    (0.619, 0.989)
    """
    from scipy.stats import beta

    if not of:
        return np.nan, np.nan
    tail = (1 - level) / 2
    low, high = beta.ppf([tail, 1 - tail], held + 0.5, of - held + 0.5)
    return (0.0 if held == 0 else float(low)), (1.0 if held == of else float(high))
