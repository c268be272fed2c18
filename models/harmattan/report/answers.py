"""The five answers that the brief opens with, and how far to trust them: computed, so true for any `as_of`."""

import math
from collections.abc import Iterator

import pandas as pd
import xarray as xr

from ..core.language import country_name, decimal, listed, per_cent, phrase, translate, whole
from ..core.months import months_between
from ..core.names import ONE_SIDED_OTHER, ONE_SIDED_STATE
from ..drivers.whole import EXITS, LEARNT
from ..evaluate.past_totals import Held, held, past_totals
from ..evaluate.scorecard import scorecard_files
from ..evaluate.scored_windows import latest_years
from ..plots.numbers import hundredths, joined, month_words, span_words
from ..risk.comparison import ratio_of_expected
from ..risk.measures import watched_table
from .around_exit import around_exit
from .content import Answer
from .evidence_of_run import BriefRun
from .toll import first_year, largest_toll, recorded, year_of, yearly_table_id, yearly_toll
from .words import Confidence, Grounds, judge_confidence, likelihood, sensible

WINDOW = "12 months"
WATCHED_SHOWN = 3
SWINGS_NAMED = 2


def five_answers(run: BriefRun) -> tuple[Answer, ...]:
    """Return the headline answers: five, and fewer where nothing is watched or no driver acts."""
    watched = () if run.case.definition.watched is None else (_watched(run),)
    changes = (_what_changes(run),) if len(run.swings) else ()
    return (_home(run), _track(run), _neighbours(run), *watched, *changes)


def grounds(run: BriefRun) -> Grounds:
    """Return what confidence in the forecast is judged by."""
    totals, past = run.totals, past_totals(run.case.scorecard, run.countries)
    sources = run.register.sources.values()
    return Grounds(
        focal=held(past),
        toll=held(past[past["outcome"] == run.headline]),
        later=Held(totals.inside, totals.count, totals.level) if totals is not None and totals.count else None,
        months_met=months_met(run),
        documents=len(sources),
        groups=len({source.group for source in sources}),
        fit_passed=all(posterior.diagnostics.passed for posterior in run.fits.values()),
        drivers=bool(len(run.drivers)),
    )


def months_met(run: BriefRun) -> int:
    """Return how many months after the exit the forecast's own fit has held the drivers against."""
    clock = run.first.clock
    return max(months_between(clock.exit, clock.as_of), 0) if run.first.scenario.drivers.learn else 0


def confidence(run: BriefRun) -> Confidence:
    """Return how far the forecast can be trusted, with reasons."""
    places = listed([country_name(country) for country in run.countries])
    window = latest_years(run.case.scorecard)
    years = phrase("number.span", first=window.first_year, last=window.last_year) if window is not None else ""
    return judge_confidence(grounds(run), places=places, years=years)


def scenario_title(run: BriefRun, scenario: str) -> str:
    """Return a scenario's title in the reader's language, its capitals as they are."""
    return translate(next(f.scenario.title for f in run.forecasts if f.scenario.id == scenario))


def compared(ratio: float, other: str) -> str:
    """Return a ratio of expected deaths in words: how many more or fewer than under the other scenario.

    >>> compared(2.45, "It stays")
    'Expected deaths are 2.5 times those under “It stays”'
    """
    if not math.isfinite(ratio):
        return phrase("ratio.none", other=other)
    if hundredths(abs(ratio - 1)) == 0:
        return phrase("ratio.same", other=other)
    if ratio >= 2:
        return phrase("ratio.times", number=decimal(ratio, 1), other=other)
    return phrase("ratio.above" if ratio > 1 else "ratio.below", share=per_cent(abs(ratio - 1)), other=other)


def assumed(run: BriefRun) -> str:
    """Return what a difference between the scenarios rests on."""
    met = months_met(run)
    return phrase("ratio.met", months=met) if met else phrase("ratio.assumed")


