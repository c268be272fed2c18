"""How the toll is spread over the simulated futures, horizon by horizon."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from ..core.language import country_name, outcome_name, phrase, whole
from ..core.names import HEADLINE
from .course_numbers import Ridge, RidgeNumbers, ridge_numbers
from .frame import described, open_axes, tidy
from .numbers import horizon_words, joined, month_words, opening, scenario_words, sensible, short_in_hundred
from .style import INK, LINES, RULE, SERIES, SERIES_TEXT, Size, SizeName, style

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
    numbers = ridge_numbers(paths, windows, origin=exit_month or as_of, country=country, outcome=outcome)
    return draw_ridge(numbers, as_of=as_of, title=title, source=source, checked=checked, size=size, ax=ax)


def draw_ridge(
    numbers: RidgeNumbers,
    *,
    as_of: str,
    title: str | None = None,
    source: str | None = None,
    checked: str = "",
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw ridges, one row per horizon. Parameters and result are those of `ridge`."""
    title = title or phrase("figures.ridge.title", country=country_name(numbers.country))
    horizons, limit = numbers.horizons, numbers.limit
    scenarios = len(numbers.of(horizons[0]))
    with style(size) as preset:
        ax = open_axes(
            ax,
            preset,
            title=title,
            subtitle=phrase(
                "figures.ridge.subtitle",
                outcome=opening(outcome_name(numbers.outcome)),
                origin=month_words(numbers.origin),
            ),
            source=source or phrase("figures.source_simulated"),
            as_of=as_of,
            checked=checked,
            body=8.5 * len(horizons) + 1,
            left=1.2,
            right=1.2,
            below=3.6,
            above=1.8,
        )
        for row, horizon in enumerate(horizons):
            base = float(len(horizons) - 1 - row)
            _row(ax, numbers.of(horizon), base, limit, preset)
            _name(ax, numbers.of(horizon), base, limit, preset)
        ax.set_xlim(0, limit)
        ax.set_ylim(-0.16, len(horizons) - 0.02)
        ax.set_yticks([])
        ax.xaxis.set_major_formatter(lambda value, _: whole(value))
        ax.set_xlabel(phrase("figures.ridge.axis"), fontsize=preset.base * 0.92)
        tidy(ax, preset, grid="x", bare="y")
        ax.legend(
            loc="lower left",
            bbox_to_anchor=(0, 1),
            ncol=scenarios,
            borderaxespad=0,
            labelcolor=list(SERIES_TEXT[:scenarios]),
        )
    return described(ax, title, *_words(numbers), numbers)


def _row(ax: Axes, shown: Sequence[Ridge], base: float, limit: float, size: Size) -> None:
    edges = np.linspace(0, limit, len(shown[0].shares) + 1)
    centres = (edges[:-1] + edges[1:]) / 2
    heights = [_smoothed(np.array(ridge.shares)) for ridge in shown]
    tallest = max(float(h.max()) for h in heights) or 1.0
    ax.axhline(base, color=RULE, linewidth=0.8, zorder=1)
    for k, (ridge, height) in enumerate(zip(shown, heights, strict=True)):
        y = base + _TALL * height / tallest
        ax.fill_between(centres, base, y, color=SERIES[k], alpha=0.16, linewidth=0, zorder=2)
        label = scenario_words(ridge.scenario) if base == 0 else ""
        ax.plot(centres, y, color=SERIES[k], linestyle=LINES[k], label=label, gid="ridge", zorder=3)
        under = base - 0.035 - 0.045 * k
        ax.plot(
            [ridge.low, min(ridge.high, limit)],
            [under] * 2,
            color=SERIES[k],
            linewidth=2.4 * size.base / 9,
            solid_capstyle="butt",
            gid="interval 80",
            zorder=3,
        )
        ax.plot([ridge.median], [under], "|", color=INK, markersize=0.8 * size.base, gid="median", zorder=4)


def _smoothed(height: np.ndarray) -> np.ndarray:
    """Return the histogram smoothed over three bins; at the ends over the two that there are."""
    kernel = np.array([0.25, 0.5, 0.25])
    return np.convolve(height, kernel, "same") / np.convolve(np.ones_like(height), kernel, "same")


def _name(ax: Axes, shown: Sequence[Ridge], base: float, limit: float, size: Size) -> None:
    row = shown[0]
    words = phrase("figures.ridge.row", horizon=opening(horizon_words(row.horizon)), first=row.first, last=row.last)
    options: dict[str, Any] = {"ha": "right", "va": "top", "fontsize": size.base}
    ax.text(limit * 0.99, base + _TALL, words, fontweight="bold", **options)
    step = 1.35 / 8.5
    for k, ridge in enumerate(shown):
        text = phrase("figures.ridge.median", number=sensible(ridge.median))
        if ridge.beyond >= 0.01:
            text += "; " + phrase("figures.ridge.beyond", number=short_in_hundred(ridge.beyond))
        place = limit * 0.99, base + _TALL - (k + 1) * step
        ax.text(*place, text, color=SERIES_TEXT[k], gid=f"median of {ridge.scenario}", **options)


def _words(numbers: RidgeNumbers) -> tuple[str, str]:
    parts = [
        phrase(
            "figures.ridge.part",
            horizon=horizon_words(ridge.horizon),
            scenario=scenario_words(ridge.scenario),
            median=sensible(ridge.median),
            low=sensible(ridge.low),
            high=sensible(ridge.high),
        )
        for ridge in numbers.ridges
    ]
    names = {"outcome": outcome_name(numbers.outcome), "country": country_name(numbers.country)}
    return phrase("figures.ridge.caption"), phrase("figures.ridge.alternative", parts=joined(parts), **names)
