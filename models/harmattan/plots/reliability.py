"""Whether past forecasts meant what they said."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from .frame import described, open_axes, panels, tidy
from .style import BLUE_BANDS, INK, MARKERS, MUTED, RULE, SERIES, Size, SizeName, style

_GRID = np.linspace(0.02, 0.98, 49)


def calibration(
    pit: ArrayLike,
    coverage: pd.DataFrame,
    *,
    as_of: str | None = None,
    title: str = "Did past forecasts mean what they said?",
    source: str = "Source: Harmattan, forecasts made at past dates with the data of that date, against UCDP.",
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
    values = np.sort(np.asarray(pit, dtype=float).ravel())
    difference = np.searchsorted(values, _GRID, side="right") / values.size - _GRID
    band = simultaneous_band(values.size)
    narrow = size == "column"
    with style(size) as preset:
        subtitle = (
            "Left: distance from perfect calibration. Right: how often intervals held"
            if not narrow
            else "Top: distance from perfect calibration. Below: how often intervals held"
        )
        ax = open_axes(
            ax,
            preset,
            title=title,
            subtitle=subtitle,
            source=source,
            as_of=as_of,
            body=17 if not narrow else 36,
            left=6.6,
            right=1.0,
            below=3.8,
        )
        first, second = panels(
            ax, preset, columns=(1.0, 1.0) if not narrow else (1.0,), rows=2 if narrow else 1, gap=6.0, row_gap=5.5
        )
        first.fill_between(_GRID, -band, band, color=BLUE_BANDS[0], linewidth=0, label="expected by chance, 95 in 100")
        first.axhline(0, color=RULE, linewidth=0.9)
        first.plot(_GRID, difference, color=SERIES[0], label=f"forecasts (n = {values.size:,})")
        reach = max(np.abs(difference).max(), band.max()) * 1.7
        first.set(xlim=(0, 1), ylim=(-reach, reach))
        first.set_xlabel("place of the observation in its forecast", fontsize=preset.base * 0.92)
        first.set_ylabel("share below, minus expected", fontsize=preset.base * 0.92)
        first.legend(loc="upper left", fontsize=preset.base * 0.86, borderaxespad=0.1)
        tidy(first, preset, grid="y")
        _coverage(second, coverage, preset)
        ax.set_axis_off()
    return described(ax, title, *_words(difference, band, coverage, values.size))


def simultaneous_band(count: int, *, simulations: int = 2000) -> np.ndarray:
    """Return half the width of the 95 % simultaneous band of the ECDF difference, on the grid, for `count` values."""
    spread = np.sqrt(_GRID * (1 - _GRID) / count)
    cells = np.diff(np.concatenate([[0.0], _GRID, [1.0]]))
    # A fixed stream: the band is a property of `count` alone and the same in every figure.
    below = np.random.default_rng(20230630).multinomial(count, cells, size=simulations)[:, :-1].cumsum(axis=1) / count
    largest = np.abs((below - _GRID) / spread).max(axis=1)
    return float(np.quantile(largest, 0.95)) * spread


def _coverage(panel: Axes, coverage: pd.DataFrame, size: Size) -> None:
    nominal, observed = coverage["nominal"].to_numpy(float) * 100, coverage["observed"].to_numpy(float) * 100
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
    panel.set_xlabel("interval said to hold, in 100", fontsize=size.base * 0.92)
    panel.set_ylabel("observed inside, in 100", fontsize=size.base * 0.92)
    counts = sorted({int(n) for n in coverage["n"]})
    panel.annotate(
        "n = " + " to ".join(f"{n:,}" for n in dict.fromkeys((counts[0], counts[-1]))),
        (1, 0),
        (-2, 4),
        "axes fraction",
        "offset points",
        ha="right",
        color=INK,
        fontsize=size.base * 0.86,
    )
    tidy(panel, size, grid="y")


def _words(difference: np.ndarray, band: np.ndarray, coverage: pd.DataFrame, count: int) -> tuple[str, str]:
    outside = int((np.abs(difference) > band).sum())
    verdict = (
        "the line stays inside the band"
        if outside == 0
        else f"the line leaves the band at {outside} of {len(band)} points"
    )
    held = ", ".join(
        f"{row.observed * 100:.0f} in 100 for the {row.nominal * 100:.0f} % interval" for row in coverage.itertuples()
    )
    caption = (
        f"From {count:,} forecasts: {verdict}. Intervals held in {held}. The band takes the forecasts as independent, "
        "which overlapping ones are not, so it is if anything too narrow. "
        "Points above the diagonal: intervals wider than needed; below: too narrow."
    )
    return caption, f"Two panels on calibration. {caption}"
