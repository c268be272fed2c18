"""The sixteen countries on a map, shaded by a number."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path as FilePath

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from ..core.language import country_name, phrase, whole
from ..core.names import COUNTRIES
from .basemap import INSIDE, open_map
from .frame import described
from .numbers import joined, sensible, short_in_hundred
from .style import INK, NEUTRAL, SEQUENCE, SizeName, style

# The coast's labels stand in the sea (longitude, latitude), joined to the country by a line.
_SEA_LABELS: dict[str, tuple[float, float]] = {
    **{"GNB": (-16.3, 8.9), "GIN": (-14.2, 6.2), "CIV": (-9.6, 2.6)},
    **{"GHA": (-4.2, 1.2), "TGO": (0.6, 2.4), "BEN": (4.6, 1.2)},
}
_COAST: dict[str, tuple[float, float]] = {
    **{"GNB": (-15.2, 11.9), "GIN": (-12.4, 9.9), "CIV": (-5.9, 6.0)},
    **{"GHA": (-1.4, 6.0), "TGO": (1.1, 7.0), "BEN": (2.3, 7.2)},
}


PROBABILITY_CLASSES = (0.05, 0.20, 0.45, 0.55, 0.80)
"""Where the words of ICD 203 change: very unlikely from 5 in 100, unlikely, about even, likely, very likely."""


def region_map(
    values: Mapping[str, float],
    *,
    as_of: str,
    what: str,
    kind: str = "probability",
    classes: Sequence[float] | None = None,
    title: str | None = None,
    source: str | None = None,
    checked: str = "",
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
        Upper limits of all classes but the last; `PROBABILITY_CLASSES` and 25, 100, 500, 1,000,
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
    limits = list(classes or (PROBABILITY_CLASSES if kind == "probability" else (25, 100, 500, 1000, 2500)))
    if len(limits) >= len(SEQUENCE) + 1:
        raise ValueError(f"At most {len(SEQUENCE)} limits can be told apart on the map.")
    fills = _fills(values, limits)
    title = title or phrase("figures.map.title")
    with style(size) as preset:
        ax = open_map(
            ax,
            preset,
            fills,
            title=title,
            subtitle=what,
            source=source or phrase("figures.map.source"),
            as_of=as_of,
            checked=checked,
            geometry=geometry,
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
        _legend(ax, limits, kind, preset.base)
    return described(ax, title, *_words(values, what, kind))


def _fills(values: Mapping[str, float], limits: list[float]) -> dict[str, str]:
    positions = np.linspace(0, len(SEQUENCE) - 1, len(limits) + 1).round().astype(int)
    return {
        iso3: SEQUENCE[positions[int(np.searchsorted(limits, value, side="right"))]]
        for iso3, value in values.items()
        if np.isfinite(value)
    }


def _label(ax: Axes, iso3: str, value: float | None, kind: str, fill: str, size: float, *, brief: bool) -> None:
    name = iso3 if brief else country_name(iso3)
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
        *INSIDE[iso3],
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
        return phrase("figures.map.no_value")
    return short_in_hundred(value) if kind == "probability" else sensible(value) if value == 0 or value >= 1 else "<1"


def _legend(ax: Axes, limits: list[float], kind: str, base: float) -> None:
    positions = np.linspace(0, len(SEQUENCE) - 1, len(limits) + 1).round().astype(int)
    marks = [f"{limit * 100:g}" if kind == "probability" else whole(limit) for limit in limits]
    labels = [
        phrase("figures.map.below", first=marks[0]),
        *(phrase("figures.map.between", low=low, high=high) for low, high in pairwise(marks)),
        phrase("figures.map.above", last=marks[-1]),
    ]
    handles = [Patch(facecolor=SEQUENCE[p], edgecolor=NEUTRAL, linewidth=0.4) for p in positions]
    ax.legend(
        handles,
        labels,
        title=phrase(f"figures.map.legend_{kind}"),
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
    listed = joined(f"{country_name(i)} {_number(values[i], kind)}" for i in ranked)
    return phrase(f"figures.map.caption_{kind}"), phrase("figures.map.alternative", what=what, parts=listed)
