"""Random streams by name, so that adding a driver, a country or draws changes no other number.

A stream's seed is the SHA-256 hash of the root seed and the stream's name (Python's own `hash` is salted and would
differ between runs). Streams hand out one row of draws at a time; asking for more draws keeps the earlier ones.
"""

import hashlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import xarray as xr

KNOWN_BY = "known_by"
"""Coordinate along a record's units: the names by which streams know them, whatever codes a case gives them."""


def stream(seed: int, *name: str) -> np.random.Generator:
    """Return the random generator called `name` under the root `seed`.

    Parameters
    ----------
    seed : int
        Root seed of the run.
    *name : str
        Parts of the stream's name, for instance ``"noise", "432", "one_sided", "2023-07"`` (432 is a unit's
        Gleditsch-Ward number, see `known_by`).
    """
    text = "/".join((str(seed), *name))
    return np.random.Generator(np.random.PCG64(int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")))


def known_by(array: "xr.DataArray") -> tuple[str, ...]:
    """Return the names by which streams know the units of an array: as its record has them, else its labels.

    Parameters
    ----------
    array : DataArray (country, ...)
    """
    names = array[KNOWN_BY if KNOWN_BY in array.coords else "country"]
    return tuple(str(name) for name in names.values)
