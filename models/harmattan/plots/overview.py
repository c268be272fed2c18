"""All scenarios side by side: a row for each, a panel for each region and horizon."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from ..core.language import decimal, phrase, translate
from .frame import described, name_above, open_axes, panels, tidy
from .numbers import horizon_words, joined, opening, scenario_words, sensible
from .style import BLUE_BANDS, INK, MUTED, RULE, Size, SizeName, style

_HEIGHTS = {95: 0.34, 80: 0.5, 50: 0.66}
_FLOOR = 0.1
"""Deaths per month at which the logarithmic axis begins."""


def scenario_overview(
    table: pd.DataFrame,
    *,
    against: str,
    as_of: str,
    quantity: str | None = None,
    title: str | None = None,
    source: str | None = None,
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw 50, 80 and 95 % intervals and the median of every scenario, by region (columns) and horizon (rows).

    At the size column there is room for one region: the first of the table, with the scenarios' titles above their
    bars.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns ``scenario, title, region, window, months, mean, median, ratio, lower_50, upper_50, lower_80, upper_80,
        lower_95, upper_95``; deaths per month.
    against : str
        Scenario whose median is drawn through every panel; the numbers on the right are ratios of expected deaths
        against it.
    quantity : str, optional
        What is counted; deaths of civilians per month by default.

    Returns
    -------
    matplotlib.axes.Axes
        Its child axes are the panels, horizon by horizon.
    """
    narrow = size == "column"
    regions, windows = list(dict.fromkeys(table["region"])), list(dict.fromkeys(table["window"]))
    order = _order(table, regions[0], windows)
    shown = regions[:1] if narrow else regions
    quantity, title = quantity or phrase("figures.overview.quantity"), title or phrase("figures.overview.title")
    with style(size) as preset:
        row, gap = (2.1, 4.4) if narrow else (0.92, 3.6)
        ax = open_axes(
            ax,
            preset,
            title=title,
            subtitle=phrase("figures.overview.subtitle", quantity=quantity, against=scenario_words(against)),
            source=source or phrase("figures.overview.source"),
            as_of=as_of,
            body=len(windows) * (len(order) * row + gap - 0.2),
            left=1.0 if narrow else 20.5,
            right=1.2,
            below=2.4,
            above=1.0,
        )
        grid = panels(ax, preset, columns=[1.0] * len(shown), rows=len(windows), gap=1.2, row_gap=gap)
        for number, panel in enumerate(grid):
            window, region = windows[number // len(shown)], shown[number % len(shown)]
            here = table[(table["region"] == region) & (table["window"] == window)].set_index("scenario").loc[order]
            _panel(panel, here, against, preset.base, narrow=narrow)
            _head(panel, preset, opening(translate(region)), str(here["months"].iloc[0]), narrow=narrow)
            _name_rows(panel, preset, here, against, beside=number % len(shown) == 0, narrow=narrow)
    return described(ax, title, *_words(table, regions, windows, against, quantity, narrow=narrow))


def _order(table: pd.DataFrame, region: str, windows: list[str]) -> list[str]:
    """Return scenarios from the least to the most deaths in the first region, over all horizons."""
    first = table[table["region"] == region]
    level = first.assign(log=np.log(first["mean"] + 1e-9)).groupby("scenario", sort=False)["log"].mean()
    return [str(name) for name in level.sort_values(kind="stable").index]


def _panel(panel: Axes, here: pd.DataFrame, against: str, base: float, *, narrow: bool) -> None:
    scale = 0.55 if narrow else 1.0
    for y, (name, row) in enumerate(here.iterrows()):
        for level, colour in zip((95, 80, 50), BLUE_BANDS, strict=True):
            low, high = max(row[f"lower_{level}"], _FLOOR), max(row[f"upper_{level}"], _FLOOR)
            panel.barh(y, high - low, _HEIGHTS[level] * scale, left=low, color=colour, zorder=2)
        middle = max(row["median"], _FLOOR)
        panel.plot(middle, y, "|", color=INK, markersize=base * 0.7, markeredgewidth=1.4, zorder=4)
        panel.annotate(
            decimal(row["ratio"], 2),
            (1, y),
            (-1, 0),
            ("axes fraction", "data"),
            "offset points",
            ha="right",
            va="center",
            fontsize=base * (0.84 if narrow else 0.62),
            color=INK if name == against else MUTED,
        )
    if against in here.index:
        panel.axvline(max(here.loc[against, "median"], _FLOOR), color=RULE, linewidth=0.8, zorder=1)
    _logarithmic(panel, max(here["lower_95"].min(), _FLOOR), here["upper_95"].max())
    panel.set_ylim(len(here) - 0.4, -1.0 if narrow else -0.6)


def _logarithmic(panel: Axes, low: float, high: float) -> None:
    """Set a logarithmic axis with room at its right for the ratios."""
    high = max(high, low * 10)
    panel.set_xscale("log")
    panel.set_xlim(low * 0.9, high * (high / low) ** 0.22)
    ticks = [t for k in range(-1, 6) for t in (10.0**k, 3 * 10.0**k) if low <= t <= high]
    panel.xaxis.set_major_locator(FixedLocator(ticks))
    panel.xaxis.set_major_formatter(FuncFormatter(lambda value, _: decimal(value, 1 if value < 1 else 0)))
    panel.xaxis.set_minor_locator(NullLocator())


def _head(panel: Axes, size: Size, region: str, months: str, *, narrow: bool) -> None:
    tidy(panel, size, bare="y")
    panel.tick_params(axis="x", labelsize=size.base * (0.84 if narrow else 0.78))
    panel.set_title(
        phrase("figures.overview.panel", region=region, months=months),
        loc="left",
        fontsize=size.base * (0.94 if narrow else 0.8),
        fontweight="bold",
        pad=3,
    )


def _name_rows(panel: Axes, size: Size, here: pd.DataFrame, against: str, *, beside: bool, narrow: bool) -> None:
    """Write the scenarios' titles beside the panel, or above the bars where there is no room beside it."""
    names = [translate(str(title)) for title in here["title"]]
    weights = ["bold" if name == against else "normal" for name in here.index]
    if narrow:
        panel.set_yticks([])
        for y, (name, weight) in enumerate(zip(names, weights, strict=True)):
            name_above(panel, size, y - 0.22, name, weight=weight)
        return
    panel.set_yticks(range(len(names)), names if beside else [])
    panel.tick_params(axis="y", labelsize=size.base * 0.74)
    for label, weight in zip(panel.get_yticklabels(), weights, strict=False):
        label.set_fontweight(weight)


def _words(
    table: pd.DataFrame, regions: list[str], windows: list[str], against: str, quantity: str, *, narrow: bool
) -> tuple[str, str]:
    middle = table[(table["region"] == regions[0]) & (table["window"] == windows[len(windows) // 2])]
    low, high = middle.loc[middle["ratio"].idxmin()], middle.loc[middle["ratio"].idxmax()]
    region, horizon = translate(regions[0]), horizon_words(str(middle["window"].iloc[0]))
    caption = phrase(
        "figures.overview.caption",
        region=region,
        horizon=horizon,
        least=f"×{decimal(low['ratio'], 2)}",
        lowest=translate(low["title"]),
        most=f"×{decimal(high['ratio'], 2)}",
        highest=translate(high["title"]),
        against=scenario_words(against),
    )
    if narrow and len(regions) > 1:
        caption += " " + phrase("figures.overview.caption_one_region")
    parts = joined(
        phrase(
            "figures.overview.part",
            title=translate(str(row.title)),
            median=sensible(float(row.median)),
            ratio=decimal(float(row.ratio), 2),
        )
        for row in middle.itertuples()
    )
    return caption, phrase(
        "figures.overview.alternative", quantity=quantity, region=region, horizon=horizon, parts=parts
    )
