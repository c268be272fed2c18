"""Who borders on whom, for how long, and how far apart the countries lie."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
import xarray as xr

from ..core.names import ISO3
from ..core.resources import seeds_folder

DISTANCE_COLUMNS = {
    "border": "min_distance_km",
    "capital": "capital_distance_km",
    "centroid": "centroid_distance_km",
}


def pairs_file() -> Path:
    """Return the file that holds borders and distances."""
    return seeds_folder() / "data" / "geometry" / "country_pairs.csv"


def border_lengths() -> xr.DataArray:
    """Return the shared land border in km, dims (country, neighbour); 0 where two countries do not touch.

    Generalised lines of Natural Earth 1:50m: 5 to 30 % short of surveyed lengths, with usable ratios.
    """
    return _square("border_km", "border_km")


def distances(between: Literal["border", "capital", "centroid"] = "centroid") -> xr.DataArray:
    """Return geodesic distances in km, dims (country, neighbour), with a zero diagonal.

    Parameters
    ----------
    between : {"border", "capital", "centroid"}
        Nearest points of the two borders (0 for neighbours), the capitals, or the centres of the territories.
    """
    return _square(DISTANCE_COLUMNS[between], f"{between}_distance_km")


def neighbour_weights() -> xr.DataArray:
    """Return the weight of each neighbour, dims (country, neighbour), every row summing to 1.

    The weight is the square root of the shared border: violence crosses more where the border is longer, with
    diminishing return, because roads and towns along it are few. In proportion to length, the desert borders of
    Mauritania and Algeria would carry half of what reaches Mali; with equal weights Senegal would count like
    Burkina Faso.
    """
    root = border_lengths() ** 0.5
    return (root / root.sum("neighbour")).rename("neighbour_weight").assign_attrs(units="share")


def _square(column: str, name: str) -> xr.DataArray:
    file = pairs_file()
    state = file.stat()
    pairs = _country_pairs(file, state.st_mtime_ns, state.st_size)
    matrix = pairs.pivot(index="iso3_a", columns="iso3_b", values=column).reindex(index=ISO3, columns=ISO3)
    values = matrix.to_numpy(dtype="float64", copy=True)
    np.fill_diagonal(values, 0.0)
    return xr.DataArray(
        values,
        dims=("country", "neighbour"),
        coords={"country": list(ISO3), "neighbour": list(ISO3)},
        name=name,
        attrs={"units": "km", "source": "Natural Earth, public domain"},
    )


@lru_cache(maxsize=2)
def _country_pairs(file: Path, changed: int, size: int) -> pd.DataFrame:
    """Return the table of pairs; kept, since every driver whose effect falls with distance asks for it.

    By file, time of change and size: another project, or the same one after an edit, has another table.
    """
    return pd.read_csv(file)
