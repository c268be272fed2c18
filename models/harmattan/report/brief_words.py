"""The brief's sentences, computed from its numbers: a sentence can only say what its number says."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ..case.crossing import Crossings
from ..core.language import country_name, decimal, listed, phrase, translate, whole
from ..core.months import month_spans
from ..core.smallest_change import VERBS
from ..drivers.whole import LEARNT
from ..panel.ucdp import annual_totals, provisional_months
from ..plots.numbers import held_words, horizon_words, joined, month_words, ratio_words, span_words, spans_words
from ..risk.comparison import ratio_of_expected
from ..risk.measures import months_held
from ..run.document_words import document_sentences
from ..schema.resolution import PanelRatio
from .actor_tables import actor_findings
from .answers import assumed, scenario_title, whole_in_words
from .around_exit import ALL, around_exit
from .content import Statement
from .evidence_of_run import BriefRun
from .fragile_tables import fragile_findings
from .horizon_track import far_line
from .how_counted import plausible_around
from .inside_places import inside_home
from .people_words import people_findings
from .said_counts import drivers_moved, error_multiple, mean_error_ratio, mean_move, plausible_quantiles, unsettled
from .signpost_tables import signpost_findings
from .since_tables import since_statements
from .tables import shown
from .toll import year_of
from .verdict_tables import OTHER, SCHEDULE, TOGETHER, verdicts_frame
from .words import in_hundred, sensible


def cautions(run: BriefRun) -> tuple[str, ...]:
    """Return what a reader should know of the record before any number."""
    spans = month_spans(provisional_months(run.record))
    if not spans:
        return ()
    named = [month_words(first) if first == last else span_words(first, last) for first, last in spans]
    return (phrase("page.provisional", months=listed(named)),)


def dates(run: BriefRun) -> tuple[str, ...]:
    """Return what was written or revised after the last month of the record that the forecast uses."""
    as_of, last = run.first.clock.as_of, str(run.record["month"].values[-1])
    revised = [phrase("documents.revised", month=month_words(as_of))] if last > as_of else []
    return (*document_sentences(run.first.documents), *revised)


def findings(
    run: BriefRun, expected: pd.DataFrame, crossed: Crossings | None, *, documents: bool = True
) -> dict[str, tuple[Statement, ...]]:
    """Return the sentences that open the brief's sections, with or without that on the documents."""
    return {
        "documents": _documents(run, expected) if documents else (),
        "record": _record(run),
        "forecast": far_line(run),
        "contrast": _contrast(run) and (*_contrast(run), *far_line(run)),
        "people": people_findings(run),
        "spillover": (_crossed(crossed), *far_line(run)),
        "drivers": (*whole_sentence(run), drivers_sentence(run)),
        "since": () if run.changed is None else since_statements(run.changed, run.countries),
        "places": inside_home(run),
        "fragile": () if run.fragility is None else fragile_findings(run.fragility),
        "actors": () if run.actors is None else actor_findings(run.actors),
        "watch": () if run.signposts is None else signpost_findings(run.signposts),
        "track": _track_findings(run),
    }


def _crossed(found: Crossings | None) -> Statement:
    """Return where most deaths on record were in conflicts of groups from elsewhere."""
    if found is None:
        return Statement(phrase("findings.no_dyads"))
    most = [row for row in found.table().to_dict("records") if row["share"] > 0.5]
    told = [
        phrase(
            "findings.crossed_part",
            country=country_name(row["country"]),
            crossed=whole(row["crossed"]),
            deaths=whole(row["deaths"]),
        )
        for row in most
    ]
    key = "findings.crossed" if most else "findings.crossed_none"
    return Statement(phrase(key, span=span_words(found.first, found.last), parts=listed(told)), ("spillover",))


def _documents(run: BriefRun, expected: pd.DataFrame) -> tuple[Statement, ...]:
    if not run.register.claims:
        return (Statement(phrase("findings.no_documents")),)
    claims = run.register.claims.values()
    rows = verdicts_frame(run, expected).set_index("which")
    together = rows.loc[TOGETHER]
    text = phrase(
        "findings.documents",
        claims=len(claims),
        sources=len(run.register.sources),
        consequences=sum(c.scope == "consequence" for c in claims),
        count=int(together["claims"]),
        true=int(together["borne_out"]),
        facts_true=int(together["facts_true"]),
        schedule=_schedule(rows),
        false=int(together["contradicted"]),
        facts_false=int(together["facts_false"]),
        open=int(together["open"]),
        untold=int(together["untold"]),
    )
    partly = int(together["in_part"])
    said = [phrase("findings.documents_partly", partly=partly)] if partly else []
    return (Statement(" ".join((text, *said, *_brier(rows))), ("verdicts", "counts")),)


def _schedule(rows: pd.DataFrame) -> str:
    """Return how many of those borne out only say what had been decided, where an event of the case is that."""
    if SCHEDULE not in rows.index:
        return ""
    own, true = (int(rows.loc[name, "borne_out"]) for name in (SCHEDULE, TOGETHER))
    return phrase("findings.documents_schedule", own=own, true=true)


