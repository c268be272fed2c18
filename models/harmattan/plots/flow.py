"""Over which borders the model lets violence pass, as arrows on the map."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch
from matplotlib.patheffects import withStroke
from matplotlib.text import Text

from ..core.language import country_name, outcome_name, phrase, with_guess
from ..panel.ground import MapGround
from ..panel.outlines import Point
from .basemap import ground_for, open_map, places_words
from .border_numbers import LEAST_FLOW, Flow, FlowNumbers, flow_numbers
from .frame import described
from .map_labels import Look, Wording, on_two_lines, write_labels
from .numbers import joined, sensible
from .style import INK, LAND, MUTED, SERIES, SIZES, Size, SizeName, style

_BEND = 0.28
"""How far an arrow's control point stands off its chord, in lengths of the chord."""

_FROM_MIDDLE = (0.14, 0.17, 0.2, 0.23, 0.26, 0.29, 0.32, 0.34)
"""How far from the middle of a unit an arrow may end, as shares of the way: the first that no name covers, else
the last, which leaves a third of the way to the arrow."""

_BESIDE_NAME = 3.0
"""Room between an arrow and a name, in points."""


def flow_map(
    flows: pd.DataFrame,
    *,
    as_of: str,
    outcome: str | None = None,
    least: float = LEAST_FLOW,
    period: str | None = None,
    title: str | None = None,
    source: str | None = None,
    ground: MapGround | None = None,
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw expected deaths that arrive over each border as arrows, their width by size.

    Parameters
    ----------
    flows : pandas.DataFrame
        Index: unit where the deaths happen; columns: unit that they come over the border from; values: expected deaths.
        The diagonal is not read.
    outcome : str, optional
        Type of violence that the flows are of; all types together by default.
    least : float
        Arrows below this are left out; the caption says so.
    ground : MapGround, optional
        As in `region_map`; by default of the units in `flows`.

    Returns
    -------
    matplotlib.axes.Axes
        Arrows carry the gid "flow ORIGIN>TARGET", by the codes of units; their numbers are texts with the gid "flow".
    """
    numbers = flow_numbers(flows, outcome=outcome, least=least)
    ground = ground_for(ground, (str(unit) for unit in (*flows.index, *flows.columns)))
    return draw_flow(numbers, as_of=as_of, period=period, ground=ground, title=title, source=source, size=size, ax=ax)


def draw_flow(
    numbers: FlowNumbers,
    *,
    as_of: str,
    ground: MapGround,
    period: str | None = None,
    title: str | None = None,
    source: str | None = None,
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw flows as arrows. Parameters and result are those of `flow_map`."""
    title, period = title or phrase("figures.flow.title"), period or phrase("figures.flow.period")
    shown = numbers.flows
    what = phrase("figures.flow.subtitle", outcome=outcome_name(numbers.outcome), period=period)
    fills = dict.fromkeys(ground.units, LAND)
    with style(size) as preset:
        ax = open_map(
            ax,
            preset,
            fills,
            ground=ground,
            title=title,
            subtitle=what,
            source=source,
            as_of=as_of,
        )
        for patch in ax.patches:
            if patch.get_gid():
                patch.set_edgecolor("#b9b3a6")
        names = _names(ax, ground, shown, preset, narrow=size == "column")
        ends = {(one.origin, one.target): _ends(ax, ground, names, one) for one in shown}
        largest = max((one.deaths for one in shown), default=1.0)
        for one in shown:
            arrow = _arrow(ax, ends[one.origin, one.target], one.deaths, largest, preset)
            arrow.set_gid(f"flow {one.origin}>{one.target}")
        _numbers(ax, ends, shown, preset, [_place_of(name) for name in names.values()])
        if not shown:
            _say_none(ax, numbers.least)
    return described(ax, title, *_words(numbers, ground), numbers)


def _say_none(ax: Axes, least: float) -> None:
    ground = {"boxstyle": "square,pad=0.3", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}
    said = phrase("figures.flow.none", least=sensible(least))
    ax.text(0.5, 0.5, said, transform=ax.transAxes, ha="center", bbox=ground, zorder=6)


def _ends(ax: Axes, ground: MapGround, names: Mapping[str, Text], flow: Flow) -> tuple[Point, Point]:
    """Return where an arrow begins and ends: near the middles of its units, and clear of their names."""
    start, end = np.array(ground.inside[flow.origin]), np.array(ground.inside[flow.target])
    return _clear(ax, names.get(flow.origin), start, end), _clear(ax, names.get(flow.target), end, start)


def _clear(ax: Axes, name: Text | None, near: np.ndarray, far: np.ndarray) -> Point:
    """Return the first point on the way from near to far that a name does not cover."""
    points = [near + share * (far - near) for share in _FROM_MIDDLE]
    box = None if name is None else name.get_window_extent().padded(_BESIDE_NAME * ax.figure.dpi / 72)
    free = (at for at in points if box is None or not box.contains(*ax.transData.transform(at)))
    x, y = next(free, points[-1])
    return float(x), float(y)


def _arrow(ax: Axes, ends: tuple[Point, Point], value: float, largest: float, size: Size) -> FancyArrowPatch:
    scale = size.base / SIZES["page"].base
    width = (0.7 + 6.0 * np.sqrt(value / largest)) * scale
    patch = FancyArrowPatch(
        *ends,
        connectionstyle=f"arc3,rad={_BEND}",
        arrowstyle=f"simple,head_length={0.5 * width + 3:.2f},head_width={width + 4:.2f},tail_width={width:.2f}",
        facecolor=SERIES[0],
        edgecolor="white",
        linewidth=0.5,
        alpha=0.85,
        zorder=3,
    )
    ax.add_patch(patch)
    return patch


def _numbers(
    ax: Axes,
    ends: Mapping[tuple[str, str], tuple[Point, Point]],
    shown: Sequence[Flow],
    size: Size,
    taken: list[np.ndarray],
) -> None:
    """Write each arrow's number on it, clear of what is taken and of the numbers before it; the largest choose first.

    A number that would cover another is left out: the arrow's width still tells it, and so do the words.
    """
    apart = 1.35 * size.base * ax.figure.dpi / 72
    taken = list(taken)
    for one in reversed(shown):
        pixels = _number_places(ax, ends[one.origin, one.target], apart)
        room = [min(float(np.hypot(*(at - other))) for other in taken) for at in pixels]
        best = next((i for i, free in enumerate(room) if free >= apart), int(np.argmax(room)))
        if room[best] < 0.9 * apart:
            continue
        x, y = ax.transData.inverted().transform(pixels[best])
        taken.append(pixels[best])
        text = ax.text(
            float(x),
            float(y),
            sensible(one.deaths),
            ha="center",
            va="center",
            fontsize=size.base * 0.86,
            fontweight="bold",
            color=INK,
            gid="flow",
            zorder=5,
        )
        text.set_path_effects([withStroke(linewidth=2.4, foreground="white")])


def _number_places(ax: Axes, ends: tuple[Point, Point], apart: float) -> list[np.ndarray]:
    """Return where an arrow's number may stand, in pixels: on it, or beside one so short that it would be covered."""
    pixels = [ax.transData.transform(_on_arrow(*ends, share)) for share in (0.55, 0.65, 0.45, 0.35, 0.25)]
    start, end = ax.transData.transform(ends)
    length = float(np.hypot(*(end - start)))
    if length >= 1.8 * apart:
        return pixels
    across = np.array([end[1] - start[1], start[0] - end[0]]) / max(length, 1e-9)
    return [at + 0.8 * apart * across for at in pixels]


def _on_arrow(first: Point, last: Point, share: float) -> Point:
    """Return the point at a share of an arrow: a quadratic curve whose control point stands off the chord."""
    start, end = np.array(first), np.array(last)
    across = np.array([(end - start)[1], -(end - start)[0]])
    x, y = start + share * (end - start) + 2 * share * (1 - share) * _BEND * across
    return float(x), float(y)


def _names(ax: Axes, ground: MapGround, shown: Sequence[Flow], size: Size, *, narrow: bool) -> dict[str, Text]:
    """Write the units' names, their codes where there is no room for more, and return them by unit."""
    involved = {unit for one in shown for unit in (one.origin, one.target)}
    look = Look(size.base * 0.84, lambda unit: INK if unit in involved else MUTED, halo=1.6, spacing=None)
    middles = [(ground.inside[one.origin], ground.inside[one.target]) for one in shown]
    curves = [_on_arrow(*ends, share) for ends in middles for share in np.linspace(0.1, 0.9, 9)]
    inside = replace(ground, labels={unit: replace(said, beside=None) for unit, said in ground.labels.items()})
    return write_labels(ax, inside, {unit: _wording(ground, unit, narrow) for unit in ground.units}, look, curves)


def _place_of(text: Text) -> np.ndarray:
    """Return where a text stands, in pixels."""
    return np.asarray(text.get_transform().transform(text.get_position()))


def _wording(ground: MapGround, unit: str, narrow: bool) -> Wording:
    """Return the name, or the code where figures are narrow or the case says that a name has no room inside."""
    name = country_name(unit)
    if ground.tiled:
        return Wording((name, on_two_lines(name), on_two_lines(unit)), unit)
    if narrow or (unit in ground.labels and ground.labels[unit].beside is not None):
        return Wording((unit,), unit)
    return Wording((name, on_two_lines(name), unit), on_two_lines(name))


def _words(numbers: FlowNumbers, ground: MapGround) -> tuple[str, str]:
    parts = [
        phrase(
            "figures.flow.part",
            origin=country_name(one.origin),
            target=country_name(one.target),
            number=sensible(one.deaths),
        )
        for one in reversed(numbers.flows)
    ]
    least = sensible(numbers.least)
    caption = with_guess(phrase("figures.flow.caption", least=least), "figures.flow.guessed")
    form = "alternative"
    if ground.tiled:
        caption, form = f"{caption} {phrase('figures.map.caption_tiles')}", "alternative_tiles"
    told = joined(parts) or phrase("figures.flow.none", least=least)
    return caption, phrase(f"figures.flow.{form}", places=places_words(ground), parts=told)
