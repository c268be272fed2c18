"""What surrounds a figure: title, units, source, as-of stamp, and the words that can replace the picture."""

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..core.language import phrase
from .figure_numbers import FigureNumbers
from .numbers import month_words
from .style import GRID, INK, MUTED, RULE, Size, in_notebook

_LETTER = 0.58
"""Mean width of a letter of DejaVu Sans, in ems."""


@dataclass(frozen=True)
class Description:
    """The words of a figure, written by the call that draws it, from the same numbers."""

    title: str
    caption: str
    alternative: str
    numbers: FigureNumbers | None = None


_DESCRIPTIONS: WeakKeyDictionary[Axes, Description] = WeakKeyDictionary()


def describe(ax: Axes) -> Description:
    """Return title, caption, alternative text and, where they stand apart, numbers of a figure of `harmattan.plots`.

    Raises
    ------
    ValueError
        If the axes were not returned by one of our figures.
    """
    if ax not in _DESCRIPTIONS:
        raise ValueError("These axes were not drawn by harmattan.plots, so no description goes with them.")
    return _DESCRIPTIONS[ax]


def described(ax: Axes, title: str, caption: str, alternative: str, numbers: FigureNumbers | None = None) -> Axes:
    """Attach words and numbers to the axes and hand the axes back. Spaces that must not break stay what they are."""
    _DESCRIPTIONS[ax] = Description(title, _one_line(caption), _one_line(alternative), numbers)
    return ax


def _one_line(words: str) -> str:
    return re.sub(r"[ \n]+", " ", words).strip()


def open_axes(
    ax: Axes | None,
    size: Size,
    *,
    title: str,
    subtitle: str,
    source: str,
    as_of: str | None,
    checked: str = "",
    body: float,
    left: float,
    right: float = 1.0,
    below: float = 2.2,
    above: float = 0.0,
) -> Axes:
    """Return axes inside a frame of words.

    Parameters
    ----------
    ax : matplotlib.axes.Axes or None
        Axes to draw on; None makes a new figure of the preset's width.
    checked : str
        How past forecasts did: the calibration stamp, last in the line at the foot.
    body, left, right, below, above : float
        Height of the drawing, and room for labels around it, all in ems.
    """
    footer = footer_text(source, as_of, checked)
    if ax is not None:
        ax.set_title(f"{title}\n{subtitle}", loc="left", fontsize=size.base, color=INK)
        room = max(int(ax.bbox.width / 72 / (size.em * 0.8 * _LETTER)), 30)
        lines = "\n".join(textwrap.wrap(footer, room, break_on_hyphens=False))
        ax.annotate(
            lines,
            (0, 0),
            (0, -below * size.base),
            "axes fraction",
            "offset points",
            va="top",
            color=MUTED,
            fontsize=size.base * 0.8,
        )
        return ax
    heading = _wrapped(title, size, 1.25 * 1.14)
    under = _wrapped(subtitle, size, 0.95)
    foot = _wrapped(footer, size, 0.8)
    top = 0.6 + 1.6 * len(heading) + 1.25 * len(under) + 0.9 + above
    bottom = below + 1.1 * len(foot) + 0.8
    height = (top + body + bottom) * size.em
    figure = _new_figure(size.width, height)
    ax = figure.add_axes(
        (
            left * size.em / size.width,
            bottom * size.em / height,
            1 - (left + right) * size.em / size.width,
            body * size.em / height,
        )
    )
    edge = 0.8 * size.em / size.width
    from_top = 0.6 * size.em
    figure.text(
        edge,
        1 - from_top / height,
        "\n".join(heading),
        va="top",
        fontsize=size.base * 1.25,
        fontweight="bold",
        linespacing=1.15,
    )
    from_top += 1.6 * len(heading) * size.em
    figure.text(
        edge,
        1 - from_top / height,
        "\n".join(under),
        va="top",
        color=MUTED,
        fontsize=size.base * 0.95,
        linespacing=1.15,
    )
    figure.text(
        edge,
        0.5 * size.em / height,
        "\n".join(foot),
        va="bottom",
        color=MUTED,
        fontsize=size.base * 0.8,
        linespacing=1.2,
    )
    return ax


