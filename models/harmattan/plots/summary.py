"""Draws to the interval columns that the figures read."""

from collections.abc import Sequence

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

LEVELS: tuple[int, ...] = (50, 80, 95)
"""Central intervals that are drawn, in per cent."""


Edges = dict[int, tuple[np.ndarray, np.ndarray]]


def interval_summary(draws: ArrayLike) -> dict[str, float]:
    """Return mean, median and central intervals of one quantity's draws.

    Parameters
    ----------
    draws : array_like
        One-dimensional draws, in the unit wanted in the table.

    Returns
    -------
    dict
        Keys ``mean, median, lower_50, upper_50, lower_80, upper_80, lower_95, upper_95``: the columns that
        `scenario_contrast` reads.
    """
    return {name: float(value[0]) for name, value in interval_summaries(np.ravel(draws)[None]).items()}


def interval_summaries(draws: ArrayLike) -> dict[str, np.ndarray]:
    """Return `interval_summary` of many quantities at once, each column of shape (quantity,).

    Parameters
    ----------
    draws : array_like (quantity, draw)
    """
    values = np.ascontiguousarray(draws, dtype=float)
    edges = np.quantile(values, [side / 200 for level in LEVELS for side in (100 - level, 100 + level)], axis=1)
    names = [f"{side}_{level}" for level in LEVELS for side in ("lower", "upper")]
    return {"mean": values.mean(axis=1), "median": np.median(values, axis=1)} | dict(zip(names, edges, strict=True))


def bands(paths: xr.DataArray, levels: Sequence[int] = LEVELS) -> Edges:
    """Return lower and upper edge, each of shape (month,), of the central bands of `paths` (draw, month)."""
    edges: Edges = {}
    for level in levels:
        low, high = np.quantile(paths.values, [(100 - level) / 200, (100 + level) / 200], axis=0)
        edges[level] = (low, high)
    return edges


def one_series(array: xr.DataArray, country: str, outcome: str) -> xr.DataArray:
    """Return `array` for one country and outcome, where it still has these dimensions, with draw before month."""
    for dim, label in (("country", country), ("outcome", outcome)):
        if dim in array.dims:
            array = array.sel({dim: label})
    return array.transpose("draw", "month") if "draw" in array.dims else array.transpose("month")
