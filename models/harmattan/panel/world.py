"""The world that any case draws on: states with their lifetimes, borders and distances, and deaths of every country."""

import csv
import json
from dataclasses import dataclass
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from ..core.errors import InputError
from ..core.months import month_range
from ..core.names import OUTCOMES
from ..core.resources import shipped_root
from .geography import Geography
from .ucdp import COLUMNS, KEY

RELEASE = "26.1"
"""Of UCDP GED, from which the record of the world was cut."""

FIRST_MONTH, LAST_MONTH = "1989-01", "2024-12"
"""Span of the record of the world."""

NEAR_KM = 500.0
"""States whose nearest border is no farther from home's than this are its neighbourhood."""

FEWEST_NEIGHBOURS = 4
"""Below this many the nearest states are added, so that countries can inform one another."""

EARTH_RADIUS_KM = 6371.0


@dataclass(frozen=True)
class State:
    """A state of the world.

    Attributes
    ----------
    iso3 : str
        ISO 3166 alpha-3.
    gwno : int
        Gleditsch and Ward's number, which UCDP uses.
    name, name_fr : str
        Short name in English and French (Unicode CLDR).
    ucdp_name : str
        As UCDP's tables name it; empty where it never had an event.
    first, last : str
        Months in which it existed, within the span of the record.
    longitude, latitude : float
        Centre of the territory, degrees.
    """

    iso3: str
    gwno: int
    name: str
    name_fr: str
    ucdp_name: str
    first: str
    last: str
    longitude: float
    latitude: float


def _folder() -> Path:
    return shipped_root() / "seeds" / "data"


@cache
def states() -> dict[str, State]:
    """Return every state by its ISO 3166 alpha-3 code, alphabetically."""
    with open(_folder() / "world" / "states.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        row["iso3"]: State(
            row["iso3"],
            int(row["gwno"]),
            row["name"],
            row["name_fr"],
            row["ucdp_name"],
            max(row["from_month"] or FIRST_MONTH, FIRST_MONTH),
            min(row["to_month"] or LAST_MONTH, LAST_MONTH),
            float(row["centroid_lon"]),
            float(row["centroid_lat"]),
        )
        for row in rows
    }


def state(iso3: str) -> State:
    """Return a state by its code.

    Raises
    ------
    InputError
        If there is none of that code.
    """
    if iso3 not in states():
        names = {name.lower(): s.iso3 for s in states().values() for name in (s.name, s.name_fr, s.ucdp_name)}
        named = names.get(iso3.lower())
        hint = f" {iso3} has the code {named}." if named else ""
        raise InputError(f"There is no state {iso3!r}.{hint} Use ISO 3166 alpha-3 codes, such as COD or HTI.")
    return states()[iso3]


def neighbourhood(home: str) -> tuple[str, ...]:
    """Return home and the states whose nearest border is within `NEAR_KM` of its own, nearest first.

    Where there are fewer than `FEWEST_NEIGHBOURS`, the nearest ones beyond are added.
    """
    state(home)
    pairs = _near_pairs()
    near = pairs[(pairs["iso3_a"] == home) | (pairs["iso3_b"] == home)].copy()
    near["other"] = np.where(near["iso3_a"] == home, near["iso3_b"], near["iso3_a"])
    near = near[near["other"].isin(states())].sort_values(
        ["min_distance_km", "border_km", "other"], ascending=[1, 0, 1]
    )
    count = max(int((near["min_distance_km"] <= NEAR_KM).sum()), min(FEWEST_NEIGHBOURS, len(near)))
    return (home, *near["other"].head(count))


def panel_of(units: tuple[str, ...]) -> pd.DataFrame:
    """Return the record of some states with a row for each month of their lifetime, 0 where nothing was recorded.

    Returns
    -------
    DataFrame
        Columns `country, iso3, gwno, month, type, events, best`, sorted by country, month and type.
    """
    world = pd.read_csv(_folder() / "ucdp" / "country_month_world.csv")
    tables = []
    for iso3 in units:
        one = state(iso3)
        own = world[world["gwno"] == one.gwno]
        full = pd.MultiIndex.from_product([month_range(one.first, one.last), list(OUTCOMES)], names=["month", "type"])
        counts = own.set_index(["month", "type"])[["events", "best"]].reindex(full, fill_value=0).reset_index()
        tables.append(counts.assign(country=one.ucdp_name or one.name, iso3=iso3, gwno=one.gwno))
    return pd.concat(tables, ignore_index=True).sort_values(["iso3", *KEY[:1], "type"])[list(COLUMNS)]


