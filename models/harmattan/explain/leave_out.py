"""What the answer would be without one driver, claim or source: by weighting the draws, or anew where weights fail."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
import xarray as xr

from ..claims.register import Register
from ..claims.stated import scenario_priors
from ..core.randomness import stream
from ..schema.scenario import Scenario
from .question import Question
from .reweighting import Change, Weights, paired_change, reweighted_change

Kind = Literal["driver", "claim", "source", "evidence", "lexicon", "sizes", "grades", "word"]
EXITS, EXITS_LABEL = "exits", "What exits of missions elsewhere did"
"""The class of exits, as something that can be left out."""

RANKED = 3
"""How many of a kind are named as those that move the answer most."""

CONTENDING_ERRORS = 2.0
"""Standard errors by which a change must stand clear of the first three of its kind to be settled by weights."""

SETTLED = 12
"""How many of a kind are at most simulated again to settle which are the first three: those that move the drivers' mean
effects most, which is known without a simulation. Parts of one whole are small, and weights alone tell few apart."""

WEIGHING = 0.6
"""Share of the work, as progress shows it, that is done when only the first three of each kind are still open."""

REPLICATES = 1000
"""Bootstrap replicates of the ranking."""


@dataclass(frozen=True)
class Omission:
    """One thing left out and the priors that are left without it.

    Attributes
    ----------
    kind : str
        ``driver``, ``claim``, ``source`` or ``evidence``; the others are read otherwise and not left out (`fragility`).
    id, label : str
    priors : Dataset (driver, component)
        Of all drivers and of the rest, without it.
    """

    kind: Kind
    id: str
    label: str
    priors: xr.Dataset


def omissions(register: Register, scenario: Scenario) -> list[Omission]:
    """Return everything that can be left out of a scenario: drivers, claims and sources with a vote, exits elsewhere.

    Without a driver its effect is "no effect", whatever was said of it; without a claim or a source the priors are
    derived as if it had never been read. Drivers that hinge on the exit share one whole, so a claim that is left out
    may change the share of each.

    Parameters
    ----------
    register : Register
    scenario : Scenario
        Drivers that are absent in it cannot be left out.
    """
    acting = {key: d for key, d in register.drivers.items() if scenario.setting(key).state != "absent"}
    if not acting:
        return []
    voices = {key: register.heard[key].voting for key in acting}
    full = scenario_priors(register, scenario)
    found: list[Omission] = [
        Omission("driver", key, driver.title, _silenced(full, key)) for key, driver in acting.items()
    ]
    for claim in register.claims.values():
        if any(claim.id in heard for heard in voices.values()):
            left = scenario_priors(register, scenario, without_claims=frozenset({claim.id}))
            found.append(Omission("claim", claim.id, claim.paraphrase, left))
    for source in register.sources.values():
        said = {claim.id for claim in register.claims_of(source.id)}
        if any(heard & said for heard in voices.values()):
            left = scenario_priors(register, scenario, without_sources=frozenset({source.id}))
            found.append(Omission("source", source.id, source.title, left))
    if register.exit_class is not None and scenario.evidence.exits and scenario.drivers.default != "absent":
        alone = scenario.model_copy(update={"evidence": scenario.evidence.model_copy(update={"exits": False})})
        found.append(Omission("evidence", EXITS, EXITS_LABEL, scenario_priors(register, alone)))
    return found


def _silenced(priors: xr.Dataset, driver: str) -> xr.Dataset:
    weight = priors["weight"].values.copy()
    row = priors.get_index("driver").get_loc(driver)
    weight[row] = 0.0
    weight[row, -1] = 1.0
    return priors.assign(weight=(("driver", "component"), weight))


def changed_drivers(old: xr.Dataset, new: xr.Dataset) -> list[str]:
    """Return the drivers whose priors differ.

    Parameters
    ----------
    old, new : Dataset (driver, component)
        Of the same drivers and components.
    """
    differ = np.zeros(old.sizes["driver"], dtype=bool)
    for name in ("weight", "mean", "sd"):
        differ |= (old[name].values != new[name].values).any(axis=1)
    return [str(name) for name in old["driver"].values[differ]]


def same_rest(old: xr.Dataset, new: xr.Dataset) -> bool:
    """Return whether two priors say the same of what of the exit belongs to no driver."""
    return all(np.array_equal(old[name].values, new[name].values) for name in ("rest_mean", "rest_factor"))


Weigh = Callable[[Omission], Weights | None]
"""Returns the weights of the draws under the priors of an omission; None where no future is possible under them."""

Again = Callable[[Omission], np.ndarray]
"""Returns the totals (draw,) under the priors of an omission, simulated anew and paired draw by draw."""


def leave_out(
    question: Question,
    total: np.ndarray,
    left_out: Sequence[Omission],
    weigh: Weigh,
    again: Again | None,
    seed: int,
    progress: Callable[[float], None] = lambda share: None,
    settle: bool = False,
    moves: Callable[[Omission], float] = lambda item: 0.0,
) -> pd.DataFrame:
    """Return how the expected total and P(total > threshold) change without each driver, claim and source.

    Parameters
    ----------
    question : Question
    total : array (draw,)
        Totals as simulated.
    left_out : sequence of Omission
    weigh : callable
    again : callable or None
        Used where the weights cannot be relied on; None leaves such rows empty and says so.
    seed : int
        Of the bootstrap behind `top_share`.
    progress : callable
        Called with the share that is done.
    settle : bool
        Whether `again` is also used for what may be among the first three of its kind, as far as the errors of the
        weights tell: draws made anew are paired, so their errors are smaller. At most `SETTLED` of a kind.
    moves : callable
        By how much the mean effect of drivers moves without an item: those that move it more are settled first.

    Returns
    -------
    DataFrame
        Columns kind, id, label; mean_without, mean_change, mean_error (deaths); probability_without,
        probability_change, probability_error; k_hat, effective_draws; method (`reweighted`, `simulated again`,
        `not reliable` or `not possible`); top_share, the share of bootstrap replicates in which the row is among the
        three of its kind that change the probability most. Largest change of probability first within each kind.
    """
    above = (total > question.threshold).astype(float)
    found = []
    weighed = WEIGHING if settle and again is not None else 1.0
    for done, item in enumerate(left_out, start=1):
        found.append(_one(item, total, above, question, weigh, again))
        progress(weighed * done / len(left_out))
    settled: set[int] = set()
    while again is not None and settle:
        contending = _contending(pd.DataFrame([row for row, _ in found]))
        open_still = _most_moving(left_out, contending, settled, moves)
        if not open_still:
            break
        settled |= set(open_still)
        for done, row in enumerate(open_still, start=1):
            progress(weighed + (1 - weighed) * done / len(open_still))
            quality = {name: found[row][0][name] for name in ("k_hat", "effective_draws")}
            found[row] = _anew(left_out[row], total, above, question, again, quality)
    table = pd.DataFrame([row for row, _ in found])
    influences = [influence for _, influence in found]
    table["top_share"] = _top_shares(table, np.array(influences), seed)
    size = -table["probability_change"].abs().fillna(0.0)
    order = np.lexsort((size, table["kind"].map({"driver": 0, "claim": 1, "source": 2, "evidence": 3})))
    return table.iloc[order].reset_index(drop=True)


def _one(
    item: Omission,
    total: np.ndarray,
    above: np.ndarray,
    question: Question,
    weigh: Weigh,
    again: Again | None,
) -> tuple[dict[str, object], np.ndarray]:
    weights = weigh(item)
    if weights is None:
        return _row(item, "not possible", None, None, total, above), np.zeros(len(total))
    quality = {"k_hat": weights.k_hat, "effective_draws": weights.effective_draws}
    if weights.reliable:
        mean, chance = (reweighted_change(values, weights.values) for values in (total, above))
        return _row(item, "reweighted", mean, chance, total, above) | quality, chance.influence
    if again is None:
        return _row(item, "not reliable", None, None, total, above) | quality, np.zeros(len(total))
    return _anew(item, total, above, question, again, quality)


def _anew(
    item: Omission,
    total: np.ndarray,
    above: np.ndarray,
    question: Question,
    again: Again,
    quality: Mapping[str, object],
) -> tuple[dict[str, object], np.ndarray]:
    after = again(item)
    mean = paired_change(total, after)
    chance = paired_change(above, (after > question.threshold).astype(float))
    return _row(item, "simulated again", mean, chance, total, above) | dict(quality), chance.influence


def _contending(table: pd.DataFrame) -> list[int]:
    """Return rows settled by weights that cannot be told from the first three of their kind."""
    rows: list[int] = []
    for _, alike in table.groupby("kind", sort=False):
        size = alike["probability_change"].abs().fillna(0.0)
        margin = CONTENDING_ERRORS * alike["probability_error"].fillna(0.0)
        sure = (size - margin).clip(lower=0.0).nlargest(RANKED).iloc[-1]
        contends = (size + margin >= sure) & (alike["method"] == "reweighted") & (margin > 0)
        rows += [int(row) for row in alike.index[contends]]
    return rows


def _most_moving(
    left_out: Sequence[Omission], rows: Sequence[int], settled: set[int], moves: Callable[[Omission], float]
) -> list[int]:
    """Return of each kind the rows that move drivers' mean effects most, `SETTLED` with those settled before."""
    chosen: list[int] = []
    for kind in dict.fromkeys(left_out[row].kind for row in rows):
        alike = sorted((row for row in rows if left_out[row].kind == kind), key=lambda row: -abs(moves(left_out[row])))
        chosen += alike[: SETTLED - sum(left_out[row].kind == kind for row in settled)]
    return sorted(chosen)


