"""The brief's tables of the toll: of the first year, around the exit, by year, and by month behind figures."""

import pandas as pd

from ..core.language import phrase
from ..plots.numbers import month_words
from ..plots.summary import interval_summaries
from .around_exit import around_exit
from .brief_tables import SPILLOVER_MONTHS, first_year_shown, heading, units_in_tables
from .evidence_of_run import BriefRun
from .tables import Column, Table
from .toll import largest_toll, toll_frame, yearly_table_id, yearly_toll

SMALL_MULTIPLES = 6
"""Where a month seldom sees a death, the band is all zeros and says nothing beside the mean."""


def toll_table(run: BriefRun) -> Table:
    """Return deaths of the headline in the first twelve months: each forecast, and what was recorded."""
    return Table(
        "toll",
        phrase("tables.toll", period=run.period()),
        toll_frame(run),
        (
            Column("country", heading("country"), "country"),
            Column("scenario", heading("scenario"), "scenario"),
            Column("mean", heading("expected"), "estimate", "deaths"),
            Column("median", heading("median"), "estimate", "deaths"),
            Column("lower_80", heading("from_80"), "estimate", "deaths"),
            Column("upper_80", heading("to"), "estimate", "deaths"),
            *(() if run.second is None else (Column("ratio", heading("ratio"), "ratio"),)),
            Column("recorded", heading("recorded"), "count", "deaths"),
        ),
        phrase("tables.toll_note" if run.second is not None else "tables.toll_note_alone"),
    )


def horizons_table(run: BriefRun, levels: pd.DataFrame) -> Table | None:
    """Return the toll by horizon under the one scenario told; None where two are, which have tables of their own.

    `levels` are those of `contrast_frames`.
    """
    if run.second is not None:
        return None
    spans = levels["first_month"].astype(str) + "/" + levels["last_month"].astype(str)
    return Table(
        "horizons",
        phrase("tables.horizons", month=month_words(run.first.clock.as_of)),
        levels.assign(months=spans),
        (
            Column("country", heading("country"), "country"),
            Column("horizon", heading("horizon"), "horizon"),
            Column("months", heading("months"), "span"),
            Column("first", heading("months_from_exit"), "count"),
            Column("last", heading("to"), "count"),
            Column("mean", heading("expected"), "estimate", "deaths per month"),
            Column("median", heading("median"), "estimate", "deaths per month"),
            Column("lower_80", heading("from_80"), "estimate", "deaths per month"),
            Column("upper_80", heading("to"), "estimate", "deaths per month"),
        ),
        phrase("tables.horizons_note"),
    )


def around_exit_table(run: BriefRun) -> Table:
    """Return deaths a month before and after the exit in the countries shown."""
    months = {name: heading(name) for name in ("months_before", "months_after", "months_since")}
    means = {name: heading(name) for name in ("before", "after_exit", "soon", "since")}
    frame = around_exit(run.record, run.first.clock.exit, run.countries, run.headline, run.headline_parts).rename(
        columns={"after": "after_exit"}
    )
    return Table(
        "around-exit",
        phrase("tables.around_exit"),
        frame,
        (
            Column("country", heading("country"), "country"),
            Column("outcome", heading("outcome"), "outcome"),
            Column("months_before", months["months_before"], "count"),
            Column("before", means["before"], "count", "deaths per month"),
            Column("months_after", months["months_after"], "count"),
            Column("after_exit", means["after_exit"], "count", "deaths per month"),
            Column("soon", means["soon"], "count", "deaths per month"),
            Column("months_since", months["months_since"], "count"),
            Column("since", means["since"], "count", "deaths per month"),
        ),
        phrase("tables.around_exit_note"),
    )


def yearly_table(run: BriefRun) -> Table:
    """Return deaths of the headline a year, without any model, in the countries of the record and the one with most."""
    yearly, (most, _) = yearly_toll(run), largest_toll(run)
    countries = dict.fromkeys((*units_in_tables(run), *run.countries, most))
    years = [int(y) for y in yearly["year"].values if int(y) >= first_year_shown(run)]
    frame = pd.DataFrame(
        [{"country": c} | {str(y): float(yearly.sel(country=c, year=y)) for y in years} for c in countries]
    )
    columns = (
        Column("country", heading("country"), "country"),
        *(Column(str(y), str(y), "count", "deaths") for y in years),
    )
    caption = phrase("tables.civilians", count=run.record.sizes["country"])
    return Table(yearly_table_id(run), caption, frame, columns, phrase("tables.civilians_note"))


def multiples_shown(run: BriefRun) -> list[str]:
    """Return the countries with the most expected deaths of the headline, for the small multiples."""
    expected = run.first.paths.expected.sel(outcome=run.headline).isel(month=slice(0, SPILLOVER_MONTHS)).sum("month")
    return [str(country) for country in expected.sortby(-expected)["country"].values[:SMALL_MULTIPLES]]


def months_frame(run: BriefRun) -> pd.DataFrame:
    """Return the headline's deaths month by month: `interval_summary` by country and scenario, and the recorded."""
    later = set(run.later_months)
    parts = []
    for country in dict.fromkeys((*run.countries, *multiples_shown(run))):
        record = run.record.sel(country=country, outcome=run.headline).to_series()
        for forecast in run.pair:
            cells = forecast.deaths.sel(country=country, outcome=run.headline).transpose("month", "draw")
            months = [str(label) for label in cells["month"].values]
            told = {"country": country, "month": months, "scenario": forecast.scenario.id}
            seen = [float(record[month]) if month in later else float("nan") for month in months]
            parts.append(pd.DataFrame(told | interval_summaries(cells.values) | {"recorded": seen}))
    return pd.concat(parts, ignore_index=True)


def months_table(run: BriefRun) -> Table:
    """Return `months_frame` as a file: what the fans and the small multiples draw."""
    numbers = ("mean", "median", "lower_80", "upper_80", "lower_95", "upper_95", "recorded")
    return Table(
        "months",
        phrase("tables.months"),
        months_frame(run),
        (
            Column("country", "country", "country"),
            Column("month", "month", "month"),
            Column("scenario", "scenario", "scenario"),
            *(Column(name, name, "estimate", "deaths") for name in numbers),
        ),
        phrase("tables.months_note"),
        on_page=False,
    )


def flows_table(run: BriefRun) -> Table:
    """Return the expected deaths that cross each border, as a file: what the arrows draw."""
    imported = run.first.paths.imported.isel(month=slice(0, SPILLOVER_MONTHS)).sum(["month", "outcome"])
    frame = imported.rename("deaths").to_dataframe().reset_index()[["neighbour", "country", "deaths"]]
    return Table(
        "flows",
        phrase("tables.flows", period=run.period(SPILLOVER_MONTHS)),
        frame[frame["deaths"] > 0].sort_values("deaths", ascending=False).reset_index(drop=True),
        (
            Column("neighbour", "from", "country"),
            Column("country", "to", "country"),
            Column("deaths", "deaths", "estimate", "deaths"),
        ),
        phrase("tables.flows_note"),
        on_page=False,
    )
