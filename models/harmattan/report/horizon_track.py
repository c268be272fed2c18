"""How past forecasts did by horizon, to year 5: the brief's tables of it, and the line beside months far ahead."""

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from ..case.opening import Case
from ..core.language import country_name, listed, outcome_name, per_cent, phrase, translate
from ..core.months import months_between
from ..core.names import OUTCOMES
from ..evaluate.horizons import ALONE, COUNTRIES, ERRORS, LATER_YEARS, SUMMED, WARS, Horizons, held_alone, load_horizons
from ..evaluate.judge import SPANS, TOGETHER
from ..evaluate.judge_tables import EVERYWHERE
from .brief_tables import heading
from .content import Statement
from .evidence_of_run import BriefRun
from .tables import Column, Table, with_english

FAR = 24
"""Months ahead beyond which a number has its own track record beside it."""

HELD = "track-held"
"""The table whose numbers that line has."""

EACH = "each"
"""Column of the three outcomes one by one, all counting alike."""


def track_tables(run: BriefRun) -> tuple[Table, ...]:
    """Return the tables by horizon; none where the case's forecasts were not judged so.

    A look back has only that on intervals, which its own lines rest on.
    """
    found = load_horizons(run.case.scorecard)
    if found is None:
        return ()
    every = (_held_table(found),) if run.looks_back else (_skill_table(found), _held_table(found), _said_table(found))
    return tuple(table for table in every if len(table.frame))


def far_line(run: BriefRun) -> tuple[Statement, ...]:
    """Return the track record of what is told for months beyond `FAR`, or that there is none; nothing before them."""
    words = far_words(run.case, run.first.clock.as_of, run.first.months[-1])
    if not words:
        return ()
    return (Statement(words, (HELD,) if held_later(run.case) else ()),)


def is_far(as_of: str, last: str) -> bool:
    """Return whether a month lies further ahead than `FAR`."""
    return months_between(as_of, last) > FAR


def far_words(case: Case, as_of: str, last: str) -> str:
    """Return the same in words; empty where the last month told lies no further ahead than `FAR`."""
    if not is_far(as_of, last):
        return ""
    found, held = load_horizons(case.scorecard), held_later(case)
    if found is None or not held:
        return phrase("far.none")
    return phrase("far.held", places=_focal(found), **{name: per_cent(share) for name, share in held.items()})


def with_track(run: BriefRun, table: Table) -> Table:
    """Return a table that tells of months beyond `FAR` among others, with their track record in its note."""
    words = far_words(run.case, run.first.clock.as_of, run.first.months[-1])
    return replace(table, note=f"{table.note} {words}") if words and len(table.frame) else table


def held_later(case: Case) -> dict[str, float]:
    """Return how often intervals of later years' totals held, in the focal countries and in all; empty without both."""
    found = load_horizons(case.scorecard)
    if found is None:
        return {}
    told = {
        f"{name}_{span.split()[-1]}": found.held(places, span)
        for name, places in (("focal", found.focal_name), ("all", COUNTRIES))
        for span in LATER_YEARS
    }
    shares = {name: share for name, share in told.items() if share is not None}
    return shares if len(shares) == len(told) else {}


def _focal(found: Horizons) -> str:
    return listed([country_name(country) for country in found.focal])


def _places(found: Horizons, places: str, taken: str = ALONE, region: str = "") -> str:
    """Return what some countries of a region are called in the language spoken."""
    if region == EVERYWHERE:
        return phrase("by_horizon.everywhere")
    if taken == SUMMED:
        return phrase("by_horizon.summed", places=translate(places))
    return phrase("by_horizon.own", count=found.countries) if places == COUNTRIES else _focal(found)


def span_words(span: str) -> str:
    """Return what a span ahead is called in the language spoken."""
    if span in SPANS:
        first, last = SPANS[span]
        return phrase("by_horizon.months", first=first, last=last)
    return phrase("by_horizon.year", number=span.split()[-1])


def rule_words(rule: str) -> str:
    """Return what a simple rule is called, in the language spoken."""
    return phrase(f"by_horizon.rules.{rule}")


def verdict_words(low: float, high: float, rule: str) -> str:
    """Return in words how forecasts stand to the best simple rule, by the 90 % interval of their skill."""
    key = "ahead" if low > 0 else "behind" if high < 0 else "level"
    return phrase(f"by_horizon.{key}", rule=rule_words(rule))


