"""All scenarios side by side: a row for each, a panel for each region and horizon."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from .frame import described, open_axes, panels, tidy
from .numbers import sensible
from .style import BLUE_BANDS, INK, MUTED, RULE, SizeName, style

_HEIGHTS = {95: 0.34, 80: 0.5, 50: 0.66}


def scenario_overview(
    table: pd.DataFrame,
    *,
    against: str,
    as_of: str,
    quantity: str = "Deaths of civilians in one-sided violence per month",
    title: str = "What each scenario makes of the risk",
    source: str = "Source: Harmattan; all scenarios on the same record, fit and luck.",
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw 50, 80 and 95 % intervals and the median of every scenario, by region (columns) and horizon (rows).

    Parameters
    ----------
    table : pandas.DataFrame
        Columns ``scenario, title, region, window, months, mean, median, ratio, lower_50, upper_50, lower_80, upper_80,
        lower_95, upper_95``; deaths per month.
    against : str
        Scenario whose median is drawn through every panel; the numbers on the right are ratios of expected deaths
        against it.

    Returns
    -------
    matplotlib.axes.Axes
        Its child axes are the panels, horizon by horizon.

    Raises
    ------
    ValueError
        If the size is column, which leaves no room for nine panels.
    """
    if size == "column":
        raise ValueError("Nine panels need room: choose the size slide or page.")
    regions, windows = list(dict.fromkeys(table["region"])), list(dict.fromkeys(table["window"]))
    order = _order(table, regions[0], windows)
    count = len(order)
    with style(size) as preset:
        row = 0.92
        ax = open_axes(
            ax,
            preset,
            title=title,
            subtitle=f"{quantity}, on a logarithmic scale: median and 50, 80 and 95 % of futures. In small: expected "
            f"deaths as a multiple of those under {against.replace('_', ' ')}",
            source=source,
            as_of=as_of,
            body=len(windows) * (count * row + 3.4),
            left=20.5,
            right=1.2,
            below=2.4,
            above=1.0,
        )
        grid = panels(ax, preset, columns=[1.0] * len(regions), rows=len(windows), gap=1.2, row_gap=3.6)
        titles = dict(zip(table["scenario"], table["title"], strict=True))
        for number, panel in enumerate(grid):
            window, region = windows[number // len(regions)], regions[number % len(regions)]
            here = table[(table["region"] == region) & (table["window"] == window)].set_index("scenario").loc[order]
            _panel(panel, here, against, preset.base)
            tidy(panel, preset, bare="y")
            panel.tick_params(axis="x", labelsize=preset.base * 0.78)
            panel.set_title(
                f"{region}, months {here['months'].iloc[0]}",
                loc="left",
                fontsize=preset.base * 0.8,
                fontweight="bold",
                pad=3,
            )
            panel.set_yticks(range(count), [titles[name] for name in order] if number % len(regions) == 0 else [])
            panel.tick_params(axis="y", labelsize=preset.base * 0.74)
            for label, name in zip(panel.get_yticklabels(), order, strict=False):
                label.set_fontweight("bold" if name == against else "normal")
    middle = table[(table["region"] == regions[0]) & (table["window"] == windows[len(windows) // 2])]
    low, high = middle.loc[middle["ratio"].idxmin()], middle.loc[middle["ratio"].idxmax()]
    caption = (
        f"In {regions[0]} at the {middle['window'].iloc[0]} horizon expected deaths lie between ×{low['ratio']:.2f} "
        f"({low['title']}) and ×{high['ratio']:.2f} ({high['title']}) of those under {against.replace('_', ' ')}."
    )
    parts = "; ".join(
        f"{r.title}: median {sensible(float(r.median))}, ratio {r.ratio:.2f}" for r in middle.itertuples()
    )
    return described(ax, title, caption, f"{quantity} in {regions[0]}, {middle['window'].iloc[0]} horizon. {parts}.")


def _order(table: pd.DataFrame, region: str, windows: list[str]) -> list[str]:
    """Return scenarios from the least to the most deaths in the first region, over all horizons."""
    first = table[table["region"] == region]
    level = first.assign(log=np.log(first["mean"] + 1e-9)).groupby("scenario", sort=False)["log"].mean()
    return [str(name) for name in level.sort_values(kind="stable").index]


def _panel(panel: Axes, here: pd.DataFrame, against: str, base: float) -> None:
    floor = 0.1
    for y, (name, row) in enumerate(here.iterrows()):
        for level, colour in zip((95, 80, 50), BLUE_BANDS, strict=True):
            low, high = max(row[f"lower_{level}"], floor), max(row[f"upper_{level}"], floor)
            panel.barh(y, high - low, _HEIGHTS[level], left=low, color=colour, zorder=2)
        panel.plot(max(row["median"], floor), y, "|", color=INK, markersize=base * 0.7, markeredgewidth=1.4, zorder=4)
        panel.annotate(
            f"{row['ratio']:.2f}",
            (1, y),
            (-1, 0),
            ("axes fraction", "data"),
            "offset points",
            ha="right",
            va="center",
            fontsize=base * 0.62,
            color=INK if name == against else MUTED,
        )
    if against in here.index:
        panel.axvline(max(here.loc[against, "median"], floor), color=RULE, linewidth=0.8, zorder=1)
    panel.set_xscale("log")
    low = max(here["lower_95"].min(), floor)
    high = max(here["upper_95"].max(), low * 10)
    panel.set_xlim(low * 0.9, high * (high / low) ** 0.22)
    ticks = [t for k in range(-1, 6) for t in (10.0**k, 3 * 10.0**k) if low <= t <= high]
    panel.xaxis.set_major_locator(FixedLocator(ticks))
    panel.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    panel.xaxis.set_minor_locator(NullLocator())
    panel.set_ylim(len(here) - 0.4, -0.6)
