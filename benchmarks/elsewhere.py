"""The record of wars that the model was not made for: sixteen African countries outside the panel."""

import pandas as pd
import xarray as xr

from harmattan.case.opening import open_case
from harmattan.core.resources import seeds_folder

AFRICA = range(400, 627)
"""Gleditsch-Ward numbers."""
RWANDA = 517


def record_elsewhere() -> tuple[xr.DataArray, xr.DataArray]:
    """Return the record of sixteen other countries, and borders that nothing crosses, as theirs are not in the data.

    The countries are those with the most months with deaths from 1989 to 2024, Rwanda left out for 1994: Sudan,
    Somalia, DR Congo, Burundi, Ethiopia, Kenya, Central African Republic, Angola, Uganda, Mozambique, South Sudan,
    South Africa, Sierra Leone, Liberia, Tunisia, Congo. The panel's country codes only stand for their places.
    """
    panel = open_case().record()
    folder = seeds_folder() / "data" / "ucdp"
    inside = set(pd.read_csv(folder / "country_month.csv")["gwno"])
    world = pd.read_csv(folder / "country_month_world.csv")
    africa = world[world["gwno"].isin(set(AFRICA) - inside - {RWANDA})]
    months_with_deaths = africa[africa["best"] > 0].groupby("gwno")["month"].nunique()
    chosen = months_with_deaths.sort_values(ascending=False, kind="stable").index[: len(open_case().units)]
    deaths = africa.groupby(["month", "gwno", "type"])["best"].sum().to_xarray().fillna(0.0)
    whole = deaths.reindex(month=panel["month"].values, gwno=chosen, type=panel["outcome"].values, fill_value=0.0)
    borders = open_case().geography.neighbour_weights()
    return panel.copy(data=whole.transpose("month", "gwno", "type").values), xr.zeros_like(borders)
