"""The sixteen countries on a map, shaded by a number."""

import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path as FilePath
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path

from ..core.names import COUNTRIES
from ..core.resources import seeds_folder
from .frame import described, open_axes
from .numbers import sensible, short_in_hundred
from .style import INK, LAND, NEUTRAL, SEQUENCE, WATER, SizeName, style

_VIEW = (-20.0, 25.5, -0.8, 37.6)

# Label anchors in degrees (longitude, latitude); the coast's labels stand in the sea, joined to the country by a line.
_LABELS: dict[str, tuple[float, float]] = {
    **{"MLI": (-3.0, 18.6), "BFA": (-1.6, 12.55), "NER": (9.2, 17.6), "MRT": (-10.6, 20.0), "NGA": (8.0, 9.8)},
    **{"TCD": (18.6, 15.6), "CMR": (12.6, 4.6), "DZA": (2.6, 28.2), "LBY": (17.6, 27.2), "SEN": (-14.4, 14.7)},
}
_SEA_LABELS: dict[str, tuple[float, float]] = {
    **{"GNB": (-16.3, 8.9), "GIN": (-14.2, 6.2), "CIV": (-9.6, 2.6)},
    **{"GHA": (-4.2, 1.2), "TGO": (0.6, 2.4), "BEN": (4.6, 1.2)},
}
_COAST: dict[str, tuple[float, float]] = {
    **{"GNB": (-15.2, 11.9), "GIN": (-12.4, 9.9), "CIV": (-5.9, 6.0)},
    **{"GHA": (-1.4, 6.0), "TGO": (1.1, 7.0), "BEN": (2.3, 7.2)},
}


