"""What the documents brought and what the data left of it, driver by driver."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..core.language import phrase
from .effect_numbers import DriverNumbers, DriverRow, driver_numbers
from .frame import described, name_above, open_axes, tidy
from .numbers import joined, ratio_words, short_in_hundred, wrapped
from .ratio_axis import ratio_axis
from .style import INK, MUTED, RULE, SERIES, Size, SizeName, style


def drivers(
    table: pd.DataFrame,
    *,
    as_of: str,
    title: str | None = None,
    source: str | None = None,
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw prior and posterior of every driver's effect; at the right the chances that it happens and that it matters.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per driver, drawn in this order: ``label`` (words), ``prior_low, prior_median, prior_high,
        posterior_low, posterior_median, posterior_high`` (rate ratios; low and high are the 10 and 90 % quantiles)
        and ``prior_weight, posterior_weight`` (probability that the effect is there, 0 to 1). Optional:
        ``claim_ratios``, for each driver the rate ratios that single claims give it, drawn as ticks.

    Returns
    -------
    matplotlib.axes.Axes
        Tick labels are the drivers' labels; lines carry the gid "prior" or "posterior".
    """
    return draw_drivers(driver_numbers(table), as_of=as_of, title=title, source=source, size=size, ax=ax)


def draw_drivers(
    numbers: DriverNumbers,
    *,
    as_of: str,
    title: str | None = None,
    source: str | None = None,
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw a row per driver. Parameters and result are those of `drivers`."""
    narrow, rows = size == "column", numbers.rows
    n, title = len(rows), title or phrase("figures.drivers.title")
    with style(size) as preset:
        longest = max(len(line) for row in rows for line in wrapped(row.label).split("\n"))
        left = min(0.5 * longest + 1.5, 28.0) if not narrow else 1.0
        ax = open_axes(
            ax,
            preset,
            title=title,
            as_of=as_of,
            source=source or phrase("figures.drivers.source"),
            left=left,
            right=8.2 if not narrow else 7.8,
            below=3.6,
            above=1.2,
            subtitle=phrase("figures.drivers.subtitle"),
            body=n * (1.75 if not narrow else 2.8) + 3.2,
        )
        _claim_ticks(ax, rows, preset.base)
        for y, row in enumerate(rows):
            for kind, lift, colour, mark in (("prior", -0.17, RULE, "|"), ("posterior", 0.17, SERIES[0], "o")):
                low, middle, high = (getattr(row, f"{kind}_{part}") for part in ("low", "median", "high"))
                ax.plot(
                    [low, high],
                    [y + lift] * 2,
                    color=colour,
                    linewidth=2.6 * preset.base / 9,
                    solid_capstyle="butt",
                    gid=kind,
                    label=phrase(f"figures.drivers.{kind}") if y == 0 else "",
                )
                ax.plot(
                    [middle],
                    [y + lift],
                    mark,
                    color=INK if kind == "prior" else SERIES[0],
                    markersize=4.6 * preset.base / 9,
                )
            chances = f"{short_in_hundred(row.prior_weight)} → {short_in_hundred(row.posterior_weight)}"
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
            phrase("figures.drivers.head"),
            (1, -0.85),
            (1.2 * preset.base, 0),
            ("axes fraction", "data"),
            "offset points",
            va="center",
            color=MUTED,
            fontsize=preset.base * 0.84,
        )
        ends = [end for row in rows for end in (*row.ends, *row.claim_ratios)]
        ratio_axis(ax, float(np.nanmin(ends)), float(np.nanmax(ends)))
        ax.set_ylim(n - 0.4, -1.3)
        ax.axvline(1, color=RULE, linewidth=1.0, zorder=0)
        tidy(ax, preset, grid="x", bare="y")
        _name_rows(ax, [row.label for row in rows], preset, narrow)
        ax.set_xlabel(phrase("figures.drivers.axis"), fontsize=preset.base * 0.92)
        ax.legend(loc="lower right", bbox_to_anchor=(1, 1), ncol=3, borderaxespad=0, handlelength=1.4)
    return described(ax, title, *_words(numbers), numbers)


def _claim_ticks(ax: Axes, rows: tuple[DriverRow, ...], base: float) -> None:
    """Mark each claim's rate ratio under the driver's bars."""
    label = phrase("figures.drivers.claims")
    for y, row in enumerate(rows):
        if row.claim_ratios:
            ax.plot(
                row.claim_ratios,
                [y + 0.38] * len(row.claim_ratios),
                "|",
                color=SERIES[1],
                alpha=0.8,
                markersize=0.5 * base,
                markeredgewidth=0.11 * base,
                gid="claims",
                label=label,
            )
            label = ""


def _name_rows(ax: Axes, labels: list[str], size: Size, narrow: bool) -> None:
    """Name the rows at the left, or on a narrow figure above their lines."""
    ax.set_yticks(range(len(labels)), [wrapped(label) for label in labels])
    if not narrow:
        return
    ax.set_yticklabels([])
    for y, label in enumerate(labels):
        name_above(ax, size, y - 0.32, label)


def _words(numbers: DriverNumbers) -> tuple[str, str]:
    rows = numbers.rows
    moved = [abs(row.posterior_weight - row.prior_weight) for row in rows]
    silent = sum(by < 0.05 for by in moved)
    caption = phrase("figures.drivers.caption", silent=silent, count=len(rows))
    if numbers.with_claims:
        caption += " " + phrase("figures.drivers.caption_claims")
    parts = [
        phrase(
            "figures.drivers.part",
            label=row.label,
            before=ratio_words(row.prior_median),
            after=ratio_words(row.posterior_median),
            chance_before=short_in_hundred(row.prior_weight),
            chance_after=short_in_hundred(row.posterior_weight),
        )
        for row in rows
    ]
    most = rows[int(np.argmax(moved))].label
    return caption, phrase("figures.drivers.alternative", count=len(rows), most=most, parts=joined(parts))
