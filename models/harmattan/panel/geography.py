"""Who borders on whom, for how long, and how far apart the units lie."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
import xarray as xr

from ..core.errors import InputError
from ..core.resources import display_path

Between = Literal["border", "capital", "centroid"]
Weighing = Literal["sqrt-length", "length", "equal"]

DISTANCE_COLUMNS: dict[Between, str] = {
    "border": "min_distance_km",
    "capital": "capital_distance_km",
    "centroid": "centroid_distance_km",
}


@dataclass(frozen=True)
class Geography:
    """Borders and distances of the units of a record.

    Attributes
    ----------
    units : tuple of str
        In the order of every array.
    pairs : DataFrame
        By unit and other unit (`iso3_a, iso3_b`): `border_km` and distances in km.
    file : Path
        Where the pairs stand.
    weighing : {"sqrt-length", "length", "equal"}
        How a shared border counts.
    in_place_of_length : mapping of (unit, unit) to km
        Borders that count as if they had another length, either way round.
    """

    units: tuple[str, ...]
    pairs: pd.DataFrame = field(repr=False)
    file: Path
    weighing: Weighing = "sqrt-length"
    in_place_of_length: Mapping[tuple[str, str], float] = field(default_factory=dict)

    def border_lengths(self) -> xr.DataArray:
        """Return the shared land border in km, dims (country, neighbour); 0 where two units do not touch.

        Generalised lines of Natural Earth 1:50m: 5 to 30 % short of surveyed lengths, with usable ratios.
        """
        return self._square(self.pairs["border_km"], "border_km")

    def distances(self, between: Between = "centroid", *, blanks: bool = False) -> xr.DataArray:
        """Return geodesic distances in km, dims (country, neighbour), with a zero diagonal.

        Parameters
        ----------
        between : {"border", "capital", "centroid"}
            Nearest points of the two borders (0 for neighbours), the capitals, or the centres of the territories.
        blanks : bool
            Whether distances that the table leaves blank may be NaN.

        Raises
        ------
        InputError
            If the table of pairs does not hold that distance for every pair.
        """
        column = DISTANCE_COLUMNS[between]
        known = self.pairs if column in self.pairs else self.pairs.assign(**{column: np.nan})
        found = self._square(known[column], f"{between}_distance_km")
        if not blanks and bool(found.isnull().any()):
            raise InputError(
                f"{display_path(self.file)}: the column {column} has no number for every pair of units, so no driver "
                f"can fall with the distance between {between}s. Fill it in, set distance_decay.between of the driver "
                "to a distance that is there, or state its places one by one."
            )
        return found

    def neighbour_weights(self) -> xr.DataArray:
        """Return the weight of each neighbour, dims (country, neighbour); rows sum to 1, or to 0 for an island.

        By the rule sqrt-length the weight is the square root of the shared border: violence crosses more where the
        border is longer, with diminishing return, because roads and towns along it are few. In proportion to length,
        long desert borders would carry most of what reaches a country; with equal weights a corner would count like
        a whole flank.
        """
        length = self.border_lengths()
        for (one, other), km in self.in_place_of_length.items():
            length.loc[{"country": one, "neighbour": other}] = km
            length.loc[{"country": other, "neighbour": one}] = km
        weight = {"sqrt-length": length**0.5, "length": length, "equal": (length > 0).astype(float)}[self.weighing]
        total = weight.sum("neighbour")
        shares = (weight / total.where(total > 0, 1.0)).rename("neighbour_weight")
        return shares.assign_attrs(units="share")

    def _square(self, values: pd.Series, name: str) -> xr.DataArray:
        units = list(self.units)
        matrix = values.unstack("iso3_b").reindex(index=units, columns=units)
        square = matrix.to_numpy(dtype="float64", copy=True)
        np.fill_diagonal(square, 0.0)
        return xr.DataArray(
            square,
            dims=("country", "neighbour"),
            coords={"country": units, "neighbour": units},
            name=name,
            attrs={"units": "km", "source": "Natural Earth, public domain"},
        )


def renormalised(weights: xr.DataArray, units: Sequence[str]) -> xr.DataArray:
    """Return the weights of neighbours among some units only; rows sum to 1 again, or to 0 without neighbours."""
    if len(units) == weights.sizes["country"]:
        return weights
    kept = weights.sel(country=list(units), neighbour=list(units))
    total = kept.sum("neighbour")
    return (kept / total.where(total > 0, 1.0)).assign_attrs(weights.attrs)


def read_geography(
    file: Path,
    units: Sequence[str],
    weighing: Weighing = "sqrt-length",
    in_place_of_length: Mapping[tuple[str, str], float] | None = None,
) -> Geography:
    """Read the table of pairs of a case.

    Parameters
    ----------
    file : Path
        CSV with `iso3_a, iso3_b, border_km` and at least one distance, a row for every ordered pair of units.
    units : sequence of str
    weighing, in_place_of_length
        As in `Geography`.

    Raises
    ------
    InputError
        If the file cannot be read, or a pair of units is missing.
    """
    name = display_path(file)
    try:
        table = pd.read_csv(file)
    except (OSError, ValueError) as error:
        raise InputError(f"{name}: borders and distances cannot be read ({error}). Put the table there.") from None
    if missing := [column for column in ("iso3_a", "iso3_b", "border_km") if column not in table]:
        raise InputError(f"{name}, line 1: the column {missing[0]} is missing; a table of pairs needs it.")
    pairs = table.set_index(["iso3_a", "iso3_b"])
    wanted = pd.MultiIndex.from_product([units, units]).drop([(unit, unit) for unit in units])
    lost = wanted.difference(pairs[pairs["border_km"].notna()].index)
    if len(lost):
        one, other = lost[0]
        raise InputError(
            f"{name}: there is no border for the pair {one} and {other}, and {len(lost) - 1} more pairs of units in "
            "case.yaml are missing. Add a row each way, with border_km 0 where they do not touch."
        )
    if bool(pairs.index.duplicated().any()):
        one, other = pairs.index[pairs.index.duplicated()][0]
        raise InputError(f"{name}: the pair {one} and {other} stands there twice. Keep one row.")
    return Geography(tuple(units), pairs, file, weighing, dict(in_place_of_length or {}))