def region_map(
    values: Mapping[str, float],
    *,
    as_of: str,
    what: str,
    kind: str = "probability",
    classes: Sequence[float] | None = None,
    title: str = "The region at a glance",
    source: str = "Source: Harmattan. Made with Natural Earth; its lines imply no opinion on any border.",
    geometry: FilePath | None = None,
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw a choropleth of the sixteen countries, each labelled with its name and number.

    Parameters
    ----------
    values : mapping of str to float
        ISO3 to value; a country without a value is hatched.
    what : str
        What is shown, with its unit, as a subtitle.
    kind : {"probability", "count"}
        Probabilities (0 to 1) read "23 in 100", counts with thousands separators.
    classes : sequence of float, optional
        Upper limits of all classes but the last; 0.01, 0.05, 0.25, 0.5, 0.75 for probabilities and 25, 100, 500, 1,000,
        2,500 for counts by default.
    geometry : pathlib.Path, optional
        Folder with ``countries16_ne50m.geojson`` and ``africa_context.geojson``; `seeds/data/geometry` by default.

    Returns
    -------
    matplotlib.axes.Axes
        Country patches carry their ISO3 as gid.
    """
    if kind not in ("probability", "count"):
        raise ValueError(f"{kind!r} is not a kind of value: choose probability or count.")
    limits = list(classes or ((0.01, 0.05, 0.25, 0.5, 0.75) if kind == "probability" else (25, 100, 500, 1000, 2500)))
    if len(limits) >= len(SEQUENCE) + 1:
        raise ValueError(f"At most {len(SEQUENCE)} limits can be told apart on the map.")
    folder = geometry or seeds_folder() / "data" / "geometry"
    fills = _fills(values, limits)
    with style(size) as preset:
        west, east, south, north = _VIEW
        width = preset.width / preset.em - 1.6
        stretch = np.cos(np.deg2rad((south + north) / 2))
        ax = open_axes(
            ax,
            preset,
            title=title,
            subtitle=what,
            source=source,
            as_of=as_of,
            body=width * (north - south) / ((east - west) * stretch),
            left=0.8,
            right=0.8,
            below=0.4,
        )
        ax.set_facecolor(WATER)
        for feature in _features(folder / "africa_context.geojson"):
            ax.add_patch(
                PathPatch(_path(feature["geometry"]), facecolor=LAND, edgecolor="#d5d0c6", linewidth=0.4, zorder=1)
            )
        for feature in _features(folder / "countries16_ne50m.geojson"):
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
        for iso3 in COUNTRIES:
            _label(
                ax,
                iso3,
                values.get(iso3),
                kind,
                fills.get(iso3, "white"),
                preset.base * (0.8 if size == "column" else 0.9),
                brief=size == "column",
            )
        ax.set_xlim(west, east)
        ax.set_ylim(south, north)
        ax.set_aspect(1 / stretch)
        ax.set(xticks=[], yticks=[])
        for spine in ax.spines.values():
            spine.set_visible(False)
        _legend(ax, limits, kind, preset.base)
    return described(ax, title, *_words(values, what, kind))


def _fills(values: Mapping[str, float], limits: list[float]) -> dict[str, str]:
    positions = np.linspace(0, len(SEQUENCE) - 1, len(limits) + 1).round().astype(int)
    return {
        iso3: SEQUENCE[positions[int(np.searchsorted(limits, value, side="right"))]]
        for iso3, value in values.items()
        if np.isfinite(value)
    }


def _features(path: FilePath) -> list[dict[str, Any]]:
    return json.loads(path.read_text(encoding="utf-8"))["features"]


def _path(geometry: dict[str, Any]) -> Path:
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return Path.make_compound_path(
        *(Path(np.asarray(ring)[:, :2], closed=True) for polygon in polygons for ring in polygon)
    )


def _label(ax: Axes, iso3: str, value: float | None, kind: str, fill: str, size: float, *, brief: bool) -> None:
    name = iso3 if brief else COUNTRIES[iso3]
    text = f"{name}\n{_number(value, kind)}"
    if iso3 in _SEA_LABELS:
        ax.annotate(
            text,
            _COAST[iso3],
            _SEA_LABELS[iso3],
            ha="center",
            va="top",
            fontsize=size,
            linespacing=1.1,
            arrowprops={"arrowstyle": "-", "color": INK, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 0},
            zorder=4,
        )
        return
    dark = fill in SEQUENCE[3:]
    ax.text(
        *_LABELS[iso3],
        text,
        ha="center",
        va="center",
        fontsize=size,
        linespacing=1.1,
        color="white" if dark else INK,
        zorder=4,
    )


def _number(value: float | None, kind: str) -> str:
    if value is None or not np.isfinite(value):
        return "no value"
    return short_in_hundred(value) if kind == "probability" else sensible(value).replace("less than 1", "<1")


def _legend(ax: Axes, limits: list[float], kind: str, base: float) -> None:
    positions = np.linspace(0, len(SEQUENCE) - 1, len(limits) + 1).round().astype(int)
    marks = [f"{limit * 100:g}" if kind == "probability" else f"{limit:,.0f}" for limit in limits]
    labels = [
        f"below {marks[0]}",
        *(f"{low} to {high}" for low, high in pairwise(marks)),
        f"{marks[-1]} or more",
    ]
    handles = [Patch(facecolor=SEQUENCE[p], edgecolor=NEUTRAL, linewidth=0.4) for p in positions]
    ax.legend(
        handles,
        labels,
        title="in 100 futures" if kind == "probability" else "deaths",
        loc="upper right",
        fontsize=base * 0.84,
        title_fontsize=base * 0.84,
        alignment="left",
        frameon=True,
        framealpha=0.92,
        facecolor="white",
        edgecolor="none",
        borderpad=0.7,
    )


def _words(values: Mapping[str, float], what: str, kind: str) -> tuple[str, str]:
    ranked = sorted(values, key=lambda iso3: -values[iso3])
    listed = "; ".join(f"{COUNTRIES.get(i, i)} {_number(values[i], kind)}" for i in ranked)
    caption = (
        "Numbers under the names are counts of 100 simulated futures."
        if kind == "probability"
        else "Numbers under the names are deaths, rounded to two figures."
    )
    return caption, f"Map of the sixteen countries. {what}. From highest to lowest: {listed}."
