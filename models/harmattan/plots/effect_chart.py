"""The whole effect of the exit: what documents say, what exits elsewhere say, both, and what was learnt since."""

import pandas as pd
from matplotlib.axes import Axes

from ..core.language import phrase
from .effect_numbers import ExitEffectNumbers, exit_effect_numbers
from .frame import described, name_above, open_axes, tidy
from .numbers import horizon_words, joined, ratio_words
from .ratio_axis import ratio_axis
from .style import INK, MUTED, RULE, SERIES, SizeName, style

_COLOURS = {"documents": SERIES[1], "stated": SERIES[1], "exits": MUTED, "both": INK, "learnt": SERIES[0]}


def exit_effect(
    table: pd.DataFrame,
    *,
    outcome: str,
    as_of: str,
    title: str | None = None,
    source: str | None = None,
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw each belief of the exit's whole effect by horizon: a line that holds 80 in 100, a dot at the median.

    Parameters
    ----------
    table : pandas.DataFrame
        As `hm.exit_effect().table`: columns ``belief`` (documents or stated, exits, both, learnt), ``outcome``,
        ``horizon``, ``q10``, ``q50``, ``q90`` (rate ratios at home against no exit) and ``rises`` (0 to 1).
    outcome : str
        Whose rows are drawn.
    as_of : str
        Last month that what was learnt has seen, `YYYY-MM`.

    Returns
    -------
    matplotlib.axes.Axes
        Lines carry the belief as gid.

    Raises
    ------
    ValueError
        If there is no row of the outcome.
    """
    numbers = exit_effect_numbers(table, outcome=outcome)
    return draw_exit_effect(numbers, as_of=as_of, title=title, source=source, size=size, ax=ax)


def draw_exit_effect(
    numbers: ExitEffectNumbers,
    *,
    as_of: str,
    title: str | None = None,
    source: str | None = None,
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw a line per belief and horizon. Parameters and result are those of `exit_effect`."""
    beliefs, horizons = numbers.names, numbers.horizons
    narrow, title = size == "column", title or phrase("figures.exit_effect.title")
    above = 1.25 if narrow else 0.75  # names stand over their lines where there is no room beside them
    step = len(beliefs) + above + 0.45
    with style(size) as preset:
        ax = open_axes(
            ax,
            preset,
            title=title,
            subtitle=phrase("figures.exit_effect.subtitle"),
            source=source or _source(beliefs),
            as_of=as_of,
            left=1.0 if narrow else 17.0,
            right=3.0,
            below=3.6,
            body=len(horizons) * step * (2.3 if narrow else 1.6) + 1.0,
        )
        places, names = [], []
        for h, horizon in enumerate(horizons):
            ax.annotate(
                horizon_words(horizon), (0, h * step - above), (0, 0), ("axes fraction", "data"), "offset points",
                va="center", fontweight="bold", color=INK, fontsize=preset.base,
            )  # fmt: skip
            for b, belief in enumerate(beliefs):
                row = numbers.of(belief, horizon)
                y, colour = h * step + b + 0.1, _COLOURS[belief]
                ax.plot(
                    [row.low, row.high], [y, y], linewidth=2.6 * preset.base / 9, solid_capstyle="butt", color=colour,
                    gid=belief,
                )  # fmt: skip
                ax.plot([row.median], [y], "o", color=colour, markersize=5.0 * preset.base / 9, gid="median")
                places.append(y)
                names.append(phrase(f"figures.exit_effect.{belief}"))
        ratio_axis(ax, min(one.low for one in numbers.beliefs), max(one.high for one in numbers.beliefs))
        ax.set_ylim(len(horizons) * step - 0.6, -above - 0.65)
        ax.axvline(1, color=RULE, linewidth=1.0, zorder=0)
        tidy(ax, preset, grid="x", bare="y")
        ax.set_yticks(places, [""] * len(names) if narrow else names)
        for y, name in zip(places, names, strict=True) if narrow else ():
            name_above(ax, preset, y - 0.3, name)
        ax.set_xlabel(phrase("figures.drivers.axis"), fontsize=preset.base * 0.92)
    return described(ax, title, phrase("figures.exit_effect.caption"), _words(numbers), numbers)


def _source(beliefs: tuple[str, ...]) -> str:
    """Return what the beliefs rest on."""
    named = [name for name in ("documents", "stated", "exits") if name in beliefs]
    parts = joined(phrase(f"figures.exit_effect.source_{name}") for name in named)
    return phrase("figures.exit_effect.source", parts=parts)


def _words(numbers: ExitEffectNumbers) -> str:
    parts = joined(
        phrase(
            "figures.exit_effect.part",
            belief=phrase(f"figures.exit_effect.{one.belief}"),
            horizon=horizon_words(one.horizon),
            median=ratio_words(one.median),
            low=ratio_words(one.low),
            high=ratio_words(one.high),
        )
        for one in numbers.beliefs
    )
    return phrase("figures.exit_effect.alternative", parts=parts)
