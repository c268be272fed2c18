"""The brief's sentences, computed from its numbers: a sentence can only say what its number says."""

import numpy as np
import pandas as pd

from ..core.names import COUNTRIES, HEADLINE
from ..panel.ucdp import annual_totals
from ..risk.measures import coastal_table, first_months
from .content import Answer, Statement
from .evidence_of_run import HOME, BriefRun
from .words import Confidence, deaths, in_hundred, interval, judge_confidence, likelihood, sensible

ANSWER_THRESHOLD = 500
MONTHS_BEFORE = 12


def confidence(run: BriefRun) -> Confidence:
    """Return how far the forecast for Mali can be trusted, with reasons."""
    coverage = None
    if len(run.coverage):
        coverage = float(run.coverage.set_index("nominal")["observed"][0.8])
    groups = {source.group for source in run.register.sources.values()}
    passed = all(posterior.diagnostics.passed for posterior in run.fits.values())
    return judge_confidence(
        prior_share=prior_share(run), coverage_80=coverage, effective_sources=len(groups), fit_passed=passed
    )


def prior_share(run: BriefRun) -> float:
    """Return the share of the expected deaths of civilians in Mali, first twelve months, that assumed drivers add.

    One minus the ratio of expected deaths by the record alone to those of the scenario; its size, 0 to 1.
    """
    with_drivers, without = (
        float(first_months(f.deaths.sel(country=HOME, outcome=HEADLINE)).mean()) for f in (run.first, run.record_alone)
    )
    return min(1.0, abs(1.0 - without / with_drivers)) if with_drivers > 0 else 0.0


def five_answers(run: BriefRun) -> tuple[Answer, ...]:
    """Return the five headline answers."""
    return (_home(run), _neighbours(run), _coast(run), _what_changes(run), _track(run))


def _home(run: BriefRun) -> Answer:
    year = first_months(run.first.deaths.sel(country=HOME, outcome=HEADLINE))
    other = first_months(run.second.deaths.sel(country=HOME, outcome=HEADLINE))
    p = float((year > ANSWER_THRESHOLD).mean())
    low, high = np.quantile(year, [0.1, 0.9])
    ratio = float(year.mean() / other.mean())
    return Answer(
        "What is expected for civilians in Mali?",
        f"More than {ANSWER_THRESHOLD} civilians killed in the twelve months after {run.first.scenario.as_of} is "
        f"{likelihood(p)}; {interval(low, high)}. Expected deaths are {ratio:.2f} times those in the scenario "
        f"“{run.second.scenario.title.lower()}”, a difference that rests on the documents alone.",
        "exceedance",
        confidence(run).sentence(),
    )


def _neighbours(run: BriefRun) -> Answer:
    parts = []
    for country in run.countries[1:]:
        year = first_months(run.first.deaths.sel(country=country, outcome=HEADLINE))
        p = float((year > ANSWER_THRESHOLD).mean())
        parts.append(f"in {COUNTRIES[country]} {likelihood(p)} (median {deaths(float(year.median()))})")
    return Answer(
        "And for the neighbours?",
        f"More than {ANSWER_THRESHOLD} civilians killed in the same twelve months: {'; '.join(parts)}.",
        "exceedance",
    )


def _coast(run: BriefRun) -> Answer:
    table = coastal_table(run.first.deaths).set_index("country")["probability"]
    states = table.drop("any").sort_values(ascending=False)
    named = "; ".join(f"{COUNTRIES[c]} {likelihood(p)}" for c, p in states.head(3).items())
    return Answer("And on the coast?", f"More than 25 deaths of any kind within twelve months: {named}.", "coast")


def _what_changes(run: BriefRun) -> Answer:
    widest = run.swings.head(3)
    expected = float(first_months(run.first.deaths.sel(country=HOME, outcome=HEADLINE)).mean())
    most = float((widest[["low", "high"]] / expected - 1).abs().to_numpy().max())
    named = ", ".join(f"“{label}”" for label in widest["label"])
    return Answer(
        "What would change it?",
        f"No single driver moves the expected deaths of civilians in Mali ({sensible(expected)} in twelve months) by "
        f"more than {most:.0%} either way; the widest swings come from {named}.",
        "tornado",
    )


