"""The first screen in words: few enough to be read at once, each number in a table."""

from collections.abc import Iterator, Sequence

import pandas as pd

from ..core.language import country_name, phrase, whole
from ..core.names import ONE_SIDED_STATE
from ..evaluate.scorecard import scorecard_files
from ..plots.numbers import month_words, opening, span_words
from ..risk.measures import exceedance, first_months
from ..run.results import Forecast
from .answers import grounds
from .around_exit import around_exit
from .evidence_of_run import BriefRun
from .front import EXIT, Line
from .watching import WATCH, Watched, things_to_watch, watch_three
from .words import hundredths, in_hundred, likelihood, sensible
from .year_ahead import YEAR_AHEAD, over, year_ahead_frame

COAST_NAMED = 2
LATER_WATCHED = 2
"""Things to watch, in place of three, where the line on the exit also says what the forecast does not know."""


def lead(run: BriefRun) -> Line:
    """Return what the lines are about."""
    months = run.first.months[:12]
    return Line("", phrase("front.lead", span=span_words(months[0], months[-1])))


def lines(run: BriefRun, past: BriefRun | None) -> tuple[Line, ...]:
    """Return the lines: the largest risk, home, what came of the exit, the units watched, what to watch."""
    frame = year_ahead_frame(run).set_index("country")
    largest = str(frame.index[0])
    found = [_place(run, frame, largest, run.case.high_threshold, "front.largest")]
    if largest != run.home:
        found.append(_place(run, frame, run.home, run.case.middle_threshold, "front.home"))
    found.append(exit_line(run))
    if run.case.definition.watched is not None:
        found.append(_watched(run, past, frame))
    return (*found, *_watch(run))


def _place(run: BriefRun, frame: pd.DataFrame, country: str, threshold: int, key: str) -> Line:
    row = frame.loc[country]
    text = phrase(
        key,
        threshold=whole(threshold),
        likelihood=likelihood(float(row[over(threshold)]), run.likelihood),
        number=in_hundred(float(row[over(threshold)])),
        low=sensible(row["lower_80"]),
        high=sensible(row["upper_80"]),
        before=whole(row["before"]),
    )
    return Line(country_name(country), text, (YEAR_AHEAD,))


def exit_line(run: BriefRun) -> Line:
    """Return deaths a month at home before and after the exit, and how many of them the state killed.

    The record's own months are told to its end; where the forecast knows none of the last ones, the line says so.
    """
    clock = run.first.clock
    rows = around_exit(run.record, clock.exit, [run.home], run.headline, run.headline_parts).set_index("outcome")
    row, label = rows.loc[run.headline], opening(phrase("front.exit_label"))
    if not row["months_after"]:
        text = phrase("front.exit_ahead", country=country_name(run.home), before=whole(row["before"]))
        return Line(label, f"{text}{_later(run)}.", ("around-exit",))
    text = phrase("front.exit", before=whole(row["before"]), after=whole(row["after"]))
    if ONE_SIDED_STATE in rows.index:
        state = rows.loc[ONE_SIDED_STATE]
        text += phrase("front.exit_state", before=whole(state["before"]), after=whole(state["after"]))
    return Line(label, f"{text}{_later(run)}.", ("around-exit",))


def _later(run: BriefRun) -> str:
    """Return up to when the record is told, where that is later than the data of the forecast."""
    last = str(run.record["month"].values[-1])
    return phrase("front.exit_later", month=month_words(last)) if last > run.first.clock.as_of else ""


def _watched(run: BriefRun, past: BriefRun | None, frame: pd.DataFrame) -> Line:
    watched = run.case.definition.watched
    assert watched is not None
    likely = frame.loc[frame.index.isin(watched.units), "watched"].sort_values(ascending=False)[:COAST_NAMED]
    parts = [
        phrase("front.watched_part", country=country_name(str(country)), number=hundredths(float(chance)))
        for country, chance in likely.items()
    ]
    text = phrase("front.watched", parts=", ".join(parts), threshold=watched.threshold)
    alike = None if past is None else exit_matters(past, list(likely.index))
    tables = (YEAR_AHEAD,) if alike is None else (YEAR_AHEAD, f"{EXIT}watched")
    ending = {None: "", False: phrase("front.watched_alike"), True: phrase("front.watched_apart")}[alike]
    return Line(phrase("sections.watched"), f"{text}{ending}.", tables)


def exit_matters(past: BriefRun, units: list[str]) -> bool | None:
    """Return whether the exit was forecast to change the chance of any of these units; None without a second."""
    watched = past.case.definition.watched
    if past.second is None or watched is None:
        return None
    chances = [_chances(forecast, watched.threshold, units) for forecast in past.pair]
    return bool((chances[0] - chances[1]).abs().max() > past.case.smallest_change.chance)


def _chances(forecast: Forecast, threshold: int, units: list[str]) -> pd.Series:
    return exceedance(first_months(forecast.deaths).sum("outcome"), [threshold])[0].to_series()[units]


def _watch(run: BriefRun) -> Iterator[Line]:
    """Yield what to watch, in one line."""
    told = watch_three(run)[:LATER_WATCHED] if _later(run) else watch_three(run)
    if not told:
        return
    first = things_to_watch(run.signposts)[: len(told)] if run.signposts is not None else ()
    alike = len({(one.kind, one.above, one.month, one.threshold) for one in first}) == 1  # never so of a driver: NaN
    text = _alike(first) if alike else " ".join(one.sentence for one in told)
    yield Line(phrase("front.watch_label"), text, (WATCH,))


def _alike(found: Sequence[Watched]) -> str:
    """Return things to watch that are the same number of deaths by the same month, in one sentence."""
    parts = [
        phrase(
            "front.watch_part",
            country=country_name(one.country),
            answer=hundredths(one.answer),
            so=hundredths(one.if_so),
        )
        for one in found
    ]
    words = {"above": whole(found[0].above), "threshold": whole(found[0].threshold)}
    return phrase("front.watch", month=month_words(found[0].month), parts=", ".join(parts), **words)


def trust(run: BriefRun) -> Line:
    """Return how often ranges of past forecasts held in the countries shown."""
    focal = grounds(run).focal
    if focal is None or not scorecard_files(run.case.scorecard):
        return Line("", phrase("front.trust_unknown"))
    words = {"inside": focal.inside, "count": focal.count, "fit": phrase(f"confidence.{focal.fit}")}
    return Line("", phrase("front.trust", **words), ("own-coverage",))
