"""Synthetic UCDP releases in the form in which UCDP publishes them, made from a panel."""

from pathlib import Path

import pandas as pd

from harmattan.core.months import months_after
from harmattan.panel.ucdp import checked_table, frozen_panel_path

NUMBERS = {"state_based": 1, "non_state": 2, "one_sided": 3}


def base_panel():
    return checked_table(frozen_panel_path()).reset_index(drop=True)


def events_of(table, *, status="Clear"):
    """Return GED rows that add up to a panel's cells: one event with all deaths, the others with none."""
    repeated = table.loc[table.index.repeat(table["events"].astype(int))]
    first = ~repeated.index.duplicated()
    count = len(repeated)
    best = (repeated["best"] * first).astype(int).to_numpy()
    return pd.DataFrame(
        {
            "id": range(1, count + 1),
            "year": repeated["month"].str[:4].to_numpy(),
            "code_status": status,
            "type_of_violence": repeated["type"].map(NUMBERS).to_numpy(),
            "country": repeated["country"].to_numpy(),
            "country_id": repeated["gwno"].to_numpy(),
            "date_start": (repeated["month"] + "-15 00:00:00.000").to_numpy(),
            "date_end": (repeated["month"] + "-16 00:00:00.000").to_numpy(),
            "deaths_a": 0,
            "best": best,
            "high": best + 1,
            "low": best,
        }
    )


def elsewhere(months, count=3):
    """Return events in a country that is none of the sixteen, so that every month has some."""
    rows = [
        {"id": 900_000 + n * 1000 + k, "year": month[:4], "code_status": "Clear", "type_of_violence": 1,
         "country": "Somalia", "country_id": "520", "date_start": f"{month}-02", "date_end": f"{month}-02",
         "deaths_a": 1, "best": 2, "high": 3, "low": 1}
        for n, month in enumerate(months)
        for k in range(count)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def next_year(panel):
    """Return the panel's last year again, one year on."""
    last = panel[panel["month"] >= "2024-01"]
    return last.assign(month="2025" + last["month"].str[4:])


def write_ged(folder, name="GEDEvent_v26_1.csv", *, since="2023-01", change=None):
    """Write a final release: the frozen panel's months from `since` on and one year more."""
    panel = base_panel()
    table = pd.concat([panel[panel["month"] >= since], next_year(panel)], ignore_index=True)
    if change is not None:
        table = change(table)
    months = sorted(table["month"].unique())
    path = Path(folder) / name
    pd.concat([events_of(table), elsewhere(months)], ignore_index=True).to_csv(path, index=False)
    return path


def write_candidate(folder, name="GEDEvent_v25_0_2.csv", *, count=2, after="2024-12"):
    """Write candidate events of the `count` months that follow a month."""
    panel = base_panel()
    months = months_after(after, count)
    model = panel[panel["month"] == "2024-11"]
    table = pd.concat([model.assign(month=month) for month in months], ignore_index=True)
    path = Path(folder) / name
    pd.concat([events_of(table, status="Check deaths"), elsewhere(months)], ignore_index=True).to_csv(path, index=False)
    return path
