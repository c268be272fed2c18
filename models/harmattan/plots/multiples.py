"""The same futures in several countries, one small panel each."""

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from ..core.language import country_name, outcome_name, phrase, whole
from ..core.months import month_number
from ..core.names import HEADLINE
from .frame import described, open_axes, panels, tidy
from .numbers import joined, month_words, opening, scenario_words, sensible
from .style import BLUE_BANDS, LINES, SERIES, SERIES_TEXT, Size, SizeName, style
from .summary import one_series


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
    title = title or phrase("figures.multiples.title")
    countries = countries or [str(one) for one in next(iter(paths.values()))["country"].values]
    across = 2 if size == "column" else 3
    down = -(-len(countries) // across)
    with style(size) as preset:
        ax = open_axes(
            ax,
            preset,
            title=title,
            subtitle=phrase("figures.multiples.subtitle", outcome=opening(outcome_name(outcome))),
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
        for country, panel in zip(countries, made, strict=False):
            _panel(panel, {name: one_series(array, country, outcome) for name, array in paths.items()}, preset)
            panel.set_title(country_name(country), loc="left", fontsize=preset.base, fontweight="bold", pad=3)
        for panel in made[len(countries) :]:
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
    return described(ax, title, *_words(paths, countries, outcome))


def _panel(panel: Axes, shown: Mapping[str, xr.DataArray], size: Size) -> None:
    first = next(iter(shown.values()))
    months = [month_number(m) for m in first["month"].values]
    low, high = np.quantile(first.values, [0.1, 0.9], axis=0)
    top = max(float(high.max()), *(float(array.values.mean(axis=0).max()) for array in shown.values()))
    panel.fill_between(months, low, high, color=BLUE_BANDS[0], linewidth=0, gid="80 in 100")
    for k, (name, array) in enumerate(shown.items()):
        panel.plot(
            months, array.values.mean(axis=0), color=SERIES[k], linestyle=LINES[k], label=scenario_words(name), gid=name
        )
    years = [n for n in months if n % 12 == 0]
    panel.set_xticks(years[::2], [str(n // 12) for n in years[::2]])
    panel.set_xlim(months[0], months[-1])
    panel.set_ylim(0, max(top * 1.05, 1.0))
    panel.locator_params(axis="y", nbins=3, integer=True)
    panel.yaxis.set_major_formatter(lambda value, _: whole(value))
    tidy(panel, size, grid="y")
    panel.tick_params(labelsize=size.base * 0.84)
    panel.spines["left"].set_visible(False)


def _words(paths: Mapping[str, xr.DataArray], countries: Sequence[str], outcome: str) -> tuple[str, str]:
    first = next(iter(paths.values()))
    at = min(11, first.sizes["month"] - 1)
    month = month_words(str(first["month"].values[at]))
    parts = []
    for country in countries:
        expected = ", ".join(
            phrase(
                "figures.multiples.expected_at",
                number=sensible(float(one_series(array, country, outcome).values[:, at].mean())),
                scenario=scenario_words(name),
            )
            for name, array in paths.items()
        )
        parts.append(phrase("figures.multiples.part", country=country_name(country), expected=expected))
    alternative = phrase(
        "figures.multiples.alternative", outcome=outcome_name(outcome), month=month, parts=joined(parts)
    )
    return phrase("figures.multiples.caption"), alternative
