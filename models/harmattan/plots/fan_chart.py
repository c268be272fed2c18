"""History and forecast of one country and outcome, month by month."""

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from ..core.language import country_name, outcome_name, phrase, whole
from ..core.months import month_number
from ..core.names import HEADLINE
from .course_numbers import FanNumbers, fan_numbers
from .frame import described, open_axes, spread, tidy
from .numbers import month_words, scenario_words, sensible
from .style import BLUE_BANDS, INK, LINES, MUTED, SERIES, SERIES_TEXT, SizeName, style
from .summary import LEVELS, Edges


def fan(
    history: xr.DataArray,
    paths: xr.DataArray,
    *,
    exit_month: str,
    as_of: str,
    country: str,
    outcome: str = HEADLINE,
    scenario: str,
    second: xr.DataArray | None = None,
    second_scenario: str = "",
    observed_later: xr.DataArray | None = None,
    history_from: str | None = None,
    sample_paths: int = 4,
    top: float | None = None,
    title: str | None = None,
    source: str | None = None,
    checked: str = "",
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw history, forecast bands (50, 80, 95 %), median, sample paths and what was observed later.

    Parameters
    ----------
    history : xarray.DataArray
        Deaths per month, dims (month) or (month, country, outcome); months after `as_of` are left out.
    paths : xarray.DataArray
        Simulated deaths per month, dims (draw, month) or (draw, month, country, outcome).
    exit_month, as_of : str
        `YYYY-MM`; the month of the exit and the last month whose observations were used.
    second : xarray.DataArray, optional
        Paths of a second scenario, drawn as a median line only.
    observed_later : xarray.DataArray, optional
        Observations after `as_of`, drawn as dots; earlier months in it are left out.
    history_from : str, optional
        First month shown; six years before the forecast by default.
    top : float, optional
        Upper end of the axis. By default the observed maximum or one and a half times the 80 % band, whichever is
        larger, but no more than the 95 % band needs; the figure says so when that band reaches beyond it.

    Returns
    -------
    matplotlib.axes.Axes
        Bands carry the labels "50 in 100 futures", "80 in 100 futures" and "95 in 100 futures".
    """
    numbers = fan_numbers(
        history, paths, exit_month=exit_month, as_of=as_of, country=country, outcome=outcome, scenario=scenario,
        second=second, second_scenario=second_scenario, observed_later=observed_later, history_from=history_from,
        sample_paths=sample_paths,
    )  # fmt: skip
    return draw_fan(numbers, top=top, title=title, source=source, checked=checked, size=size, ax=ax)


def draw_fan(
    numbers: FanNumbers,
    *,
    top: float | None = None,
    title: str | None = None,
    source: str | None = None,
    checked: str = "",
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw months on record and simulated. Parameters and result are those of `fan`."""
    months, start = [month_number(month) for month in numbers.months], month_number(numbers.first_month)
    edges = {band.level: (np.array(band.low), np.array(band.high)) for band in numbers.bands}
    past, later = _series(numbers.past_months, numbers.past), _series(numbers.later_months, numbers.later)
    seen = max(np.max(past[1], initial=1), np.max(later[1], initial=1))
    needed = max(seen, min(1.5 * edges[80][1].max(), np.quantile(edges[95][1], 0.99)))
    limit = float(top or 1.06 * needed)
    name, what = country_name(numbers.country), outcome_name(numbers.outcome)
    title = title or phrase("figures.fan.title", country=name, outcome=what)
    names = [scenario_words(one) for one in (numbers.scenario, numbers.second_scenario) if one is not None]
    legend_columns = 1 if ax is not None else 2 if size == "column" else 5
    with style(size) as preset:
        ax = open_axes(
            ax,
            preset,
            title=title,
            subtitle=phrase("figures.fan.subtitle"),
            source=source or phrase("figures.fan.source"),
            as_of=numbers.as_of,
            checked=f"{checked} {_stamp(months, edges[80], later)}".strip(),
            body=25,
            left=4.5,
            right=max(8.0, 0.56 * max(len(name) for name in names) + 1.0),
            above=3.0 if size != "column" else 5.4,
        )
        for level, fill in zip(reversed(LEVELS), BLUE_BANDS, strict=True):
            ax.fill_between(months, *edges[level], color=fill, linewidth=0, label=_band(level), zorder=1)
        for sample in numbers.samples:
            ax.plot(
                months,
                sample,
                color=INK,
                alpha=0.3,
                linewidth=0.06 * preset.base,
                gid="sample path",
                zorder=2,
            )
        ax.plot(months, numbers.median, color=SERIES[0], label=phrase("figures.fan.median"), zorder=4)
        ends = [(numbers.median[-1], names[0], SERIES_TEXT[0])]
        if numbers.second is not None:
            ax.plot(
                months,
                numbers.second,
                color=SERIES[1],
                linestyle=LINES[1],
                label=phrase("figures.fan.median_of", scenario=names[1]),
                zorder=4,
            )
            ends.append((numbers.second[-1], names[1], SERIES_TEXT[1]))
        ax.plot(*past, color=INK, linewidth=0.11 * preset.base, label=phrase("figures.fan.observed"), zorder=3)
        if len(later[0]):
            ax.plot(
                *later,
                "o",
                color="white",
                markeredgecolor=INK,
                markersize=0.4 * preset.base,
                markeredgewidth=0.1 * preset.base,
                label=phrase("figures.fan.observed_later"),
                zorder=5,
                clip_on=False,
            )
        ax.set_ylim(0, limit)
        ax.set_xlim(start, months[-1])
        _label_ends(ax, ends, months[-1], limit, preset.base)
        gone = month_number(numbers.exit_month)
        ax.axvline(gone, color=INK, linewidth=0.9, linestyle=(0, (2, 2)), zorder=2)
        _legend(ax, preset.base, legend_columns, bool(len(later[0])))
        # Above the frame, so that neither the bands nor a peak can hide it.
        ax.annotate(
            phrase("figures.fan.exit", month=month_words(numbers.exit_month)),
            (gone, 1),
            (0, 2),
            ("data", "axes fraction"),
            "offset points",
            ha="center",
            va="bottom",
            fontsize=preset.base * 0.88,
        )
        _years(ax, start, months[-1], dense=size != "column")
        ax.yaxis.set_major_formatter(lambda value, _: whole(value))
        tidy(ax, preset, grid="y")
        ax.spines["left"].set_visible(False)
        clipped = _say_clipped(ax, edges[95][1], limit, preset.base)
    return described(ax, title, *_words(numbers, months, edges, later, clipped), numbers)


def _series(months: tuple[str, ...], values: tuple[float | None, ...]) -> tuple[list[int], np.ndarray]:
    """Return months and deaths as they are drawn: what was not counted is a gap."""
    return [month_number(month) for month in months], np.array(values, dtype=float)


def _label_ends(ax: Axes, ends: list[tuple[float, str, str]], month: int, limit: float, base: float) -> None:
    heights = spread([min(height, 0.97 * limit) for height, _, _ in ends], 0.055 * limit)
    lift = max(0.0, 0.02 * limit - min(heights))
    for height, (_, text, colour) in zip(heights, ends, strict=True):
        ax.annotate(
            text,
            (month, height + lift),
            (4, 0),
            textcoords="offset points",
            va="center",
            color=colour,
            fontsize=base * 0.92,
        )


def _legend(ax: Axes, base: float, columns: int, with_later: bool) -> None:
    """Explain bands and lines: above the drawing where we made the room, inside it on axes that were given."""
    observed = ["observed", "observed_later"] if with_later else ["observed"]
    names = [*(phrase(f"figures.fan.{name}") for name in observed), *(_band(level) for level in LEVELS)]
    drawn = dict(zip(*reversed(ax.get_legend_handles_labels()), strict=True))
    fills = {_band(level): Patch(color=c) for level, c in zip(LEVELS, reversed(BLUE_BANDS), strict=True)}
    handles: list[Artist] = [fills[name] if name in fills else drawn[name] for name in names]
    inside = columns == 1
    lift = 1.7 * base / (ax.bbox.height / ax.get_figure(root=True).dpi * 72)  # type: ignore[union-attr]
    legend = ax.legend(
        handles,
        names,
        loc="upper left" if inside else "lower left",
        bbox_to_anchor=(0, 1) if inside else (0, 1 + lift),
        ncol=columns,
        fontsize=base * 0.86,
        handlelength=1.4,
        columnspacing=1.1,
        labelspacing=0.35,
        borderaxespad=0.0,
        frameon=inside,
        edgecolor="none",
    )
    legend.set_zorder(6)


def _years(ax: Axes, first: int, last: int, *, dense: bool) -> None:
    years = [y for y in range(first // 12, last // 12 + 2) if first <= y * 12 <= last]
    step = (1 if len(years) <= 14 else 2) if dense else 3
    ax.set_xticks([y * 12 for y in years[::step]], [str(y) for y in years[::step]])


def _say_clipped(ax: Axes, upper: np.ndarray, limit: float, base: float) -> str:
    if upper.max() <= limit:
        return ""
    text = phrase("figures.fan.cut", number=sensible(upper.max()))
    words: dict[str, Any] = {
        "color": MUTED,
        "fontsize": base * 0.8,
        "bbox": {"facecolor": "white", "alpha": 0.75, "pad": 1.0},
    }
    ax.annotate(text, (1, 1), (-2, -2), "axes fraction", "offset points", ha="right", va="top", zorder=7, **words)
    return phrase("figures.fan.caption_cut", limit=sensible(limit), number=sensible(upper.max()))


def _words(
    numbers: FanNumbers, months: list[int], edges: Edges, later: tuple[list[int], np.ndarray], clipped: str
) -> tuple[str, str]:
    at = min(11, len(months) - 1)
    lower, upper = edges[80]
    caption = phrase(
        "figures.fan.caption",
        month=month_words(numbers.months[at]),
        scenario=scenario_words(numbers.scenario),
        median=sensible(numbers.median[at]),
        low=sensible(lower[at]),
        high=sensible(upper[at]),
    )
    caption += f" {clipped}" if clipped else ""
    held = _held(months, edges[80], later)
    if held:
        caption += " " + phrase("figures.fan.caption_held", count=len(held), inside=sum(held))
    told = {"outcome": outcome_name(numbers.outcome), "country": country_name(numbers.country), "caption": caption}
    return caption, phrase("figures.fan.alternative", **told)


def _held(months: list[int], edges: tuple[np.ndarray, np.ndarray], later: tuple[list[int], np.ndarray]) -> list[bool]:
    """Return for each later month whether its observation lies inside the band."""
    lower, upper = edges
    place = {month: i for i, month in enumerate(months)}
    return [bool(lower[place[m]] <= seen <= upper[place[m]]) for m, seen in zip(*later, strict=True) if m in place]


def _stamp(months: list[int], edges: tuple[np.ndarray, np.ndarray], later: tuple[list[int], np.ndarray]) -> str:
    held = _held(months, edges, later)
    return phrase("figures.calibration_stamp", inside=sum(held), count=len(held)) if held else ""


def _band(level: int) -> str:
    return phrase("figures.in_futures", level=level)