def _row(
    item: Omission, method: str, mean: Change | None, chance: Change | None, total: np.ndarray, above: np.ndarray
) -> dict[str, object]:
    row: dict[str, object] = {"kind": item.kind, "id": item.id, "label": item.label}
    for name, change, values in (("mean", mean, total), ("probability", chance, above)):
        row[f"{name}_without"] = np.nan if change is None else float(values.mean()) + change.value
        row[f"{name}_change"] = np.nan if change is None else change.value
        row[f"{name}_error"] = np.nan if change is None else change.error
    return row | {"k_hat": np.nan, "effective_draws": np.nan, "method": method}


def _top_shares(table: pd.DataFrame, influences: np.ndarray, seed: int) -> np.ndarray:
    """Return how often each row is among the largest of its kind when the draws are drawn again with replacement."""
    draws = influences.shape[1]
    generator = stream(seed, "explain", "leave-out", "bootstrap")
    counts = generator.multinomial(draws, np.full(draws, 1.0 / draws), size=REPLICATES)
    shares = np.zeros(len(table))
    for kind in table["kind"].unique():
        rows = np.flatnonzero(table["kind"] == kind)
        change = table["probability_change"].to_numpy()[rows]
        replicated = np.abs(change + counts @ influences[rows].T / draws)
        replicated = np.nan_to_num(replicated, nan=-1.0)
        best = np.argsort(-replicated, axis=1, kind="stable")[:, :RANKED]
        shares[rows] = np.bincount(best.ravel(), minlength=len(rows)) / REPLICATES
    return shares
