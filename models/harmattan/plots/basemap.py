"""The sixteen countries and what surrounds them, on Natural Earth shapes: the ground of every map."""

import json
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from ..core.resources import seeds_folder
from .frame import open_axes
from .style import LAND, NEUTRAL, WATER, Size

VIEW = (-20.0, 25.5, -0.8, 37.6)
"""West, east, south and north edge, in degrees."""

INSIDE: dict[str, tuple[float, float]] = {
    **{"MLI": (-3.0, 18.6), "BFA": (-1.6, 12.55), "NER": (9.2, 17.6), "MRT": (-10.6, 20.0), "NGA": (8.0, 9.8)},
    **{"TCD": (18.6, 15.6), "CMR": (12.6, 4.6), "DZA": (2.6, 28.2), "LBY": (17.6, 27.2), "SEN": (-14.4, 14.7)},
    **{"GNB": (-15.2, 11.9), "GIN": (-10.4, 10.6), "CIV": (-5.7, 7.6)},
    **{"GHA": (-1.3, 7.6), "TGO": (1.0, 8.4), "BEN": (2.4, 9.8)},
}
"""A point inside each country (longitude, latitude), where its name or an arrow may stand."""


def shape_files(folder: FilePath | None = None) -> tuple[FilePath, FilePath]:
    """Return the files that hold what lies around the countries, and the countries' own shapes."""
    folder = folder or seeds_folder() / "data" / "geometry"
    return folder / "africa_context.geojson", folder / "countries16_ne50m.geojson"


def open_map(
    ax: Axes | None,
    size: Size,
    fills: Mapping[str, str],
    *,
    title: str,
    subtitle: str,
    source: str,
    as_of: str | None,
    checked: str = "",
    geometry: FilePath | None = None,
) -> Axes:
    """Return axes with the region drawn; a country without a fill is white and hatched.

    Parameters
    ----------
    fills : mapping of str to str
        ISO3 to colour.
    geometry : pathlib.Path, optional
        Folder with ``countries16_ne50m.geojson`` and ``africa_context.geojson``; `seeds/data/geometry` by default.

    Returns
    -------
    matplotlib.axes.Axes
        Country patches carry their ISO3 as gid; distances keep their proportion at the middle latitude.
    """
    west, east, south, north = VIEW
    stretch = np.cos(np.deg2rad((south + north) / 2))
    ax = open_axes(
        ax,
        size,
        title=title,
        subtitle=subtitle,
        source=source,
        as_of=as_of,
        checked=checked,
        body=(size.width / size.em - 1.6) * (north - south) / ((east - west) * stretch),
        left=0.8,
        right=0.8,
        below=0.4,
    )
    ax.set_facecolor(WATER)
    around, countries = shape_files(geometry)
    for feature in _features(around):
        shape = _path(feature["geometry"])
        ax.add_patch(PathPatch(shape, facecolor=LAND, edgecolor="#d5d0c6", linewidth=0.4, zorder=1))
    for feature in _features(countries):
        iso3 = feature["properties"]["iso3"]
        fill = fills.get(iso3)
        ax.add_patch(
            PathPatch(
                _path(feature["geometry"]),
                facecolor=fill or "white",
                edgecolor="white" if fill else NEUTRAL,
                linewidth=0.8,
                hatch=None if fill else "////",
                gid=iso3,
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


def _features(path: FilePath) -> list[dict[str, Any]]:
    return json.loads(path.read_text(encoding="utf-8"))["features"]


def _path(geometry: dict[str, Any]) -> Path:
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return Path.make_compound_path(
        *(Path(np.asarray(ring)[:, :2], closed=True) for polygon in polygons for ring in polygon)
    )
