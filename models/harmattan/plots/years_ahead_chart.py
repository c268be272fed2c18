"""Ten past yearly totals beside the next twelve months, place by place: the brief's first picture."""

import numpy as np
from matplotlib.axes import Axes

from ..core.language import country_name, outcome_name, phrase, whole
from .course_numbers import PAST_YEARS, PlaceAhead, YearsAhead
from .figure_numbers import DOTS
from .frame import described, open_axes, tidy
from .numbers import joined, opening, sensible
from .style import GRID, INK, MUTED, RULE, SERIES, SERIES_TEXT, Size, SizeName, style

_BINS = {"slide": 96, "page": 84, "column": 52}
_TALLEST = 6
"""Dots that stand on one another without overlapping; a taller pile is pressed together."""

_ROOM = 2.3
"""Ems below and above a row's dots: past years, and the row's name."""


def years_ahead(numbers: YearsAhead, *, checked: str = "", size: SizeName = "page", ax: Axes | None = None) -> Axes:
    """Draw each place's last ten yearly totals, as rings, under the fifty dots of its next twelve months.

    All places share one axis, logarithmic above ten deaths or so (the distance is that of ``log(1 + deaths)``).

    Parameters
    ----------
    numbers : YearsAhead
    checked : str
        How past forecasts did, for the foot.
    """
    largest = max(max((*place.dots, *place.recorded)) for place in numbers.places)
    limit = float(np.log1p(largest)) * 1.02 + 0.1
    bins = _BINS[size]
    stacks = [_stacked(place.dots, limit, bins) for place in numbers.places]
    with style(size) as preset:
        across = preset.width / preset.em - 3.0
        dot = across / bins
        steps = [dot * min(1.0, _TALLEST / float(y.max() + 1)) for _, y in stacks]
        heights = [float(y.max()) * step + dot + _ROOM + 1.2 for (_, y), step in zip(stacks, steps, strict=True)]
        title = phrase("figures.years_ahead.title", outcome=opening(outcome_name(numbers.outcome)))
        ax = open_axes(
            ax,
            preset,
            title=title,
            subtitle=phrase("figures.years_ahead.subtitle", years=PAST_YEARS, period=numbers.period, share=100 // DOTS),
            source=phrase("figures.fan.source"),
            as_of=numbers.as_of,
            checked=checked,
            body=sum(heights),
            left=1.5,
            right=1.5,
            below=3.4,
        )
        ax.set_xlim(0, limit)
        ax.set_ylim(0, sum(heights))
        top = sum(heights)
        for place, (x, y), step, tall in zip(numbers.places, stacks, steps, heights, strict=True):
            _row(ax, place, x, y * step, top - tall, dot, preset)
            top -= tall
        ticks = [value for value in (0, 10, 100, 1000, 10_000, 100_000) if np.log1p(value) <= limit]
        ax.set_xticks(np.log1p(ticks), [whole(value) for value in ticks])
        ax.set_yticks([])
        ax.set_xlabel(phrase("figures.years_ahead.axis"), fontsize=preset.base * 0.92)
        tidy(ax, preset, grid="x", bare="y")
    return described(ax, title, *_words(numbers), numbers)


def _stacked(values: tuple[float, ...], limit: float, bins: int) -> tuple[np.ndarray, np.ndarray]:
    """Return where dots stand and how many lie under each."""
    place = np.minimum(np.floor(np.log1p(values) / limit * bins), bins - 1).astype(int)
    under = np.array([int((place[:i] == here).sum()) for i, here in enumerate(place)])
    return (place + 0.5) * limit / bins, under


def _row(ax: Axes, place: PlaceAhead, x: np.ndarray, y: np.ndarray, base: float, dot: float, size: Size) -> None:
    line = base + 1.5
    ax.axhline(line - 0.75, color=GRID, linewidth=0.7, zorder=0)
    marker = (dot * 0.9 * size.base) ** 2
    ax.scatter(x, line + y + 0.2 + dot / 2, s=marker, color=SERIES[0], linewidth=0, zorder=3, gid="ahead")
    past = np.log1p(place.recorded)
    ring = (0.62 * size.base) ** 2
    ax.scatter(
        past[:-1], [line - 0.75] * (past.size - 1), s=ring, facecolor="white", edgecolor=RULE, linewidth=0.9, zorder=2
    )
    if past.size:
        ax.scatter(past[-1:], [line - 0.75], s=ring, facecolor=INK, edgecolor=INK, linewidth=0.9, zorder=3)
    words = {"country": country_name(place.country), "low": sensible(place.low), "high": sensible(place.high)}
    above = line + float(y.max()) + dot + 0.5
    ax.annotate(
        words["country"], (0, above), fontweight="bold", fontsize=size.base, color=SERIES_TEXT[0], va="bottom",
        annotation_clip=False,
    )  # fmt: skip
    if place.years:
        said = phrase("figures.years_ahead.row", year=place.years[-1], recorded=whole(place.recorded[-1]), **words)
        ax.annotate(
            said, (1, above), xycoords=("axes fraction", "data"), ha="right", va="bottom",
            fontsize=size.base * 0.86, color=MUTED, annotation_clip=False,
        )  # fmt: skip


def _words(numbers: YearsAhead) -> tuple[str, str]:
    parts = [
        phrase(
            "figures.years_ahead.part",
            country=country_name(place.country),
            median=sensible(place.median),
            low=sensible(place.low),
            high=sensible(place.high),
            least=whole(min(place.recorded, default=0)),
            most=whole(max(place.recorded, default=0)),
        )
        for place in numbers.places
    ]
    caption = phrase("figures.years_ahead.caption", share=100 // DOTS)
    told = {"outcome": outcome_name(numbers.outcome), "period": numbers.period, "parts": joined(parts)}
    return caption, phrase("figures.years_ahead.alternative", years=PAST_YEARS, **told)
