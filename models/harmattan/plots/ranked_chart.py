"""Measured shares, one row each, with their intervals and the line that says where nothing is measured."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from .frame import described, open_axes, tidy
from .numbers import wrapped
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
    number: Callable[[float], str] = "{:.1f}".format,
    most: int = 12,
    above_only: bool = False,
    source: str = "Source: Harmattan, simulated futures.",
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
        From a value to the text beside its dot.
    most : int
        How many rows to show; the caption says how many were left out.

    Returns
    -------
    matplotlib.axes.Axes
        Tick labels are the rows' labels; the lines of the intervals carry the gid "interval".
    """
    shown, left_out = table.head(most), max(len(table) - most, 0)
    narrow = size == "column"
    with style(size) as preset:
        longest = max((len(line) for label in shown["label"] for line in wrapped(str(label)).split("\n")), default=1)
        lines = sum(1 if narrow else max(wrapped(str(label)).count("\n") + 1, 1) for label in shown["label"])
        ax = open_axes(
            ax,
            preset,
            title=title,
            subtitle=f"{quantity}{f' ({unit})' if unit else ''}; dot and interval (95 in 100)",
            source=source,
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
                ax.annotate(
                    short[0] + (" …" if len(short) > 1 else ""),
                    (0, y - 0.22),
                    (0, 1.5),
                    ("axes fraction", "data"),
                    "offset points",
                    va="bottom",
                    fontsize=preset.base * 0.84,
                )
        ax.set_xlabel(unit or quantity, fontsize=preset.base * 0.92)
    clear = (shown["low"] > reference) | ((shown["high"] < reference) & (not above_only))
    return described(ax, title, *_words(shown, int(clear.sum()), quantity, unit, reference_words, number, left_out))


def _words(
    shown: pd.DataFrame,
    clear: int,
    quantity: str,
    unit: str,
    reference_words: str,
    number: Callable[[float], str],
    left_out: int,
) -> tuple[str, str]:
    caption = f"{clear} of the {len(shown)} rows shown lie clear of the line ({reference_words})."
    if len(shown):
        top = shown.iloc[0]
        caption = f"First: {top['label']}, {number(float(top['value']))}{f' {unit}' if unit else ''}. {caption}"
    if left_out:
        caption += f" {left_out} further rows are left out."
    parts = "; ".join(f"{row.label}: {number(float(row.value))}" for row in shown.itertuples())
    return caption, f"Dots with intervals of {quantity}{f' ({unit})' if unit else ''}. {parts}."