def record_of(units: tuple[str, ...]) -> xr.DataArray:
    """Return the deaths of some states as the model takes them.

    Returns
    -------
    DataArray (month, country, outcome)
        Deaths per month over the span of the record; NaN where a state did not exist.
    """
    table = panel_of(units)
    deaths = table.set_index(["month", "iso3", "type"])["best"].to_xarray().astype("float64")
    whole = deaths.reindex(month=month_range(FIRST_MONTH, LAST_MONTH), iso3=list(units), type=list(OUTCOMES))
    return whole.rename(iso3="country", type="outcome").rename("deaths").assign_attrs(units="deaths per month")


@cache
def record_of_the_world() -> xr.DataArray:
    """Return the deaths of all states, as `record_of`; not to be written to."""
    return record_of(tuple(states()))


def borders_of(units: tuple[str, ...]) -> xr.DataArray:
    """Return the weight of each neighbour among some states, as `Geography.neighbour_weights`."""
    pairs = pairs_of(units).set_index(["iso3_a", "iso3_b"])
    return Geography(units, pairs, _folder() / "world" / "country_pairs.csv").neighbour_weights()


def pairs_of(units: tuple[str, ...]) -> pd.DataFrame:
    """Return every ordered pair of some states: whether they touch, shared border and distances in km.

    Returns
    -------
    DataFrame
        Columns `iso3_a, iso3_b, adjacent, border_km, min_distance_km, centroid_distance_km`. Pairs more than 2,500 km
        apart share no border; their distance between borders is left blank.
    """
    known = _near_pairs().set_index(["iso3_a", "iso3_b"])
    rows = []
    for a, b in permutations(units, 2):
        key = (a, b) if a < b else (b, a)
        border, nearest, centres = known.loc[key] if key in known.index else (0.0, np.nan, _between_centres(a, b))
        rows.append((a, b, int(border > 0), border, nearest, centres))
    columns = ["iso3_a", "iso3_b", "adjacent", "border_km", "min_distance_km", "centroid_distance_km"]
    return pd.DataFrame(rows, columns=columns).sort_values(["iso3_a", "iso3_b"], ignore_index=True)


def neighbours_outside(units: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return each unit with each state beyond the units that it shares a land border with, alphabetically."""
    touching = _near_pairs()[_near_pairs()["border_km"] > 0]
    found = {pair for a, b in zip(touching["iso3_a"], touching["iso3_b"], strict=True) for pair in ((a, b), (b, a))}
    return tuple(sorted((one, other) for one, other in found if one in units and other in set(states()) - set(units)))


def shapes() -> dict[str, Any]:
    """Return outlines of the world's states as GeoJSON; the property `iso3` says which."""
    return json.loads(shapes_file().read_text(encoding="utf-8"))


def shapes_file() -> Path:
    """Return the file that holds `shapes`."""
    return _folder() / "world" / "countries_ne50m.geojson"


def other_land_file() -> Path:
    """Return the file with outlines of land that is none of the states': maps show it as land, not as sea."""
    return _folder() / "world" / "other_land_ne50m.geojson"


@cache
def _near_pairs() -> pd.DataFrame:
    return pd.read_csv(_folder() / "world" / "country_pairs.csv")


def _between_centres(a: str, b: str) -> float:
    """Return the great-circle distance between two states' centres, km."""
    one, other = states()[a], states()[b]
    lon = np.deg2rad(other.longitude - one.longitude)
    lat_a, lat_b = np.deg2rad(one.latitude), np.deg2rad(other.latitude)
    half = np.sin((lat_b - lat_a) / 2) ** 2 + np.cos(lat_a) * np.cos(lat_b) * np.sin(lon / 2) ** 2
    return round(float(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half))), 1)
