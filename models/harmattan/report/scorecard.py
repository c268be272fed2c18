"""The scorecard of the brief: how the model's forecasts of past years did against the best simple rule."""

import pandas as pd
import xarray as xr

from ..case.notes import said_note
from ..case.opening import Case
from ..core.language import phrase
from ..core.names import OUTCOMES
from ..evaluate.scoreboard import MODEL
from ..evaluate.scorecard import load_scorecard, scorecard_files
from .tables import Column, Table

SHOWN = {"crps": "skill_crps", "log1p_crps": "skill_log", "rps": "skill_rps"}
CELLS = {"months": "single months", "total": "twelve-month totals"}
WINDOWS = {
    "oldest": "1998-2004",
    "older": "2005-2012",
    "earlier": "2013-2017",
    "challenge": "2018-2023",
    "2024": "2024",
    "elsewhere": "other countries, 2005-2024",
    "elsewhere_2020": "other countries, 2005-2020",
}


def scorecard_frame(case: Case) -> pd.DataFrame:
    """Return one row for each window, outcome and kind of cell: skill by score, and the coverage of 80 % intervals."""
    kept = load_scorecard(case.scorecard)
    own = kept["skill"].query("model == @MODEL and window in @WINDOWS", local_dict={"MODEL": MODEL, "WINDOWS": WINDOWS})
    wide = own[own["score"].isin(SHOWN)].pivot_table(
        index=["window", "outcome", "cells"], columns="score", values="skill", sort=False
    )
    covered = kept["coverage"].query("countries == 'all'").set_index(["window", "outcome", "cells"])["inside_80"]
    frame = wide.rename(columns=SHOWN)[list(SHOWN.values())].join(covered).reset_index()
    order = {name: i for i, name in enumerate(OUTCOMES)}
    frame = frame.sort_values("outcome", key=lambda names: names.map(order), kind="stable")
    frame = frame.sort_values("window", key=lambda names: names.map(list(WINDOWS).index), kind="stable")
    return frame.assign(cells=frame["cells"].map(CELLS), window=frame["window"].map(WINDOWS)).reset_index(drop=True)


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
