"""The next twelve months, unit by unit, beside the twelve before: the numbers of the brief's first screen."""

import numpy as np
import pandas as pd

from ..core.language import listed, per_cent, phrase, whole
from ..core.smallest_change import ARROWS
from ..plots.course_numbers import YearsAhead, years_ahead_numbers
from ..plots.numbers import span_words
from ..risk.measures import exceedance, first_months
from .brief_tables import heading
from .evidence_of_run import YEAR, BriefRun
from .tables import Column, Table
from .toll import year_of, yearly_toll

YEAR_AHEAD = "year-ahead"
"""Name of the table."""

PLACES_DRAWN = 5


def year_ahead_frame(run: BriefRun) -> pd.DataFrame:
    """Return every unit's toll of the headline in the next twelve months, most expected first.

    Returns
    -------
    DataFrame
        Columns country, before (deaths of the headline in the twelve months up to `as_of`), change (arrow of the
        median against these, by the case's smallest change that matters), median, lower_80, upper_80,
        mean, `over(...)` (chance of more than the case's middle and high threshold), more (chance of more than in
        the twelve months before), and watched (chance of more deaths of any kind than the watched threshold, where the
        case watches any unit).
    """
    watched = run.case.definition.watched
    before = run.first.panel.isel(month=slice(-YEAR, None)).sel(outcome=run.headline).sum("month")
    passes = None
    if watched is not None:
        passes = exceedance(first_months(run.first.deaths).sum("outcome"), [watched.threshold])[0]
    rows = []
    for country in run.first.deaths["country"].values.astype(str):
        draws, last = year_of(run.first, country).values, float(before.sel(country=country))
        low, median, high = np.quantile(draws, (0.1, 0.5, 0.9))
        row = {"country": country, "before": last, "median": median, "lower_80": low, "upper_80": high}
        row["change"] = ARROWS[run.case.smallest_change.of_deaths(last, median)]
        row |= {"mean": draws.mean(), "more": float((draws > last).mean())}
        row |= {over(number): float((draws > number).mean()) for number in _thresholds(run)}
        rows.append(row if passes is None else row | {"watched": float(passes.sel(country=country))})
    return pd.DataFrame(rows).sort_values("mean", ascending=False, kind="stable").reset_index(drop=True)


def over(threshold: int) -> str:
    """Return the name of the column with the chance of more than so many deaths."""
    return f"more_than_{threshold}"


def _thresholds(run: BriefRun) -> tuple[int, ...]:
    return tuple(dict.fromkeys((run.case.middle_threshold, run.case.high_threshold)))


def year_ahead_table(run: BriefRun) -> Table:
    """Return the frame as the page shows it."""
    watched = run.case.definition.watched
    limits = _thresholds(run)
    limits_in_words = listed([whole(number) for number in limits])
    any_kind = () if watched is None else (phrase("tables.year_ahead_any", threshold=watched.threshold),)
    return Table(
        YEAR_AHEAD,
        " ".join((phrase("tables.year_ahead", period=run.period(), thresholds=limits_in_words), *any_kind)),
        year_ahead_frame(run),
        (
            Column("country", heading("country"), "country"),
            Column("before", heading("year_before"), "count", "deaths"),
            Column("median", heading("median"), "estimate", "deaths"),
            Column("lower_80", heading("from_80"), "estimate", "deaths"),
            Column("upper_80", heading("to"), "estimate", "deaths"),
            Column("change", heading("change")),
            Column("more", heading("more_than_before"), "probability"),
            *(
                ()
                if watched is None
                else (Column("watched", phrase("tables.any_kind", threshold=watched.threshold), "probability"),)
            ),
            *(Column(over(number), f"> {whole(number)}", "probability") for number in limits),
        ),
        phrase("tables.year_ahead_note", share=per_cent(run.case.smallest_change.share)),
    )


def places_drawn(run: BriefRun) -> tuple[str, ...]:
    """Return the rows of the first picture: the largest toll, the units of the answers, then the likeliest watched."""
    frame = year_ahead_frame(run)
    shown = dict.fromkeys((str(frame["country"].iloc[0]), *run.countries))
    watched = run.case.definition.watched
    if watched is not None:
        likely = frame[frame["country"].isin(watched.units)].sort_values("watched", ascending=False)
        shown |= dict.fromkeys(likely["country"])
    return tuple(shown)[:PLACES_DRAWN]


def years_ahead_of(run: BriefRun) -> YearsAhead:
    """Return the numbers of the first picture."""
    ahead = {country: year_of(run.first, country).values for country in places_drawn(run)}
    yearly, ends = yearly_toll(run), (run.first.months[:YEAR][0], run.first.months[:YEAR][-1])
    seen = yearly.sel(year=[year for year in yearly["year"].values if f"{int(year)}-12" <= run.first.clock.as_of])
    return years_ahead_numbers(seen, ahead, outcome=run.headline, period=span_words(*ends), as_of=run.first.clock.as_of)
