"""How the toll is spread over the simulated futures, horizon by horizon."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from ..core.language import country_name, outcome_name, phrase, whole
from ..core.months import months_between
from ..core.names import HEADLINE
from .frame import described, open_axes, tidy
from .numbers import horizon_words, joined, month_words, opening, scenario_words, sensible, short_in_hundred
from .style import INK, LINES, RULE, SERIES, SERIES_TEXT, Size, SizeName, style
from .summary import one_series

_BINS = 60
_TALL = 0.86


def ridge(
    paths: Mapping[str, xr.DataArray],
    windows: Mapping[str, Sequence[str]],
    *,
    as_of: str,
    exit_month: str | None = None,
    country: str,
    outcome: str = HEADLINE,
    title: str | None = None,
    source: str | None = None,
    checked: str = "",
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw the distribution of monthly deaths over the futures, one ridge for each horizon and scenario.

    Parameters
    ----------
    paths : mapping of str to xarray.DataArray
        Scenario name to simulated deaths per month, dims (draw, month) or (draw, month, country, outcome). At most
        four.
    windows : mapping of str to sequence of str
        Horizon to its simulated months, as `Forecast.windows` gives them.
    exit_month : str, optional
        Month from which months are counted in the names of the rows; `as_of` by default.

    Returns
    -------
    matplotlib.axes.Axes
        Lines carry the gid "ridge"; thick lines at the base (80 in 100 futures) "interval 80".

    Notes
    -----
    A ridge is a histogram of the mean per month over the horizon, smoothed over three bins. The axis ends where all
    but 3 in 100 futures of the widest horizon lie; how many lie beyond is said in the figure.
    """
    name, origin = country_name(country), exit_month or as_of
    title = title or phrase("figures.ridge.title", country=name)
    means = {
        (horizon, scenario): one_series(array, country, outcome).sel(month=list(months)).mean("month").values
        for horizon, months in windows.items()
        for scenario, array in paths.items()
    }
    limit = max(float(np.quantile(values, 0.97)) for values in means.values()) or 1.0
    with style(size) as preset:
        ax = open_axes(
            ax,
            preset,
            title=title,
            subtitle=phrase(
                "figures.ridge.subtitle", outcome=opening(outcome_name(outcome)), origin=month_words(origin)
            ),
            source=source or phrase("figures.source_simulated"),
            as_of=as_of,
            checked=checked,
            body=8.5 * len(windows) + 1,
            left=1.2,
            right=1.2,
            below=3.6,
            above=1.8,
        )
        for row, (horizon, months) in enumerate(windows.items()):
            span = months_between(origin, months[0]), months_between(origin, months[-1])
            base = float(len(windows) - 1 - row)
            shown = {scenario: means[horizon, scenario] for scenario in paths}
            _row(ax, shown, base, limit, preset)
            _name(ax, horizon, span, shown, base, limit, preset)
        ax.set_xlim(0, limit)
        ax.set_ylim(-0.16, len(windows) - 0.02)
        ax.set_yticks([])
        ax.xaxis.set_major_formatter(lambda value, _: whole(value))
        ax.set_xlabel(phrase("figures.ridge.axis"), fontsize=preset.base * 0.92)
        tidy(ax, preset, grid="x", bare="y")
        ax.legend(
            loc="lower left",
            bbox_to_anchor=(0, 1),
            ncol=len(paths),
            borderaxespad=0,
            labelcolor=list(SERIES_TEXT[: len(paths)]),
        )
    return described(ax, title, *_words(means, name, outcome))


def _row(ax: Axes, shown: Mapping[str, np.ndarray], base: float, limit: float, size: Size) -> None:
    edges = np.linspace(0, limit, _BINS + 1)
    centres = (edges[:-1] + edges[1:]) / 2
    heights = {name: _smoothed(np.histogram(values, edges)[0] / values.size) for name, values in shown.items()}
    tallest = max(float(h.max()) for h in heights.values()) or 1.0
    ax.axhline(base, color=RULE, linewidth=0.8, zorder=1)
    for k, (name, height) in enumerate(heights.items()):
        y = base + _TALL * height / tallest
        ax.fill_between(centres, base, y, color=SERIES[k], alpha=0.16, linewidth=0, zorder=2)
        label = scenario_words(name) if base == 0 else ""
        ax.plot(centres, y, color=SERIES[k], linestyle=LINES[k], label=label, gid="ridge", zorder=3)
        low, middle, high = np.quantile(shown[name], [0.1, 0.5, 0.9])
        under = base - 0.035 - 0.045 * k
        ax.plot(
            [low, min(high, limit)],
            [under] * 2,
            color=SERIES[k],
            linewidth=2.4 * size.base / 9,
            solid_capstyle="butt",
            gid="interval 80",
            zorder=3,
        )
        ax.plot([middle], [under], "|", color=INK, markersize=0.8 * size.base, gid="median", zorder=4)


def _smoothed(height: np.ndarray) -> np.ndarray:
    """Return the histogram smoothed over three bins; at the ends over the two that there are."""
    kernel = np.array([0.25, 0.5, 0.25])
    return np.convolve(height, kernel, "same") / np.convolve(np.ones_like(height), kernel, "same")


def _name(
    ax: Axes,
    horizon: str,
    span: tuple[int, int],
    shown: Mapping[str, np.ndarray],
    base: float,
    limit: float,
    size: Size,
) -> None:
    words = phrase("figures.ridge.row", horizon=opening(horizon_words(horizon)), first=span[0], last=span[1])
    options: dict[str, Any] = {"ha": "right", "va": "top", "fontsize": size.base}
    ax.text(limit * 0.99, base + _TALL, words, fontweight="bold", **options)
    step = 1.35 / 8.5
    for k, (name, values) in enumerate(shown.items()):
        beyond = float((values > limit).mean())
        text = phrase("figures.ridge.median", number=sensible(float(np.median(values))))
        if beyond >= 0.01:
            text += "; " + phrase("figures.ridge.beyond", number=short_in_hundred(beyond))
        ax.text(
            limit * 0.99, base + _TALL - (k + 1) * step, text, color=SERIES_TEXT[k], gid=f"median of {name}", **options
        )


def _words(means: Mapping[tuple[str, str], np.ndarray], name: str, outcome: str) -> tuple[str, str]:
    parts = []
    for (horizon, scenario), values in means.items():
        low, middle, high = (sensible(float(q)) for q in np.quantile(values, [0.1, 0.5, 0.9]))
        names = {"horizon": horizon_words(horizon), "scenario": scenario_words(scenario)}
        parts.append(phrase("figures.ridge.part", median=middle, low=low, high=high, **names))
    alternative = phrase("figures.ridge.alternative", outcome=outcome_name(outcome), country=name, parts=joined(parts))
    return phrase("figures.ridge.caption"), alternative
