"""Which share of deaths on record was in conflicts of groups from elsewhere."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from ..core.language import country_name, outcome_name, phrase
from .border_numbers import LEAST_SHARE, SpilloverNumbers, spillover_numbers
from .frame import described, open_axes, tidy
from .numbers import joined
from .style import SEQUENCE, SizeName, style


def spillover_matrix(
    shares: pd.DataFrame,
    *,
    as_of: str,
    outcome: str | None = None,
    least: float = LEAST_SHARE,
    period: str | None = None,
    title: str | None = None,
    source: str | None = None,
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw the share of each country's recorded deaths in conflicts of groups that had come from another.

    Parameters
    ----------
    shares : pandas.DataFrame
        Index: ISO3 where the deaths happened; columns: ISO3 that groups came from; values 0 to 1. The diagonal is not
        read.
    outcome : str, optional
        Type of violence that the shares are of; all types together by default.
    least : float
        Rows whose imported share, and columns whose largest share, stay below this are left out (and named in the
        caption).

    Returns
    -------
    matplotlib.axes.Axes
        Rows by their sum, the largest first. Cells carry whole per cents; the last column is the sum over all
        countries, also those not shown.
    """
    numbers = spillover_numbers(shares, outcome=outcome, least=least)
    return draw_spillover(numbers, as_of=as_of, period=period, title=title, source=source, size=size, ax=ax)


def draw_spillover(
    numbers: SpilloverNumbers,
    *,
    as_of: str,
    period: str | None = None,
    title: str | None = None,
    source: str | None = None,
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw shares as cells. Parameters and result are those of `spillover_matrix`."""
    title = title or phrase("figures.spillover.title")
    rows, columns = numbers.rows, numbers.origins
    shown = np.array([[*row.shares, row.total] for row in rows])
    narrow = size == "column"
    where = [country_name(row.country) for row in rows]
    with style(size) as preset:
        subtitle = phrase(
            "figures.spillover.subtitle",
            outcome=outcome_name(numbers.outcome),
            period=period or phrase("figures.spillover.period"),
        )
        ax = open_axes(
            ax,
            preset,
            title=title,
            subtitle=subtitle,
            source=source or phrase("figures.spillover.source"),
            as_of=as_of,
            body=2.2 * len(rows),
            left=max(8.5, 0.6 * max(len(name) for name in where) + 1.0),
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
        names = [*(c if narrow else country_name(c) for c in columns), phrase("figures.spillover.all")]
        ax.set_xticks(range(len(columns) + 1), names)
        ax.set_yticks(range(len(rows)), where)
        ax.set_ylim(len(rows) - 0.5, -0.5)
        ax.xaxis.tick_top()
        tidy(ax, preset, bare="xy")
        ax.spines["top"].set_visible(False)
        ax.tick_params(axis="x", labelrotation=90 if narrow else 40, pad=2)
        for label in ax.get_xticklabels():
            label.set(ha="center" if narrow else "left", rotation_mode="default" if narrow else "anchor")
        ax.set_ylabel(phrase("figures.spillover.where"), color="#55616d", fontsize=preset.base * 0.88)
    return described(ax, title, *_words(numbers), numbers)


def _words(numbers: SpilloverNumbers) -> tuple[str, str]:
    hidden = [country_name(unit) for unit in numbers.hidden]
    caption = phrase("figures.spillover.caption")
    if hidden:
        caption += " " + phrase("figures.spillover.caption_hidden", countries=", ".join(hidden))
    parts = []
    for row in numbers.rows:
        largest = max(row.shares)
        parts.append(
            phrase(
                "figures.spillover.part",
                country=country_name(row.country),
                share=f"{row.total * 100:.0f}",
                from_country=country_name(numbers.origins[row.shares.index(largest)]),
                largest=f"{largest * 100:.0f}",
            )
        )
    return caption, phrase("figures.spillover.alternative", outcome=outcome_name(numbers.outcome), parts=joined(parts))
