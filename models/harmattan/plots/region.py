"""Units on a map, shaded by a number."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from ..core.language import country_name, phrase, whole, with_guess
from ..panel.ground import MapGround
from .basemap import ground_for, open_map, places_words
from .figure_numbers import MapNumbers, map_numbers
from .frame import described
from .map_labels import Look, Wording, on_two_lines, write_labels
from .numbers import joined, sensible, short_in_hundred
from .style import INK, NEUTRAL, SEQUENCE, SizeName, style

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
    ground: MapGround | None = None,
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw a choropleth of units, each labelled with its name and number.

    Parameters
    ----------
    values : mapping of str to float
        Unit to value; a unit of the ground without a value is hatched.
    what : str
        What is shown, with its unit, as a subtitle.
    kind : {"probability", "count"}
        Probabilities (0 to 1) read "23 in 100", counts with thousands separators.
    classes : sequence of float, optional
        Upper limits of all classes but the last; `PROBABILITY_CLASSES` and 25, 100, 500, 1,000,
        2,500 for counts by default.
    ground : MapGround, optional
        Units with their outlines, view and labels (`Case.map_ground`); by default the world's outlines of the units in
        `values`, or tiles where one of them has none.

    Returns
    -------
    matplotlib.axes.Axes
        Patches of units carry their code as gid.
    """
    if kind not in ("probability", "count"):
        raise ValueError(f"{kind!r} is not a kind of value: choose probability or count.")
    limits = list(classes or (PROBABILITY_CLASSES if kind == "probability" else (25, 100, 500, 1000, 2500)))
    if len(limits) >= len(SEQUENCE) + 1:
        raise ValueError(f"At most {len(SEQUENCE)} limits can be told apart on the map.")
    ground = ground_for(ground, values)
    numbers = map_numbers(values, kind=kind, limits=limits)
    return draw_map(
        numbers, as_of=as_of, what=what, ground=ground, title=title, source=source, checked=checked, size=size, ax=ax
    )


def draw_map(
    numbers: MapNumbers,
    *,
    as_of: str,
    what: str,
    ground: MapGround,
    title: str | None = None,
    source: str | None = None,
    checked: str = "",
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Shade units by their class. Parameters and result are those of `region_map`."""
    kind, limits, values = numbers.kind, numbers.limits, dict(numbers.values)
    fills = _fills(numbers)
    title = title or phrase("figures.map.title")
    with style(size) as preset:
        columns = 3 if size == "column" else len(limits) + 1
        corner = None if size == "column" else ground.legend  # a corner of a narrow map has no room for it
        ax = open_map(
            ax,
            preset,
            fills,
            ground=ground,
            title=title,
            subtitle=what,
            source=source,
            as_of=as_of,
            checked=checked,
            below=0.4 if corner else 2.0 + 1.5 * -(-(len(limits) + 1) // columns),
        )
        words = {unit: _wording(unit, values.get(unit), kind, ground, brief=size == "column") for unit in ground.units}
        write_labels(ax, ground, words, _look(fills, preset.base * (0.8 if size == "column" else 0.9)))
        _legend(ax, limits, kind, preset.base, corner, columns)
    return described(ax, title, *_words(values, what, kind, ground), numbers)


def _fills(numbers: MapNumbers) -> dict[str, str]:
    colours = _colours(len(numbers.limits))
    return {unit: colours[place] for (unit, _), place in zip(numbers.values, numbers.classes, strict=True)}


def _colours(limits: int) -> list[str]:
    """Return a colour for each class between and beyond so many limits, lightest first."""
    return [SEQUENCE[place] for place in np.linspace(0, len(SEQUENCE) - 1, limits + 1).round().astype(int)]


def _look(fills: Mapping[str, str], size: float) -> Look:
    return Look(size, lambda unit: "white" if fills.get(unit) in SEQUENCE[3:] else INK, fills)


def _wording(unit: str, value: float | None, kind: str, ground: MapGround, *, brief: bool) -> Wording:
    """Return name and number: in narrow figures the code, which tiles fall back on as well."""
    number, name = _number(value, kind), country_name(unit)
    full = (f"{name}\n{number}", f"{on_two_lines(name)}\n{number}")
    code = f"{unit}\n{number}"
    if ground.tiled:
        return Wording((*full, f"{on_two_lines(unit)}\n{number}"), code)
    return Wording((code,), code) if brief else Wording(full, full[-1])


def _number(value: float | None, kind: str) -> str:
    if value is None or not np.isfinite(value):
        return phrase("figures.map.no_value")
    return short_in_hundred(value) if kind == "probability" else sensible(value) if value == 0 or value >= 1 else "<1"


def _legend(ax: Axes, limits: Sequence[float], kind: str, base: float, corner: str | None, columns: int) -> None:
    marks = [f"{limit * 100:g}" if kind == "probability" else whole(limit) for limit in limits]
    labels = [
        phrase("figures.map.below", first=marks[0]),
        *(phrase("figures.map.between", low=low, high=high) for low, high in pairwise(marks)),
        phrase("figures.map.above", last=marks[-1]),
    ]
    handles = [Patch(facecolor=one, edgecolor=NEUTRAL, linewidth=0.4) for one in _colours(len(limits))]
    place: dict[str, Any] = {"loc": corner, "borderpad": 0.7}
    if corner is None:  # under the map, where it covers nothing
        place = {"loc": "upper left", "bbox_to_anchor": (0, 0), "ncols": columns, "borderpad": 0, "columnspacing": 1.2}
    ax.legend(
        handles,
        labels,
        title=phrase(f"figures.map.legend_{kind}"),
        fontsize=base * 0.84,
        title_fontsize=base * 0.84,
        alignment="left",
        frameon=True,
        framealpha=0.92,
        facecolor="white",
        edgecolor="none",
        **place,
    )


def _words(values: Mapping[str, float], what: str, kind: str, ground: MapGround) -> tuple[str, str]:
    ranked = sorted(values, key=lambda unit: -values[unit])
    listed = joined(f"{country_name(i)} {_number(values[i], kind)}" for i in ranked)
    caption, form = phrase(f"figures.map.caption_{kind}"), "alternative"
    if ground.tiled:
        caption, form = f"{caption} {phrase('figures.map.caption_tiles')}", "alternative_tiles"
    else:
        caption = with_guess(caption, "figures.map.guessed")
    return caption, phrase(f"figures.map.{form}", places=places_words(ground), what=what, parts=listed)
