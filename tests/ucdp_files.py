"""Synthetic UCDP releases in the form in which UCDP publishes them, made from a panel."""

from pathlib import Path

import pandas as pd
from shipped import panel_file

from harmattan.panel.event_checks import COLUMNS
from harmattan.panel.ucdp import checked_table

NUMBERS = {"state_based": 1, "non_state": 2, "one_sided": 3}
SOURCE = '"Agence France-Presse,2025-01-28,""Dozens"" killed, in the north";\n"Reuters,2025-01-29,Attaque à Ménaka"'
"""A cell as UCDP's source_article: quotation marks, commas and a line break."""


def base_panel():
    return checked_table(panel_file()).reset_index(drop=True)


def events_of(table, *, status="Clear", first_id=1):
    """Return GED rows that add up to a panel's cells: one event with all deaths, the others with none."""
    repeated = table.loc[table.index.repeat(table["events"].astype(int))]
    first = ~repeated.index.duplicated()
    best = (repeated["best"] * first).astype(int).to_numpy()
    return pd.DataFrame(
        {
            "id": range(first_id, first_id + len(repeated)),
            "year": repeated["month"].str[:4].to_numpy(),
            "code_status": status,
            "type_of_violence": repeated["type"].map(NUMBERS).to_numpy(),
            "country": repeated["country"].replace({"Cote d'Ivoire": "Ivory Coast"}).to_numpy(),
            "country_id": repeated["gwno"].to_numpy(),
            "date_prec": 1,
            "date_start": (repeated["month"] + "-27 00:00:00.000").to_numpy(),
            "date_end": (repeated["month"] + "-28 00:00:00.000").to_numpy(),
            "deaths_a": 0,
            "best": best,
            "high": best + 1,
            "low": best,
        }
    )


def event(number, month, *, country="Mali", gwno=432, day=28, deaths=3, **further):
    """Return one event as a row."""
    return {
        "id": number, "year": month[:4], "code_status": "Check deaths", "type_of_violence": 3, "country": country,
        "country_id": gwno, "date_prec": 1, "date_start": f"{month}-{day:02d} 00:00:00.000",
        "date_end": f"{month}-{day:02d} 00:00:00.000", "best": deaths, "high": deaths + 1, "low": max(deaths - 1, 0),
    } | further  # fmt: skip


def elsewhere(months, count=3):
    """Return events in a country that is none of the sixteen, so that every month has some."""
    return pd.DataFrame(
        [
            event(900_000 + n * 1000 + k, month, country="Somalia", gwno=520, day=2, code_status="Clear")
            for n, month in enumerate(months)
            for k in range(count)
        ]
    )


def next_year(panel):
    """Return the panel's last year again, one year on."""
    last = panel[panel["month"] >= "2024-01"]
    return last.assign(month="2025" + last["month"].str[4:])


def write_release(folder, name, *events):
    """Write events with the 49 columns of a release, a byte order mark, and cells that hold line breaks."""
    table = pd.concat(events, ignore_index=True).reindex(columns=COLUMNS)
    path = Path(folder) / name
    table.assign(active_year="True", source_article=SOURCE, where_description="Ménaka town, Ménaka region").to_csv(
        path, index=False, encoding="utf-8-sig"
    )
    return path


def write_ged(folder, name="GEDEvent_v26_1.csv", *, since="2023-01", change=None):
    """Write a final release: the frozen panel's months from `since` on and one year more."""
    panel = base_panel()
    table = pd.concat([panel[panel["month"] >= since], next_year(panel)], ignore_index=True)
    if change is not None:
        table = change(table)
    return write_release(folder, name, events_of(table), elsewhere(sorted(table["month"].unique())))


def candidate_cells(months, share=1.0):
    """Return cells for months after the record, each like November 2024, with a share of its deaths."""
    panel = base_panel()
    model = panel[panel["month"] == "2024-11"]
    return pd.concat(
        [model.assign(month=month, best=(model["best"] * share).round()) for month in months], ignore_index=True
    )


def write_candidate(folder, name, months, *further, share=1.0):
    """Write the candidate events of some months, as UCDP does for one month or a quarter; `further` are stragglers."""
    events = events_of(candidate_cells(months, share), status="Check deaths", first_id=100_000)
    return write_release(folder, name, events, elsewhere(months), *([pd.DataFrame(further)] if further else []))
