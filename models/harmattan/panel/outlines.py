"""Outlines of units: read from GeoJSON, kept whole across the antimeridian, and the points where they are named."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.resources import display_path
from .world import other_land_file, shapes

Point = tuple[float, float]
"""Longitude and latitude in degrees."""

View = tuple[float, float, float, float]
"""West, east, south and north edge in degrees; west may lie below -180 and east above 180."""

Polygon = tuple[np.ndarray, ...]
"""Rings of longitude and latitude, shape (point, 2): the edge, then the holes."""

Outline = tuple[Polygon, ...]

WIDE = 2.0
"""A label is wider than tall, so a point's room to the sides counts this much less than its room above."""

_GRID = 24
_APART = 12.0
"""Parts of a unit farther from its largest part than this, in degrees, do not widen the view."""


def read_outlines(file: Path) -> dict[str, Outline]:
    """Return outlines by unit, from a GeoJSON file whose features say in `iso3` or `unit` what they are.

    Raises
    ------
    InputError
        If the file is no such GeoJSON.
    """
    try:
        features = json.loads(file.read_text(encoding="utf-8"))["features"]
        found: dict[str, Outline] = {}
        for feature in features:
            unit = str(_unit(feature["properties"]))
            found[unit] = found.get(unit, ()) + outline_of(feature["geometry"])
        return found
    except OSError as error:
        raise InputError(
            f"{display_path(file)}: the outlines of the case cannot be read ({error.strerror}). "
            "Put the file there, or take its name out of case.yaml."
        ) from None
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise InputError(
            f"{display_path(file)}: no outlines can be taken from this file ({error}). It must be GeoJSON: a "
            "FeatureCollection of Polygon or MultiPolygon features in degrees, each with the code of its unit in the "
            "property `iso3` or `unit`."
        ) from None


def _unit(properties: dict[str, Any]) -> str:
    if "iso3" not in properties and "unit" not in properties:
        raise ValueError("a feature has no property iso3 or unit")
    return properties["iso3"] if "iso3" in properties else properties["unit"]


def outline_of(geometry: dict[str, Any]) -> Outline:
    """Return the outline that a GeoJSON geometry states."""
    if geometry["type"] not in ("Polygon", "MultiPolygon"):
        raise ValueError(f"a feature is a {geometry['type']}")
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return tuple(tuple(_unbroken(np.asarray(ring, dtype=float)[:, :2]) for ring in polygon) for polygon in polygons)


def _unbroken(ring: np.ndarray) -> np.ndarray:
    """Return a closed ring that goes on beyond 180 degrees where it crosses the antimeridian."""
    closed = ring if (ring[0] == ring[-1]).all() else np.concatenate([ring, ring[:1]])
    return np.column_stack([np.unwrap(closed[:, 0], period=360.0), closed[:, 1]])


@cache
def world_outlines() -> dict[str, Outline]:
    """Return outlines of the world's states by ISO 3166 alpha-3."""
    return {feature["properties"]["iso3"]: outline_of(feature["geometry"]) for feature in shapes()["features"]}


@cache
def other_land() -> dict[str, Outline]:
    """Return outlines of land that is none of `world_outlines`, by name."""
    return read_outlines(other_land_file())


def turned(outline: Outline, middle: float) -> Outline:
    """Return an outline with each polygon moved by whole turns to within half a turn of a longitude."""
    return tuple(
        tuple(ring + np.array([shift, 0.0]) for ring in polygon)
        for polygon, shift in ((polygon, -360.0 * np.round((_middle(polygon) - middle) / 360)) for polygon in outline)
    )


def middle_of(outline: Outline) -> float:
    """Return the longitude in the middle of an outline's largest polygon."""
    return _middle(_by_size(outline)[0])


def _middle(polygon: Polygon) -> float:
    return float(polygon[0][:, 0].min() + polygon[0][:, 0].max()) / 2


def box_of(outline: Outline) -> View:
    """Return the edges of an outline."""
    points = np.concatenate([polygon[0] for polygon in outline])
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    return float(west), float(east), float(south), float(north)


def overlap(a: View, b: View) -> bool:
    """Return whether two boxes have a point in common."""
    return a[0] <= b[1] and b[0] <= a[1] and a[2] <= b[3] and b[2] <= a[3]


