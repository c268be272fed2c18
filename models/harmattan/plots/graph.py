"""The causal graph of the drivers: which makes which other likelier, and how many sources say so."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from ..core.errors import InputError
from ..core.language import phrase, translate
from .frame import described, open_axes
from .numbers import joined, short_in_hundred, wrapped
from .style import INK, LAND, MUTED, RULE, SERIES, Size, SizeName, style

LETTERS = 18
"""Letters in a line of a box."""

_BOX = (0.74, 0.80)  # width and height of a box, in columns and rows
_LINES: dict[str, Any] = {"said": "-", "disputed": (0, (5, 1.5, 1, 1.5)), "judged": (0, (4, 2))}
_THIN, _WIDER = 0.8, 0.55  # points: without a source, and more for each


def driver_graph(
    nodes: pd.DataFrame,
    arrows: pd.DataFrame,
    *,
    as_of: str | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    source: str | None = None,
    size: SizeName = "slide",
    ax: Axes | None = None,
) -> Axes:
    """Draw the drivers in columns, causes on the left, with every arrow between them.

    Parameters
    ----------
    nodes : pandas.DataFrame
        Columns ``driver``, ``label`` (words), ``worse`` and ``better`` (probabilities of its harmful and its helpful
        branches; 0 where it has none).
    arrows : pandas.DataFrame
        Columns ``parent``, ``child``, ``lag_months`` (0 = acts at once), ``status`` (agreed, disputed, cited or judged)
        and ``sources`` (how many independent ones say so: the wider the line).

    Returns
    -------
    matplotlib.axes.Axes
        A box for each driver with its id as gid; an arrow for each pair with the gid ``parent>child``.

    Raises
    ------
    InputError
        If there is no driver, or the size is column: five boxes side by side would leave each less room than a word
        takes.
    """
    if size == "column":
        raise InputError(
            "The graph of the drivers cannot be read at the size column: five boxes side by side leave each less room "
            "than one word takes. Choose the size page or slide; on a phone, read its arrows as a table "
            "(harmattan show --json)."
        )
    if nodes.empty:
        raise InputError("There is no driver to draw. `harmattan new driver NAME` adds one to the case.")
    title = title or phrase("figures.graph.title")
    at_once = arrows[arrows["lag_months"] == 0]
    places = _layout(list(nodes["driver"]), at_once)
    columns = max(x for x, _ in places.values()) + 1
    rows = max(sum(x == column for x, _ in places.values()) for column in range(columns))
    with style(size) as preset:
        small = Size(preset.width, preset.base * 0.56)
        ax = open_axes(
            ax,
            preset,
            title=title,
            subtitle=subtitle or phrase("figures.graph.subtitle"),
            source=source or phrase("figures.graph.source"),
            as_of=as_of,
            body=rows * 4.5,
            left=0.8,
            right=0.8,
            below=1.8,
        )
        ax.set_xlim(-0.5, columns - 0.5)
        ax.set_ylim(-0.6, rows - 0.4)
        ax.set_axis_off()
        for (parent, child, lag), pair in arrows.groupby(["parent", "child", "lag_months"], sort=False):
            line = _Line(_kind(set(pair["status"])), int(pair["sources"].max()), int(lag))
            _draw_arrow(ax, places, str(parent), str(child), line, small)
        handles = _legend(arrows)
        ax.legend(
            handles=handles, loc="lower left", bbox_to_anchor=(0.0, -0.06), ncols=len(handles),
            fontsize=preset.base * 0.68, columnspacing=1.2,
        )  # fmt: skip
        for node in nodes.itertuples():
            _draw_box(ax, places[str(node.driver)], node, small)
    return described(ax, title, *_words(nodes, arrows, at_once))


@dataclass(frozen=True)
class _Line:
    """How an arrow is drawn: the wider the more sources, broken by what it rests on, coloured if it acts later."""

    kind: str
    sources: int
    lag: int

    @property
    def look(self) -> dict[str, Any]:
        return {
            "linestyle": _LINES[self.kind],
            "color": SERIES[1] if self.lag else INK,
            "linewidth": _THIN + _WIDER * self.sources,
        }


def _kind(statuses: set[str]) -> str:
    """Return what an arrow rests on that stands for several branches: the best, but a dispute is shown."""
    return "disputed" if "disputed" in statuses else "judged" if statuses == {"judged"} else "said"


def _legend(arrows: pd.DataFrame) -> list[Line2D]:
    """Return a line for each way that arrows here are drawn."""
    most = int(arrows["sources"].max()) if len(arrows) else 0
    shown = [("said", _Line("said", 1, 0))]
    shown += [("wider", _Line("said", most, 0))] if most > 1 else []
    shown += [("disputed", _Line("disputed", 1, 0))] if "disputed" in set(arrows["status"]) else []
    shown += [("judged", _Line("judged", 0, 0)), ("later", _Line("said", 1, 1))]
    return [Line2D([], [], **line.look, label=phrase(f"figures.graph.{key}", count=most)) for key, line in shown]


def _words(nodes: pd.DataFrame, arrows: pd.DataFrame, at_once: pd.DataFrame) -> tuple[str, str]:
    number = {status: int((arrows["status"] == status).sum()) for status in ("agreed", "disputed", "cited", "judged")}
    later = len(arrows) - len(at_once)
    caption = phrase("figures.graph.caption", drivers=len(nodes), at_once=len(at_once), later=later, **number)
    words = {driver: translate(str(label)) for driver, label in zip(nodes["driver"], nodes["label"], strict=True)}
    parts = joined(
        phrase("figures.graph.part", parent=words[row.parent], child=words[row.child]) for row in arrows.itertuples()
    )
    return caption, phrase("figures.graph.alternative", drivers=len(nodes), parts=parts)


def _layout(drivers: list[str], arrows: pd.DataFrame) -> dict[str, tuple[int, float]]:
    """Return column and row of each driver: columns by the longest way from a cause, rows near to their neighbours'."""
    parents = {d: sorted(set(arrows.loc[arrows["child"] == d, "parent"]), key=drivers.index) for d in drivers}
    children = {d: sorted(set(arrows.loc[arrows["parent"] == d, "child"]), key=drivers.index) for d in drivers}
    depth: dict[str, int] = {}

    def depth_of(driver: str) -> int:
        if driver not in depth:
            depth[driver] = max((depth_of(parent) + 1 for parent in parents[driver]), default=0)
        return depth[driver]

    for driver in drivers:
        depth_of(driver)
    columns = [[d for d in drivers if depth[d] == column] for column in range(max(depth.values()) + 1)]
    tallest = max(map(len, columns))
    rows = {d: _row(i, len(column), tallest) for column in columns for i, d in enumerate(column)}
    for sweep in range(12):
        near = parents if sweep % 2 == 0 else children
        for column in columns if sweep % 2 == 0 else columns[::-1]:
            column.sort(key=lambda d, near=near: _mean_row(d, near, rows))  # type: ignore[misc]
            rows |= {d: _row(i, len(column), tallest) for i, d in enumerate(column)}
    return {d: (depth[d], rows[d]) for d in drivers}


