"""Units and what surrounds them, or tiles that stand for them: the ground of every map."""

from collections.abc import Iterable, Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from ..core.language import phrase, whole
from ..panel.ground import MapGround, world_ground
from ..panel.outlines import Outline
from .frame import open_axes
from .style import LAND, NEUTRAL, WATER, Size


def ground_for(ground: MapGround | None, units: Iterable[str]) -> MapGround:
    """Return the ground that is given, else one on the world's outlines; every unit must be on it.

    Raises
    ------
    ValueError
        If there are no units, or one of them is not on the ground.
    """
    named = list(dict.fromkeys(units))
    if not named and ground is None:
        raise ValueError("There is no unit to draw a map of.")
    ground = ground or world_ground(named)
    missing = [unit for unit in named if unit not in ground.units]
    if missing:
        raise ValueError(f"The map's ground has no {', '.join(missing)}; it has {', '.join(ground.units)}.")
    return ground


def source_words(ground: MapGround) -> str:
    """Return the line that says whose numbers and whose outlines a map shows."""
    if ground.tiled:
        return phrase("figures.map.source_tiles")
    return phrase("figures.map.source", credit=ground.credit or phrase("figures.map.own_outlines"))


def places_words(ground: MapGround) -> str:
    """Return how many units a map shows."""
    return phrase("figures.map.countries", count=whole(len(ground.units)))


def open_map(
    ax: Axes | None,
    size: Size,
    fills: Mapping[str, str],
    *,
    ground: MapGround,
    title: str,
    subtitle: str,
    source: str | None,
    as_of: str | None,
    checked: str = "",
    below: float = 0.4,
) -> Axes:
    """Return axes with the units drawn; one without a fill is white and hatched.

    Parameters
    ----------
    fills : mapping of str to str
        Unit to colour.
    ground : MapGround
    below : float
        Room under the map, in ems.

    Returns
    -------
    matplotlib.axes.Axes
        Patches of units carry their code as gid; distances keep their proportion at the middle latitude.
    """
    west, east, south, north = ground.view
    stretch = 1.0 if ground.tiled else np.cos(np.deg2rad((south + north) / 2))
    ax = open_axes(
        ax,
        size,
        title=title,
        subtitle=subtitle,
        source=source or source_words(ground),
        as_of=as_of,
        checked=checked,
        body=(size.width / size.em - 1.6) * (north - south) / ((east - west) * stretch),
        left=0.8,
        right=0.8,
        below=below,
    )
    ax.set_facecolor("white" if ground.tiled else WATER)
    for outline in ground.around:
        ax.add_patch(PathPatch(_path(outline), facecolor=LAND, edgecolor="#d5d0c6", linewidth=0.4, zorder=1))
    for unit in ground.units:
        fill = fills.get(unit)
        ax.add_patch(
            PathPatch(
                _path(ground.shapes[unit]),
                facecolor=fill or "white",
                edgecolor="white" if fill else NEUTRAL,
                linewidth=0.8,
                hatch=None if fill else "////",
                gid=unit,
                zorder=2,
            )
        )
    ax.set_xlim(west, east)
    ax.set_ylim(south, north)
    ax.set_aspect(1 / stretch)
    ax.set(xticks=[], yticks=[])
    for spine in ax.spines.values():
        spine.set_visible(False)
    return ax


def _path(outline: Outline) -> Path:
    return Path.make_compound_path(*(Path(ring, closed=True) for polygon in outline for ring in polygon))
