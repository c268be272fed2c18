"""Measured shares, one row each, with their intervals and the line that says where nothing is measured."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..core.language import decimal, phrase
from .frame import described, name_above, open_axes, tidy
from .numbers import joined, wrapped
from .style import INK, MUTED, RULE, SERIES, SizeName, style


def ranked(
    table: pd.DataFrame,
    *,
    as_of: str,
    title: str,
    quantity: str,
    reference: float,
    reference_words: str,
    unit: str = "",
    number: Callable[[float], str] | None = None,
    most: int = 12,
    above_only: bool = False,
    source: str | None = None,
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw one value a row, in the table's order, as a dot with its interval.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns ``label`` (words), ``value``, ``low`` and ``high`` (ends of the interval, 95 in 100; NaN without one).
    quantity, unit : str
        What is measured, and its unit.
    reference : float
        Where a line stands that the values are held against; filled dots are those whose interval lies clear of it.
    reference_words : str
        What the line means.
    above_only : bool
        Whether only values above the line mean something.
    number : callable
        From a value to the text beside its dot; one decimal by default.
    most : int
        How many rows to show; the caption says how many were left out.

    Returns
    -------
    matplotlib.axes.Axes
        Tick labels are the rows' labels; the lines of the intervals carry the gid "interval".
    """
    shown, left_out = table.head(most), max(len(table) - most, 0)
    narrow, number = size == "column", number or _one_decimal
    measured = phrase("figures.ranked.with_unit", quantity=quantity, unit=unit) if unit else quantity
    with style(size) as preset:
        longest = max((len(line) for label in shown["label"] for line in wrapped(str(label)).split("\n")), default=1)
        lines = sum(1 if narrow else max(wrapped(str(label)).count("\n") + 1, 1) for label in shown["label"])
        ax = open_axes(
            ax,
            preset,
            title=title,
            subtitle=phrase("figures.ranked.subtitle", quantity=measured),
            source=source or phrase("figures.source_simulated"),
            as_of=as_of,
            body=(lines + len(shown)) * (0.95 if not narrow else 1.7) + 2.4,
            left=min(0.5 * longest + 1.5, 28.0) if not narrow else 1.5,
            right=4.5,
            below=3.4,
            above=1.2,
        )
        values = shown[["value", "low", "high"]].to_numpy(dtype=float)
        for y, (value, low, high) in enumerate(values):
            clear = bool(low > reference or (high < reference and not above_only))
            if np.isfinite(low) and np.isfinite(high):
                ax.plot([low, high], [y, y], color=SERIES[0] if clear else RULE, gid="interval", zorder=2)
            ax.plot(
                [value],
                [y],
                "o",
                color=SERIES[0],
                markerfacecolor=SERIES[0] if clear else "white",
                markersize=5 * preset.base / 9,
                zorder=3,
            )
            ax.annotate(
                number(float(value)),
                (1, y),
                (0.6 * preset.base, 0),
                ("axes fraction", "data"),
                "offset points",
                va="center",
                fontsize=preset.base * 0.9,
            )
        known = values[np.isfinite(values)]
        low_end, high_end = min([reference, *known]), max([reference, *known])
        room = max((high_end - low_end) * 0.06, 1e-9)
        ax.set_xlim(low_end - room, high_end + room)
        ax.set_ylim(len(shown) - 0.4, -1.0 if not narrow else -1.2)
        ax.axvline(reference, color=INK, linewidth=1.0)
        ax.annotate(
            reference_words,
            (reference, 1),
            (0, 2),
            ("data", "axes fraction"),
            "offset points",
            ha="left" if reference < (low_end + high_end) / 2 else "right",
            va="bottom",
            color=MUTED,
            fontsize=preset.base * 0.86,
        )
        tidy(ax, preset, grid="x", bare="y")
        ax.set_yticks(range(len(shown)), [wrapped(str(label)) for label in shown["label"]])
        if narrow:
            ax.set_yticklabels([])
            for y, label in enumerate(shown["label"]):
                short = wrapped(str(label), 46).split("\n")
                name_above(ax, preset, y - 0.22, short[0] + (" …" if len(short) > 1 else ""))
        ax.set_xlabel(unit or quantity, fontsize=preset.base * 0.92)
    clear = (shown["low"] > reference) | ((shown["high"] < reference) & (not above_only))
    caption = _caption(shown, int(clear.sum()), unit, reference_words, number, left_out)
    parts = joined(
        phrase("figures.ranked.part", label=row.label, number=number(float(row.value))) for row in shown.itertuples()
    )
    return described(ax, title, caption, phrase("figures.ranked.alternative", quantity=measured, parts=parts))


def _one_decimal(value: float) -> str:
    return decimal(value, 1)


def _caption(
    shown: pd.DataFrame,
    clear: int,
    unit: str,
    reference_words: str,
    number: Callable[[float], str],
    left_out: int,
) -> str:
    said = []
    if len(shown):
        top = shown.iloc[0]
        value = f"{number(float(top['value']))} {unit}".strip()
        said.append(phrase("figures.ranked.first", label=top["label"], number=value))
    said.append(phrase("figures.ranked.clear", count=clear, all=len(shown), line=reference_words))
    if left_out:
        said.append(phrase("figures.ranked.left_out", count=left_out))
    return " ".join(said)
