"""Events by calendar year: what a record knows, and the stretches of years that it does not know."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from ..core.months import month_range
from ..core.randomness import stream

Chance = Callable[[int, np.ndarray, float], np.ndarray]
"""Chance of an event given year, whether one was there in the years before (draw, country), and share of the year."""


@dataclass(frozen=True)
class Stretch:
    """Months of one year on one side of the month as of which a forecast is made.

    Attributes
    ----------
    year : int
    months : int
    ahead : bool
        Whether they are forecast; else they lie before, and nobody watched.
    """

    year: int
    months: int
    ahead: bool


def stretches(known_to: str, as_of: str, last_year: int) -> list[Stretch]:
    """Return all months after a record, year by year, those up to `as_of` apart from those after it.

    >>> stretches("2022-11", "2023-06", 2023)
    [Stretch(year=2022, months=1, ahead=False), Stretch(year=2023, months=6, ahead=False), \
Stretch(year=2023, months=6, ahead=True)]
    """
    months = [month for month in month_range(known_to, f"{last_year}-12") if month > known_to]
    sides = [(int(month[:4]), month > as_of) for month in months]
    return [Stretch(year, sides.count((year, ahead)), ahead) for year, ahead in sorted(set(sides))]


def by_year(record: xr.DataArray, known_to: str) -> tuple[xr.DataArray, xr.DataArray]:
    """Return how often something happened in each year (year, country), and the share of the year that was watched.

    Parameters
    ----------
    record : DataArray (month, country)
        Events; NaN where nobody watched, which counts as none.
    known_to : str
        Last month that was watched.
    """
    months = [str(month) for month in record["month"].values]
    years = xr.DataArray([int(month[:4]) for month in months], dims="month", name="year")
    watched = xr.DataArray([float(month <= known_to) for month in months], dims="month")
    return record.groupby(years).sum("month"), watched.groupby(years).sum("month") / 12


def recently(happened: xr.DataArray, memory: int) -> xr.DataArray:
    """Return whether anything happened in the `memory` years before each year, of years with so many before them."""
    before = [happened.shift(year=back, fill_value=0) > 0 for back in range(1, memory + 1)]
    return xr.concat(before, "back").any("back").isel(year=slice(memory, None))


def chain(
    chance: Chance,
    happened: xr.DataArray,
    ahead: Sequence[Stretch],
    *,
    memory: int,
    draws: int,
    seed: int,
    name: str,
) -> xr.DataArray:
    """Return whether something happens in the months ahead of each year, each year's chance going by the years before.

    Parameters
    ----------
    chance : callable
    happened : DataArray (year, country)
        What is known by now, above 0 where it happened.
    ahead : sequence of Stretch
        In order. In those not ahead, events are simulated beside the known ones, so that nobody's silence is peace.
    memory : int
        Years that count as before.
    draws, seed : int
    name : str
        Of the streams of chance, which go by country and year too.

    Returns
    -------
    DataArray (draw, year, country) of bool
    """
    units = [str(unit) for unit in happened["country"].values]
    known = {int(year): happened.sel(year=year).values > 0 for year in happened["year"].values}
    past = {year: np.broadcast_to(there, (draws, len(units))) for year, there in known.items()}
    none = np.zeros((draws, len(units)), dtype=bool)
    found = {}
    for part in ahead:
        before = np.any([past.get(part.year - back, none) for back in range(1, memory + 1)], axis=0)
        side = "ahead" if part.ahead else "before"
        luck = np.stack([stream(seed, name, unit, str(part.year), side).random(draws) for unit in units], axis=1)
        came = luck < chance(part.year, before, part.months / 12)
        past[part.year] = past.get(part.year, none) | came
        if part.ahead:
            found[part.year] = came
    coords = {"year": list(found), "country": units}
    return xr.DataArray(np.stack(list(found.values()), axis=1), dims=("draw", "year", "country"), coords=coords)
