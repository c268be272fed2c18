"""How much of a country's expected deaths comes over which border."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from ..core.names import COUNTRIES, HEADLINE, OUTCOMES
from .frame import described, open_axes, tidy
from .style import SEQUENCE, SizeName, style


def spillover_matrix(
    shares: pd.DataFrame,
    *,
    as_of: str,
    outcome: str = HEADLINE,
    least: float = 0.02,
    period: str = "the first twenty-four months",
    title: str = "What comes over the border",
    source: str = "Source: Harmattan; a share is the part of the rate that the model's neighbour term carries.",
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw the share of each country's expected deaths that other countries' violence accounts for.

    Parameters
    ----------
    shares : pandas.DataFrame
        Index: ISO3 where the deaths happen; columns: ISO3 that they come over the border from; values 0 to 1. The
        diagonal is not read.
    least : float
        Rows whose imported share, and columns whose largest share, stay below this are left out (and named in the
        caption).

    Returns
    -------
    matplotlib.axes.Axes
        Cells carry whole per cents; the last column is the sum over all countries, also those not shown.
    """
    grid = shares.copy().astype(float)
    for iso3 in grid.index.intersection(grid.columns):
        grid.loc[iso3, iso3] = 0.0
    total = grid.sum(axis=1)
    rows = [r for r in grid.index if total[r] >= least]
    if not rows:
        raise ValueError(f"No country imports {least:.0%} or more of its expected deaths: there is nothing to draw.")
    columns = [c for c in grid.columns if grid.loc[rows, c].max() >= least]
    shown = np.column_stack([grid.loc[rows, columns].to_numpy(), total[rows].to_numpy()])
    narrow = size == "column"
    with style(size) as preset:
        subtitle = f"Per cent of expected {OUTCOMES.get(outcome, outcome)} in {period}"
        ax = open_axes(
            ax,
            preset,
            title=title,
            subtitle=subtitle,
            source=source,
            as_of=as_of,
            body=2.2 * len(rows),
            left=8.5,
            right=1.0,
            below=0.6,
            above=3.0 if narrow else 6.0,
        )
        colours = LinearSegmentedColormap.from_list("sand", SEQUENCE[:5])
        top = max(float(shown.max()), 0.05)
        body = np.ma.masked_less(shown, 0.005)
        ax.pcolormesh(
            np.arange(len(columns) + 2) - 0.5,
            np.arange(len(rows) + 1) - 0.5,
            body,
            cmap=colours,
            vmin=0,
            vmax=top,
            edgecolors="white",
            linewidth=1.5,
        )
        for i, j in np.ndindex(shown.shape):
            share = shown[i, j]
            if share < 0.005 and j < len(columns):
                continue
            ax.text(
                j,
                i,
                f"{share * 100:.0f}",
                ha="center",
                va="center",
                color="white" if share > 0.55 * top else "#1f2933",
                fontweight="bold" if j == len(columns) else "normal",
                fontsize=preset.base * 0.92,
            )
        ax.axvline(len(columns) - 0.5, color="#55616d", linewidth=1.0)
        ax.set_xticks(range(len(columns) + 1), [*(c if narrow else COUNTRIES.get(c, c) for c in columns), "all"])
        ax.set_yticks(range(len(rows)), [COUNTRIES.get(r, r) for r in rows])
        ax.set_ylim(len(rows) - 0.5, -0.5)
        ax.xaxis.tick_top()
        tidy(ax, preset, bare="xy")
        ax.spines["top"].set_visible(False)
        ax.tick_params(axis="x", labelrotation=90 if narrow else 40, pad=2)
        for label in ax.get_xticklabels():
            label.set(ha="center" if narrow else "left", rotation_mode="default" if narrow else "anchor")
        ax.set_ylabel("where the deaths happen", color="#55616d", fontsize=preset.base * 0.88)
    return described(ax, title, *_words(grid, total, rows, columns, least, outcome))


def _words(
    grid: pd.DataFrame, total: pd.Series, rows: list[str], columns: list[str], least: float, outcome: str
) -> tuple[str, str]:
    name = COUNTRIES.get
    hidden = [name(r, r) for r in grid.index if r not in rows]
    caption = (
        "Read along a row: the share of that country's expected deaths that violence in the column's country "
        "accounts for, as the model has it."
    )
    if hidden:
        caption += f" Not shown, because less than {least * 100:.0f} per cent comes from outside: {', '.join(hidden)}."
    parts = []
    for r in rows:
        largest = grid.loc[r, columns].idxmax()
        parts.append(
            f"{name(r, r)} {total[r] * 100:.0f} per cent, most of it from {name(str(largest), str(largest))} "
            f"({grid.loc[r, largest] * 100:.0f})"
        )
    return caption, f"Matrix of cross-border shares of {OUTCOMES.get(outcome, outcome)}. " + "; ".join(parts) + "."
