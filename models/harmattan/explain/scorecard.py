"""How well each source foresaw: Brier and log scores of the claims that the record has settled.

Claims of one proposition say one thing, so they are averaged before anything is counted; even so several propositions
hang on the same deaths or the same event. The base rate of a claim is how often its own rule held in the past, asked
from months before the exit, which uses nothing that came after it.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr

from ..claims.lexicon import believed, grade_of, reading_of
from ..claims.register import Register
from ..claims.wording import citation
from ..core.months import month_number
from ..core.randomness import stream
from ..schema.records import Claim, DatedEvent, PanelRatio, PanelTotal
from .ledger import fact_behind, ratio_holds, resolve

REPLICATES = 2000
"""Bootstrap replicates over propositions."""

BASE_RATE_STEP = 3
"""Months between the past months from which a rule is asked."""

FIRST_PAST_EXIT = "1995-01"
"""No rule is asked from an earlier month: the years since the end of the Cold War, where the record holds them."""

LEAST_PROBABILITY = 0.005
"""Log scores take no probability to be nearer to 0 or 1 than this."""


COLUMNS = (
    *("claim", "proposition", "source", "group", "line", "says", "kind", "horizon", "first", "last", "stated"),
    *("probability", "base_rate", "verdict", "why", "settled_by", "fact"),
)


def ledger_table(register: Register, panel: xr.DataArray, exit_month: str) -> pd.DataFrame:
    """Return every claim beside what the record says of it.

    Parameters
    ----------
    register : Register
    panel : DataArray (month, country, outcome)
        The record up to the month in which the question is asked.
    exit_month : str

    Returns
    -------
    DataFrame
        Columns claim, proposition, source, group, line, says, kind, horizon, first, last (months after the exit of the
        claim's window; NaN without a rule), stated (probability as readers read the words; NaN where they state none),
        probability (after the source's reliability), base_rate (how often the rule held in the past; NaN where that
        cannot be asked), verdict, why, settled_by (the rule), fact (`fact_behind`: fewer than rules).
    """
    rates: dict[str, float] = {}
    rows = []
    for claim in register.claims.values():
        source = register.sources[claim.source]
        verdict = resolve(claim, panel, exit_month, register.case.events)
        rule = _rule(claim)
        if rule and rule not in rates:
            rates[rule] = _base_rate(claim, panel, exit_month)
        window = claim.resolution.window if claim.resolution is not None else (np.nan, np.nan)
        rows.append(
            {
                "claim": claim.id,
                "proposition": claim.proposition,
                "source": source.id,
                "group": source.group,
                "line": citation(claim.file, claim.lines),
                "says": claim.paraphrase,
                "kind": claim.kind,
                "horizon": claim.horizon,
                "first": window[0],
                "last": window[1],
                **_probabilities(register, claim),
                "base_rate": rates.get(rule, np.nan),
                "verdict": verdict.status,
                "why": verdict.why,
                "settled_by": rule,
                "fact": fact_behind(claim),
            }
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _probabilities(register: Register, claim: Claim) -> dict[str, float]:
    reading = reading_of(claim, register.lexicons)
    if reading is None:
        return {"stated": np.nan, "probability": np.nan}
    grades: Mapping[str, float] = {str(k): v for k, v in register.lexicons.reliability.grades.items()}
    trust = grades[grade_of(claim, register.sources[claim.source])]
    return {
        "stated": reading.beta.mean,
        "probability": believed(reading.beta, trust, register.lexicons.reference).mean,
    }


def _rule(claim: Claim) -> str:
    return "" if claim.resolution is None else claim.resolution.model_dump_json(exclude_none=True)


def _base_rate(claim: Claim, panel: xr.DataArray, exit_month: str) -> float:
    """Return how often the claim's rule held when asked from months before the exit, its window over by then."""
    rule = claim.resolution
    if rule is None or isinstance(rule, DatedEvent):
        return np.nan
    cells = panel.sel(country=list(rule.places), outcome=list(rule.outcomes)).sum(
        ["country", "outcome"], skipna=isinstance(rule, PanelTotal)
    )
    deaths, first = cells.values.astype(float), month_number(str(panel["month"].values[0]))
    latest = month_number(exit_month) - rule.window[1]

    def within(asked: int, window: tuple[int, int]) -> np.ndarray:
        return deaths[asked + window[0] - first : asked + window[1] + 1 - first]

    held = []
    for asked in range(latest, _earliest(rule, first) - 1, -BASE_RATE_STEP):
        if isinstance(rule, PanelTotal):
            held.append(bool(within(asked, rule.window).sum() > rule.above))
            continue
        now, before = within(asked, rule.window).mean(), within(asked, rule.reference).mean()
        if not np.isnan(now + before):  # else a place did not exist throughout
            held.append(ratio_holds(rule, now, before))
    return float(np.mean(held)) if held else np.nan


def _earliest(rule: PanelRatio | PanelTotal, first: int) -> int:
    """Return the number of the first month that a rule can be asked from: its windows lie in the record by then."""
    begins = min(rule.window[0], rule.reference[0]) if isinstance(rule, PanelRatio) else rule.window[0]
    return max(month_number(FIRST_PAST_EXIT), first - begins)


def scores(table: pd.DataFrame, reference: float, seed: int) -> pd.DataFrame:
    """Return how each source, each group of sources and all together scored.

    Parameters
    ----------
    table : DataFrame
        `ledger_table`.
    reference : float
        Share of forecasts in general that come true; stands in where a rule has no past.
    seed : int
        Of the bootstrap.

    Returns
    -------
    DataFrame
        Columns level (`source`, `group`, `all`), id; claims, true, false (settled claims that state a probability),
        propositions, settled_by (different rules behind them); brier_stated, brier (after reliability), brier_low,
        brier_high (95 in 100, by bootstrap over propositions; NaN with fewer than two), brier_base, brier_reference (of
        one who had said the base rate of each rule, or the reference, each time), log_stated, log (mean minus log
        probability of what happened, in nats), skill (1 - brier / brier_base), skill_low, skill_high, brier_least,
        brier_most (range of `brier` when one proposition is left out). Lower scores are better; skill above 0 beats
        the base rate.
    """
    settled = table[table["verdict"].isin(["true", "false"]) & table["stated"].notna()]
    levels = [("source", name, table["source"] == name) for name in dict.fromkeys(table["source"])]
    levels += [("group", name, table["group"] == name) for name in dict.fromkeys(table["group"])]
    levels.append(("all", "all", table["claim"].notna()))
    rows = []
    for level, name, members in levels:
        part = settled[members.reindex(settled.index)]
        rows.append({"level": level, "id": name} | _score(part, reference, seed))
    return pd.DataFrame(rows)


def proposition_scores(table: pd.DataFrame, reference: float) -> pd.DataFrame:
    """Return the scores of settled claims by proposition: means over claims of a group, then over groups.

    Returns
    -------
    DataFrame
        Columns proposition, claims, groups, outcome (share of its claims that came true), brier_stated, brier,
        brier_base, brier_reference, log_stated, log.
    """
    settled = table[table["verdict"].isin(["true", "false"]) & table["stated"].notna()]
    happened = (settled["verdict"] == "true").astype(float)
    base = settled["base_rate"].fillna(reference)
    each = pd.DataFrame(
        {
            "proposition": settled["proposition"],
            "group": settled["group"],
            "outcome": happened,
            "brier_stated": (settled["stated"] - happened) ** 2,
            "brier": (settled["probability"] - happened) ** 2,
            "brier_base": (base - happened) ** 2,
            "brier_reference": (reference - happened) ** 2,
            "log_stated": _log_loss(settled["stated"], happened),
            "log": _log_loss(settled["probability"], happened),
        }
    )
    by_group = each.groupby(["proposition", "group"], sort=True).mean()
    mean = by_group.groupby("proposition").mean()
    mean.insert(0, "claims", each.groupby("proposition").size())
    mean.insert(1, "groups", by_group.groupby("proposition").size())
    return mean.reset_index()


def _log_loss(probability: pd.Series, happened: pd.Series) -> np.ndarray:
    said = np.where(happened == 1.0, probability, 1.0 - probability)
    return -np.log(np.clip(said, LEAST_PROBABILITY, 1.0 - LEAST_PROBABILITY))


_MEASURES = ("brier_stated", "brier", "brier_base", "brier_reference", "log_stated", "log")


def _score(settled: pd.DataFrame, reference: float, seed: int) -> dict[str, float]:
    counted = {
        "claims": len(settled),
        "true": int((settled["verdict"] == "true").sum()),
        "false": int((settled["verdict"] == "false").sum()),
        "propositions": int(settled["proposition"].nunique()),
        "settled_by": int(settled["settled_by"].nunique()),
    }
    empty = ("brier_low", "brier_high", "skill", "skill_low", "skill_high", "brier_least", "brier_most")
    row: dict[str, float] = counted | dict.fromkeys((*_MEASURES, *empty), np.nan)
    if settled.empty:
        return row
    by_proposition = proposition_scores(settled, reference)
    row |= {name: float(by_proposition[name].mean()) for name in _MEASURES}
    row["skill"] = 1.0 - row["brier"] / row["brier_base"] if row["brier_base"] > 0 else np.nan
    if len(by_proposition) < 2:
        return row
    brier, base = by_proposition["brier"].to_numpy(), by_proposition["brier_base"].to_numpy()
    picks = stream(seed, "ledger", "bootstrap").integers(0, len(brier), size=(REPLICATES, len(brier)))
    again, base_again = brier[picks].mean(axis=1), base[picks].mean(axis=1)
    row["brier_low"], row["brier_high"] = (float(x) for x in np.quantile(again, [0.025, 0.975]))
    skill = 1.0 - again / np.maximum(base_again, 1e-12)
    row["skill_low"], row["skill_high"] = (float(x) for x in np.quantile(skill, [0.025, 0.975]))
    without = [float(np.delete(brier, i).mean()) for i in range(len(brier))]
    row["brier_least"], row["brier_most"] = min(without), max(without)
    return row
