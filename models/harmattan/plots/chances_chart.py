"""Chances of several things beside one another, under two scenarios, and how often each was so before."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..core.language import phrase
from .frame import described, name_above, open_axes, tidy
from .numbers import joined, short_in_hundred, wrapped
from .share_numbers import Chance, ChanceNumbers, chance_numbers
from .style import INK, MUTED, RULE, SERIES, SizeName, style


def chances(
    table: pd.DataFrame,
    *,
    as_of: str,
    names: tuple[str, ...],
    title: str | None = None,
    checked: str = "",
    source: str | None = None,
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw chances as dots from 0 to 100 in 100, in groups.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per chance, drawn in this order, rows of a group one after the other: ``group`` and ``label`` (words),
        ``first``, ``second`` and ``base_rate`` (0 to 1; NaN where there is none).
    names : tuple of str
        Of the scenarios, in words.

    Returns
    -------
    matplotlib.axes.Axes
        Dots carry the gid "first" or "second", ticks "base_rate"; tick labels are the rows' labels.
    """
    numbers = chance_numbers(table, names=names)
    return draw_chances(numbers, as_of=as_of, title=title, checked=checked, source=source, size=size, ax=ax)


def draw_chances(
    numbers: ChanceNumbers,
    *,
    as_of: str,
    title: str | None = None,
    checked: str = "",
    source: str | None = None,
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw a row per chance. Parameters and result are those of `chances`."""
    narrow, title = size == "column", title or phrase("figures.chances.title")
    rows, names = numbers.rows, numbers.scenarios
    at, heads, end = _rows(rows)
    with style(size) as preset:
        longest = max(len(line) for row in rows for line in wrapped(row.label).split("\n"))
        ax = open_axes(
            ax,
            preset,
            title=title,
            subtitle=phrase("figures.chances.subtitle"),
            source=source or phrase("figures.chances.source"),
            as_of=as_of,
            checked=checked,
            body=end * (1.55 if not narrow else 2.5),
            left=1.5 if narrow else min(0.5 * longest + 1.5, 28.0),
            right=3.4,
            below=3.2,
            above=1.8 * (2 if narrow else 1),
        )
        step = preset.base / 9
        ax.plot(
            _in_hundred([row.base_rate for row in rows]), at, "|", color=MUTED, markersize=11 * step,
            markeredgewidth=1.6 * step, gid="base_rate", label=phrase("figures.chances.base_rate"), zorder=2,
        )  # fmt: skip
        if len(names) > 1:
            ax.plot(
                _in_hundred([row.second for row in rows]), at, "o", color="white", markeredgecolor=SERIES[1],
                markersize=6.4 * step, markeredgewidth=1.4 * step, gid="second", label=names[1], zorder=3,
            )  # fmt: skip
        ax.plot(
            _in_hundred([row.first for row in rows]), at, "o", color=SERIES[0], markersize=4.6 * step, gid="first",
            label=names[0], zorder=4,
        )  # fmt: skip
        for y, row in zip(at, rows, strict=True):
            ax.plot([0, 100], [y, y], color=RULE, linewidth=0.5, zorder=0)
            ax.annotate(
                short_in_hundred(row.first), (1, y), (0.7 * preset.base, 0), ("axes fraction", "data"),
                "offset points", va="center", fontsize=preset.base * 0.94, color=INK,
            )  # fmt: skip
        ax.set_xlim(-1.5, 101.5)
        ax.set_ylim(end - 0.4, -0.6)
        tidy(ax, preset, grid="x", bare="y")
        ax.set_yticks(at, [] if narrow else [wrapped(row.label) for row in rows])
        for y, row in zip(at, rows, strict=True) if narrow else ():
            name_above(ax, preset, y - 0.14, row.label)
        for y, head in heads:
            name_above(ax, preset, y + 0.25, wrapped(head, 46) if narrow else head, weight="bold")
        ax.set_xlabel(phrase("figures.chances.axis"), fontsize=preset.base * 0.92)
        ax.legend(
            loc="lower left", bbox_to_anchor=(0, 1), ncol=1 if narrow else 3, borderaxespad=0, handlelength=1.0,
            fontsize=preset.base * 0.88,
        )  # fmt: skip
    return described(ax, title, phrase("figures.chances.caption"), _alternative(numbers), numbers)


def _in_hundred(values: list[float | None]) -> np.ndarray:
    """Return chances as they are drawn: nothing where there is none."""
    return 100 * np.array(values, dtype=float)


def _rows(rows: tuple[Chance, ...]) -> tuple[list[float], list[tuple[float, str]], float]:
    """Return where rows and headings of groups stand, and where the drawing ends."""
    at: list[float] = []
    heads: list[tuple[float, str]] = []
    y, before = 0.0, None
    for row in rows:
        if row.group != before:
            y += 0.4 if before is not None else 0.0
            heads.append((y, row.group))
            y, before = y + 1.0, row.group
        at.append(y)
        y += 1.0
    return at, heads, y


def _alternative(numbers: ChanceNumbers) -> str:
    parts = []
    for group in dict.fromkeys(row.group for row in numbers.rows):
        told = [
            phrase("figures.chances.part", label=row.label, chance=short_in_hundred(row.first))
            + ("" if row.second is None else phrase("figures.chances.part_second", chance=short_in_hundred(row.second)))
            for row in numbers.rows
            if row.group == group
        ]
        parts.append(phrase("figures.chances.part_group", group=group, parts=joined(told)))
    return phrase("figures.chances.alternative", first=numbers.scenarios[0], parts=" ".join(parts))
