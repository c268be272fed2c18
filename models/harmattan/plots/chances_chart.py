"""Chances of several things beside one another, under two scenarios, and how often each was so before."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..core.language import phrase
from .frame import described, name_above, open_axes, tidy
from .numbers import joined, short_in_hundred, wrapped
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
    narrow, title = size == "column", title or phrase("figures.chances.title")
    at, heads, end = _rows(table)
    with style(size) as preset:
        longest = max(len(line) for label in table["label"] for line in wrapped(str(label)).split("\n"))
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
            100 * table["base_rate"].astype(float), at, "|", color=MUTED, markersize=11 * step,
            markeredgewidth=1.6 * step, gid="base_rate", label=phrase("figures.chances.base_rate"), zorder=2,
        )  # fmt: skip
        if len(names) > 1:
            ax.plot(
                100 * table["second"].astype(float), at, "o", color="white", markeredgecolor=SERIES[1],
                markersize=6.4 * step, markeredgewidth=1.4 * step, gid="second", label=names[1], zorder=3,
            )  # fmt: skip
        ax.plot(
            100 * table["first"].astype(float), at, "o", color=SERIES[0], markersize=4.6 * step, gid="first",
            label=names[0], zorder=4,
        )  # fmt: skip
        for y, chance in zip(at, table["first"], strict=True):
            ax.plot([0, 100], [y, y], color=RULE, linewidth=0.5, zorder=0)
            ax.annotate(
                short_in_hundred(float(chance)), (1, y), (0.7 * preset.base, 0), ("axes fraction", "data"),
                "offset points", va="center", fontsize=preset.base * 0.94, color=INK,
            )  # fmt: skip
        ax.set_xlim(-1.5, 101.5)
        ax.set_ylim(end - 0.4, -0.6)
        tidy(ax, preset, grid="x", bare="y")
        ax.set_yticks(at, [] if narrow else [wrapped(str(label)) for label in table["label"]])
        for y, label in zip(at, table["label"], strict=True) if narrow else ():
            name_above(ax, preset, y - 0.14, str(label))
        for y, head in heads:
            name_above(ax, preset, y + 0.25, wrapped(head, 46) if narrow else head, weight="bold")
        ax.set_xlabel(phrase("figures.chances.axis"), fontsize=preset.base * 0.92)
        ax.legend(
            loc="lower left", bbox_to_anchor=(0, 1), ncol=1 if narrow else 3, borderaxespad=0, handlelength=1.0,
            fontsize=preset.base * 0.88,
        )  # fmt: skip
    return described(ax, title, phrase("figures.chances.caption"), _alternative(table, names))


def _rows(table: pd.DataFrame) -> tuple[list[float], list[tuple[float, str]], float]:
    """Return where rows and headings of groups stand, and where the drawing ends."""
    at: list[float] = []
    heads: list[tuple[float, str]] = []
    y, before = 0.0, None
    for group in table["group"]:
        if group != before:
            y += 0.4 if before is not None else 0.0
            heads.append((y, str(group)))
            y, before = y + 1.0, group
        at.append(y)
        y += 1.0
    return at, heads, y


def _alternative(table: pd.DataFrame, names: tuple[str, ...]) -> str:
    parts = []
    for group, rows in table.groupby("group", sort=False):
        told = [
            phrase("figures.chances.part", label=row["label"], chance=short_in_hundred(float(row["first"])))
            + (
                ""
                if not _known(row["second"])
                else phrase("figures.chances.part_second", chance=short_in_hundred(float(row["second"])))
            )
            for row in rows.to_dict("records")
        ]
        parts.append(phrase("figures.chances.part_group", group=group, parts=joined(told)))
    return phrase("figures.chances.alternative", first=names[0], parts=" ".join(parts))


def _known(value: object) -> bool:
    return value is not None and not np.isnan(float(str(value)))
