"""Which driver moves one stated quantity most."""

import pandas as pd
from matplotlib.axes import Axes

from ..core.language import phrase, whole
from .frame import described, name_above, open_axes, tidy
from .numbers import joined, opening, sensible, short_in_hundred, wrapped
from .style import INK, SERIES, SERIES_TEXT, SizeName, style


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
    is_probability, title = unit == "in 100", title or phrase("figures.tornado.title")

    def number(value: float) -> str:
        return short_in_hundred(value) if is_probability else sensible(value, figures=3)

    ranked = table.assign(swing=(table["high"] - table["low"]).abs()).sort_values(
        "swing", ascending=False, kind="stable"
    )
    shown, left_out = ranked.head(most), max(len(ranked) - most, 0)
    narrow = size == "column"
    with style(size) as preset:
        longest = max(len(line) for label in shown["label"] for line in wrapped(str(label)).split("\n"))
        left = min(0.5 * longest + 1.5, 28.0) if not narrow else 1.5
        subtitle = phrase("figures.tornado.subtitle", quantity=opening(quantity), unit=unit)
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
        ends = ("weak", "strong") if "weak" in shown else ("low", "high")
        for k, (end, opposite) in enumerate((ends, ends[::-1])):
            ax.barh(
                range(len(shown)),
                shown[end] - baseline,
                height,
                left=baseline,
                color=SERIES[2 + k],
                label=phrase(f"figures.tornado.{end}"),
            )
            for y, (value, other) in enumerate(zip(shown[end], shown[opposite], strict=True)):
                rightwards = value > other or (value == other and end == ends[1])
                ax.annotate(
                    number(value),
                    (value, y),
                    (3 if rightwards else -3, 0),
                    textcoords="offset points",
                    va="center",
                    ha="left" if rightwards else "right",
                    color=SERIES_TEXT[2 + k],
                    fontsize=preset.base * 0.84,
                )
        reach = shown[["low", "high"]].to_numpy(dtype=float)
        low, high = min(reach.min(), baseline), max(reach.max(), baseline)
        room = max((high - low) * (0.16 if narrow else 0.1), 1e-9)
        ax.set_xlim(low - room, high + room)
        ax.set_ylim(len(shown) - 0.4, -1.2 if not narrow else -1.4)
        ax.axvline(baseline, color=INK, linewidth=1.0)
        ax.annotate(
            phrase("figures.tornado.as_it_is", number=number(baseline)),
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
        ax.set_yticks(range(len(shown)), [wrapped(str(label)) for label in shown["label"]])
        if narrow:
            ax.set_yticklabels([])
            for y, label in enumerate(shown["label"]):
                name_above(ax, preset, y - height / 2, str(label))
        ax.set_xlabel(unit, fontsize=preset.base * 0.92)
        ax.legend(
            loc="lower left",
            bbox_to_anchor=(0, 1 + 1.5 / tall),  # above what is written at the line
            ncol=2,
            borderaxespad=0,
            fontsize=preset.base * 0.88,
            handlelength=1.0,
        )
    top = shown.iloc[0]
    caption = phrase(
        "figures.tornado.caption",
        label=top["label"],
        low=number(top["low"]),
        high=number(top["high"]),
        unit=unit,
        baseline=number(baseline),
    )
    if left_out:
        caption += " " + phrase("figures.tornado.caption_left_out", count=left_out)
    parts = joined(
        phrase(
            "figures.tornado.part", label=row["label"], low=number(float(row["low"])), high=number(float(row["high"]))
        )
        for _, row in shown.iterrows()
    )
    alternative = phrase(
        "figures.tornado.alternative", quantity=quantity, unit=unit, baseline=number(baseline), parts=parts
    )
    return described(ax, title, caption, alternative)
