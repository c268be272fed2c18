"""How well each source foresaw: Brier and log scores of the claims that the record has settled.

Claims of one proposition say one thing, so they are averaged before anything is counted; even so several propositions
hang on the same deaths or the same event. A claim that is partly true counts half. The base rate of a claim is how much
of its own rule came true in the past, asked from months before the exit, which uses nothing that came after it.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr

from ..case.releases import settled_on
from ..case.settling import record_with_parts, yearly_series
from ..claims.lexicon import believed, grade_of, reading_of
from ..claims.register import Register
from ..claims.verdicts import WORTH, counted, fact_behind, resolve, verdicts_of
from ..claims.windows import Levels, earlier_than, steps_ahead, trend_level, yearly_levels
from ..claims.wording import citation
from ..core.months import month_number
from ..core.randomness import stream
from ..schema.records import Claim
from ..schema.resolution import NothingSettles, PanelRatio, PanelTotal, YearlyRatio

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
    *(
        "probability",
        "base_rate",
        "verdict",
        "so_far",
        "before",
        "trend",
        "without",
        "reason",
        "why",
        "settled_by",
        "release",
        "fact",
    ),
)


def ledger_table(
    register: Register,
    panel: xr.DataArray,
    exit_month: str,
    without_exit: xr.DataArray | None = None,
) -> pd.DataFrame:
    """Return every claim beside what the record says of it.

    Parameters
    ----------
    register : Register
    panel : DataArray (month, country, outcome)
        The record up to the month in which the question is asked.
    exit_month : str
    without_exit : DataArray (draw, month, country, outcome), optional
        Futures without the exit, as a yardstick that is shown beside the rules' own.

    Returns
    -------
    DataFrame
        Columns claim, proposition, source, group, line, says, kind, horizon, first, last (months after the exit of the
        claim's window; NaN without a rule), stated (probability as readers read the words; NaN where they state none),
        probability (after the source's reliability), base_rate (how much of the rule came true in the past; NaN where
        that cannot be asked), verdict, so_far (what an open claim would be if its window ended now), before, trend,
        without (verdict by each yardstick; "" where it has none), reason (why nothing settles it: vague, no_measure,
        no_window), why, settled_by (the rule), release (of the record, or the table or source, that settled it; "" of
        what is not settled), fact (`fact_behind`: fewer than rules).
    """
    rates: dict[str, float] = {}
    rows = []
    case = register.case
    panel, yearly = record_with_parts(case, panel), yearly_series(case, str(panel["month"].values[-1]))
    for claim in register.claims.values():
        source = register.sources[claim.source]
        verdict = resolve(claim, panel, exit_month, case.events, yearly=yearly, without_exit=without_exit)
        rule = _rule(claim)
        if rule and rule not in rates:
            rates[rule] = past_share(claim, panel, exit_month, yearly)
        first, last = _window(claim, exit_month)
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
                "first": first,
                "last": last,
                **_probabilities(register, claim),
                "base_rate": rates.get(rule, np.nan),
                "verdict": verdict.status,
                "so_far": verdict.so_far,
                **{name: verdict.by.get(name, "") for name in ("before", "trend", "without")},
                "reason": claim.resolution.reason if isinstance(claim.resolution, NothingSettles) else "",
                "why": verdict.why,
                "settled_by": rule,
                "release": _release(register, claim) if verdict.status in WORTH else "",
                "fact": fact_behind(claim),
            }
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _window(claim: Claim, exit_month: str) -> tuple[float, float]:
    """Return the first and last month after the exit of a claim's window; NaN without a rule."""
    rule = claim.resolution
    if rule is None or isinstance(rule, NothingSettles):
        return np.nan, np.nan
    if isinstance(rule, YearlyRatio):
        month = int(exit_month[5:])
        return float(12 * rule.years[0] - month + 1), float(12 * rule.years[1] - month + 12)
    return float(rule.window[0]), float(rule.window[1])


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


def _release(register: Register, claim: Claim) -> str:
    rule = claim.resolution
    return "" if rule is None or isinstance(rule, NothingSettles) else settled_on(register.case, rule)


def _rule(claim: Claim) -> str:
    if claim.resolution is None or isinstance(claim.resolution, NothingSettles):
        return ""
    return claim.resolution.model_dump_json(exclude_none=True)


def past_share(claim: Claim, panel: xr.DataArray, exit_month: str, yearly: Mapping[str, xr.DataArray]) -> float:
    """Return how much of the claim's rule came true, asked from months before the exit, its window over by then.

    Parameters
    ----------
    claim : Claim
    panel : DataArray (month, country, outcome)
    exit_month : str
        Windows of the months asked from are over by then, and nothing later is used.
    yearly : mapping of series to DataArray (year, country)

    Returns
    -------
    float
        Between 0 and 1; NaN where its rule cannot be asked of the past.
    """
    rule = claim.resolution
    if isinstance(rule, YearlyRatio):
        held = _past_years(rule, yearly.get(rule.series), int(exit_month[:4]))
    elif isinstance(rule, PanelRatio | PanelTotal):
        held = _past_months(rule, panel, exit_month)
    else:
        held = []
    return float(np.mean(held)) if held else np.nan


def _past_months(rule: PanelRatio | PanelTotal, panel: xr.DataArray, exit_month: str) -> list[float]:
    cells = panel.sel(country=list(rule.places), outcome=list(rule.outcomes)).sum(
        ["country", "outcome"], skipna=isinstance(rule, PanelTotal)
    )
    deaths, first = cells.values.astype(float), month_number(str(panel["month"].values[0]))

    def within(asked: int, window: tuple[int, int]) -> np.ndarray:
        start = asked + window[0] - first
        return deaths[start : asked + window[1] + 1 - first] if start >= 0 else np.array([np.nan])

    held = []
    for asked in range(month_number(exit_month) - rule.window[1], _earliest(rule, first) - 1, -BASE_RATE_STEP):
        if isinstance(rule, PanelTotal):
            held.append(float(within(asked, rule.window).sum() > rule.above))
            continue
        now, before, earlier = (
            float(within(asked, window).mean())
            for window in (rule.window, rule.reference, earlier_than(rule.reference))
        )
        trend = trend_level(before, earlier, steps_ahead(rule.window, rule.reference))
        held += _worth(rule, Levels(now, before, trend))
    return held


def _past_years(rule: YearlyRatio, series: xr.DataArray | None, exit_year: int) -> list[float]:
    if series is None:
        return []
    first, last = int(series["year"].values[0]), exit_year - 1 - rule.years[1]
    begins = min(rule.years[0], rule.reference[0])
    years = range(last, max(first - begins, int(FIRST_PAST_EXIT[:4])) - 1, -1)
    return [worth for year in years for worth in _worth(rule, yearly_levels(rule, series, year))]


def _worth(rule: PanelRatio | YearlyRatio, levels: Levels) -> list[float]:
    """Return how much of a rule came true, as a list of one; an empty one where a place did not exist throughout."""
    if np.isnan(levels.now) or np.isnan(levels.before):
        return []
    verdict = counted(rule, verdicts_of(rule, levels))
    return [WORTH[verdict]] if verdict else []


def _earliest(rule: PanelRatio | PanelTotal, first: int) -> int:
    """Return the first month from which a rule can be asked: its windows lie in the record, which begins in `first`."""
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
        Columns level (`source`, `group`, `all`), id; claims, true, false, partly (settled claims that state a
        probability), propositions, settled_by (different rules behind them); brier_stated, brier (after reliability),
        brier_low, brier_high (95 in 100, by bootstrap over propositions; NaN with fewer than two), brier_base,
        brier_reference (of one who had said the base rate of each rule, or the reference, each time), log_stated, log
        (mean minus log probability of what happened, in nats), skill (1 - brier / brier_base), skill_low, skill_high,
        brier_least, brier_most (range of `brier` when one proposition is left out). Lower scores are better; skill
        above 0 beats the base rate.
    """
    settled = table[table["verdict"].isin(list(WORTH)) & table["stated"].notna()]
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
    settled = table[table["verdict"].isin(list(WORTH)) & table["stated"].notna()]
    happened = settled["verdict"].map(WORTH).astype(float)
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
    said = np.clip(probability.to_numpy(dtype=float), LEAST_PROBABILITY, 1.0 - LEAST_PROBABILITY)
    return -(happened * np.log(said) + (1.0 - happened) * np.log(1.0 - said)).to_numpy(dtype=float)


_MEASURES = ("brier_stated", "brier", "brier_base", "brier_reference", "log_stated", "log")


def _score(settled: pd.DataFrame, reference: float, seed: int) -> dict[str, float]:
    counted = {
        "claims": len(settled),
        "true": int((settled["verdict"] == "true").sum()),
        "false": int((settled["verdict"] == "false").sum()),
        "partly": int((settled["verdict"] == "partly").sum()),
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
