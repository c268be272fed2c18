"""By how much an answer moves when one thing that it rests on is left out or read otherwise."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from ..core.smallest_change import USUAL
from ..risk.mattering import verdict_on
from .leave_out import Omission, Weigh
from .question import Question
from .readings import Variation
from .reweighting import Change, paired_change, reweighted_change

KINDS = ("source", "lexicon", "sizes", "grades", "claim", "word")
"""What is changed: all that one source says, how hedges, words of size or grades are read, one claim, or one word."""

ONE_BY_ONE = ("claim", "word")
"""Kinds of which there are so many that only those are asked that move what documents say of the question most."""

ASKED = 8
"""How many of each of those."""

LARGEST_ERROR = 0.01
"""Share of the answer up to which the error of weights is taken; futures that are made anew are paired and err less."""

Again = Callable[[Omission], tuple[np.ndarray, np.ndarray]]
"""Returns totals (draw,) as they are and under the priors of a change, paired."""


def most_moving(changes: Sequence[Omission], full: xr.Dataset, acting: xr.DataArray) -> list[Omission]:
    """Return the changes that are asked: all but those of single claims and words, and of these the `ASKED` largest.

    How large one is goes by the expected log effect of all drivers on the question, which takes no simulation.

    Parameters
    ----------
    changes : sequence of Omission
    full : Dataset (driver, component)
        Priors as they are.
    acting : DataArray (driver,)
        Share of its peak effect with which each driver acts on the question.
    """
    names = list(acting["driver"].values)

    def said(priors: xr.Dataset) -> float:
        mean = (priors["weight"] * priors["mean"]).sum("component").sel(driver=names)
        return float((mean * acting).sum())

    now = said(full)
    kept = [item for item in changes if item.kind not in ONE_BY_ONE]
    for kind in ONE_BY_ONE:
        alike = [item for item in changes if item.kind == kind]
        kept += sorted(alike, key=lambda item: -abs(said(item.priors) - now))[:ASKED]
    return kept


def movements(
    question: Question,
    total: np.ndarray,
    changes: Sequence[Omission],
    weigh: Weigh,
    again: Again | None,
    method: str,
    progress: Callable[[float], None] = lambda share: None,
    *,
    smallest: float = USUAL,
) -> pd.DataFrame:
    """Return how an answer moves with each change, by weighting the futures, or anew where weights cannot be relied on.

    Parameters
    ----------
    question : Question
    total : array (draw,)
        Totals as simulated.
    changes : sequence of Omission
    weigh, again : callable
    method : str
        What `again` does, as the table calls it.
    progress : callable
    smallest : float
        Share of an answer by which it must change to matter.

    Returns
    -------
    DataFrame
        Columns kind, id, label, to; mean (deaths), mean_change, mean_error, mean_share (of the expected total),
        probability, probability_change, probability_error; verdict (`risk.mattering`, of the expected total and of the
        probability, the stronger); k_hat, effective_draws; method (`weighted`, that of `again`, or `not known`).
        Largest change of the expected total first within each kind.
    """
    rows = []
    for done, item in enumerate(changes, start=1):
        row = _row(question, total, item, weigh, again, method)
        rows.append(row | {"verdict": _verdict(row, smallest)} if "mean" in row else row)
        progress(done / len(changes))
    table = pd.DataFrame(rows, columns=COLUMNS)
    order = np.lexsort((-table["mean_change"].abs().fillna(-1.0), table["kind"].map(KINDS.index)))
    return table.iloc[order].reset_index(drop=True)


COLUMNS = [
    *("kind", "id", "label", "to", "mean", "mean_change", "mean_error", "mean_share"),
    *("probability", "probability_change", "probability_error", "verdict", "k_hat", "effective_draws", "method"),
]
"""Of `movements`."""


def _row(
    question: Question, total: np.ndarray, item: Omission, weigh: Weigh, again: Again | None, method: str
) -> dict[str, Any]:
    row: dict[str, Any] = {"kind": item.kind, "id": item.id, "label": item.label}
    row["to"] = item.to if isinstance(item, Variation) else ""
    weights = weigh(item)
    row |= {"k_hat": np.nan, "effective_draws": np.nan, "method": "not known", "verdict": "undecided"}
    if weights is not None:
        row |= {"k_hat": weights.k_hat, "effective_draws": weights.effective_draws}
    above = (total > question.threshold).astype(float)
    if weights is not None and weights.reliable:
        mean, chance = (reweighted_change(values, weights.values) for values in (total, above))
        if again is None or mean.error <= LARGEST_ERROR * total.mean():
            return row | {"method": "weighted"} | _moved(total, above, mean, chance)
    if again is None:
        return row
    before, after = again(item)
    passed = [(values > question.threshold).astype(float) for values in (before, after)]
    return row | {"method": method} | _moved(total, above, paired_change(before, after), paired_change(*passed))


def _moved(total: np.ndarray, above: np.ndarray, mean: Change, chance: Change) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, change, values in (("mean", mean, total), ("probability", chance, above)):
        found[name] = float(values.mean()) + change.value
        found |= {f"{name}_change": change.value, f"{name}_error": change.error}
    return found | {"mean_share": mean.value / float(total.mean()) if total.any() else 0.0}


def _verdict(row: dict[str, Any], smallest: float) -> str:
    """Return the stronger of what is to be said of the expected total and of the chance."""
    verdicts = [
        verdict_on(row[f"{name}_change"], row[name] - row[f"{name}_change"], row[f"{name}_error"], smallest)
        for name in ("mean", "probability")
    ]
    return next(word for word in ("matters", "undecided", "nothing") if word in verdicts)
