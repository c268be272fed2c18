"""The ground of a map: outlines of units and of what surrounds them, the view, and where units are named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from .outlines import (
    Outline,
    Point,
    View,
    box_of,
    inner_point,
    main_part,
    middle_of,
    other_land,
    overlap,
    turned,
    world_outlines,
)
from .tiles import Place, square, tile_places

Corner = Literal["upper left", "upper right", "lower left", "lower right"]

MARGIN = 0.04
"""Room around what a computed view has to show, as a share of its longer side."""

REACH = (12.0, 25.0)
"""How far a computed view goes beyond home's edges at least and at most, in degrees: a giant next door is cut."""

_SHAPE = (0.6, 1.1)
"""Height by width that a computed view is widened to."""


@dataclass(frozen=True)
class MapLabel:
    """Where a case wants a unit's label.

    Attributes
    ----------
    at : tuple, optional
        Point inside the unit, for its label and for the ends of arrows.
    beside : tuple, optional
        Top middle of a label outside the unit, joined to it by a line.
    line : tuple, optional
        Where that line ends, instead of `at`.
    """

    at: Point | None = None
    beside: Point | None = None
    line: Point | None = None


@dataclass(frozen=True, eq=False)
class MapGround:
    """What a map is drawn on.

    Attributes
    ----------
    units : tuple of str
        In the order in which they are drawn and named.
    shapes : mapping of str to Outline
        Of every unit; squares where `tiled`.
    around : tuple of Outline
        Land that surrounds them.
    view : tuple of float
        West, east, south and north edge.
    inside : mapping of str to (longitude, latitude)
        A point inside each unit.
    labels : mapping of str to MapLabel
        Where the case wants labels; the others are placed where they fit when the map is drawn.
    legend : str, optional
        Corner of the map for the legend; below the map where it is None.
    credit : str, optional
        Whose outlines these are; None where a case brings some and does not say.
    tiled : bool
        True where squares stand for the units because outlines are missing.
    """

    units: tuple[str, ...]
    shapes: Mapping[str, Outline] = field(repr=False)
    around: tuple[Outline, ...] = field(repr=False)
    view: View
    inside: Mapping[str, Point] = field(repr=False)
    labels: Mapping[str, MapLabel] = field(default_factory=dict, repr=False)
    legend: Corner | None = None
    credit: str | None = "Natural Earth"
    tiled: bool = False


def ground_of(
    units: Sequence[str],
    home: str,
    outlines: Mapping[str, Outline],
    around: Sequence[Outline] | None = None,
    *,
    view: View | None = None,
    labels: Mapping[str, MapLabel] | None = None,
    tiles: Mapping[str, Place] | None = None,
    legend: Corner | None = None,
    credit: str | None = "Natural Earth",
) -> MapGround:
    """Return the ground for some units: their outlines where all have one, else tiles.

    Parameters
    ----------
    units : sequence of str
    home : str
        The unit that the view is laid around.
    outlines : mapping of str to Outline
        Of units; others' are not read.
    around : sequence of Outline, optional
        Land around them; all other land of the world by default.
    view : tuple of float, optional
        West, east, south and north edge; computed from the outlines by default.
    labels : mapping of str to MapLabel, optional
    tiles : mapping of str to (column, row), optional
        Place of every unit. Where it is given, or an outline is missing, the map is one of tiles.
    legend, credit : str, optional
        As in `MapGround`.
    """
    labels = labels or {}
    if tiles or not all(unit in outlines for unit in units):
        return _tiled(units, outlines, labels, tiles)
    middle = middle_of(outlines[home]) if view is None else (view[0] + view[1]) / 2
    shapes = {unit: turned(outlines[unit], middle) for unit in units}
    edges = view or view_of(shapes, home)
    if around is None:
        around = [outline for name, outline in (world_outlines() | other_land()).items() if name not in shapes]
    land = (_seen(turned(outline, middle), edges) for outline in around)
    return MapGround(
        tuple(units),
        shapes,
        tuple(outline for outline in land if outline),
        edges,
        {unit: _inside(unit, outline, edges, labels) for unit, outline in shapes.items()},
        labels,
        legend,
        credit,
    )


def world_ground(units: Sequence[str]) -> MapGround:
    """Return the ground for some states on the world's outlines; the first of them is home."""
    return ground_of(units, units[0], world_outlines())


def view_of(shapes: Mapping[str, Outline], home: str) -> View:
    """Return the edges that show all units around home, far-off territories and the far ends of giants left out."""
    west, east, south, north = box_of(main_part(shapes[home]))
    reach = min(max(1.5 * max(east - west, north - south), REACH[0]), REACH[1])
    near = (west - reach, east + reach, south - reach, north + reach)
    boxes = [_cut(box_of(main_part(shape)), near) for shape in shapes.values()]
    return _with_margin(
        min(box[0] for box in boxes),
        max(box[1] for box in boxes),
        min(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def _cut(box: View, to: View) -> View:
    """Return the part of a box within another; the whole box where they do not touch, since every unit is shown."""
    if not overlap(box, to):
        return box
    return max(box[0], to[0]), min(box[1], to[1]), max(box[2], to[2]), min(box[3], to[3])


def _with_margin(west: float, east: float, south: float, north: float) -> View:
    """Return a view with room around it, neither a ribbon nor a tower."""
    stretch = float(np.cos(np.deg2rad((south + north) / 2)))
    width, height = (east - west) * stretch, north - south
    margin = max(MARGIN * max(width, height), 0.3)
    width, height = width + 2 * margin, height + 2 * margin
    wide, tall = max(width, height / _SHAPE[1]), max(height, width * _SHAPE[0])
    x, y = (west + east) / 2, (south + north) / 2
    half_x, half_y = min(wide / stretch, 360.0) / 2, tall / 2
    return x - half_x, x + half_x, max(y - half_y, -90.0), min(y + half_y, 90.0)


def _seen(outline: Outline, view: View) -> Outline:
    return tuple(polygon for polygon in outline if overlap(box_of((polygon,)), view))


def _inside(unit: str, outline: Outline, view: View, labels: Mapping[str, MapLabel]) -> Point:
    said = labels[unit].at if unit in labels else None
    found = said or inner_point(outline, view)
    west, east, south, north = box_of(main_part(outline))
    return found or ((west + east) / 2, (south + north) / 2)


def _tiled(
    units: Sequence[str],
    outlines: Mapping[str, Outline],
    labels: Mapping[str, MapLabel],
    tiles: Mapping[str, Place] | None,
) -> MapGround:
    points = {unit: label.at for unit, label in labels.items() if label.at is not None}
    everywhere = (-180.0, 180.0, -90.0, 90.0)
    for unit in set(units) - set(points):
        if unit in outlines and (point := inner_point(outlines[unit], everywhere)) is not None:
            points[unit] = point
    places = dict(tiles or tile_places(units, points))
    columns, rows = ([place[axis] for place in places.values()] for axis in (0, 1))
    view = (min(columns) - 0.6, max(columns) + 0.6, -max(rows) - 0.6, -min(rows) + 0.6)
    return MapGround(
        tuple(units),
        {unit: square(places[unit]) for unit in units},
        (),
        view,
        {unit: (float(places[unit][0]), float(-places[unit][1])) for unit in units},
        credit=None,
        tiled=True,
    )
