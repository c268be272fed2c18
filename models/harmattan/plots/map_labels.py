"""Names on a map: inside a unit where they fit, else beside it in free space, joined to it by a line."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from matplotlib.axes import Axes
from matplotlib.path import Path
from matplotlib.patheffects import withStroke
from matplotlib.text import Text

from ..panel.ground import MapGround
from ..panel.outlines import Outline, Point
from .style import INK

_CELLS = 200
"""Cells of the raster that tells land from water, in either direction."""

_FITS = 0.97
"""Share of a label that must lie on its own unit, for the label to stand there."""

_DIRECTIONS = np.deg2rad(np.arange(0, 360, 15) + 7.5)
_DISTANCES = (1.0, 1.8, 2.6, 3.5, 4.5, 6.0, 8.0, 10.0, 13.0, 16.0, 20.0)
"""Between a unit's point and a label beside it, in ems."""

_SMALL = 3
"""A unit that covers fewer cells than this is marked by a dot."""

Box = tuple[float, float, float, float]
"""Left, right, bottom and top, in pixels."""


@dataclass(frozen=True)
class Wording:
    """What may stand on the map for a unit.

    Attributes
    ----------
    inside : tuple of str
        For the unit itself, the best first.
    beside : str
        For a place outside it.
    """

    inside: tuple[str, ...]
    beside: str


@dataclass(frozen=True)
class Look:
    """How labels look.

    Attributes
    ----------
    size : float
        Points.
    colour : callable
        Unit to the colour of a label that stands inside.
    fills : mapping of str to str
        Colour of the dots of units too small to be seen.
    halo : float
        Width of a white edge around letters.
    spacing : float, optional
        Of lines; matplotlib's own where it is None.
    """

    size: float
    colour: Callable[[str], str]
    fills: Mapping[str, str] = field(default_factory=dict)
    halo: float = 0.0
    spacing: float | None = 1.1


def on_two_lines(name: str) -> str:
    """Return a name on two lines, of nearly the same length, where it has a space or a dash to break it at."""
    breaks = [i + (name[i] == "-") for i, letter in enumerate(name) if letter in " -" and 0 < i < len(name) - 1]
    if not breaks:
        return name
    middle = min(breaks, key=lambda i: abs(2 * i - len(name)))
    return f"{name[:middle].rstrip()}\n{name[middle:].lstrip()}"


def write_labels(
    ax: Axes, ground: MapGround, words: Mapping[str, Wording], look: Look, avoid: Sequence[Point] = ()
) -> dict[str, Text]:
    """Write a label for every unit that the view shows.

    Where the case says where a label stands, it stands there. Others stand inside their unit in the first wording that
    fits, else beside it: on water or other land, clear of all other labels.

    Parameters
    ----------
    avoid : sequence of (longitude, latitude)
        Points that labels beside their units keep off where they can.

    Returns
    -------
    dict of str to matplotlib.text.Text
        Labels by unit.
    """
    ax.apply_aspect()
    surface = _Surface(ax, ground, look, avoid)
    seen = [unit for unit in ground.units if _in_view(ground, unit)]
    written, waiting = {}, []
    for unit in seen:
        if unit in ground.labels:
            written[unit] = _write_as_said(ax, ground, unit, words[unit].inside[0], look)
        elif (fitting := surface.fitting(unit, words[unit].inside)) is not None:
            written[unit] = _write_inside(ax, ground.inside[unit], fitting, look.colour(unit), look)
        else:
            waiting.append(unit)
    surface.taken = [_box(text) for text in written.values()]
    for unit in waiting:
        written[unit] = surface.write_beside(unit, words[unit].beside)
    return written


def _in_view(ground: MapGround, unit: str) -> bool:
    (x, y), (west, east, south, north) = ground.inside[unit], ground.view
    return west <= x <= east and south <= y <= north


def _write_as_said(ax: Axes, ground: MapGround, unit: str, text: str, look: Look) -> Text:
    said = ground.labels[unit]
    if said.beside is None:
        return _write_inside(ax, ground.inside[unit], text, look.colour(unit), look)
    return _write_joined(ax, text, said.line or ground.inside[unit], said.beside, look, va="top")


def _write_inside(ax: Axes, at: Point, text: str, colour: str, look: Look) -> Text:
    written = ax.text(
        *at, text, ha="center", va="center", fontsize=look.size, linespacing=look.spacing, color=colour, zorder=4
    )
    return _with_halo(written, look)


