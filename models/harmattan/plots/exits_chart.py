"""What followed exits elsewhere against what was expected, exit by exit, and what they say of one more."""

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..core.language import country_name, outcome_name, phrase
from ..core.names import HEADLINE, HORIZONS
from .frame import described, open_axes, panels, tidy
from .numbers import horizon_words, joined, opening, ratio_words
from .style import GRID, INK, RULE, SERIES, SERIES_TEXT, Size, SizeName, style

_END = 64.0
"""Ratios beyond this, either way, stand at the edge as arrows."""
_TICKS = {1 / 32: "×1/32", 1 / 4: "×¼", 1: "×1", 4: "×4", 32: "×32"}
_SHOWN = 0.5
"""Above this share a small effect would show by half or more: the dot is filled."""


def exits(
    ratios: pd.DataFrame,
    one_more: pd.DataFrame,
    *,
    outcome: str = HEADLINE,
    as_of: str | None = None,
    title: str | None = None,
    source: str | None = None,
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw deaths after each exit against the forecast at its beginning, and the range for one exit more.

    Parameters
    ----------
    ratios : pandas.DataFrame
        A row per exit, outcome and horizon, drawn in this order: ``exit``, ``mission``, ``host`` (code), ``start``
        (month), ``outcome``, ``horizon``, ``ratio``, ``low``, ``high`` (80 in 100 if nothing new had happened), and
        ``shown`` (0 to 1, how much of a small effect would show).
    one_more : pandas.DataFrame
        A row per outcome and horizon: ``ratio`` (median), ``low`` and ``high`` (80 in 100), ``exits`` (number).
    outcome : str

    Returns
    -------
    matplotlib.axes.Axes
        A frame; ``ax.child_axes`` holds a panel per horizon. Lines carry the gid "exit" or "one more".
    """
    ratios, one_more = (table[table["outcome"] == outcome] for table in (ratios, one_more))
    order = list(dict.fromkeys(ratios["exit"]))
    title = title or phrase("figures.exits.title")
    with style(size) as preset:
        narrow = size == "column"
        labels = [_label(ratios[ratios["exit"] == id].iloc[0], narrow) for id in order]
        ax = open_axes(
            ax,
            preset,
            title=title,
            subtitle=phrase("figures.exits.subtitle", outcome=opening(outcome_name(outcome))),
            source=source or phrase("figures.exits.source"),
            as_of=as_of,
            body=(len(order) + 2) * 1.5 + 1.0,
            left=0.52 * max(map(len, [*labels, phrase("figures.exits.one_more")])) + 1.0,
            right=1.2,
            below=3.6,
            above=1.6,
        )
        made = panels(ax, preset, columns=[1.0] * len(HORIZONS), gap=1.2)
        for panel, (horizon, (first, last)) in zip(made, HORIZONS.items(), strict=True):
            here = ratios[ratios["horizon"] == horizon].set_index("exit")
            for y, id in enumerate(order):
                if id in here.index:
                    _row(panel, y, here.loc[id], preset)
            for _, row in one_more[one_more["horizon"] == horizon].iterrows():
                _next(panel, len(order) + 0.5, row, preset)
            key = "figures.exits.short_months" if narrow else "figures.exits.months"
            months = phrase(key, horizon=horizon_words(horizon), first=first, last=last)
            panel.set_title(months, loc="left", fontsize=preset.base * (0.8 if narrow else 0.94), pad=3)
            _axes(panel, len(order), labels if panel is made[0] else [], preset, narrow)
        middle = made[len(made) // 2]
        middle.set_xlabel(phrase("figures.exits.axis"), fontsize=preset.base * 0.92)
    return described(ax, title, *_words(ratios, one_more, outcome))


def _label(row: pd.Series, narrow: bool) -> str:
    place = str(row["host"]) if narrow else country_name(str(row["host"]))
    name = str(row["mission"]).split(" + ")[-1].split(" (")[0]
    return phrase("figures.exits.row", mission=name, country=place, year=str(row["start"])[:4])


def _axes(panel: Axes, count: int, labels: list[str], size: Size, narrow: bool) -> None:
    panel.set_xscale("log", base=2)
    panel.set_xlim(1 / _END / 1.3, _END * 1.3)
    panel.set_ylim(count + 1.2, -0.8)
    ticks = [tick for tick in _TICKS if not narrow or tick in (min(_TICKS), 1, max(_TICKS))]
    panel.set_xticks(ticks, [_TICKS[tick] for tick in ticks])
    panel.minorticks_off()
    panel.axvline(1, color=INK, linewidth=0.9, zorder=0)
    panel.axhline(count - 0.25, color=GRID, linewidth=0.9, zorder=0)
    panel.set_yticks(
        [*range(count), count + 0.5], [*labels, phrase("figures.exits.one_more")] if labels else [""] * (count + 1)
    )
    tidy(panel, size, grid="x", bare="y")
    panel.tick_params(axis="y", labelsize=size.base * 0.82)
    panel.tick_params(axis="x", labelsize=size.base * 0.8)
    if labels:
        panel.get_yticklabels()[-1].set_fontweight("bold")


def _row(panel: Axes, y: float, row: pd.Series, size: Size) -> None:
    ratio, low, high = (float(row[key]) for key in ("ratio", "low", "high"))
    sure = float(row["shown"]) >= _SHOWN
    colour = SERIES[0] if sure else RULE
    inside = np.clip([low, high], 1 / _END, _END)
    panel.plot(inside, [y, y], color=colour, linewidth=1.3 * size.base / 9, solid_capstyle="butt", gid="exit")
    marker = "o" if 1 / _END <= ratio <= _END else ("<" if ratio < 1 else ">")
    panel.plot(
        [min(max(ratio, 1 / _END), _END)],
        [y],
        marker,
        color=colour,
        markerfacecolor=colour if sure else "white",
        markersize=4.2 * size.base / 9,
        clip_on=False,
        zorder=3,
    )


def _next(panel: Axes, y: float, row: pd.Series, size: Size) -> None:
    ends = np.clip([float(row["low"]), float(row["high"])], 1 / _END, _END)
    panel.plot(ends, [y, y], color=SERIES[1], linewidth=4.2 * size.base / 9, solid_capstyle="butt", gid="one more")
    panel.plot([float(row["ratio"])], [y], "D", color=SERIES_TEXT[1], markersize=5 * size.base / 9, zorder=3)


def _words(ratios: pd.DataFrame, one_more: pd.DataFrame, outcome: str) -> tuple[str, str]:
    parts = [
        phrase(
            "figures.exits.part",
            horizon=horizon_words(str(row.horizon)),
            middle=ratio_words(float(row.ratio)),
            low=ratio_words(float(row.low)),
            high=ratio_words(float(row.high)),
        )
        for row in one_more.itertuples()
    ]
    count = int(one_more["exits"].max()) if len(one_more) else 0
    clear = ratios[ratios["shown"] >= _SHOWN]
    above = int((clear["ratio"] > 1).sum())
    numbers = {"above": above, "clear": len(clear), "count": count, "end": math.floor(_END)}
    caption = phrase("figures.exits.caption", **numbers, parts=joined(parts))
    words = {"exits": ratios["exit"].nunique(), "outcome": outcome_name(outcome), "caption": caption}
    return caption, phrase("figures.exits.alternative", **words)
