"""Whether past forecasts meant what they said."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from ..core.language import decimal, phrase, whole
from .frame import described, open_axes, panels, tidy
from .share_numbers import CalibrationNumbers, Coverage, calibration_numbers
from .style import BLUE_BANDS, INK, MARKERS, MUTED, RULE, SERIES, Size, SizeName, style


def calibration(
    pit: ArrayLike,
    coverage: pd.DataFrame,
    *,
    as_of: str | None = None,
    title: str | None = None,
    source: str | None = None,
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw the PIT-ECDF difference with a simultaneous 95 % band, and interval coverage, nominal against observed.

    Parameters
    ----------
    pit : array_like
        Randomised probability integral transforms of the observations, between 0 and 1.
    coverage : pandas.DataFrame
        Columns ``nominal`` and ``observed`` (0 to 1) and ``n`` (forecasts counted).

    Returns
    -------
    matplotlib.axes.Axes
        A frame; ``ax.child_axes`` holds the PIT panel and the coverage panel.

    Notes
    -----
    The band is the 95 % quantile of the largest standardised deviation over the grid among 2,000 simulated uniform
    samples; it treats the forecasts as independent, which overlapping ones are not, so it is if anything too narrow.
    """
    numbers = calibration_numbers(pit, coverage)
    return draw_calibration(numbers, as_of=as_of, title=title, source=source, size=size, ax=ax)


def draw_calibration(
    numbers: CalibrationNumbers,
    *,
    as_of: str | None = None,
    title: str | None = None,
    source: str | None = None,
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw differences with their band, and coverage. Parameters and result are those of `calibration`."""
    places, difference, band = (np.array(row) for row in (numbers.places, numbers.difference, numbers.band))
    narrow, title = size == "column", title or phrase("figures.calibration.title")
    with style(size) as preset:
        subtitle = phrase("figures.calibration.subtitle_narrow" if narrow else "figures.calibration.subtitle")
        ax = open_axes(
            ax,
            preset,
            title=title,
            subtitle=subtitle,
            source=source or phrase("figures.calibration.source"),
            as_of=as_of,
            body=17 if not narrow else 36,
            left=6.6,
            right=1.0,
            below=3.8,
        )
        first, second = panels(
            ax, preset, columns=(1.0, 1.0) if not narrow else (1.0,), rows=2 if narrow else 1, gap=6.0, row_gap=5.5
        )
        first.fill_between(
            places, -band, band, color=BLUE_BANDS[0], linewidth=0, label=phrase("figures.calibration.chance")
        )
        first.axhline(0, color=RULE, linewidth=0.9)
        first.plot(
            places,
            difference,
            color=SERIES[0],
            label=phrase("figures.calibration.forecasts", count=whole(numbers.count)),
        )
        reach = max(np.abs(difference).max(), band.max()) * 1.7
        first.set(xlim=(0, 1), ylim=(-reach, reach))
        first.xaxis.set_major_formatter(lambda value, _: decimal(value, 1))
        first.yaxis.set_major_formatter(lambda value, _: decimal(value, 2))
        first.set_xlabel(phrase("figures.calibration.pit_axis"), fontsize=preset.base * 0.92)
        first.set_ylabel(phrase("figures.calibration.difference_axis"), fontsize=preset.base * 0.92)
        first.legend(loc="upper left", fontsize=preset.base * 0.86, borderaxespad=0.1)
        tidy(first, preset, grid="y")
        _coverage(second, numbers.coverage, preset)
        ax.set_axis_off()
    return described(ax, title, *_words(numbers), numbers)


def _coverage(panel: Axes, coverage: tuple[Coverage, ...], size: Size) -> None:
    nominal, observed = (np.array([getattr(row, share) for row in coverage]) * 100 for share in ("nominal", "observed"))
    panel.plot([0, 100], [0, 100], color=RULE, linewidth=0.9)
    panel.vlines(nominal, nominal, observed, color=MUTED, linewidth=0.9)
    panel.plot(nominal, observed, MARKERS[0], color=SERIES[0], markersize=5.5 * size.base / 9)
    for x, y in zip(nominal, observed, strict=True):
        above = y >= x
        panel.annotate(
            f"{y:.0f}",
            (x, y),
            (-4, 4) if above else (4, -4),
            textcoords="offset points",
            ha="right" if above else "left",
            va="bottom" if above else "top",
            fontsize=size.base * 0.92,
        )
    low = min(nominal.min(), observed.min()) - 12
    panel.set(xlim=(low, 101), ylim=(low, 103))
    panel.set_xticks(nominal, [f"{x:.0f}" for x in nominal])
    panel.set_xlabel(phrase("figures.calibration.nominal_axis"), fontsize=size.base * 0.92)
    panel.set_ylabel(phrase("figures.calibration.observed_axis"), fontsize=size.base * 0.92)
    counts = sorted({row.count for row in coverage})
    panel.annotate(
        phrase("figures.calibration.count", count=whole(counts[0]))
        if len(counts) == 1
        else phrase("figures.calibration.count_span", first=whole(counts[0]), last=whole(counts[-1])),
        (1, 0),
        (-2, 4),
        "axes fraction",
        "offset points",
        ha="right",
        color=INK,
        fontsize=size.base * 0.86,
    )
    tidy(panel, size, grid="y")


def _words(numbers: CalibrationNumbers) -> tuple[str, str]:
    outside = sum(abs(off) > half for off, half in zip(numbers.difference, numbers.band, strict=True))
    verdict = (
        phrase("figures.calibration.inside")
        if outside == 0
        else phrase("figures.calibration.outside", count=outside, all=len(numbers.band))
    )
    held = ", ".join(
        phrase(
            "figures.calibration.held",
            observed=f"{row.observed * 100:.0f}",
            nominal=f"{row.nominal * 100:.0f}",
        )
        for row in numbers.coverage
    )
    caption = phrase("figures.calibration.caption", count=whole(numbers.count), verdict=verdict, held=held)
    return caption, phrase("figures.calibration.alternative", caption=caption)
