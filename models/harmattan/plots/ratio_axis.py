"""A log axis of rate ratios, marked at round ones."""

from matplotlib.axes import Axes

from ..core.language import decimal

_TICKS = (0.125, 0.25, 0.5, 0.71, 1, 1.41, 2, 4, 8)
_NAMES = {0.125: "×⅛", 0.25: "×¼", 0.5: "×½", 0.71: "×0.7", 1: "×1", 1.41: "×1.4", 2: "×2", 4: "×4", 8: "×8"}


def ratio_axis(ax: Axes, lowest: float, highest: float) -> None:
    """Let the horizontal axis of a figure show rate ratios, from well below to well above one.

    Parameters
    ----------
    ax : Axes
    lowest, highest : float
        Ends of what is drawn.
    """
    ax.set_xscale("log", base=2)
    ax.set_xlim(min(lowest / 1.08, 0.66), max(highest * 1.08, 1.5))
    shown = [t for t in _TICKS if ax.get_xlim()[0] <= t <= ax.get_xlim()[1]]
    ax.set_xticks(shown, [_NAMES[t].replace("0.7", decimal(0.7, 1)).replace("1.4", decimal(1.4, 1)) for t in shown])
    ax.minorticks_off()
