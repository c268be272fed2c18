"""What the documents brought and what the data left of it, driver by driver."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from .frame import described, open_axes, tidy
from .numbers import ratio_words, short_in_hundred, wrapped
from .style import INK, MUTED, RULE, SERIES, SizeName, style

_TICKS = (0.125, 0.25, 0.5, 0.71, 1, 1.41, 2, 4, 8)
_NAMES = {0.125: "×⅛", 0.25: "×¼", 0.5: "×½", 0.71: "×0.7", 1: "×1", 1.41: "×1.4", 2: "×2", 4: "×4", 8: "×8"}


def drivers(
    table: pd.DataFrame,
    *,
    as_of: str,
    title: str = "What the documents say against what the data add",
    source: str = "Source: prior from claims and published effects; posterior after the UCDP record, by Harmattan.",
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw prior and posterior of every driver's effect, with P(the effect is there) as numbers at the right.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per driver, drawn in this order: ``label`` (words), ``prior_low, prior_median, prior_high,
        posterior_low, posterior_median, posterior_high`` (rate ratios; low and high are the 10 and 90 % quantiles)
        and ``prior_weight, posterior_weight`` (probability that the effect is there, 0 to 1).

    Returns
    -------
    matplotlib.axes.Axes
        Tick labels are the drivers' labels; lines carry the gid "prior" or "posterior".
    """
    narrow = size == "column"
    n = len(table)
    with style(size) as preset:
        longest = max(len(line) for label in table["label"] for line in wrapped(str(label)).split("\n"))
        left = min(0.5 * longest + 1.5, 28.0) if not narrow else 1.0
        ax = open_axes(
            ax,
            preset,
            title=title,
            as_of=as_of,
            source=source,
            left=left,
            right=8.2 if not narrow else 6.8,
            below=3.6,
            above=1.2,
            subtitle="Rate ratio at its peak, 80 in 100; at the right: chances in 100 that the effect is there",
            body=n * (1.75 if not narrow else 2.6) + 3.2,
        )
        for y, row in enumerate(table.itertuples()):
            for kind, lift, colour, mark in (("prior", -0.17, RULE, "|"), ("posterior", 0.17, SERIES[0], "o")):
                low, middle, high = (float(getattr(row, f"{kind}_{part}")) for part in ("low", "median", "high"))
                ax.plot(
                    [low, high],
                    [y + lift] * 2,
                    color=colour,
                    linewidth=2.6 * preset.base / 9,
                    solid_capstyle="butt",
                    gid=kind,
                    label=kind if y == 0 else "",
                )
                ax.plot(
                    [middle],
                    [y + lift],
                    mark,
                    color=INK if kind == "prior" else SERIES[0],
                    markersize=4.6 * preset.base / 9,
                )
            chances = f"{short_in_hundred(float(row.prior_weight))} → {short_in_hundred(float(row.posterior_weight))}"
            ax.annotate(
                chances,
                (1, y),
                (1.2 * preset.base, 0),
                ("axes fraction", "data"),
                "offset points",
                va="center",
                fontsize=preset.base * 0.94,
            )
        ax.annotate(
            "prior → data",
            (1, -0.85),
            (1.2 * preset.base, 0),
            ("axes fraction", "data"),
            "offset points",
            va="center",
            color=MUTED,
            fontsize=preset.base * 0.84,
        )
        ax.set_xscale("log", base=2)
        ends = table[["prior_low", "prior_high", "posterior_low", "posterior_high"]].to_numpy(dtype=float)
        ax.set_xlim(min(ends.min() / 1.08, 0.66), max(ends.max() * 1.08, 1.5))
        shown = [t for t in _TICKS if ax.get_xlim()[0] <= t <= ax.get_xlim()[1]]
        ax.set_xticks(shown, [_NAMES[t] for t in shown])
        ax.minorticks_off()
        ax.set_ylim(n - 0.4, -1.3)
        ax.axvline(1, color=RULE, linewidth=1.0, zorder=0)
        tidy(ax, preset, grid="x", bare="y")
        _name_rows(ax, [str(label) for label in table["label"]], preset.base, narrow)
        ax.set_xlabel("fewer deaths  ←  rate ratio  →  more deaths", fontsize=preset.base * 0.92)
        ax.legend(loc="lower right", bbox_to_anchor=(1, 1), ncol=2, borderaxespad=0, handlelength=1.4)
    return described(ax, title, *_words(table))


def _name_rows(ax: Axes, labels: list[str], base: float, narrow: bool) -> None:
    """Name the rows at the left, or on a narrow figure above their lines."""
    ax.set_yticks(range(len(labels)), [wrapped(label) for label in labels])
    if not narrow:
        return
    ax.set_yticklabels([])
    for y, label in enumerate(labels):
        ax.annotate(
            label, (0, y - 0.32), (0, 0), ("axes fraction", "data"), "offset points", va="bottom", fontsize=base * 0.88
        )


def _words(table: pd.DataFrame) -> tuple[str, str]:
    moved = (table["posterior_weight"] - table["prior_weight"]).abs()
    silent = int((moved < 0.05).sum())
    caption = (
        "Grey: before the data; blue: after. Where the two agree, the data are silent and the documents speak: "
        f"for {silent} of {len(table)} drivers the chance that the effect is there moved by less than 5 in 100."
    )
    parts = [
        f"{row.label}: {ratio_words(float(row.prior_median))} to {ratio_words(float(row.posterior_median))}, "
        f"chances {short_in_hundred(float(row.prior_weight))} to {short_in_hundred(float(row.posterior_weight))} in 100"
        for row in table.itertuples()
    ]
    most = str(table["label"].iloc[int(np.argmax(moved.to_numpy()))])
    opening = f"Prior against posterior effect of {len(table)} drivers; the data moved {most} most. "
    return caption, opening + "; ".join(parts) + "."
