"""Which driver moves one stated quantity most."""

import pandas as pd
from matplotlib.axes import Axes

from ..core.language import phrase, whole
from .effect_numbers import TornadoNumbers, tornado_numbers
from .frame import described, name_above, open_axes, tidy
from .numbers import joined, opening, sensible, short_in_hundred, wrapped
from .style import INK, SERIES, SERIES_TEXT, SizeName, style

_CHANCE = "in 100"
"""The unit that marks a probability between 0 and 1."""


def tornado(
    table: pd.DataFrame,
    *,
    as_of: str,
    baseline: float,
    quantity: str,
    unit: str,
    most: int = 12,
    title: str | None = None,
    source: str | None = None,
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw the stated quantity with each driver at both ends of its range, longest bar on top.

    Deaths have three figures: with two, swings smaller than a tenth would all read the same.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns ``label`` (words), ``low`` and ``high``: the quantity when the driver's effect is at its 10 and 90 %.
        Where ``weak`` and ``strong`` stand too, bars are told apart by these: what helps is strong where deaths are
        few.
    baseline : float
        The quantity with every driver as the scenario has it.
    quantity, unit : str
        What is measured, and its unit; the unit ``"in 100"`` marks a probability between 0 and 1.
    most : int
        How many drivers to show; the caption says how many were left out.

    Returns
    -------
    matplotlib.axes.Axes
        Two bars per driver, from the baseline to `low` and to `high`.
    """
    numbers = tornado_numbers(table, baseline=baseline, quantity=quantity, unit=unit, most=most)
    return draw_tornado(numbers, as_of=as_of, title=title, source=source, size=size, ax=ax)


def draw_tornado(
    numbers: TornadoNumbers,
    *,
    as_of: str,
    title: str | None = None,
    source: str | None = None,
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw a row per driver. Parameters and result are those of `tornado`."""
    shown, baseline, unit = numbers.swings, numbers.baseline, numbers.unit
    is_probability, title = unit == _CHANCE, title or phrase("figures.tornado.title")
    narrow = size == "column"
    with style(size) as preset:
        longest = max(len(line) for row in shown for line in wrapped(row.label).split("\n"))
        left = min(0.5 * longest + 1.5, 28.0) if not narrow else 1.5
        subtitle = phrase("figures.tornado.subtitle", quantity=opening(numbers.quantity), unit=unit)
        tall = len(shown) * (1.9 if not narrow else 3.0) + 2.4
        ax = open_axes(
            ax,
            preset,
            title=title,
            subtitle=subtitle,
            source=source or phrase("figures.tornado.source"),
            as_of=as_of,
            body=tall,
            left=left,
            right=2.0,
            below=3.4,
            above=2.8,
        )
        height = 0.62 if not narrow else 0.45
        ends = numbers.ends
        for k, (end, opposite) in enumerate((ends, ends[::-1])):
            ax.barh(
                range(len(shown)),
                [getattr(row, end) - baseline for row in shown],
                height,
                left=baseline,
                color=SERIES[2 + k],
                label=phrase(f"figures.tornado.{end}"),
            )
            for y, row in enumerate(shown):
                value, other = getattr(row, end), getattr(row, opposite)
                rightwards = value > other or (value == other and end == ends[1])
                ax.annotate(
                    _number(value, unit),
                    (value, y),
                    (3 if rightwards else -3, 0),
                    textcoords="offset points",
                    va="center",
                    ha="left" if rightwards else "right",
                    color=SERIES_TEXT[2 + k],
                    fontsize=preset.base * 0.84,
                )
        reach = [baseline, *(end for row in shown for end in (row.low, row.high))]
        low, high = min(reach), max(reach)
        room = max((high - low) * (0.16 if narrow else 0.1), 1e-9)
        ax.set_xlim(low - room, high + room)
        ax.set_ylim(len(shown) - 0.4, -1.2 if not narrow else -1.4)
        ax.axvline(baseline, color=INK, linewidth=1.0)
        ax.annotate(
            phrase("figures.tornado.as_it_is", number=_number(baseline, unit)),
            (baseline, 1),
            (0, 2),
            ("data", "axes fraction"),
            "offset points",
            ha="center",
            va="bottom",
            fontsize=preset.base * 0.88,
        )
        ax.xaxis.set_major_formatter(lambda value, _: f"{value * 100:.0f}" if is_probability else whole(value))
        ax.locator_params(axis="x", nbins=6)
        tidy(ax, preset, grid="x", bare="y")
        ax.set_yticks(range(len(shown)), [wrapped(row.label) for row in shown])
        if narrow:
            ax.set_yticklabels([])
            for y, row in enumerate(shown):
                name_above(ax, preset, y - height / 2, row.label)
        ax.set_xlabel(unit, fontsize=preset.base * 0.92)
        ax.legend(
            loc="lower left",
            bbox_to_anchor=(0, 1 + 1.5 / tall),  # above what is written at the line
            ncol=2,
            borderaxespad=0,
            fontsize=preset.base * 0.88,
            handlelength=1.0,
        )
    return described(ax, title, *_words(numbers), numbers)


def _number(value: float, unit: str) -> str:
    return short_in_hundred(value) if unit == _CHANCE else sensible(value, figures=3)


def _words(numbers: TornadoNumbers) -> tuple[str, str]:
    unit, top = numbers.unit, numbers.swings[0]
    baseline = _number(numbers.baseline, unit)
    caption = phrase(
        "figures.tornado.caption",
        label=top.label,
        low=_number(top.low, unit),
        high=_number(top.high, unit),
        unit=unit,
        baseline=baseline,
    )
    if numbers.left_out:
        caption += " " + phrase("figures.tornado.caption_left_out", count=numbers.left_out)
    parts = joined(
        phrase("figures.tornado.part", label=row.label, low=_number(row.low, unit), high=_number(row.high, unit))
        for row in numbers.swings
    )
    told = {"quantity": numbers.quantity, "unit": unit, "baseline": baseline, "parts": parts}
    return caption, phrase("figures.tornado.alternative", **told)
