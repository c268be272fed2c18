"""Fifty equally probable totals, as dots to be counted."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from ..core.language import country_name, decimal, outcome_name, phrase, whole
from ..core.names import HEADLINE
from .figure_numbers import DOTS, DotNumbers, DotRow, dot_numbers
from .frame import described, open_axes, panels, tidy
from .numbers import joined, opening, scenario_words, sensible
from .style import INK, RULE, SERIES, SERIES_TEXT, Size, SizeName, style

_BINS = 34


def dots(
    totals: Mapping[str, ArrayLike],
    *,
    as_of: str,
    country: str,
    outcome: str = HEADLINE,
    period: str | None = None,
    count: int = DOTS,
    observed: float | None = None,
    title: str | None = None,
    source: str | None = None,
    checked: str = "",
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw a quantile dot plot of a total, one row per scenario on one axis.

    Parameters
    ----------
    totals : mapping of str to array_like
        Scenario name to draws of the total (deaths).
    count : int
        Number of dots; each stands for one in `count` simulated futures.
    observed : float, optional
        What was observed, as a line.

    Returns
    -------
    matplotlib.axes.Axes
        A frame; ``ax.child_axes`` holds one panel per scenario. Dots beyond the axis stand at its right end, and the
        panel says how many and how far.
    """
    numbers = dot_numbers(totals, country=country, outcome=outcome, count=count, mark=observed)
    return draw_dots(numbers, as_of=as_of, period=period, title=title, source=source, checked=checked, size=size, ax=ax)


def draw_dots(
    numbers: DotNumbers,
    *,
    as_of: str,
    period: str | None = None,
    title: str | None = None,
    source: str | None = None,
    checked: str = "",
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw numbers as dots, one panel per row. Parameters and result are those of `dots`."""
    rows, observed, count = numbers.rows, numbers.mark, len(numbers.rows[0].dots)
    pooled = np.concatenate([row.dots for row in rows])
    limit = float(max(np.quantile(pooled, 0.96) * 1.12, (observed or 0) * 1.1, 1.0))
    width = limit / _BINS
    stacks = [_stack(np.array(row.dots), limit, width) for row in rows]
    tallest = max(int(y.max()) + 1 for _, y in stacks)
    name, period = country_name(numbers.country), period or phrase("figures.first_year")
    title = title or phrase("figures.dots.title", country=name, period=period)
    with style(size) as preset:
        share = decimal(100 / count, 0 if 100 % count == 0 else 1)
        subtitle = phrase(
            "figures.dots.subtitle", outcome=opening(outcome_name(numbers.outcome)), period=period, share=share
        )
        dot = (preset.width / preset.em - 3.0) / (_BINS + 2)
        tall = dot * (tallest + 0.6) + 1.2
        ax = open_axes(
            ax,
            preset,
            title=title,
            subtitle=subtitle,
            source=source or phrase("figures.source_simulated"),
            as_of=as_of,
            checked=checked,
            body=tall * len(rows) + 3.8 * (len(rows) - 1),
            left=1.5,
            right=1.5,
            below=2.2,
            above=1.6,
        )
        made = panels(ax, preset, columns=(1.0,), rows=len(rows), row_gap=3.8)
        for k, (panel, row, (x, y)) in enumerate(zip(made, rows, stacks, strict=True)):
            marker = dot * preset.base * 0.86
            panel.scatter(x, y + 0.5, s=marker**2, color=SERIES[k], linewidth=0)
            panel.set(xlim=(0, limit + 2 * width), ylim=(0, tall / dot))
            _words_on_panel(panel, row, limit, k, preset)
            if observed is not None:
                panel.axvline(observed, color=INK, linewidth=1.1, linestyle=(0, (2, 2)))
                if k == 0:
                    panel.annotate(
                        phrase("figures.dots.observed", number=whole(observed)),
                        (observed, 1),
                        (3, -2),
                        ("data", "axes fraction"),
                        "offset points",
                        va="top",
                        fontsize=preset.base * 0.88,
                    )
            panel.set_yticks([])
            panel.xaxis.set_major_formatter(lambda value, _: whole(value))
            tidy(panel, preset, bare="y")
    return described(ax, title, *_words(numbers, name, period, count), numbers)


def _stack(values: np.ndarray, limit: float, width: float) -> tuple[np.ndarray, np.ndarray]:
    """Return bin centres and heights of the dots; those beyond `limit` stand one bin to the right of it."""
    bins = np.where(values > limit, _BINS + 1, np.minimum(np.floor(values / width), _BINS - 1)).astype(int)
    heights = np.array([int((bins[:i] == b).sum()) for i, b in enumerate(bins)])
    return (bins + 0.5) * width, heights


def _words_on_panel(panel: Axes, row: DotRow, limit: float, k: int, size: Size) -> None:
    panel.plot([row.median], [0], "^", color=SERIES_TEXT[k], markersize=5 * size.base / 9, clip_on=False, zorder=4)
    panel.set_title(
        phrase("figures.dots.row", scenario=scenario_words(row.scenario), number=sensible(row.median)),
        loc="left",
        color=SERIES_TEXT[k],
        fontweight="bold",
        fontsize=size.base,
        pad=3,
    )
    beyond = [dot for dot in row.dots if dot > limit]
    if beyond:
        one = len(beyond) == 1
        said = phrase("figures.dots.one_dot") if one else phrase("figures.dots.dots", count=len(beyond))
        panel.annotate(
            phrase("figures.dots.beyond", count=said, number=sensible(max(beyond))),
            (1, 1),
            (0, 0),
            "axes fraction",
            "offset points",
            ha="right",
            va="top",
            fontsize=size.base * 0.84,
        )
        panel.axvline(limit, color=RULE, linewidth=0.8, linestyle=(0, (1, 2)))


def _words(numbers: DotNumbers, name: str, period: str, count: int) -> tuple[str, str]:
    parts = [
        phrase(
            "figures.dots.part",
            scenario=scenario_words(row.scenario),
            median=sensible(row.median),
            low=sensible(row.low),
            high=sensible(row.high),
        )
        for row in numbers.rows
    ]
    caption = phrase("figures.dots.caption", count=count, parts=joined(parts))
    if numbers.mark is not None:
        caption += " " + phrase("figures.dots.caption_observed", number=whole(numbers.mark))
    words = {"outcome": outcome_name(numbers.outcome), "country": name, "period": period, "caption": caption}
    return caption, phrase("figures.dots.alternative", **words)
