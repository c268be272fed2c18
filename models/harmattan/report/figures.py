"""Figures to files: the same figure gives the same bytes, on any day and under any name."""

from pathlib import Path
from typing import TypedDict

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..core.files import file_in_place
from ..plots.frame import describe
from .content import BriefFigure


class FigureFiles(TypedDict):
    """Paths of one saved figure."""

    png: Path
    svg: Path


def save_figure(figure: Figure, folder: Path, name: str, *, dpi: int = 200) -> FigureFiles:
    """Write ``<folder>/<name>.png`` and ``.svg`` with deterministic bytes (no date, no software, fixed identifiers)."""
    files: FigureFiles = {"png": Path(folder) / f"{name}.png", "svg": Path(folder) / f"{name}.svg"}
    with mpl.rc_context({"svg.hashsalt": f"harmattan/{name}", "svg.fonttype": "path"}):
        with file_in_place(files["png"]) as path:
            figure.savefig(path, format="png", dpi=dpi, metadata={"Software": None})
        with file_in_place(files["svg"]) as path:
            figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})
    return files


def brief_figure(
    ax: Axes, folder: Path, name: str, *, narrow: Axes | None = None, tables: tuple[str, ...] = ()
) -> BriefFigure:
    """Save a figure of `harmattan.plots` and return it as the brief wants it, words included.

    Parameters
    ----------
    narrow : matplotlib.axes.Axes, optional
        The same figure at ``size="column"``, which the brief shows on phones.
    tables : tuple of str
        Ids of the tables that hold the figure's numbers.
    """
    files = save_figure(_figure(ax), folder, name)
    small = save_figure(_figure(narrow), folder, f"{name}-column")["png"].read_bytes() if narrow is not None else None
    words = describe(ax)
    return BriefFigure(name, words.title, files["png"].read_bytes(), words.caption, words.alternative, small, tables)


def _figure(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    if figure is None:
        raise ValueError("These axes belong to no figure.")
    return figure
