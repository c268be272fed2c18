"""Over which borders the model lets violence pass, as arrows on the map."""

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch
from matplotlib.patheffects import withStroke

from ..core.language import country_name, outcome_name, phrase
from ..core.names import ISO3
from .basemap import INSIDE, open_map
from .frame import described
from .numbers import joined, sensible
from .style import INK, LAND, MUTED, SERIES, SIZES, Size, SizeName, style

_BEND = 0.28
"""How far an arrow's control point stands off its chord, in lengths of the chord."""


def flow_map(
    flows: pd.DataFrame,
    *,
    as_of: str,
    outcome: str | None = None,
    least: float = 2.0,
    period: str | None = None,
    title: str | None = None,
    source: str | None = None,
    geometry: Path | None = None,
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw expected deaths that arrive over each border as arrows, their width by size.

    Parameters
    ----------
    flows : pandas.DataFrame
        Index: ISO3 where the deaths happen; columns: ISO3 that they come over the border from; values: expected deaths.
        The diagonal is not read.
    outcome : str, optional
        Type of violence that the flows are of; all types together by default.
    least : float
        Arrows below this are left out; the caption says so.

    Returns
    -------
    matplotlib.axes.Axes
        Arrows carry the gid "flow BFA>MLI" (from Burkina Faso to Mali); their numbers are texts with the gid "flow".
    """
    title, period = title or phrase("figures.flow.title"), period or phrase("figures.spillover.period")
    shown = _arrows(flows, least)
    what = phrase("figures.flow.subtitle", outcome=outcome_name(outcome or "all"), period=period)
    fills = dict.fromkeys(ISO3, LAND)
    with style(size) as preset:
        ax = open_map(
            ax,
            preset,
            fills,
            title=title,
            subtitle=what,
            source=source or phrase("figures.map.source"),
            as_of=as_of,
            geometry=geometry,
        )
        for patch in ax.patches:
            if patch.get_gid():
                patch.set_edgecolor("#b9b3a6")
        involved = {iso3 for origin, target, _ in shown for iso3 in (origin, target)}
        _names(ax, involved, preset, narrow=size == "column")
        largest = max((value for *_, value in shown), default=1.0)
        for origin, target, value in shown:
            _arrow(ax, origin, target, value, largest, preset)
        _numbers(ax, shown, preset)
        if not shown:
            ax.text(0.5, 0.5, phrase("figures.flow.none", least=sensible(least)), transform=ax.transAxes, ha="center")
    return described(ax, title, *_words(shown, least))


def _arrows(flows: pd.DataFrame, least: float) -> list[tuple[str, str, float]]:
    """Return (from, to, expected deaths), smallest first so that the large ones are drawn on top."""
    found = [
        (str(origin), str(target), float(flows.loc[target, origin]))
        for target in flows.index
        for origin in flows.columns
        if origin != target and float(flows.loc[target, origin]) >= least
    ]
    return sorted(found, key=lambda arrow: arrow[2])


def _arrow(ax: Axes, origin: str, target: str, value: float, largest: float, size: Size) -> None:
    start, end = np.array(INSIDE[origin]), np.array(INSIDE[target])
    scale = size.base / SIZES["page"].base
    width = (0.7 + 6.0 * np.sqrt(value / largest)) * scale
    ax.add_patch(
        FancyArrowPatch(
            tuple(start + 0.14 * (end - start)),
            tuple(start + 0.86 * (end - start)),
            connectionstyle=f"arc3,rad={_BEND}",
            arrowstyle=f"simple,head_length={0.5 * width + 3:.2f},head_width={width + 4:.2f},tail_width={width:.2f}",
            facecolor=SERIES[0],
            edgecolor="white",
            linewidth=0.5,
            alpha=0.85,
            gid=f"flow {origin}>{target}",
            zorder=3,
        )
    )


def _numbers(ax: Axes, shown: list[tuple[str, str, float]], size: Size) -> None:
    """Write each arrow's number on it, clear of names and of the numbers before it; the largest choose first.

    A number that would cover another is left out: the arrow's width still tells it, and so do the words.
    """
    apart = 1.35 * size.base * ax.figure.dpi / 72
    taken = [ax.transData.transform(INSIDE[iso3]) for iso3 in ISO3]
    for origin, target, value in reversed(shown):
        places = [_on_arrow(origin, target, share) for share in (0.6, 0.7, 0.5, 0.4, 0.3)]
        pixels = [ax.transData.transform(place) for place in places]
        room = [min(float(np.hypot(*(at - other))) for other in taken) for at in pixels]
        best = next((i for i, free in enumerate(room) if free >= apart), int(np.argmax(room)))
        if room[best] < 0.7 * apart:
            continue
        taken.append(pixels[best])
        text = ax.text(
            *places[best],
            sensible(value),
            ha="center",
            va="center",
            fontsize=size.base * 0.86,
            fontweight="bold",
            color=INK,
            gid="flow",
            zorder=5,
        )
        text.set_path_effects([withStroke(linewidth=2.4, foreground="white")])


def _on_arrow(origin: str, target: str, share: float) -> tuple[float, float]:
    """Return the point at a share of an arrow: a quadratic curve whose control point stands off the chord."""
    start, end = np.array(INSIDE[origin]), np.array(INSIDE[target])
    across = np.array([(end - start)[1], -(end - start)[0]])
    x, y = start + share * (end - start) + 2 * share * (1 - share) * _BEND * across
    return float(x), float(y)


def _names(ax: Axes, involved: set[str], size: Size, *, narrow: bool) -> None:
    for iso3 in ISO3:
        name = iso3 if narrow or iso3 in ("GNB", "TGO", "BEN", "GHA", "CIV", "GIN") else country_name(iso3)
        text = ax.text(
            *INSIDE[iso3],
            name,
            ha="center",
            va="center",
            fontsize=size.base * 0.84,
            color=INK if iso3 in involved else MUTED,
            zorder=4,
        )
        text.set_path_effects([withStroke(linewidth=1.6, foreground="white")])


def _words(shown: list[tuple[str, str, float]], least: float) -> tuple[str, str]:
    parts = [
        phrase("figures.flow.part", origin=country_name(o), target=country_name(t), number=sensible(v))
        for o, t, v in reversed(shown)
    ]
    caption = phrase("figures.flow.caption", least=sensible(least))
    return caption, phrase(
        "figures.flow.alternative", parts=joined(parts) or phrase("figures.flow.none", least=sensible(least))
    )
