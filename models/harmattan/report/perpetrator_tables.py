"""The brief's tables of who kills civilians: at home by year, on record; in the first twelve months, as forecast."""

import numpy as np
import pandas as pd

from ..core.language import phrase
from ..core.names import ONE_SIDED_PARTS
from ..panel.bounds import civilians_in_battle
from ..panel.ucdp import annual_totals
from ..plots.summary import interval_summary
from ..risk.comparison import ratio_of_expected
from .brief_tables import first_year_shown, heading
from .evidence_of_run import YEAR, BriefRun
from .tables import Column, Table

KILLED_BY_YEAR, KILLERS = "killed-by-year", "who-kills"
"""Names of the two tables."""


def killed_by_year_table(run: BriefRun) -> Table | None:
    """Return civilians killed at home by year and by whom, by the record; None where nobody knows who killed.

    Beside them stand civilians killed in battle, whom the table of bounds counts by year where the case has one.
    """
    if run.headline_parts is None:
        return None
    yearly = annual_totals(run.headline_parts.sel(country=[run.home]).dropna("month")).sel(country=run.home)
    shown = yearly.sel(year=yearly["year"] >= first_year_shown(run))
    frame = pd.DataFrame(shown.transpose("year", "outcome").values, columns=list(ONE_SIDED_PARTS))
    frame.insert(0, "year", shown["year"].values.astype(str))
    columns = [
        Column("year", heading("year"), "text"),
        *(Column(part, heading(part), "count", "deaths") for part in ONE_SIDED_PARTS),
    ]
    if run.case.bounds_file is not None:
        battle = civilians_in_battle(run.case.bounds_file, [run.home]).set_index("year")["civilians"]
        frame["in_battle"] = [float(battle.get(int(year), np.nan)) for year in frame["year"]]
        columns.append(Column("in_battle", heading("in_battle"), "count", "deaths"))
    note = "tables.killed_by_year_note" if len(columns) > 3 else "tables.killed_by_year_note_alone"
    return Table(KILLED_BY_YEAR, phrase("tables.killed_by_year"), frame, tuple(columns), phrase(note))


def who_kills_table(run: BriefRun) -> Table | None:
    """Return who kills civilians in the first twelve months, in the units shown; None where nobody knows who killed."""
    if run.headline_parts is None:
        return None
    columns = (
        Column("country", heading("country"), "country"),
        Column("outcome", heading("outcome"), "outcome"),
        Column("scenario", heading("scenario"), "scenario"),
        Column("before", heading("before_year"), "count", "deaths"),
        Column("mean", heading("expected"), "estimate", "deaths"),
        Column("median", heading("median"), "estimate", "deaths"),
        Column("lower_80", heading("from_80"), "estimate", "deaths"),
        Column("upper_80", heading("to"), "estimate", "deaths"),
        *(() if run.second is None else (Column("ratio", heading("ratio"), "ratio"),)),
        Column("recorded", heading("recorded"), "count", "deaths"),
    )
    caption = phrase("tables.who_kills", period=run.period())
    return Table(KILLERS, caption, who_kills_frame(run), columns, phrase("tables.who_kills_note"))


def who_kills_frame(run: BriefRun) -> pd.DataFrame:
    """Return a row for each unit shown, perpetrator and forecast.

    Columns country, outcome, scenario, before (deaths in the twelve months to `as_of`), those of `interval_summary`,
    ratio (of expected deaths, first scenario to second) and recorded (NaN while unknown).
    """
    assert run.parts is not None
    before = run.parts.sel(month=slice(None, run.first.clock.as_of)).isel(month=slice(-YEAR, None))
    months = [str(month) for month in run.first.deaths["month"].values[:YEAR]]
    later = run.parts.sel(month=[month for month in months if month in run.later_months])
    rows = []
    for country in run.countries:
        for part in ONE_SIDED_PARTS:
            totals = {
                name: found.deaths.sel(country=country, outcome=part).sum("month")
                for name, found in run.killers.items()
            }
            ratio = np.nan
            if run.second is not None:
                ratio = ratio_of_expected(totals[run.first.scenario.id], totals[run.second.scenario.id])
            past, came = (
                float(cells.sel(country=country, outcome=part).sum(skipna=False)) for cells in (before, later)
            )
            for name, total in totals.items():
                row: dict[str, object] = {"country": country, "outcome": part, "scenario": name, "before": past}
                row |= interval_summary(total.values)
                row |= {"ratio": ratio if name == run.first.scenario.id else np.nan}
                rows.append(row | {"recorded": came if later.sizes["month"] == YEAR else np.nan})
    return pd.DataFrame(rows)