def _home(run: BriefRun) -> Answer:
    total, threshold = year_of(run.first, run.home), run.case.middle_threshold
    low, median, high = (float(total.quantile(q)) for q in (0.1, 0.5, 0.9))
    months = first_year(run)
    forecast = phrase(
        "answers.home_text",
        threshold=whole(threshold),
        span=span_words(months[0], months[-1]),
        likelihood=likelihood(float((total > threshold).mean()), run.likelihood),
        median=sensible(median),
        low=sensible(low),
        high=sensible(high),
        recorded=_recorded(run, run.home),
    )
    said = (_home_record(run), forecast, *_held_against(run, total), *_whole_effect(run))
    tables = ("around-exit", "toll", "exceedance", *(("exit-effect", "counts") if run.exit_effect is not None else ()))
    return Answer(phrase("answers.home"), " ".join(said), tables)


def _whole_effect(run: BriefRun) -> Iterator[str]:
    """Yield what the exit may change all in all, as believed before the months after it, with its range."""
    if run.exit_effect is None:
        return
    table = run.exit_effect.table
    row = whole_in_words(table, run.headline)
    first, last = run.first.clock.horizons[row["horizon"]]
    exits = table[(table["belief"] == EXITS) & (table["horizon"] == row["horizon"])]
    either = exits[exits["outcome"] == run.headline]
    went = len(either) > 0 and bool((either["q10"] < 1.0).all() and (either["q90"] > 1.0).all())
    words = {"low": decimal(float(row["q10"]), 1), "high": decimal(float(row["q90"]), 1), "first": first, "last": last}
    yield phrase("answers.home_whole_either" if went else "answers.home_whole", **words)


