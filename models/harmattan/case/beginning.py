"""What a new case begins with: its units, whole countries or regions of one, and what the program knows of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from ..core.errors import InputError
from ..core.language import country_name, speaking
from ..core.months import month_label, month_number
from ..core.names import HEADLINE
from ..panel import regions, world

Level = Literal["country", "admin1"]
WATCHED_AT_MOST = 12
REGIONS_WATCHED_AT_MOST = 6
RECENT_MONTHS = 36
"""Months up to as_of by which regions are ranked."""

HOME_IS = {
    True: "the region where most civilians were killed in the three years to as_of",
    False: "the region with most deaths to as_of: in none was a civilian killed in the three years before",
}
"""Why a region is home, by whether civilians were killed in it of late."""

Names = tuple[str, str]
"""In English and in French."""


@dataclass(frozen=True)
class Beginning:
    """What a new case begins with.

    Attributes
    ----------
    level : {"country", "admin1"}
    units : tuple of str
        Home first.
    names : mapping of str to (English, French)
        Of every unit.
    home_is : str
        Why home was chosen, for a comment; empty where it was named.
    title : (English, French)
        The place that the case is about, as its title names it.
    together : (English, French)
        All units taken together.
    watched : tuple of str
        Units whose risk of being reached is told; none where it is empty.
    watched_names : (English, French)
    record_file, release : str
        Name of the panel below `seeds/data`, and UCDP's release that it was cut from.
    panel, pairs : DataFrame
    outlines : dict, optional
        GeoJSON of the units; None where there is none.
    """

    level: Level
    units: tuple[str, ...]
    names: dict[str, Names]
    home_is: str
    title: Names
    together: Names
    watched: tuple[str, ...]
    watched_names: Names
    record_file: str
    release: str
    panel: pd.DataFrame = field(repr=False)
    pairs: pd.DataFrame = field(repr=False)
    outlines: dict[str, Any] | None = field(repr=False)


def countries(home: str, neighbours: Sequence[str], as_of: str) -> Beginning:
    """Return what a case of whole countries begins with.

    Parameters
    ----------
    home : str
        ISO 3166 alpha-3.
    neighbours : sequence of str
        Those near home where none is named.
    as_of : str

    Raises
    ------
    InputError
        If a state is unknown or did not exist then, or home would be alone.
    """
    units, names = _states(home, neighbours, as_of), _names(home)
    outlines = world.shapes()
    outlines["features"] = [one for one in outlines["features"] if one["properties"]["iso3"] in units]
    return Beginning(
        level="country",
        units=units,
        names={code: _names(code) for code in units},
        home_is="",
        title=names,
        together=("region", "région"),
        watched=_near(units),
        watched_names=(f"neighbours {_names(home, 'of')[0]}", f"voisins {_names(home, 'of')[1]}"),
        record_file="ucdp/country_month.csv",
        release=world.RELEASE,
        panel=world.panel_of(units),
        pairs=world.pairs_of(units),
        outlines=outlines,
    )


def first_level_regions(country: str, neighbours: Sequence[str], as_of: str) -> Beginning:
    """Return what a case of one country's first-level regions begins with.

    Home is the region where most civilians were killed in the last three years, or that has most deaths where none was
    killed; the others follow by deaths of all kinds in that time, then by all deaths before. The residual unit comes
    last.

    Parameters
    ----------
    country : str
        ISO 3166 alpha-3.
    neighbours : sequence of str
        Must be empty: the record of countries is of another release, and no border of a region is known.
    as_of : str

    Raises
    ------
    InputError
        If the record does not know the country by region, or neighbours are named.
    """
    names, own = regions.regions_of(country), _names(country)
    if neighbours:
        raise InputError(
            "--neighbours goes with --level country only: the record by region is of another release than that of "
            "countries, and which regions touch a neighbour is not known. Leave it out."
        )
    panel, of_own = regions.region_panel(country), _names(country, "of")
    recent = _deaths(panel, as_of, RECENT_MONTHS)
    ranked = _ranked(tuple(names), panel, as_of)
    others = [unit for unit in ranked[1:] if regions.is_region(unit) and recent["all"].get(unit, 0) > 0]
    residual = (f"{own[0]} (place unknown)", f"{own[1]} (lieu inconnu)")
    return Beginning(
        level="admin1",
        units=ranked,
        names={code: (names[code],) * 2 if regions.is_region(code) else residual for code in ranked},
        home_is=HOME_IS[bool(recent[HEADLINE][ranked[0]] > 0)],
        title=(f"{names[ranked[0]]}, {own[0]}", f"{names[ranked[0]]}, {own[1]}"),
        together=own,
        watched=tuple(others[:REGIONS_WATCHED_AT_MOST]),
        watched_names=(f"other regions {of_own[0]}", f"autres régions {of_own[1]}"),
        record_file="ucdp/admin1_month.csv",
        release=regions.RELEASE,
        panel=panel,
        pairs=regions.region_pairs(ranked),
        outlines=None,
    )


def _names(country: str, form: str = "name") -> Names:
    """Return what a country is called in English and in French, or the same with "of" before it."""
    found = []
    for language in ("en", "fr"):
        with speaking(language):
            name = country_name(country)
            found.append(str(name) if form == "name" else name.forms[form])
    return found[0], found[1]


def _states(home: str, neighbours: Sequence[str], as_of: str) -> tuple[str, ...]:
    """Return home and its neighbours, each once, all of them states that existed in the month."""
    named = [home, *neighbours] if neighbours else list(world.neighbourhood(home))
    for code in named if neighbours else [home]:
        one = world.state(code)
        if not one.first <= as_of <= one.last:
            raise InputError(
                f"{code} ({one.name}) did not exist in {as_of}: it is known from {one.first} to {one.last}."
            )
    lived = (code for code in named if world.state(code).first <= as_of <= world.state(code).last)
    units = tuple(dict.fromkeys(lived))
    if len(units) < 2:
        raise InputError("A case needs two units at least: name neighbours with --neighbours, as in RWA,BDI,UGA.")
    return units


def _near(units: tuple[str, ...]) -> tuple[str, ...]:
    """Return the units that touch home, or the nearest, of which the risk of being reached is told."""
    near = world.pairs_of(units).query("iso3_a == @home", local_dict={"home": units[0]})
    ranked = near.sort_values(["border_km", "min_distance_km"], ascending=[False, True], na_position="last")
    touching = int((ranked["border_km"] > 0).sum())
    return tuple(ranked["iso3_b"].head(min(max(touching, 1), WATCHED_AT_MOST)))


def _ranked(units: tuple[str, ...], panel: pd.DataFrame, as_of: str) -> tuple[str, ...]:
    """Return regions by deaths up to as_of, with the one that lost most civilians of late in front."""
    recent, ever = _deaths(panel, as_of, RECENT_MONTHS), _deaths(panel, as_of)
    places = [unit for unit in units if regions.is_region(unit)]

    def toll(unit: str) -> tuple[float, float]:
        return recent["all"][unit], ever["all"][unit]

    home = max(places, key=lambda unit: (recent[HEADLINE][unit], *toll(unit)))
    others = sorted((unit for unit in places if unit != home), key=toll, reverse=True)
    return (home, *others, *(unit for unit in units if unit not in places))


def _deaths(panel: pd.DataFrame, as_of: str, months: int | None = None) -> pd.DataFrame:
    """Return deaths by unit in the months up to as_of, of civilians killed on purpose and of all kinds."""
    known = panel[panel["month"] <= as_of]
    if months is not None:
        known = known[known["month"] > month_label(month_number(as_of) - months)]
    by_kind = known.pivot_table(index="iso3", columns="type", values="best", aggfunc="sum")
    return by_kind.assign(all=by_kind.sum(axis=1))
