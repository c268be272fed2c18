"""The regions of the world panel in which the judge scores (`judge_protocol.md`)."""

import xarray as xr

from harmattan.case.opening import open_case
from harmattan.panel.world import borders_of, record_of, record_of_the_world, states

OWN = "the sixteen"
REGIONS = {
    "rest of Africa": (range(400, 627), ()),
    "Middle East": (range(630, 700), (651,)),
    "Asia": (range(700, 900), ()),
    "Americas": (range(2, 200), ()),
    "Europe": (range(200, 400), ()),
}
"""Gleditsch-Ward numbers: a range, and others."""
CALLED = {
    OWN: {"en": "the sixteen", "fr": "les seize"},
    "rest of Africa": {"en": "rest of Africa", "fr": "reste de l'Afrique"},
    "Middle East": {"en": "Middle East", "fr": "Moyen-Orient"},
    "Asia": {"en": "Asia", "fr": "Asie"},
    "Americas": {"en": "Americas", "fr": "Amériques"},
    "Europe": {"en": "Europe", "fr": "Europe"},
}
"""What pages call each region."""

RWANDA = 517
MOST, FEWEST_MONTHS = 16, 36


def records() -> dict[str, tuple[xr.DataArray, xr.DataArray]]:
    """Return record and borders of each region."""
    case = open_case()
    found = {OWN: (case.record(), case.geography.neighbour_weights())}
    inside, everywhere = {str(unit) for unit in case.units}, record_of_the_world()
    active = (everywhere > 0).any("outcome").sum("month").to_series()
    for name, (numbers, others) in REGIONS.items():
        here = [
            one.iso3
            for one in states().values()
            if (one.gwno in numbers or one.gwno in others) and one.iso3 not in inside and one.gwno != RWANDA
        ]
        chosen = active[here][lambda months: months >= FEWEST_MONTHS].sort_values(ascending=False, kind="stable")
        units = tuple(chosen.index[:MOST])
        found[name] = record_of(units), borders_of(units)
    return found
