"""Who kills civilians: a panel for each perpetrator, years on record as bars, the next twelve months as ranges."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ..core.language import country_name, phrase, whole
from .course_numbers import KillerNumbers, KillerYears, killer_numbers
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
    numbers = killer_numbers(by_year, ahead, country=country)
    words = {"period": period, "as_of": as_of, "checked": checked}
    return draw_killers(numbers, **words, title=title, source=source, size=size, ax=ax)


def draw_killers(
    numbers: KillerNumbers,
    *,
    period: str,
    as_of: str,
    checked: str = "",
    title: str | None = None,
    source: str | None = None,
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw a panel per perpetrator. Parameters and result are those of `who_kills`."""
    narrow = size == "column"
    body = 26.0 if narrow else 15.0
    title = title or phrase("figures.who_kills.title", country=country_name(numbers.country))
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
        for panel, part in zip(grid, numbers.parts, strict=True):
            _panel(panel, numbers.years, part, preset)
            _ranges(panel, len(numbers.years), part, preset)
            panel.set_ylim(0, 1.08 * _largest(numbers))
            title_of = phrase(f"figures.who_kills.{part.outcome}")
            panel.set_title(opening(title_of), loc="left", fontsize=preset.base, pad=6)
        _name_scenarios(ax, [one.scenario for one in numbers.parts[0].ahead], preset, -3.0 / body)
    return described(ax, title, *_words(numbers, period), numbers)


def _largest(numbers: KillerNumbers) -> float:
    """Return the largest number drawn, at least one death."""
    past = (deaths for part in numbers.parts for deaths in part.by_year if deaths is not None)
    return max(1.0, *past, *(one.high for part in numbers.parts for one in part.ahead))


def _panel(panel: Axes, years: tuple[str, ...], part: KillerYears, size: Size) -> None:
    tidy(panel, size, grid="y", bare="x")
    panel.set_axisbelow(True)
    panel.bar(range(len(years)), np.array(part.by_year, dtype=float), 0.7, color=NEUTRAL)
    panel.set_xticks(range(len(years)), [year[2:].rjust(3, "’") for year in years])
    panel.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    panel.yaxis.set_major_formatter(FuncFormatter(lambda value, _: whole(value)))


def _ranges(panel: Axes, start: int, part: KillerYears, size: Size) -> None:
    """Draw each scenario's median and 80 % interval right of the bars, and what was recorded as a line across them."""
    for number, row in enumerate(part.ahead):
        at = start + 0.25 + number * _STEP
        panel.plot([at, at], [row.low, row.high], color=SERIES[number], linewidth=2.4, zorder=3)
        panel.plot(at, row.median, MARKERS[number], color=SERIES[number], markersize=size.base * 0.6, zorder=4)
    ends = (start - 0.15, start + 0.65 + (len(part.ahead) - 1) * _STEP)
    if part.recorded is not None:
        panel.plot(ends, [part.recorded] * 2, color=INK, linewidth=1.2, linestyle=(0, (2, 1.2)), zorder=2.5)
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


def _words(numbers: KillerNumbers, period: str) -> tuple[str, str]:
    parts = [
        phrase(
            "figures.who_kills.part",
            who=phrase(f"figures.who_kills.{part.outcome}"),
            years=joined(
                f"{year}: {whole(deaths)}"
                for year, deaths in list(zip(numbers.years, part.by_year, strict=True))[-3:]
                if deaths is not None
            ),
            median=sensible(part.ahead[0].median),
            low=sensible(part.ahead[0].low),
            high=sensible(part.ahead[0].high),
        )
        for part in numbers.parts
    ]
    caption = phrase("figures.who_kills.caption", country=country_name(numbers.country), period=period)
    return caption, f"{caption} {' '.join(parts)}"