def _shown(found: Horizons, frame: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Yield the rows of a kept table that pages show: focal countries first, then all of the case, then everywhere."""
    own = frame["region"] == found.own
    yield frame[own & (frame["places"] == found.focal_name)]
    if found.focal_name != COUNTRIES:
        yield frame[own & (frame["places"] == COUNTRIES)]
    yield frame[(frame["region"] == EVERYWHERE) & (frame["places"] == COUNTRIES)]


def _skill_table(found: Horizons) -> Table:
    """Return by how much errors were smaller than the best simple rule's, by horizon, won and lost alike."""
    rows = pd.concat(_shown(found, found.skill[found.skill["summary_events"] == "without"]), ignore_index=True)
    keys = ["region", "places", "outcome", "span"]
    touched = found.skill[found.skill["summary_events"] == "with"].set_index(keys)["skill"].rename("with_events")
    rows = rows.join(touched, on=keys)

    def told() -> pd.DataFrame:
        return rows.assign(
            where=[_places(found, r.places, region=r.region) for r in rows.itertuples()],
            ahead=[span_words(span) for span in rows["span"]],
            rule=[
                verdict_words(low, high, best)
                for low, high, best in zip(rows["skill_low"], rows["skill_high"], rows["best"], strict=True)
            ],
        )

    words = ("where", "ahead", "rule")
    return Table(
        "track-skill",
        phrase("by_horizon.skill", version=found.version),
        with_english(told, *words),
        (
            Column("where", heading("where")),
            Column("outcome", heading("outcome"), "outcome"),
            Column("ahead", heading("months_ahead")),
            Column("value", heading("crps"), "number", "deaths"),
            Column("best_value", heading("crps_rule"), "number", "deaths"),
            Column("skill", heading("skill_found"), "share"),
            Column("skill_low", heading("from_90"), "share"),
            Column("skill_high", heading("to"), "share"),
            Column("detectable", heading("detectable"), "share"),
            Column("with_events", heading("with_events"), "share"),
            Column("rule", heading("verdict_rule")),
        ),
        phrase("by_horizon.skill_note"),
    )


def _held_table(found: Horizons) -> Table:
    """Return how often 80 % intervals held, by horizon: of countries one by one, and of sums."""
    cover = found.coverage
    parts = [rows[rows["taken"] == ALONE] for rows in _shown(found, cover)]
    sums = cover[(cover["region"] == found.own) & (cover["places"] == found.focal_name) & (cover["taken"] == SUMMED)]
    parts.insert(1, sums)
    frame = pd.DataFrame(row for rows in parts for row in _held_rows(rows))

    def told() -> pd.DataFrame:
        if not len(frame):
            return frame.reindex(columns=["where", "ahead", *OUTCOMES, EACH, TOGETHER, "count"])
        return frame.assign(
            where=[_places(found, r.places, r.taken, r.region) for r in frame.itertuples()],
            ahead=[span_words(span) for span in frame["span"]],
        )

    return Table(
        HELD,
        phrase("by_horizon.held", version=found.version),
        with_english(told, "where", "ahead"),
        (
            Column("where", heading("where")),
            Column("ahead", heading("months_ahead")),
            *(Column(outcome, _head(outcome), "share") for outcome in OUTCOMES),
            Column(EACH, heading("each_outcome"), "share"),
            Column(TOGETHER, heading("all_summed"), "share"),
            Column("count", heading("forecasts_of_each"), "count"),
        ),
        phrase("by_horizon.held_note"),
    )


def _head(outcome: str) -> str:
    name = outcome_name(outcome)
    return name[:1].upper() + name[1:]


def _held_rows(rows: pd.DataFrame) -> Iterator[dict[str, object]]:
    """Yield a row for each span, with a column for each outcome."""
    for (region, places, taken, span), part in rows.groupby(["region", "places", "taken", "span"], sort=False):
        shares = part.set_index("outcome")["inside"]
        each = held_alone(part) if taken == ALONE else None
        yield (
            {"region": region, "places": places, "taken": taken, "span": span, EACH: each}
            | {outcome: shares.get(outcome) for outcome in (*OUTCOMES, TOGETHER)}
            | {"count": int(part["count"].max())}
        )


def _said_table(found: Horizons) -> Table:
    """Return what was said of long wars and of errors that go together, beside what came."""
    regions = [region for region in (found.own, EVERYWHERE) if region in set(found.said["region"])]
    rows = pd.concat([found.said[found.said["region"] == region] for region in regions], ignore_index=True)
    rows = rows[rows["count"] > 0].sort_values(
        "measure", key=lambda names: names.map({WARS: 0, ERRORS: 1}), kind="stable"
    )
    rows = rows.reset_index(drop=True)

    def told() -> pd.DataFrame:
        return rows.assign(
            where=[_places(found, COUNTRIES, region=region) for region in rows["region"]],
            ahead=[span_words(span) for span in rows["span"]],
            what=[_measure(r.measure, r.outcome, r.beside) for r in rows.itertuples()],
        )

    return Table(
        "track-said",
        phrase("by_horizon.said", version=found.version),
        with_english(told, "where", "ahead", "what"),
        (
            Column("where", heading("where")),
            Column("what", heading("what_said")),
            Column("ahead", heading("months_ahead")),
            Column("said", heading("said_before"), "hundredths"),
            Column("came", heading("came_after"), "hundredths"),
            Column("count", heading("cases_counted"), "count"),
        ),
        phrase("by_horizon.said_note"),
    )


def _measure(measure: str, outcome: str, beside: object) -> str:
    if measure == WARS:
        return phrase("by_horizon.wars", outcome=outcome_name(outcome))
    return phrase("by_horizon.errors", outcome=outcome_name(outcome), other=outcome_name(str(beside)))