def _write_joined(ax: Axes, text: str, end: Point, at: Point, look: Look, va: str = "center") -> Text:
    halo = {"path_effects": [withStroke(linewidth=look.halo, foreground="white")]} if look.halo else {}
    written = ax.annotate(
        text,
        end,
        at,
        ha="center",
        va=va,
        fontsize=look.size,
        linespacing=look.spacing,
        arrowprops={"arrowstyle": "-", "color": INK, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 0, **halo},
        zorder=4,
    )
    return _with_halo(written, look)


def _with_halo(text: Text, look: Look) -> Text:
    if look.halo:
        text.set_path_effects([withStroke(linewidth=look.halo, foreground="white")])
    return text


def _box(text: Text) -> Box:
    text.get_window_extent()  # puts an annotation in its place; that extent takes its line along, the next does not
    extent = Text.get_window_extent(text)
    return extent.x0, extent.x1, extent.y0, extent.y1


class _Surface:
    """The map in pixels: what lies where, and what is still free."""

    def __init__(self, ax: Axes, ground: MapGround, look: Look, avoid: Sequence[Point]) -> None:
        self.ax, self.ground, self.look = ax, ground, look
        self.em = look.size * ax.figure.dpi / 72
        bounds = ax.bbox
        self.frame: Box = (bounds.x0, bounds.x1, bounds.y0, bounds.y1)
        self.cells = self._cells()
        self.points = {unit: ax.transData.transform(at) for unit, at in ground.inside.items()}
        self.avoid = ax.transData.transform(np.asarray(avoid)) if len(avoid) else np.empty((0, 2))
        self.taken: list[Box] = []
        self.lines: list[np.ndarray] = []

    def _cells(self) -> np.ndarray:
        """Return what each cell shows: 0 water, -1 land around, from 1 a unit by its number."""
        cells = np.zeros((_CELLS, _CELLS), dtype=int)
        for outline in self.ground.around:
            self._paint(cells, outline, -1)
        for number, unit in enumerate(self.ground.units, start=1):
            self._paint(cells, self.ground.shapes[unit], number)
        return cells

    def _paint(self, cells: np.ndarray, outline: Outline, value: int) -> None:
        west, east, south, north = self.ground.view
        x = west + (np.arange(_CELLS) + 0.5) / _CELLS * (east - west)
        y = south + (np.arange(_CELLS) + 0.5) / _CELLS * (north - south)
        for polygon in outline:
            (left, low), (right, high) = polygon[0].min(axis=0), polygon[0].max(axis=0)
            columns, rows = np.flatnonzero((x >= left) & (x <= right)), np.flatnonzero((y >= low) & (y <= high))
            if not len(columns) or not len(rows):
                continue
            grid = np.stack(np.meshgrid(x[columns], y[rows]), axis=-1).reshape(-1, 2)
            inside = np.logical_xor.reduce([Path(ring).contains_points(grid) for ring in polygon])
            part = cells[np.ix_(rows, columns)]
            cells[np.ix_(rows, columns)] = np.where(inside.reshape(part.shape), value, part)

    def fitting(self, unit: str, texts: Sequence[str]) -> str | None:
        """Return the first text that fits on its unit; on a tile, which has no beside, the last if none does."""
        number = self.ground.units.index(unit) + 1
        for text in texts:
            box = self._around(self.points[unit], self._measure(text) + 0.4 * self.em)
            if self._within(box) and (self._under(box) == number).mean() >= _FITS:
                return text
        return texts[-1] if self.ground.tiled else None

    def write_beside(self, unit: str, text: str) -> Text:
        """Write a label in the best free place near its unit, with its line, and a dot where the unit is tiny."""
        anchor, measure = self.points[unit], self._measure(text)
        places = [
            anchor + way * (distance * self.em + _reach(measure, way))
            for distance in _DISTANCES
            for way in np.column_stack([np.cos(_DIRECTIONS), np.sin(_DIRECTIONS)])
        ]
        best = min(places, key=lambda place: self._cost(unit, anchor, place, measure))
        self.taken.append(self._around(best, measure))
        self.lines.append(_between(anchor, best))
        x, y = self.ax.transData.inverted().transform(best)
        if np.count_nonzero(self.cells == self.ground.units.index(unit) + 1) < _SMALL:
            self._dot(unit)
        look = replace(self.look, halo=max(self.look.halo, 1.6))  # it may have to cross land
        return _write_joined(self.ax, text, self.ground.inside[unit], (float(x), float(y)), look)

    def _dot(self, unit: str) -> None:
        self.ax.plot(
            *([value] for value in self.ground.inside[unit]),
            marker="o",
            markersize=0.5 * self.look.size,
            markerfacecolor=self.look.fills.get(unit, "white"),
            markeredgecolor=INK,
            markeredgewidth=0.6,
            linestyle="none",
            gid=f"dot {unit}",
            zorder=3,
        )

    def _cost(self, unit: str, anchor: np.ndarray, place: np.ndarray, measure: np.ndarray) -> float:
        """Return how bad a place is, in ems of distance; what would be cut or cover another label costs most."""
        box, line = self._around(place, measure), _between(anchor, place)
        hidden = [at for other, at in self.points.items() if other != unit]
        under = self._under(box)
        crossed = np.array([self._cell(point) for point in line])
        own = self.ground.units.index(unit) + 1
        return (
            float(np.hypot(*(place - anchor))) / self.em
            + 200.0 * (not self._within(box))
            + 100.0 * sum(_touch(box, other, 0.25 * self.em) for other in self.taken)
            + 40.0 * sum(_inside(other, line) for other in self.taken)
            + 40.0 * sum(_inside(box, other) for other in self.lines)
            + 25.0 * sum(_cross(line, other) for other in self.lines)
            + 20.0 * _inside(box, np.array(hidden)) * bool(hidden)
            + 6.0 * _inside(box, self.avoid)
            + 30.0 * float((under > 0).mean())
            + 1.0 * float((under < 0).mean())
            + 3.0 * float(((crossed > 0) & (crossed != own)).mean())
        )

    def _measure(self, text: str) -> np.ndarray:
        """Return width and height of a text, in pixels."""
        made = self.ax.text(0, 0, text, fontsize=self.look.size, linespacing=self.look.spacing)
        extent = made.get_window_extent()
        made.remove()
        return np.array([extent.width, extent.height])

    @staticmethod
    def _around(place: np.ndarray, measure: np.ndarray) -> Box:
        (x, y), (wide, tall) = place, measure
        return x - wide / 2, x + wide / 2, y - tall / 2, y + tall / 2

    def _within(self, box: Box) -> bool:
        left, right, low, high = self.frame
        room = 0.3 * self.em
        return left + room <= box[0] and box[1] <= right - room and low + room <= box[2] and box[3] <= high - room

    def _under(self, box: Box) -> np.ndarray:
        x, y = np.linspace(box[0], box[1], 9), np.linspace(box[2], box[3], 5)
        return np.array([self._cell((a, b)) for a in x for b in y])

    def _cell(self, point: Sequence[float] | np.ndarray) -> int:
        left, right, low, high = self.frame
        column = int((point[0] - left) / (right - left) * _CELLS)
        row = int((point[1] - low) / (high - low) * _CELLS)
        return int(self.cells[row, column]) if 0 <= column < _CELLS and 0 <= row < _CELLS else 0


def _reach(measure: np.ndarray, way: np.ndarray) -> float:
    """Return how far a text's box reaches from its middle in a direction."""
    half = measure / 2
    return float(min(half[0] / max(abs(way[0]), 1e-9), half[1] / max(abs(way[1]), 1e-9)))


def _between(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    share = np.linspace(0.05, 1.0, 16)[:, None]
    return start + share * (end - start)


def _cross(a: np.ndarray, b: np.ndarray) -> bool:
    """Return whether two lines cross: each has its ends on both sides of the other."""

    def apart(line: np.ndarray, other: np.ndarray) -> bool:
        along, away = line[-1] - line[0], other[[0, -1]] - line[0]
        sides = along[0] * away[:, 1] - along[1] * away[:, 0]
        return bool(sides[0] * sides[1] < 0)

    return apart(a, b) and apart(b, a)


def _touch(a: Box, b: Box, apart: float) -> bool:
    return a[0] < b[1] + apart and b[0] < a[1] + apart and a[2] < b[3] + apart and b[2] < a[3] + apart


def _inside(box: Box, points: np.ndarray) -> bool:
    if not len(points):
        return False
    x, y = points.T
    return bool(((x > box[0]) & (x < box[1]) & (y > box[2]) & (y < box[3])).any())
