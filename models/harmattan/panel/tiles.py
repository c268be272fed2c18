"""Where units without outlines stand on a map of equal squares."""

from collections.abc import Mapping, Sequence
from math import ceil, sqrt

import numpy as np

from .outlines import Outline, Point

Place = tuple[int, int]
"""Column from the left and row from the top, both from 0."""

_ROOM = 1.5
"""Places for each unit where they are laid out by where they lie: gaps keep neighbours next to each other."""

_SIDE = 0.94
"""Of a square whose neighbours stand 1 apart."""


def tile_places(units: Sequence[str], points: Mapping[str, Point]) -> dict[str, Place]:
    """Return a place for each unit: as its point lies among the others', else in a near-square grid in order.

    Parameters
    ----------
    units : sequence of str
    points : mapping of str to (longitude, latitude)
        Where the units lie; read only if it holds all of them.
    """
    from scipy.optimize import linear_sum_assignment

    if not all(unit in points for unit in units):
        columns = ceil(sqrt(len(units)))
        return {unit: (i % columns, i // columns) for i, unit in enumerate(units)}
    side = ceil(sqrt(_ROOM * len(units)))
    slots = [(column, row) for row in range(side) for column in range(side)]
    x, y = np.array([points[unit] for unit in units], dtype=float).T
    wanted = np.column_stack([_spread(x, side), _spread(-y, side)])
    distance = ((wanted[:, None, :] - np.array(slots)[None]) ** 2).sum(axis=2)
    _, chosen = linear_sum_assignment(distance)
    return {unit: slots[slot] for unit, slot in zip(units, chosen, strict=True)}


def _spread(values: np.ndarray, count: int) -> np.ndarray:
    """Return values stretched over the columns or rows."""
    low, high = values.min(), values.max()
    return (values - low) / ((high - low) or 1.0) * (count - 1)


def square(place: Place) -> Outline:
    """Return a tile's outline; rows are counted downwards, so that they fall with the map's second axis."""
    corners = np.array([[-1, -1], [-1, 1], [1, 1], [1, -1], [-1, -1]]) * _SIDE / 2
    return ((corners + np.array([place[0], -place[1]]),),)
