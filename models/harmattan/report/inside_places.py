"""Where inside the countries shown civilians were killed: the record by region, which is no forecast and ends early."""

from pathlib import Path

import pandas as pd

from ..core.language import country_name, outcome_name, phrase, whole
from ..core.months import month_label, month_number, months_after
from ..panel.regions import LAST_MONTH, REGIONS_FILE, countries_with_regions, region_panel
from ..plots.numbers import span_words
from .brief_tables import heading
from .content import Statement
from .evidence_of_run import YEAR, BriefRun
from .tables import Column, Table

INSIDE = "inside"
"""Name of the table."""

REGIONS_NAMED = 3


def inside_frame(run: BriefRun) -> pd.DataFrame:
    """Return deaths of the headline by region in the last twelve months of that record up to `as_of`, most first.

    Returns
    -------
    DataFrame
        Columns country, region, now, before (the twelve months before those), share (of the country's); regions without
        a death in these years are left out. Empty where no country shown is known by region.
    """
    last, rows = min(run.first.clock.as_of, LAST_MONTH), []
    for country in run.countries:
        if country in countries_with_regions():
            own = region_panel(country).query("type == @run.headline")
            now, before = (_total(own, _moved(last, -YEAR * back)) for back in (0, 1))
            table = pd.DataFrame({"now": now, "before": before}).reset_index(names="region")
            table = table[table[["now", "before"]].any(axis=1)].sort_values("now", ascending=False, kind="stable")
            rows.append(table.assign(country=country, share=table["now"] / max(table["now"].sum(), 1)))
    columns = ["country", "region", "now", "before", "share"]
    return pd.concat(rows, ignore_index=True)[columns] if rows else pd.DataFrame(columns=columns)


def _moved(month: str, by: int) -> str:
    return month_label(month_number(month) + by)


def _total(own: pd.DataFrame, last: str) -> pd.Series:
    months = months_after(_moved(last, -YEAR), YEAR)
    return own[own["month"].isin(months)].groupby("country")["best"].sum()


def inside_table(run: BriefRun) -> Table:
    """Return the frame as the annex shows it."""
    return Table(
        INSIDE,
        phrase("tables.inside", outcome=outcome_name(run.headline), period=_period(run)),
        inside_frame(run),
        (
            Column("country", heading("country"), "country"),
            Column("region", heading("region")),
            Column("now", heading("these_months"), "count", "deaths"),
            Column("before", heading("year_before"), "count", "deaths"),
            Column("share", heading("of_country"), "share"),
        ),
        phrase("tables.inside_note"),
    )


def inside_home(run: BriefRun) -> tuple[Statement, ...]:
    """Return where inside home most were killed, by the record; nothing where it is not known by region."""
    frame = inside_frame(run)
    own = frame[frame["country"] == run.home]
    if not len(own):
        return ()
    parts = [
        phrase("front.inside_part", region=row["region"], number=whole(row["now"]))
        for row in own.head(REGIONS_NAMED).to_dict("records")
    ]
    words = {"country": country_name(run.home), "period": _period(run), "total": whole(float(own["now"].sum()))}
    return (Statement(phrase("front.inside", parts=", ".join(parts), **words), (INSIDE,)),)


def _period(run: BriefRun) -> str:
    last = min(run.first.clock.as_of, LAST_MONTH)
    return span_words(_moved(last, 1 - YEAR), last)


def files_read() -> tuple[Path, ...]:
    """Return the file that this reads."""
    return (REGIONS_FILE,)