def main_part(outline: Outline) -> Outline:
    """Return the largest polygon and those within `_APART` degrees of what is taken so far: no far-off territory."""
    waiting = _by_size(outline)
    taken = [waiting.pop(0)]
    while near := [p for p in waiting if any(_near(p, other) for other in taken)]:
        taken += near
        waiting = [p for p in waiting if not any(p is one for one in near)]
    return tuple(taken)


def _near(a: Polygon, b: Polygon) -> bool:
    west, east, south, north = box_of((b,))
    return overlap(box_of((a,)), (west - _APART, east + _APART, south - _APART, north + _APART))


def _by_size(outline: Outline) -> list[Polygon]:
    return sorted(outline, key=_area, reverse=True)


def _area(polygon: Polygon) -> float:
    x, y = polygon[0].T
    return abs(float(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1)))) / 2 * np.cos(np.deg2rad(y.mean()))


def inner_point(outline: Outline, view: View) -> Point | None:
    """Return the point of an outline with most room around it for a label, within a view.

    It lies in the largest polygon that the view shows; None where the view shows nothing of the outline.
    """
    for polygon in _by_size(outline):
        if overlap(box_of((polygon,)), view):
            point = _roomiest(polygon, view)
            if point is not None:
                return point
    return None


def _roomiest(polygon: Polygon, view: View) -> Point | None:
    box = box_of((polygon,))
    low = np.array([max(box[0], view[0]), max(box[2], view[2])])
    high = np.array([min(box[1], view[1]), min(box[3], view[3])])
    scale = np.array([np.cos(np.deg2rad((low[1] + high[1]) / 2)) / WIDE, 1.0])
    best, room, step = None, 0.0, (high - low) / _GRID
    for _ in range(4):
        grid = _grid(low, high)
        inside = grid[contains(polygon, grid)]
        if len(inside):
            free = np.minimum(_to_edges(polygon, inside, scale), _to_sides(inside, view, scale))
            if free.max() > room:
                best, room = inside[int(free.argmax())], float(free.max())
        if best is None:
            return _some_vertex(polygon, view)
        low, high, step = np.maximum(best - step, low), np.minimum(best + step, high), step / (_GRID / 4)
    return float(best[0]), float(best[1])  # type: ignore[index]


def _grid(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Return points in the cells' middles, shape (point, 2)."""
    share = (np.arange(_GRID) + 0.5) / _GRID
    x, y = np.meshgrid(low[0] + share * (high[0] - low[0]), low[1] + share * (high[1] - low[1]))
    return np.column_stack([x.ravel(), y.ravel()])


def _some_vertex(polygon: Polygon, view: View) -> Point | None:
    """Return a corner that the view shows: all there is to say of an island smaller than the grid's eye."""
    west, east, south, north = view
    x, y = polygon[0].T
    seen = polygon[0][(x >= west) & (x <= east) & (y >= south) & (y <= north)]
    return (float(seen[0][0]), float(seen[0][1])) if len(seen) else None


def _to_sides(points: np.ndarray, view: View, scale: np.ndarray) -> np.ndarray:
    west, east, south, north = view
    x, y = points.T
    return np.minimum.reduce([(x - west) * scale[0], (east - x) * scale[0], y - south, north - y])


def _to_edges(polygon: Polygon, points: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Return each point's distance to the nearest edge of a polygon, holes included."""
    nearest = np.full(len(points), np.inf)
    for ring in polygon:
        start = ring * scale
        along = np.roll(start, -1, axis=0) - start
        away = (points * scale)[:, None, :] - start[None]
        length = np.maximum((along**2).sum(axis=1), 1e-12)
        share = np.clip((away * along).sum(axis=2) / length, 0, 1)
        nearest = np.minimum(nearest, np.sqrt(((away - share[..., None] * along) ** 2).sum(axis=2)).min(axis=1))
    return nearest


def contains(polygon: Sequence[np.ndarray], points: np.ndarray) -> np.ndarray:
    """Return which points lie in a polygon: those with an odd number of its edges to their right."""
    x, y = points[:, 0, None], points[:, 1, None]
    crossings = np.zeros(len(points), dtype=int)
    for ring in polygon:
        x0, y0 = ring.T
        x1, y1 = np.roll(x0, -1), np.roll(y0, -1)
        crosses = (y0 > y) != (y1 > y)
        with np.errstate(divide="ignore", invalid="ignore"):
            at = x0 + (y - y0) * (x1 - x0) / (y1 - y0)
        crossings += (crosses & (x < at)).sum(axis=1)
    return crossings % 2 == 1