def _track(run: BriefRun) -> Answer:
    question = "How did the forecast do?"
    if not len(run.hindcast):
        return Answer(question, "The record holds no month after the forecast was made.", "calibration")
    held = float(run.coverage.set_index("nominal")["observed"][0.8])
    row = _hindcast_row(run, HOME, run.first.scenario.id, "12 months")
    scores = {f.scenario.id: _mean_crps(run, f.scenario.id) for f in (run.first, run.record_alone)}
    best = min(scores, key=lambda name: scores[name])
    return Answer(
        question,
        f"In Mali {row['observed']:,.0f} civilians were killed from {row['first_month']} to {row['last_month']}, "
        f"against a median of {sensible(row['median'])} ({interval(row['q05'], row['q95'], level=90)}). Of all later "
        f"months, countries and outcomes, {held:.0%} lay in the 80% interval. Over all countries “{_title(run, best)}” "
        f"came closer than “{_title(run, next(n for n in scores if n != best))}”.",
        "hindcast",
    )


def _title(run: BriefRun, scenario: str) -> str:
    forecasts = (run.first, run.second, run.record_alone)
    return next(f.scenario.title for f in forecasts if f.scenario.id == scenario).lower()


def _hindcast_row(run: BriefRun, country: str, scenario: str, window: str) -> dict:
    rows = run.hindcast.query(
        "country == @country and scenario == @scenario and window == @window and outcome == @HEADLINE",
        local_dict={"country": country, "scenario": scenario, "window": window, "HEADLINE": HEADLINE},
    )
    return rows.iloc[0].to_dict()


def _mean_crps(run: BriefRun, scenario: str, column: str = "crps") -> float:
    rows = run.hindcast[(run.hindcast["scenario"] == scenario) & (run.hindcast["window"] == "12 months")]
    return float(rows[column].mean())


def findings(run: BriefRun, expected: pd.DataFrame) -> dict[str, tuple[Statement, ...]]:
    """Return the sentences that open the brief's sections."""
    return {
        "documents": _documents(run, expected),
        "record": _record(run),
        "contrast": _contrast(run),
        "spillover": (),
        "drivers": (Statement(prior_share_sentence(run), "drivers"),),
        "track": _track_findings(run),
    }


def _documents(run: BriefRun, expected: pd.DataFrame) -> tuple[Statement, ...]:
    claims = run.register.claims.values()
    verdicts = expected["verdict"].value_counts()
    settled = expected[expected["verdict"].isin(["true", "false"])]
    brier = float(((settled["probability"] - (settled["verdict"] == "true")) ** 2).mean())
    return (
        Statement(
            f"{len(claims)} claims of {len(run.register.sources)} documents are coded line by line, "
            f"{sum(c.scope == 'consequence' for c in claims)} of them on consequences. Of the {len(expected)} that "
            f"state an expectation, the record so far bears out {verdicts.get('true', 0)}, contradicts "
            f"{verdicts.get('false', 0)} and leaves {verdicts.get('open', 0)} open; for "
            f"{verdicts.get('not resolvable', 0)} no series or dated event here can tell. The Brier score of the "
            f"{len(settled)} settled ones, after reliability, is {brier:.2f} (0 is perfect, 0.25 what a coin gets).",
            "documents-expect",
        ),
    )


def _change(before: float, after: float) -> str:
    if before <= 0:
        return f"went from none to {after:.0f} a month"
    ratio = after / before
    verb = "rose" if ratio > 1.1 else "fell" if ratio < 0.9 else "hardly changed"
    return f"{verb}, from {before:.0f} to {after:.0f} a month"


