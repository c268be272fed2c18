"""Deaths of a year that pass a threshold in a watched unit: counted on the futures themselves, so nothing is learnt."""

import xarray as xr

from .declared import SubModel

WATCHED = SubModel("watched", unit="units over the threshold", step="year", kind="event", needs=("deaths",))

MEMORY = 1
"""Years in which an earlier passing counts, in the simple rule."""


def follow(deaths: xr.DataArray, units: tuple[str, ...], threshold: int) -> xr.DataArray:
    """Return whether deaths of all violence pass the threshold in a calendar year.

    Parameters
    ----------
    deaths : DataArray (draw, year, country)
        Of a year that has begun, recorded ones too. NaN, where a unit did not exist, passes nothing.
    units : tuple of str
    threshold : int

    Returns
    -------
    DataArray (draw, year, country) of bool
    """
    return (deaths.sel(country=list(units)) > threshold).transpose("draw", "year", "country")
