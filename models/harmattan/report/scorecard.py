"""The scorecard of the brief: how the model's forecasts of past years did against the best simple rule."""

import pandas as pd
import xarray as xr

from ..case.notes import said_note
from ..case.opening import Case
from ..core.language import phrase
from ..core.names import OUTCOMES
from ..evaluate.scoreboard import MODEL
from ..evaluate.scorecard import load_scorecard, scorecard_files
from ..evaluate.scored_windows import ScoredWindow, years_ahead
from .tables import Column, Table

SHOWN = {"crps": "skill_crps", "log1p_crps": "skill_log", "rps": "skill_rps"}
OTHERS = "other countries"
CELLS = {"months": "single months", "total": "twelve-month totals"}


def scorecard_frame(case: Case) -> pd.DataFrame:
    """Return one row for each window, outcome and kind of cell: skill by score, and the coverage of 80 % intervals."""
    kept = load_scorecard(case.scorecard)
    labels = {window.name: _label(window) for window in years_ahead(case.scorecard)}
    own = kept["skill"].query(
        "model == @MODEL and window in @shown", local_dict={"MODEL": MODEL, "shown": list(labels)}
    )
    wide = own[own["score"].isin(SHOWN)].pivot_table(
        index=["window", "outcome", "cells"], columns="score", values="skill", sort=False
    )
    covered = kept["coverage"].query("countries == 'all'").set_index(["window", "outcome", "cells"])["inside_80"]
    frame = wide.rename(columns=SHOWN)[list(SHOWN.values())].join(covered).reset_index()
    order = {name: i for i, name in enumerate(OUTCOMES)}
    frame = frame.sort_values("outcome", key=lambda names: names.map(order), kind="stable")
    frame = frame.sort_values("window", key=lambda names: names.map(list(labels).index), kind="stable")
    return frame.assign(cells=frame["cells"].map(CELLS), window=frame["window"].map(labels)).reset_index(drop=True)


def _label(window: ScoredWindow) -> str:
    """Return the years of a window, and that it is of others where it is."""
    return f"{OTHERS}, {window.years}" if window.elsewhere else window.years


def scorecard_table(case: Case, record: xr.DataArray) -> Table | None:
    """Return the scorecard as the brief shows it, with the case's own note, whose numbers come from the record.

    None where the case has none.
    """
    if not scorecard_files(case.scorecard):
        return None
    note = " ".join(filter(None, (phrase("tables.scorecard_note"), said_note("scorecard", record))))
    return Table(
        "scorecard",
        phrase("tables.scorecard"),
        scorecard_frame(case),
        (
            Column("window", phrase("tables.columns.window")),
            Column("outcome", phrase("tables.columns.outcome"), "outcome"),
            Column("cells", phrase("tables.columns.cells_scored")),
            Column("skill_crps", phrase("tables.columns.skill_crps"), "share"),
            Column("skill_log", phrase("tables.columns.skill_log"), "share"),
            Column("skill_rps", phrase("tables.columns.skill_rps"), "share"),
            Column("inside_80", phrase("tables.columns.inside_80"), "share"),
        ),
        note,
    )
