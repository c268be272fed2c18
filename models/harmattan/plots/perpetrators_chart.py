"""Who kills civilians: a panel for each perpetrator, years on record as bars, the next twelve months as ranges."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ..core.language import country_name, phrase, whole
from ..core.names import ONE_SIDED_PARTS
from .frame import described, open_axes, panels, tidy
from .numbers import joined, opening, scenario_words, sensible
from .style import INK, MARKERS, NEUTRAL, SERIES, SERIES_TEXT, Size, SizeName, style

_STEP = 0.62
"""Between the ranges of two scenarios, in widths of a bar."""


def who_kills(
    by_year: pd.DataFrame,
    ahead: pd.DataFrame,
    *,
    country: str,
    period: str,
    as_of: str,
    checked: str = "",
    title: str | None = None,
    source: str | None = None,
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw who killed civilians in past years, and who may in the next twelve months, on one scale.

    Parameters
    ----------
    by_year : DataFrame
        Columns year, one_sided_state, one_sided_other (deaths).
    ahead : DataFrame
        Columns outcome (one of these two), scenario, median, lower_80, upper_80, recorded (deaths of the twelve
        months; NaN where not on record).
    country : str
    period : str
        The twelve months in words.
    as_of : str
    checked, title, source, size, ax
        As in the other figures.

    Returns
    -------
    matplotlib.axes.Axes
        Its child axes are the panels: by the state, by others.
    """
    narrow = size == "column"
    body = 26.0 if narrow else 15.0
    title = title or phrase("figures.who_kills.title", country=country_name(country))
    with style(size) as preset:
        ax = open_axes(
            ax,
            preset,
            title=title,
            subtitle=phrase("figures.who_kills.subtitle", period=period),
            source=source or phrase("figures.who_kills.source"),
            as_of=as_of,
            checked=checked,
            body=body,
            left=4.2,
            right=1.0,
            below=4.4,
            above=1.6,
        )
        shape = {"columns": [1.0], "rows": 2} if narrow else {"columns": [1.0, 1.0], "rows": 1}
        grid = panels(ax, preset, gap=2.2, row_gap=5.6, **shape)  # type: ignore[arg-type]
        top = 1.08 * max(by_year[list(ONE_SIDED_PARTS)].max().max(), ahead["upper_80"].max(), 1.0)
        for panel, part in zip(grid, ONE_SIDED_PARTS, strict=True):
            _panel(panel, by_year["year"].astype(str).tolist(), by_year[part].tolist(), preset)
            _ranges(panel, len(by_year), ahead[ahead["outcome"] == part], preset)
            panel.set_ylim(0, top)
            panel.set_title(opening(phrase(f"figures.who_kills.{part}")), loc="left", fontsize=preset.base, pad=6)
        _name_scenarios(ax, ahead["scenario"].unique().tolist(), preset, -3.0 / body)
    return described(ax, title, *_words(by_year, ahead, country, period))


def _panel(panel: Axes, years: list[str], deaths: list[float], size: Size) -> None:
    tidy(panel, size, grid="y", bare="x")
    panel.set_axisbelow(True)
    panel.bar(range(len(years)), deaths, 0.7, color=NEUTRAL)
    panel.set_xticks(range(len(years)), [year[2:].rjust(3, "’") for year in years])
    panel.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    panel.yaxis.set_major_formatter(FuncFormatter(lambda value, _: whole(value)))


def _ranges(panel: Axes, start: int, rows: pd.DataFrame, size: Size) -> None:
    """Draw each scenario's median and 80 % interval right of the bars, and what was recorded as a line across them."""
    for number, row in enumerate(rows.to_dict("records")):
        at = start + 0.25 + number * _STEP
        panel.plot([at, at], [row["lower_80"], row["upper_80"]], color=SERIES[number], linewidth=2.4, zorder=3)
        panel.plot(at, row["median"], MARKERS[number], color=SERIES[number], markersize=size.base * 0.6, zorder=4)
    came, ends = rows["recorded"].iloc[0], (start - 0.15, start + 0.65 + (len(rows) - 1) * _STEP)
    if pd.notna(came):
        panel.plot(ends, [came, came], color=INK, linewidth=1.2, linestyle=(0, (2, 1.2)), zorder=2.5)
    panel.set_xlim(-0.7, ends[1] + 0.3)


def _name_scenarios(ax: Axes, scenarios: list[str], size: Size, below: float) -> None:
    """Name the scenarios under the panels, in the colours and marks of their ranges."""
    marks = [
        Line2D([], [], color=SERIES[number], marker=MARKERS[number], linewidth=2.4, markersize=size.base * 0.6)
        for number in range(len(scenarios))
    ]
    named = ax.legend(
        marks, [scenario_words(name) for name in scenarios], loc="upper left", bbox_to_anchor=(0, below), ncols=2,
        frameon=False, fontsize=size.base * 0.9, borderaxespad=0, handlelength=1.6, columnspacing=1.6,
    )  # fmt: skip
    for number, text in enumerate(named.get_texts()):
        text.set_color(SERIES_TEXT[number])


def _words(by_year: pd.DataFrame, ahead: pd.DataFrame, country: str, period: str) -> tuple[str, str]:
    first = ahead[ahead["scenario"] == ahead["scenario"].iloc[0]].set_index("outcome")
    years = by_year.set_index("year")
    parts = [
        phrase(
            "figures.who_kills.part",
            who=phrase(f"figures.who_kills.{part}"),
            years=joined(f"{year}: {whole(years.at[year, part])}" for year in years.index[-3:]),
            median=sensible(first.at[part, "median"]),
            low=sensible(first.at[part, "lower_80"]),
            high=sensible(first.at[part, "upper_80"]),
        )
        for part in ONE_SIDED_PARTS
    ]
    caption = phrase("figures.who_kills.caption", country=country_name(country), period=period)
    return caption, f"{caption} {' '.join(parts)}"