def whole_in_words(table: pd.DataFrame, outcome: str) -> pd.Series:
    """Return the row of the whole effect that is told in a sentence: of all that is believed, in the middle horizon."""
    rows = table[(table["outcome"] == outcome) & (table["belief"] != LEARNT)]
    rows = rows[rows["belief"] == rows["belief"].iloc[-1]]
    return rows.iloc[len(rows) // 2]


def _held_against(run: BriefRun, total: xr.DataArray) -> Iterator[str]:
    """Yield how the toll at home compares with the second scenario, where there is one, and what that rests on."""
    if run.second is not None:
        ratio = ratio_of_expected(total, year_of(run.second, run.home))
        other = scenario_title(run, run.second.scenario.id)
        yield phrase("answers.home_compared", compared=compared(ratio, other), assumed=assumed(run))


def _home_record(run: BriefRun) -> str:
    """Return the deaths of the headline a month at home before and after the exit, as far as the record goes."""
    table = around_exit(run.record, run.first.clock.exit, [run.home], run.headline, run.headline_parts)
    rows = table.set_index("outcome")
    row = rows.loc[run.headline]
    words = {
        "country": country_name(run.home),
        "before": whole(row["before"]),
        "months_before": int(row["months_before"]),
    }
    if not row["months_after"]:
        last = min(run.first.clock.exit, str(run.record["month"].values[-1]))
        return phrase("answers.home_before", last=month_words(last), **words)
    told = phrase("answers.home_record", after=whole(row["after"]), months_after=int(row["months_after"]), **words)
    return f"{told} {_who_killed(rows)}"


def _who_killed(rows: pd.DataFrame) -> str:
    """Return who killed civilians at home before and after the exit, or that the record told does not show it."""
    if ONE_SIDED_STATE not in rows.index:
        return phrase("answers.home_one_kind")
    state, other = rows.loc[ONE_SIDED_STATE], rows.loc[ONE_SIDED_OTHER]
    told = {"state_before": state["before"], "state_after": state["after"]}
    told |= {"other_before": other["before"], "other_after": other["after"]}
    return phrase("answers.home_killers", **{name: whole(number) for name, number in told.items()})


def _recorded(run: BriefRun, country: str) -> str:
    number = recorded(run, country)
    return "" if math.isnan(number) else phrase("answers.recorded", number=whole(number))


def _neighbours(run: BriefRun) -> Answer:
    parts = joined(
        phrase(
            "answers.neighbours_part",
            country=country_name(country),
            likelihood=likelihood(
                float((year_of(run.first, country) > run.case.middle_threshold).mean()), run.likelihood
            ),
            median=sensible(float(year_of(run.first, country).median())),
            recorded=_recorded(run, country),
        )
        for country in run.countries[1:]
    )
    text = phrase("answers.neighbours_text", threshold=whole(run.case.middle_threshold), parts=parts)
    tables = (yearly_table_id(run), "exceedance", "toll")
    return Answer(phrase("answers.neighbours"), f"{_largest(run)} {text}", tables)


def _largest(run: BriefRun) -> str:
    """Return which country has the largest toll, beside the home country's."""
    country, year = largest_toll(run)
    tolls = yearly_toll(run).sel(year=year)
    words = {"count": tolls.sizes["country"], "country": country_name(country), "year": year}
    largest = whole(float(tolls.sel(country=country)))
    if country == run.home:
        return phrase("answers.largest_is_home", number=largest, **words)
    at_home = {"home": country_name(run.home), "home_number": whole(float(tolls.sel(country=run.home)))}
    return phrase("answers.largest", number=largest, **at_home, **words)


def _watched(run: BriefRun) -> Answer:
    watched = run.case.definition.watched
    assert watched is not None
    chances = [
        watched_table(f.deaths, watched.units, watched.threshold).set_index("country")["probability"].drop("any")
        for f in run.pair
    ]
    states = chances[0].sort_values(ascending=False).head(WATCHED_SHOWN)
    parts = joined(
        phrase("answers.watched_part", country=country_name(str(c)), likelihood=likelihood(float(p), run.likelihood))
        for c, p in states.items()
    )
    said = [phrase("answers.watched_text", threshold=watched.threshold, parts=parts)]
    if run.second is not None:
        others = listed([str(hundredths(float(chances[1][c]))) for c in states.index])
        other = scenario_title(run, run.second.scenario.id)
        said.append(phrase("answers.watched_other", other=other, others=others))
    return Answer(phrase("answers.watched"), " ".join(said), ("watched",))


def largest_swing(run: BriefRun) -> float:
    """Return by how much the driver that moves the answer most moves it, as a share of the expected deaths."""
    expected = float(year_of(run.first, run.home).mean())
    return float((run.swings[["low", "high"]] / expected - 1).abs().to_numpy().max())


def _what_changes(run: BriefRun) -> Answer:
    expected = float(year_of(run.first, run.home).mean())
    named = ", ".join(
        phrase("number.quoted", text=translate(str(label))) for label in run.swings["label"].head(SWINGS_NAMED)
    )
    text = phrase(
        "answers.change_text",
        expected=sensible(expected),
        country=country_name(run.home),
        most=per_cent(largest_swing(run)),
        drivers=named,
    )
    return Answer(phrase("answers.change"), text, ("tornado",))


def _track(run: BriefRun) -> Answer:
    question, trust = phrase("answers.track"), confidence(run).sentence()
    own_coverage = ("own-coverage",) if scorecard_files(run.case.scorecard) else ()
    rows = run.hindcast
    rows = rows[(rows["window"] == WINDOW) & (rows["outcome"] == run.headline)] if len(rows) else rows
    if not len(rows):
        return Answer(question, phrase("answers.track_none"), (*own_coverage, "counts"), trust)
    first = run.first.scenario.id
    own = rows[rows["scenario"] == first].set_index("country")
    parts = joined(
        phrase("answers.track_part", country=country_name(country), ratio=_times_the_rule(own.loc[country]))
        for country in run.countries
    )
    home = own.loc[run.home]
    said = [
        phrase(
            "answers.track_text",
            span=span_words(str(home["first_month"]), str(home["last_month"])),
            parts=parts,
        )
    ]
    named = {
        "country": country_name(run.home),
        "first": scenario_title(run, first),
        "rule": phrase("answers.worse" if home["crps_reference"] < home["crps"] else "answers.no_worse"),
    }
    if run.second is None:
        said.append(phrase("answers.track_alone", **named))
    else:
        second = run.second.scenario.id
        against = rows[rows["scenario"] == second].set_index("country").loc[run.home]
        worse = phrase("answers.worse" if against["crps"] < home["crps"] else "answers.no_worse")
        said.append(phrase("answers.track_pair", other=scenario_title(run, second), against=worse, **named))
    return Answer(question, " ".join(said), ("hindcast", *own_coverage, "counts"), trust)


def _times_the_rule(row: "object") -> str:
    """Return a forecast's error as a multiple of the simple rule's."""
    error = row["error_ratio"]  # type: ignore[index]
    return decimal(float(error), 1) if math.isfinite(error) else "–"