def _record(run: BriefRun) -> tuple[Statement, ...]:
    exit_month = run.first.scenario.exit
    months = [str(m) for m in run.record["month"].values]
    at = months.index(exit_month) + 1 if exit_month in months else len(months)
    if at == len(months):
        return (Statement("The record ends before the exit.", "record"),)
    sentences = []
    for country in (HOME, *run.countries[1:]):
        cells = run.record.sel(country=country)
        one_sided, everything = cells.sel(outcome=HEADLINE).values, cells.sum("outcome").values
        before, after = slice(at - MONTHS_BEFORE, at), slice(at, None)
        sentences.append(
            f"{COUNTRIES[country]}: from the twelve months before the exit to the {len(months) - at} after it, deaths "
            f"of civilians {_change(one_sided[before].mean(), one_sided[after].mean())}, and deaths in all violence "
            f"{_change(everything[before].mean(), everything[after].mean())}."
        )
    return (*(Statement(text, "record") for text in sentences), Statement(_home_course(run, at), "record"))


def _home_course(run: BriefRun, at: int) -> str:
    """Return how deaths in Mali went before the exit, in the six months after it and since, and where the peak lies."""
    home = run.record.sel(country=HOME).sum("outcome").values
    before, soon, since = home[at - MONTHS_BEFORE : at].mean(), home[at : at + 6].mean(), home[at + 6 :]
    yearly = annual_totals(run.record).sel(country=HOME).sum("outcome")
    peak = int(yearly["year"].values[np.argmax(yearly.values)])
    later = f", and {since.mean():.0f} in the {since.size} months since" if since.size else ""
    course = (
        f"Deaths of all kinds in Mali: {before:.0f} a month in the year before the exit, {soon:.0f} in the six months "
        f"after it{later}. The worst year on record is {peak}."
    )
    if since.size and since.mean() <= 1.1 * before:
        course += " The lasting rise that the documents expect is not in the country's totals."
    return course + " Totals do not say what would have happened had the mission stayed."


def _contrast(run: BriefRun) -> tuple[Statement, ...]:
    parts = []
    for horizon, months in run.first.windows().items():
        a, b = (
            f.deaths.sel(country=HOME, outcome=HEADLINE, month=months).sum("month") for f in (run.first, run.second)
        )
        more = float((a > b).mean() + 0.5 * (a == b).mean())
        parts.append(f"{horizon} term {float(a.mean() / b.mean()):.2f} ({in_hundred(more)} futures have more)")
    return (
        Statement(
            f"Ratio of expected deaths of civilians in Mali, “{run.first.scenario.title.lower()}” to "
            f"“{run.second.scenario.title.lower()}”: {'; '.join(parts)}.",
            "contrast-short",
        ),
    )


def prior_share_sentence(run: BriefRun) -> str:
    """Return how much of the answer is prior and how much data, in words with numbers."""
    share = prior_share(run)
    text = (
        f"Assumed drivers make {share:.0%} of the expected deaths of civilians in Mali in the first twelve months; "
        "the rest is the record's."
    )
    if run.learnt is None:
        return (
            f"{text} No month after the exit has met the drivers yet, so all of the difference between scenarios is "
            "prior."
        )
    moved = run.drivers.assign(moved=run.drivers["posterior_weight"] - run.drivers["prior_weight"])
    row = moved.iloc[int(moved["moved"].abs().to_numpy().argmax())]
    return (
        f"{text} After the months to {run.learnt.as_of}, the chance that a driver's effect is there moved most for "
        f"“{row['label']}”: from {row['prior_weight'] * 100:.0f} to {row['posterior_weight'] * 100:.0f} in 100. On "
        f"average over drivers it moved by {moved['moved'].abs().mean() * 100:.1f} in 100, so what the page says of "
        "drivers is still mostly what the documents say."
    )


def _track_findings(run: BriefRun) -> tuple[Statement, ...]:
    if not len(run.hindcast):
        return ()
    reference = _mean_crps(run, run.first.scenario.id, "crps_reference")
    parts = [
        f"“{f.scenario.title.lower()}” {_mean_crps(run, f.scenario.id) / reference:.2f}"
        for f in (run.first, run.second, run.record_alone)
    ]
    return (
        Statement(
            "Mean CRPS of twelve-month totals over all countries and outcomes, as a ratio to resampling the last "
            f"twelve months (below 1 is better): {'; '.join(parts)}. One origin proves little.",
            "hindcast",
        ),
    )
