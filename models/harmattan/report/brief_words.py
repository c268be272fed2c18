"""The brief's sentences, computed from its numbers: a sentence can only say what its number says."""

import numpy as np
import pandas as pd

from ..core.language import country_name, decimal, listed, per_cent, phrase, translate, whole
from ..core.months import month_spans
from ..core.names import COASTAL_THRESHOLD, HEADLINE
from ..panel.ucdp import annual_totals, provisional_months
from ..plots.numbers import held_words, horizon_words, joined, month_words, span_words, spans_words
from ..risk.measures import coastal_table, first_months, months_held
from .content import Answer, Statement
from .evidence_of_run import HOME, BriefRun
from .words import Confidence, deaths, in_hundred, judge_confidence, likelihood, sensible

ANSWER_THRESHOLD = 500
MONTHS_BEFORE = 12


def confidence(run: BriefRun) -> Confidence:
    """Return how far the forecast for Mali can be trusted, with reasons."""
    totals = run.totals
    coverage = totals.inside / totals.count if totals is not None and totals.count else None
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


def cautions(run: BriefRun) -> tuple[str, ...]:
    """Return what a reader should know of the record before any number."""
    spans = month_spans(provisional_months(run.record))
    if not spans:
        return ()
    named = [month_words(first) if first == last else span_words(first, last) for first, last in spans]
    return (phrase("page.provisional", months=listed(named)),)


def five_answers(run: BriefRun) -> tuple[Answer, ...]:
    """Return the five headline answers."""
    return (_home(run), _neighbours(run), _coast(run), _what_changes(run), _track(run))


def _home(run: BriefRun) -> Answer:
    year = first_months(run.first.deaths.sel(country=HOME, outcome=HEADLINE))
    other = first_months(run.second.deaths.sel(country=HOME, outcome=HEADLINE))
    low, median, high = np.quantile(year, [0.1, 0.5, 0.9])
    months = run.first.deaths["month"].values
    sentence = phrase(
        "answers.home_text",
        threshold=whole(ANSWER_THRESHOLD),
        span=span_words(str(months[0]), str(months[min(11, len(months) - 1)])),
        likelihood=likelihood(float((year > ANSWER_THRESHOLD).mean()), run.likelihood),
        median=sensible(median),
        low=sensible(low),
        high=sensible(high),
        ratio=decimal(float(year.mean() / other.mean()), 2),
        other=_title(run, run.second.scenario.id),
    )
    return Answer(phrase("answers.home"), sentence, "exceedance", confidence(run).sentence())


def _neighbours(run: BriefRun) -> Answer:
    parts = []
    for country in run.countries[1:]:
        year = first_months(run.first.deaths.sel(country=country, outcome=HEADLINE))
        chance = likelihood(float((year > ANSWER_THRESHOLD).mean()), run.likelihood)
        middle = deaths(float(year.median()))
        parts.append(phrase("answers.neighbours_part", country=country_name(country), likelihood=chance, median=middle))
    text = phrase("answers.neighbours_text", threshold=whole(ANSWER_THRESHOLD), parts=joined(parts))
    return Answer(phrase("answers.neighbours"), text, "exceedance")


def _coast(run: BriefRun) -> Answer:
    table = coastal_table(run.first.deaths).set_index("country")["probability"]
    states = table.drop("any").sort_values(ascending=False).head(3)
    parts = joined(
        phrase("answers.coast_part", country=country_name(str(c)), likelihood=likelihood(float(p), run.likelihood))
        for c, p in states.items()
    )
    text = phrase("answers.coast_text", threshold=COASTAL_THRESHOLD, parts=parts)
    return Answer(phrase("answers.coast"), text, "coast")


def _what_changes(run: BriefRun) -> Answer:
    widest = run.swings.head(3)
    expected = float(first_months(run.first.deaths.sel(country=HOME, outcome=HEADLINE)).mean())
    most = float((widest[["low", "high"]] / expected - 1).abs().to_numpy().max())
    named = ", ".join(phrase("number.quoted", text=translate(str(label))) for label in widest["label"])
    text = phrase("answers.change_text", expected=sensible(expected), most=per_cent(most), drivers=named)
    return Answer(phrase("answers.change"), text, "tornado")