def _brier(rows: pd.DataFrame) -> Iterator[str]:
    """Yield how the settled expectations scored, by the rule of the ledger, with and without the schedule."""
    together, other = rows.loc[TOGETHER], rows.loc[OTHER if OTHER in rows.index else TOGETHER]
    if not together["propositions"]:
        return
    yield phrase(
        "findings.documents_score",
        propositions=int(together["propositions"]),
        brier=decimal(together["brier"], 2),
        stated=decimal(together["brier_stated"], 2),
        base=decimal(together["brier_base"], 2),
    )
    if other["propositions"] and other["propositions"] < together["propositions"]:
        scores = {"brier": decimal(other["brier"], 2), "stated": decimal(other["brier_stated"], 2)}
        yield phrase("findings.documents_score_other", **scores)


def deaths_changed_words(run: BriefRun, before: float, after: float) -> str:
    """Return how deaths a month changed, in words with both numbers."""
    if before <= 0:
        return phrase("findings.from_none", after=whole(after))
    verb = VERBS[run.case.smallest_change.of_deaths(before, after, least=0)]
    return phrase(f"findings.{verb}", before=whole(before), after=whole(after))


def _record(run: BriefRun) -> tuple[Statement, ...]:
    table = around_exit(run.record, run.first.clock.exit, run.countries, run.headline, run.headline_parts)
    if not table["months_after"].iloc[0]:
        return (Statement(phrase("findings.record_ends"), ("record",)),)
    sentences = []
    plausible = plausible_around(run).set_index("country")
    for country, rows in table.groupby("country", sort=False):
        toll, everything = (rows.set_index("outcome").loc[name] for name in (run.headline, ALL))
        sentences.append(
            phrase(
                "findings.record",
                country=country_name(str(country)),
                before=int(toll["months_before"]),
                months=int(toll["months_after"]),
                change=deaths_changed_words(run, toll["before"], toll["after"]),
                all=deaths_changed_words(run, everything["before"], everything["after"]),
            )
        )
        if country in plausible.index:
            row = plausible.loc[country]
            change = deaths_changed_words(run, row["before"], row["after"])
            told = phrase("findings.record_plausible", change=change, more=in_hundred(row["more"]))
            sentences[-1] = f"{sentences[-1]} {told}"
    also = ("around-exit-plausible",) if len(plausible) else ()
    said = [*sentences, phrase("findings.record_caution")]
    home = table[(table["country"] == run.home) & (table["outcome"] == ALL)].iloc[0]
    return (
        *(Statement(text, ("around-exit", *also)) for text in said),
        Statement(_home_course(run, home), ("around-exit", "record")),
    )


def _a_rise_is_expected(run: BriefRun) -> bool:
    """Return whether documents say that deaths at home rise after the exit, by a rule that totals can settle."""
    rules = [claim.resolution for claim in run.register.claims.values() if claim.scope == "consequence"]
    ratios = [rule for rule in rules if isinstance(rule, PanelRatio)]
    return any(rule.ratio_above is not None and run.home in rule.places for rule in ratios)


def _home_course(run: BriefRun, home: pd.Series) -> str:
    """Return how deaths at home went before the exit, in the six months after it and since, and where the peak lies."""
    yearly = annual_totals(run.record).sel(country=run.home).sum("outcome")
    words = {
        "country": country_name(run.home),
        "before": whole(home["before"]),
        "soon": whole(home["soon"]),
        "peak": str(int(yearly["year"].values[np.argmax(yearly.values)])),
    }
    if not home["months_since"]:
        return phrase("findings.home", **words) + " " + phrase("findings.home_caution")
    course = [phrase("findings.home_since", since=whole(home["since"]), months=int(home["months_since"]), **words)]
    if home["since"] <= 1.1 * home["before"] and _a_rise_is_expected(run):
        course.append(phrase("findings.home_no_rise"))
    return " ".join((*course, phrase("findings.home_caution")))


def _contrast(run: BriefRun) -> tuple[Statement, ...]:
    if run.second is None:
        return ()
    parts = []
    for horizon, months in run.windows.items():
        a, b = (f.deaths.sel(country=run.home, outcome=run.headline, month=months).sum("month") for f in run.pair)
        more = float((a > b).mean() + 0.5 * (a == b).mean())
        parts.append(
            phrase(
                "findings.contrast_part",
                horizon=horizon_words(horizon),
                months=held_words(*months_held(months, run.first.clock.exit)),
                ratio=shown(ratio_of_expected(a, b), "ratio"),
                chance=in_hundred(more),
            )
        )
    first, second = (scenario_title(run, f.scenario.id) for f in run.pair)
    text = phrase("findings.contrast", country=country_name(run.home), first=first, second=second, parts=joined(parts))
    windows = run.windows
    said = Statement(text, tuple(f"contrast-{horizon}" for horizon in windows))
    outside = [month for month in run.first.months if not any(month in held for held in windows.values())]
    if not outside:
        return (said,)
    return said, Statement(phrase("findings.outside", span=spans_words(outside)))