def _row(index: int, count: int, tallest: int) -> float:
    """Spread the boxes of a column over the height that the tallest column takes."""
    return tallest - 1 - (index + 0.5) * tallest / count + 0.5


def _mean_row(driver: str, near: Mapping[str, list[str]], rows: Mapping[str, float]) -> float:
    beside = near[driver] or [driver]
    return -sum(rows[other] for other in beside) / len(beside)


def _draw_box(ax: Axes, place: tuple[int, float], node: object, size: Size) -> None:
    x, y = place
    width, height = _BOX
    box = FancyBboxPatch(
        (x - width / 2, y - height / 2),
        width,
        height,
        boxstyle="round,pad=0,rounding_size=0.06",
        facecolor=LAND,
        edgecolor=RULE,
        linewidth=0.8,
        zorder=3,
    )
    box.set_gid(str(node.driver))  # type: ignore[attr-defined]
    ax.add_patch(box)
    label = wrapped(translate(str(node.label)), LETTERS)  # type: ignore[attr-defined]
    worse, better = float(node.worse), float(node.better)  # type: ignore[attr-defined]
    chances = [
        phrase(f"figures.graph.{side}", chance=short_in_hundred(value)) if better > 0 else short_in_hundred(value)
        for side, value in (("worse", worse), ("better", better))
        if value > 0
    ]
    text = ax.text(x, y, label, ha="center", va="center", fontsize=size.base, zorder=4, linespacing=1.05)
    text.set_y(y + 0.08)
    ax.text(
        x,
        y - height / 2 + 0.04,
        " / ".join(chances) or "0",
        ha="center",
        va="bottom",
        fontsize=size.base,
        fontweight="bold",
        color=MUTED,
        zorder=4,
    )


def _draw_arrow(
    ax: Axes,
    places: Mapping[str, tuple[int, float]],
    parent: str,
    child: str,
    line: _Line,
    size: Size,
) -> None:
    (x0, y0), (x1, y1) = places[parent], places[child]
    half, tall = _BOX[0] / 2, _BOX[1] / 2
    if x1 > x0:
        start, end, bend = (x0 + half, y0), (x1 - half, y1), 0.05 if line.lag == 0 else -0.12
    else:
        start, end, bend = (x0, y0 - tall), (x1 + half * 0.5, y1 - tall), -0.25
    arrow = FancyArrowPatch(
        start,
        end,
        arrowstyle="-|>",
        connectionstyle=f"arc3,rad={bend}",
        mutation_scale=size.base * 0.9,
        **line.look,
        alpha=0.75,
        zorder=2,
        shrinkA=0,
        shrinkB=1,
    )
    arrow.set_gid(f"{parent}>{child}")
    ax.add_patch(arrow)