def _track(run: BriefRun) -> Answer:
    question = phrase("answers.track")
    if not len(run.hindcast) or run.totals is None:
        return Answer(question, phrase("answers.track_none"), "")
    totals = run.totals
    row = _hindcast_row(run, HOME, run.first.scenario.id, "12 months")
    text = phrase(
        "answers.track_text",
        span=span_words(row["first_month"], row["last_month"]),
        observed=whole(row["observed"]),
        median=sensible(row["median"]),
        low=sensible(row["q05"]),
        high=sensible(row["q95"]),
        count=totals.count,
        inside=totals.inside,
        wanted=whole(totals.level * totals.count),
        error=_error_ratio(run, run.first.scenario.id),
        error_alone=_error_ratio(run, run.record_alone.scenario.id),
    )
    return Answer(question, text, "hindcast")


def _title(run: BriefRun, scenario: str) -> str:
    forecasts = (run.first, run.second, run.record_alone)
    title = translate(next(f.scenario.title for f in forecasts if f.scenario.id == scenario))
    return title[:1].lower() + title[1:]


def _hindcast_row(run: BriefRun, country: str, scenario: str, window: str) -> dict:
    rows = run.hindcast.query(
        "country == @country and scenario == @scenario and window == @window and outcome == @HEADLINE",
        local_dict={"country": country, "scenario": scenario, "window": window, "HEADLINE": HEADLINE},
    )
    return rows.iloc[0].to_dict()


def _mean_crps(run: BriefRun, scenario: str, column: str = "crps") -> float:
    rows = run.hindcast[(run.hindcast["scenario"] == scenario) & (run.hindcast["window"] == "12 months")]
    return float(rows[column].mean())


def _error_ratio(run: BriefRun, scenario: str) -> str:
    """Return the mean CRPS of twelve-month totals as a ratio to that of resampling the last twelve months."""
    return decimal(_mean_crps(run, scenario) / _mean_crps(run, scenario, "crps_reference"), 2)


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
    text = phrase(
        "findings.documents",
        claims=len(claims),
        sources=len(run.register.sources),
        consequences=sum(c.scope == "consequence" for c in claims),
        count=len(expected),
        true=verdicts.get("true", 0),
        false=verdicts.get("false", 0),
        open=verdicts.get("open", 0),
        untold=verdicts.get("not resolvable", 0),
    )
    if len(settled):
        brier = float(((settled["probability"] - (settled["verdict"] == "true")) ** 2).mean())
        text += " " + phrase("findings.documents_score", count=len(settled), brier=decimal(brier, 2))
    return (Statement(text, "documents-expect"),)


def _change(before: float, after: float) -> str:
    if before <= 0:
        return phrase("findings.from_none", after=whole(after))
    ratio = after / before
    verb = "rose" if ratio > 1.1 else "fell" if ratio < 0.9 else "hardly"
    return phrase(f"findings.{verb}", before=whole(before), after=whole(after))


def _record(run: BriefRun) -> tuple[Statement, ...]:
    exit_month = run.first.scenario.exit
    months = [str(m) for m in run.record["month"].values]
    at = months.index(exit_month) + 1 if exit_month in months else len(months)
    if at == len(months):
        return (Statement(phrase("findings.record_ends"), "record"),)
    sentences = []
    for country in (HOME, *run.countries[1:]):
        cells = run.record.sel(country=country)
        one_sided, everything = cells.sel(outcome=HEADLINE).values, cells.sum("outcome").values
        before, after = slice(at - MONTHS_BEFORE, at), slice(at, None)
        sentences.append(
            phrase(
                "findings.record",
                country=country_name(country),
                months=len(months) - at,
                civilians=_change(one_sided[before].mean(), one_sided[after].mean()),
                all=_change(everything[before].mean(), everything[after].mean()),
            )
        )
    return (*(Statement(text, "record") for text in sentences), Statement(_home_course(run, at), "record"))