def plausible_sentence(run: BriefRun) -> Statement | None:
    """Return what UCDP's own bounds would make of the first year's toll at home; None without bounds."""
    if run.case.bounds_file is None:
        return None
    low, median, high = plausible_quantiles(run)
    text = phrase(
        "findings.plausible",
        period=run.period(),
        country=country_name(run.home),
        reported=sensible(float(year_of(run.first, run.home).median())),
        median=sensible(median),
        low=sensible(low),
        high=sensible(high),
    )
    return Statement(text, ("toll", "counts"))


def assumed_sentence(run: BriefRun) -> Statement | None:
    """Return what of the answer is assumed: what the drivers add to the record alone, and what has tested them.

    None where no driver acts, so that nothing is assumed of any.
    """
    if run.record_alone is run.first:
        return None
    with_drivers, alone = (sensible(float(year_of(f, run.home).mean())) for f in (run.first, run.record_alone))
    words = {"country": country_name(run.home), "expected": with_drivers, "alone": alone, "assumed": assumed(run)}
    return Statement(phrase("findings.assumed", period=run.period(), **words), ("toll", "counts"))


def whole_sentence(run: BriefRun) -> tuple[Statement, ...]:
    """Return what the exit was believed to change all in all, and what the months since made of that."""
    if run.exit_effect is None:
        return ()
    table = run.exit_effect.table
    row = whole_in_words(table, run.headline)
    first, last = run.first.clock.horizons[row["horizon"]]
    said = [phrase("findings.whole", first=first, last=last, **_ratio_and_range(row))]
    chosen = table[(table["belief"] == LEARNT) & (table["outcome"] == run.headline)]
    after = chosen[chosen["horizon"] == row["horizon"]]
    if run.learnt is not None and len(after):
        month = month_words(run.learnt.as_of)
        said.append(phrase("findings.whole_learnt", month=month, **_ratio_and_range(after.iloc[0])))
    return (Statement(" ".join(said), ("exit-effect", "counts")),)


def _ratio_and_range(row: pd.Series) -> dict[str, str]:
    named = {"middle": "q50", "low": "q10", "high": "q90"}
    return {name: ratio_words(float(row[column])) for name, column in named.items()}


def drivers_sentence(run: BriefRun) -> Statement:
    """Return what the record after the exit taught about the drivers, beside what dated events have settled."""
    if not len(run.drivers):
        return Statement(phrase("findings.no_drivers"))
    if run.learnt is None:
        return Statement(phrase("findings.prior_only"))
    open_ways = unsettled(run)
    row = open_ways.loc[drivers_moved(run)[open_ways.index].idxmax()]
    text = phrase(
        "findings.moved",
        month=month_words(run.learnt.as_of),
        driver=translate(str(row["label"])),
        before=in_hundred(float(row["prior_weight"])),
        after=in_hundred(float(row["posterior_weight"])),
        mean=decimal(mean_move(run) * 100, 1),
    )
    return Statement(" ".join((text, *_settled(run))), ("drivers", "counts"))


def _settled(run: BriefRun) -> Iterator[str]:
    """Yield the ways of drivers that dated events have settled, with the month."""
    happened = run.drivers[run.drivers["happened"].str.startswith("yes")]
    if len(happened):
        parts = [
            phrase("findings.settled_part", driver=translate(str(label)), when=month_words(str(when)[-7:]))
            for label, when in zip(happened["label"], happened["happened"], strict=True)
        ]
        yield phrase("findings.settled", parts=listed(parts))


def _track_findings(run: BriefRun) -> tuple[Statement, ...]:
    if not len(run.hindcast) or run.totals is None:
        return ()
    parts = joined(
        phrase(
            "findings.track_part",
            scenario=scenario_title(run, f.scenario.id),
            ratio=decimal(mean_error_ratio(run, f.scenario.id), 2),
        )
        for f in run.forecasts
    )
    totals = run.totals
    span = span_words(totals.first_month, totals.last_month)
    later = phrase(
        "findings.later_totals",
        span=span,
        count=totals.count,
        inside=totals.inside,
        wanted=whole(totals.level * totals.count),
    )
    found = Statement(phrase("findings.track", parts=parts, span=span), ("counts",))
    return (found, *_documents_of_the_time(run), Statement(later, ("counts",)))


def _documents_of_the_time(run: BriefRun) -> tuple[Statement, ...]:
    """Return how the forecast did with all documents and with those alone that were certainly written by `as_of`."""
    if run.dated_before is None:
        return ()
    dates = run.dated_before.documents
    text = phrase(
        "findings.documents_of_the_time" if dates.used else "findings.no_document_of_the_time",
        month=month_words(dates.as_of),
        used=dates.used,
        count=run.first.documents.used,
        all=decimal(mean_error_ratio(run, run.first.scenario.id), 2),
        before=decimal(error_multiple(run.hindcast_before), 2),
    )
    return (Statement(text, ("hindcast", "counts")),)
