"""One look for all figures: calm, legible in grey, safe for colour-blind readers. Never a global setting."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

SizeName = Literal["slide", "page", "column"]


@dataclass(frozen=True)
class Size:
    """Width of a figure in inches and the size of its running text in points."""

    width: float
    base: float

    @property
    def em(self) -> float:
        """Height of the running text in inches; all distances are multiples of it."""
        return self.base / 72


SIZES: dict[str, Size] = {"slide": Size(12.0, 15.0), "page": Size(7.6, 9.0), "column": Size(3.9, 8.8)}

INK = "#1f2933"
MUTED = "#55616d"
GRID = "#e2e6ea"
RULE = "#9aa5b1"
NEUTRAL = "#8794a1"
WATER = "#eef3f6"
LAND = "#f3f1ec"

BLUE_BANDS = ("#d3e0ec", "#a3c0d9", "#6b97bf")
"""Fills of the 95, 80 and 50 % bands, from light to dark: their order survives a grey print."""

SERIES = ("#12436d", "#d9822b", "#5f7f78", "#8d5a97")
"""Scenario colours; their lightness differs, and marker and line style differ too."""

SERIES_TEXT = ("#12436d", "#9a5200", "#3f5f58", "#6d3f77")
"""The same hues dark enough for text on white (contrast above 4.5 to 1)."""

MARKERS = ("o", "s", "D", "^")
LINES = ("-", (0, (5, 2)), (0, (1, 1.2)), (0, (5, 1.5, 1, 1.5)))
SEQUENCE = ("#fbf3e4", "#f2d6a2", "#e0a458", "#b86b2b", "#75370f", "#43200b")
"""Sand to dark earth; lightness falls with every step."""


def size_of(name: str) -> Size:
    """Return a size preset.

    Raises
    ------
    ValueError
        If the name is not slide, page or column.
    """
    if name not in SIZES:
        raise ValueError(f"{name!r} is not a figure size: choose one of {', '.join(SIZES)}.")
    return SIZES[name]


def in_notebook() -> bool:
    """Tell whether a notebook's kernel runs this, which shows pyplot's figures by itself."""
    ipython = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")


def _settle_backend() -> None:
    """Have pyplot choose its backend now: what that switches on within `style` would be off again after the block.

    The notebook's backend makes pyplot interactive when it is loaded. Loaded inside the block, that lasts for the first
    figure, and no later one would be shown.
    """
    from matplotlib import pyplot

    pyplot.draw_if_interactive()


@contextmanager
def style(size: SizeName = "page") -> Iterator[Size]:
    """Draw in Harmattan's look inside the block; the settings outside stay as they were."""
    preset = size_of(size)
    if in_notebook():
        _settle_backend()
    settings: dict[Any, Any] = {
        "font.family": "sans-serif",
        "font.sans-serif": ["DejaVu Sans"],
        "font.size": preset.base,
        "axes.edgecolor": RULE,
        "axes.labelcolor": INK,
        "axes.linewidth": 0.7,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": False,
        "axes.axisbelow": True,
        "axes.labelsize": preset.base,
        "text.color": INK,
        "xtick.color": RULE,
        "ytick.color": RULE,
        "xtick.labelcolor": INK,
        "ytick.labelcolor": INK,
        "xtick.labelsize": preset.base * 0.94,
        "ytick.labelsize": preset.base * 0.94,
        "legend.frameon": False,
        "legend.fontsize": preset.base * 0.9,
        "lines.linewidth": 1.6 * preset.base / 9,
        "lines.solid_capstyle": "round",
        "patch.linewidth": 0.0,
        "figure.facecolor": "white",
        "axes.facecolor": "white",
        "hatch.linewidth": 0.4,
    }
    with shipped_settings(settings):
        yield preset


@contextmanager
def shipped_settings(ours: dict[Any, Any]) -> Iterator[None]:
    """Take matplotlib's own settings and ours inside the block, whatever stands in a user's `matplotlibrc`."""
    from matplotlib.style import context

    with context(["default", ours]):
        yield