def footer_text(source: str, as_of: str | None, checked: str = "") -> str:
    """Return the line at the foot: as-of stamp first, then the source, then how past forecasts did."""
    stamp = phrase("figures.as_of", month=month_words(as_of)) if as_of else ""
    return " ".join(part for part in (stamp, source, checked) if part)


def _wrapped(text: str, size: Size, scale: float) -> list[str]:
    room = int((size.width - 1.6 * size.em) / (size.em * scale * _LETTER))
    return textwrap.wrap(text, room, break_on_hyphens=False)


def _new_figure(width: float, height: float) -> Figure:
    """Return a free-standing figure; in a notebook one of pyplot's, because the notebook shows those by itself."""
    if in_notebook():
        from matplotlib import pyplot

        return pyplot.figure(figsize=(width, height))
    return Figure(figsize=(width, height))


def panels(
    ax: Axes, size: Size, *, columns: Sequence[float], rows: int = 1, gap: float = 1.5, row_gap: float = 3.0
) -> list[Axes]:
    """Divide axes into panels, row by row; `columns` are relative widths, the gaps are ems."""
    ax.set_axis_off()
    figure = ax.get_figure(root=True)
    assert figure is not None
    box = ax.get_position()
    width = box.width * figure.get_figwidth() / size.em
    height = box.height * figure.get_figheight() / size.em
    free = 1 - gap * (len(columns) - 1) / width
    tall = (1 - row_gap * (rows - 1) / height) / rows
    made = []
    for row in range(rows):
        left = 0.0
        for share in columns:
            wide = free * share / sum(columns)
            made.append(ax.inset_axes((left, 1 - (row + 1) * tall - row * row_gap / height, wide, tall)))
            left += wide + gap / width
    return made


def tidy(ax: Axes, size: Size, *, grid: str = "", bare: str = "") -> None:
    """Fix ticks, grid and spines (ticks are made late, after our settings have gone, hence said once more here).

    `grid` and `bare` hold any of the letters x and y: where to draw grid lines, and which axis loses line and ticks.
    """
    ax.tick_params(labelsize=size.base * 0.94, labelcolor=INK, color=RULE, width=0.7, length=3)
    for letter in grid:
        ax.grid(True, axis=letter, color=GRID, linewidth=0.7)  # type: ignore[arg-type]
    for letter in bare:
        ax.tick_params(axis=letter, length=0)  # type: ignore[arg-type]
        ax.spines["bottom" if letter == "x" else "left"].set_visible(False)


def name_above(ax: Axes, size: Size, y: float, name: str, *, weight: str = "normal") -> None:
    """Write a row's name above its marks, on a ground of its own so that no grid line runs through the letters."""
    ax.annotate(
        name,
        (0, y),
        (0, 1.5),
        ("axes fraction", "data"),
        "offset points",
        va="bottom",
        fontsize=size.base * 0.88,
        fontweight=weight,
        bbox={"boxstyle": "square,pad=0.05", "facecolor": "white", "edgecolor": "none"},
        zorder=2.5,
    )


def spread(positions: Sequence[float], least: float) -> list[float]:
    """Return label positions moved apart to at least `least`, in their order (of equals, the first on top)."""
    order = sorted(range(len(positions)), key=lambda i: (positions[i], -i))
    placed = [float(positions[i]) for i in order]
    for _ in range(50):
        for i in range(len(placed) - 1):
            lack = least - (placed[i + 1] - placed[i])
            if lack > 1e-9:
                placed[i] -= lack / 2
                placed[i + 1] += lack / 2
    result = [0.0] * len(placed)
    for position, i in zip(placed, order, strict=True):
        result[i] = position
    return result