def _home_course(run: BriefRun, at: int) -> str:
    """Return how deaths in Mali went before the exit, in the six months after it and since, and where the peak lies."""
    home = run.record.sel(country=HOME).sum("outcome").values
    before, soon, since = home[at - MONTHS_BEFORE : at].mean(), home[at : at + 6].mean(), home[at + 6 :]
    yearly = annual_totals(run.record).sel(country=HOME).sum("outcome")
    words = {
        "before": whole(before),
        "soon": whole(soon),
        "peak": str(int(yearly["year"].values[np.argmax(yearly.values)])),
    }
    if not since.size:
        return phrase("findings.home", **words) + " " + phrase("findings.home_caution")
    course = [phrase("findings.home_since", since=whole(since.mean()), months=since.size, **words)]
    if since.mean() <= 1.1 * before:
        course.append(phrase("findings.home_no_rise"))
    return " ".join((*course, phrase("findings.home_caution")))


def _contrast(run: BriefRun) -> tuple[Statement, ...]:
    parts = []
    for horizon, months in run.first.windows().items():
        a, b = (
            f.deaths.sel(country=HOME, outcome=HEADLINE, month=months).sum("month") for f in (run.first, run.second)
        )
        more = float((a > b).mean() + 0.5 * (a == b).mean())
        ratio = decimal(float(a.mean() / b.mean()), 2)
        parts.append(
            phrase(
                "findings.contrast_part",
                horizon=horizon_words(horizon),
                months=held_words(*months_held(months, run.first.scenario.exit)),
                ratio=ratio,
                chance=in_hundred(more),
            )
        )
    first, second = (_title(run, f.scenario.id) for f in (run.first, run.second))
    text = phrase("findings.contrast", first=first, second=second, parts=joined(parts))
    windows = run.first.windows()
    table = f"contrast-{next(iter(windows))}"
    outside = [month for month in run.first.months if not any(month in held for held in windows.values())]
    if not outside:
        return (Statement(text, table),)
    return Statement(text, table), Statement(phrase("findings.outside", span=spans_words(outside)))


def plausible_sentence(run: BriefRun) -> str:
    """Return what UCDP's own bounds would make of the first year's deaths of civilians in Mali."""
    reported, plausible = (
        first_months(f.deaths.sel(country=HOME, outcome=HEADLINE)) for f in (run.first, run.first.plausible())
    )
    low, middle, high = (float(value) for value in plausible.quantile([0.1, 0.5, 0.9], dim="draw"))
    return phrase(
        "findings.plausible",
        period=run.period(),
        reported=sensible(float(reported.median())),
        median=sensible(middle),
        low=sensible(low),
        high=sensible(high),
    )


def prior_share_sentence(run: BriefRun) -> str:
    """Return how much of the answer is prior and how much data, in words with numbers."""
    text = phrase("findings.prior_share", share=per_cent(prior_share(run)), period=run.period())
    if run.learnt is None:
        return f"{text} {phrase('findings.prior_only')}"
    moved = run.drivers.assign(moved=run.drivers["posterior_weight"] - run.drivers["prior_weight"])
    row = moved.iloc[int(moved["moved"].abs().to_numpy().argmax())]
    after = phrase(
        "findings.moved",
        month=month_words(run.learnt.as_of),
        driver=translate(str(row["label"])),
        before=in_hundred(float(row["prior_weight"])),
        after=in_hundred(float(row["posterior_weight"])),
        mean=decimal(moved["moved"].abs().mean() * 100, 1),
    )
    return f"{text} {after}"


def _track_findings(run: BriefRun) -> tuple[Statement, ...]:
    if not len(run.hindcast):
        return ()
    parts = joined(
        phrase(
            "findings.track_part",
            scenario=_title(run, f.scenario.id),
            ratio=_error_ratio(run, f.scenario.id),
        )
        for f in (run.first, run.second, run.record_alone)
    )
    held = run.hindcast[run.hindcast["window"] == "12 months"].iloc[0]
    span = span_words(str(held["first_month"]), str(held["last_month"]))
    return (Statement(phrase("findings.track", parts=parts, span=span), "hindcast"),)
