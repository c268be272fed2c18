"""The same futures in several countries, one small panel each."""

from collections.abc import Mapping, Sequence
from typing import Any

import xarray as xr
from matplotlib.axes import Axes

from ..core.language import country_name, outcome_name, phrase, whole
from ..core.months import month_number
from ..core.names import HEADLINE
from .course_numbers import MultiplesNumbers, UnitMonths, multiples_numbers
from .frame import described, open_axes, panels, tidy
from .numbers import joined, month_words, opening, scenario_words, sensible
from .style import BLUE_BANDS, LINES, SERIES, SERIES_TEXT, Size, SizeName, style


def scenario_multiples(
    paths: Mapping[str, xr.DataArray],
    *,
    as_of: str,
    countries: Sequence[str] | None = None,
    outcome: str = HEADLINE,
    title: str | None = None,
    source: str | None = None,
    checked: str = "",
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw what every scenario expects month by month, one panel per country, each on its own scale.

    Parameters
    ----------
    paths : mapping of str to xarray.DataArray
        Scenario name to simulated deaths per month, dims (draw, month, country, outcome). At most four; the band is
        that of the first.
    countries : sequence of str
        Codes in the order of the panels; all of the first scenario by default.

    Returns
    -------
    matplotlib.axes.Axes
        A frame; ``ax.child_axes`` holds one panel per country, titled with its name; lines (means over the futures)
        carry the scenario as gid, the band "80 in 100".
    """
    numbers = multiples_numbers(paths, countries=countries, outcome=outcome)
    return draw_multiples(numbers, as_of=as_of, title=title, source=source, checked=checked, size=size, ax=ax)


def draw_multiples(
    numbers: MultiplesNumbers,
    *,
    as_of: str,
    title: str | None = None,
    source: str | None = None,
    checked: str = "",
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw a panel per unit. Parameters and result are those of `scenario_multiples`."""
    title = title or phrase("figures.multiples.title")
    units, months = numbers.units, [month_number(month) for month in numbers.months]
    across = 2 if size == "column" else 3
    down = -(-len(units) // across)
    with style(size) as preset:
        ax = open_axes(
            ax,
            preset,
            title=title,
            subtitle=phrase("figures.multiples.subtitle", outcome=opening(outcome_name(numbers.outcome))),
            source=source or phrase("figures.source_simulated"),
            as_of=as_of,
            checked=checked,
            body=down * 8.0 + (down - 1) * 3.2,
            left=2.8,
            right=1.2,
            below=2.2,
            above=3.4,
        )
        made = panels(ax, preset, columns=[1.0] * across, rows=down, gap=3.2, row_gap=3.2)
        for unit, panel in zip(units, made, strict=False):
            _panel(panel, months, unit, preset)
            panel.set_title(country_name(unit.country), loc="left", fontsize=preset.base, fontweight="bold", pad=3)
        for panel in made[len(units) :]:
            panel.remove()
        handles, labels = made[0].get_legend_handles_labels()
        made[0].legend(
            handles,
            labels,
            loc="lower left",
            ncol=len(labels),
            bbox_to_anchor=(0, 1 + 1.9 / 8.0),
            borderaxespad=0,
            labelcolor=list(SERIES_TEXT[: len(labels)]),
        )
    return described(ax, title, *_words(numbers), numbers)


def _panel(panel: Axes, months: list[int], unit: UnitMonths, size: Size) -> None:
    top = max(*unit.high, *(deaths for line in unit.lines for deaths in line.mean))
    panel.fill_between(months, unit.low, unit.high, color=BLUE_BANDS[0], linewidth=0, gid="80 in 100")
    for k, line in enumerate(unit.lines):
        words: dict[str, Any] = {"label": scenario_words(line.scenario), "gid": line.scenario}
        panel.plot(months, line.mean, color=SERIES[k], linestyle=LINES[k], **words)
    years = [n for n in months if n % 12 == 0]
    panel.set_xticks(years[::2], [str(n // 12) for n in years[::2]])
    panel.set_xlim(months[0], months[-1])
    panel.set_ylim(0, max(top * 1.05, 1.0))
    panel.locator_params(axis="y", nbins=3, integer=True)
    panel.yaxis.set_major_formatter(lambda value, _: whole(value))
    tidy(panel, size, grid="y")
    panel.tick_params(labelsize=size.base * 0.84)
    panel.spines["left"].set_visible(False)


def _words(numbers: MultiplesNumbers) -> tuple[str, str]:
    at = min(11, len(numbers.months) - 1)
    parts = []
    for unit in numbers.units:
        expected = ", ".join(
            phrase(
                "figures.multiples.expected_at",
                number=sensible(line.mean[at]),
                scenario=scenario_words(line.scenario),
            )
            for line in unit.lines
        )
        parts.append(phrase("figures.multiples.part", country=country_name(unit.country), expected=expected))
    told = {"outcome": outcome_name(numbers.outcome), "month": month_words(numbers.months[at])}
    return phrase("figures.multiples.caption"), phrase("figures.multiples.alternative", parts=joined(parts), **told)
