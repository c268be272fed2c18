"""Scenarios side by side, by place and horizon, with the paired ratio beside them."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..core.language import country_name, decimal, outcome_name, phrase, whole
from ..core.names import HEADLINE
from .effect_numbers import ContrastNumbers, Interval, contrast_numbers
from .frame import described, open_axes, panels, tidy
from .numbers import horizon_words, joined, opening, ratio_words, scenario_words, sensible
from .style import MARKERS, MUTED, RULE, SERIES, SERIES_TEXT, Size, SizeName, style

_WIDTHS = {95: 1.3, 80: 3.2, 50: 6.0}
_FEWEST_TICKS = 4
_LONGEST_NAME = 22
"""Letters of a scenario's name that fit under the panel of ratios."""


def scenario_contrast(
    table: pd.DataFrame,
    ratios: pd.DataFrame,
    *,
    as_of: str,
    outcome: str = HEADLINE,
    title: str | None = None,
    source: str | None = None,
    checked: str = "",
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw intervals of deaths per month by scenario, and the paired ratio of the first to the second.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns ``country`` (ISO3 or a place's name), ``horizon`` (its name), ``scenario`` and those of
        `interval_summary`, in deaths per month. ``first`` and ``last``, where they stand, are the months of the
        horizon after the exit; they are printed beside its name. Scenarios and horizons keep the order of their first
        row.
    ratios : pandas.DataFrame
        Columns ``country, horizon`` and those of `interval_summary`, of the ratio drawn by drawn.

    Returns
    -------
    matplotlib.axes.Axes
        A frame; ``ax.child_axes`` holds the panel of deaths and the panel of ratios.
    """
    numbers = contrast_numbers(table, ratios, outcome=outcome)
    return draw_contrast(numbers, as_of=as_of, title=title, source=source, checked=checked, size=size, ax=ax)


def draw_contrast(
    numbers: ContrastNumbers,
    *,
    as_of: str,
    title: str | None = None,
    source: str | None = None,
    checked: str = "",
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw a row per place and horizon. Parameters and result are those of `scenario_contrast`."""
    title, scenarios = title or phrase("figures.contrast.title"), numbers.scenarios
    step = 0.9 + 0.75 * len(scenarios)
    heights = _positions(numbers.rows, step)
    narrow = size == "column"
    subtitle = phrase("figures.contrast.subtitle", outcome=opening(outcome_name(numbers.outcome)))
    limit = _limit(numbers)
    with style(size) as preset:
        body = max(heights.values()) + step + 1.5
        ax = open_axes(
            ax,
            preset,
            title=title,
            subtitle=subtitle,
            source=source or phrase("figures.contrast.source"),
            as_of=as_of,
            checked=checked,
            body=body,
            left=11.0 if not narrow else 8.4,
            right=1.0,
            below=4.0,
            above=1.4 if not narrow else 2.8,
        )
        left, right = panels(ax, preset, columns=(1.75, 1) if not narrow else (1.3, 1), gap=5.0)
        for (place, horizon), height in heights.items():
            for k, scenario in enumerate(scenarios):
                row = numbers.level(place, horizon, scenario)
                y = height + (k - (len(scenarios) - 1) / 2) * 0.95
                _interval(left, row, y, k, preset)
                _median(left, sensible(row.median), y, SERIES_TEXT[k], preset, gid="median")
            ratio = numbers.ratio(place, horizon)
            _interval(right, ratio, height, 2, preset)
            right.text(
                ratio.median,
                height - 0.75,
                ratio_words(ratio.median),
                ha="center",
                va="center",
                fontsize=preset.base * 0.84,
                gid="ratio",
            )
        _median(left, phrase("figures.contrast.median"), -step / 2 - 0.4, MUTED, preset)
        _label_rows(left, numbers, heights, preset, narrow)
        for panel in (left, right):
            panel.set_ylim(body - step / 2 - 0.5, -step / 2 - 0.9)
            tidy(panel, preset, grid="x", bare="y")
        _deaths_axis(left, numbers, limit, preset)
        _ratio_axis(right, numbers, preset, narrow)
        _key(left, scenarios, preset, narrow)
    return described(ax, title, *_words(numbers), numbers)


def _limit(numbers: ContrastNumbers) -> float:
    """Return where the axis of deaths ends: all 80 % intervals lie before it, and most of those of 95 %."""
    largest, wide = ([level.deaths.ends(share)[1] for level in numbers.levels] for share in (80, 95))
    return max(max(largest) * 1.25, float(np.quantile(wide, 0.75)))


def _positions(rows: tuple[tuple[str, str], ...], step: float) -> dict[tuple[str, str], float]:
    heights, y, previous = {}, 0.0, None
    for place, horizon in rows:
        if previous is not None:
            y += step + (0.9 if place != previous else 0)
        heights[place, horizon] = y
        previous = place
    return heights


def _interval(panel: Axes, row: Interval, y: float, k: int, size: Size) -> None:
    for level, width in _WIDTHS.items():
        panel.plot(
            row.ends(level),
            [y, y],
            color=SERIES[k],
            alpha={95: 0.45, 80: 0.7, 50: 1.0}[level],
            linewidth=width * size.base / 9,
            solid_capstyle="butt",
            gid=f"interval {level}",
            zorder=2,
        )
    panel.plot(
        [row.median],
        [y],
        MARKERS[k],
        color="white",
        markeredgecolor=SERIES[k],
        markersize=4.4 * size.base / 9,
        zorder=3,
    )


def _median(panel: Axes, text: str, y: float, colour: str, size: Size, gid: str = "") -> None:
    """Write into the column of medians, which stands right of the axis, so that no number marks a place on it."""
    panel.annotate(
        text,
        (1, y),
        (0.35 * size.base, 0),
        ("axes fraction", "data"),
        "offset points",
        va="center",
        color=colour,
        fontsize=size.base * 0.84,
        gid=gid,
        annotation_clip=False,
    )


def _label_rows(
    panel: Axes, numbers: ContrastNumbers, heights: dict[tuple[str, str], float], size: Size, narrow: bool
) -> None:
    panel.set_yticks(list(heights.values()), [_row_words(numbers, h, narrow) for _, h in heights])
    first: dict[str, float] = {}
    for (place, _), y in heights.items():
        first.setdefault(place, y)
    for place, y in first.items():
        panel.annotate(
            country_name(place),
            (0, y),
            (-(10.2 if not narrow else 7.6) * size.base, 1.35 * size.base),
            ("axes fraction", "data"),
            "offset points",
            va="center",
            fontweight="bold",
            fontsize=size.base,
        )


def _row_words(numbers: ContrastNumbers, horizon: str, narrow: bool) -> str:
    first, last = numbers.months(horizon)
    if first < 1:
        return horizon_words(horizon)
    key = "figures.contrast.horizon_narrow" if narrow else "figures.contrast.horizon"
    return phrase(key, horizon=horizon_words(horizon), first=first, last=last)


def _deaths_axis(panel: Axes, numbers: ContrastNumbers, limit: float, size: Size) -> None:
    panel.set_xlim(0, limit)
    panel.locator_params(axis="x", nbins=5)
    panel.xaxis.set_major_formatter(lambda value, _: whole(value))
    beyond = any(level.deaths.upper_95 > limit for level in numbers.levels)
    panel.set_xlabel(
        phrase("figures.contrast.axis_cut" if beyond else "figures.contrast.axis"), fontsize=size.base * 0.92
    )


def _ratio_axis(panel: Axes, numbers: ContrastNumbers, size: Size, narrow: bool) -> None:
    ticks = (0.125, 0.25, 0.5, 1, 2, 4, 8, 16, 32)
    low = min(0.7, *(one.ratio.lower_95 for one in numbers.ratios))
    high = max(1.4, *(one.ratio.upper_95 for one in numbers.ratios))
    low, high = max(low, 0.1) / 1.1, min(high, 40) * 1.1
    names = {0.125: "⅛", 0.25: "¼", 0.5: "½", 0.75: "¾"}
    shown = [t for t in ticks if low <= t <= high]
    if len(shown) < _FEWEST_TICKS:  # two ticks would not show that the axis is logarithmic
        shown = sorted({*shown, *(t for t in (0.75, 1.5, 3) if low <= t <= high)})
    panel.set_xscale("log", base=2)
    panel.set_xlim(low, high)
    panel.set_xticks(shown, [f"×{names.get(t) or decimal(t, 0 if t == int(t) else 1)}" for t in shown])
    panel.minorticks_off()
    panel.axvline(1, color=RULE, linewidth=1.1, zorder=1)
    panel.set_yticks([])
    panel.set_xlabel(_ratio_words(numbers.scenarios, narrow), fontsize=size.base * 0.92)
    _space_out(panel, [t in ticks for t in shown], size)


def _space_out(panel: Axes, kept: list[bool], size: Size) -> None:
    """Hide the names of ticks in between that come too near to one that is kept."""
    figure, labels = panel.get_figure(root=True), panel.get_xticklabels()
    assert figure is not None, "a panel is drawn on a figure"
    figure.draw_without_rendering()
    boxes = [label.get_window_extent().padded(0.2 * size.em * figure.dpi) for label in labels]
    firm = [box for box, stays in zip(boxes, kept, strict=True) if stays]
    for label, box, stays in zip(labels, boxes, kept, strict=True):
        label.set_visible(stays or not any(box.overlaps(other) for other in firm))


def _ratio_words(scenarios: tuple[str, ...], narrow: bool) -> str:
    """Return what the ratio is of, with the scenarios' names where there is room for them."""
    if len(scenarios) < 2:
        return phrase("figures.ratio")
    first, second = (scenario_words(name) for name in scenarios[:2])
    if narrow or max(len(first), len(second)) > _LONGEST_NAME:
        return phrase("figures.contrast.ratio_axis_short")
    return phrase("figures.contrast.ratio_axis", first=first, second=second)


def _key(panel: Axes, scenarios: tuple[str, ...], size: Size, narrow: bool) -> None:
    for k, scenario in enumerate(scenarios):
        panel.plot(
            [],
            [],
            MARKERS[k],
            color="white",
            markeredgecolor=SERIES[k],
            markersize=4.4 * size.base / 9,
            label=scenario_words(scenario),
        )
    panel.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncol=1 if narrow else len(scenarios),
        borderaxespad=0,
        handletextpad=0.1,
        columnspacing=1.0,
        labelcolor=list(SERIES_TEXT[: len(scenarios)]),
    )


def _words(numbers: ContrastNumbers) -> tuple[str, str]:
    parts = []
    for place, horizon in numbers.rows:
        medians = phrase("figures.contrast.against").join(
            f"{sensible(numbers.level(place, horizon, one).median)} ({scenario_words(one)})"
            for one in numbers.scenarios
        )
        ratio = numbers.ratio(place, horizon)
        parts.append(
            phrase(
                "figures.contrast.part",
                country=country_name(place),
                horizon=horizon_words(horizon),
                medians=medians,
                ratio=ratio_words(ratio.median),
                low=ratio_words(ratio.lower_80),
                high=ratio_words(ratio.upper_80),
            )
        )
    words = phrase("figures.contrast.alternative", outcome=outcome_name(numbers.outcome), parts=joined(parts))
    return phrase("figures.contrast.caption"), words
