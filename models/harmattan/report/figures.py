"""Figures to files: the same figure gives the same bytes, on any day and under any name."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..core.files import file_in_place
from ..plots.frame import describe
from ..plots.style import shipped_settings
from .content import BriefFigure

FORMATS: dict[str, dict[str, str | None]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "ModDate": None, "Creator": None, "Producer": None},
}
"""Formats of figures, with the metadata to leave out so that the same figure gives the same bytes."""


def save_figure(
    figure: Figure, folder: Path, name: str, *, formats: Sequence[str] = ("png", "svg"), dpi: int = 200
) -> dict[str, Path]:
    """Write ``<folder>/<name>.<format>`` with deterministic bytes (no date, no software, fixed identifiers).

    Raises
    ------
    ValueError
        If a format is none of png, svg and pdf.
    """
    unknown = set(formats) - set(FORMATS)
    if unknown:
        raise ValueError(f"{', '.join(sorted(unknown))} is no format of figures: choose from {', '.join(FORMATS)}.")
    files = {kind: Path(folder) / f"{name}.{kind}" for kind in formats}
    settings: dict[Any, Any] = {"svg.hashsalt": f"harmattan/{name}", "svg.fonttype": "path", "pdf.fonttype": 42}
    with shipped_settings(settings):
        for kind, file in files.items():
            with file_in_place(file) as path:
                figure.savefig(path, format=kind, dpi=dpi, metadata=FORMATS[kind])
    return files


def save_as(path: Path, ax: Axes, *, dpi: int = 160) -> Path:
    """Write one figure to a file whose suffix says how."""
    return save_figure(_figure(ax), path.parent, path.stem, formats=[path.suffix[1:]], dpi=dpi)[path.suffix[1:]]


def _written(figure: Figure, folder: Path, name: str, formats: Sequence[str]) -> bytes:
    """Write a figure's files and return it as PNG, which the page needs whatever the files are."""
    files = save_figure(figure, folder, name, formats=formats)
    return files["png"].read_bytes() if "png" in files else png_of(figure)


def png_of(figure: Figure, *, dpi: int = 200) -> bytes:
    """Return a figure as PNG, with the same bytes each time."""
    stream = BytesIO()
    with shipped_settings({}):
        figure.savefig(stream, format="png", dpi=dpi, metadata=FORMATS["png"])
    return stream.getvalue()


def brief_figure(
    ax: Axes,
    folder: Path,
    name: str,
    *,
    narrow: Axes | None = None,
    tables: tuple[str, ...] = (),
    formats: Sequence[str] = ("png", "svg"),
) -> BriefFigure:
    """Save a figure of `harmattan.plots` and return it as the brief wants it, words included.

    Parameters
    ----------
    narrow : matplotlib.axes.Axes, optional
        The same figure at ``size="column"``, which the brief shows on phones.
    tables : tuple of str
        Ids of the tables that hold the figure's numbers.
    formats : sequence of str
        What the files are written as: png, svg, pdf.
    """
    wide = _written(_figure(ax), folder, name, formats)
    small = _written(_figure(narrow), folder, f"{name}-column", formats) if narrow is not None else None
    words = describe(ax)
    return BriefFigure(name, words.title, wide, words.caption, words.alternative, small, tables)


def _figure(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    if figure is None:
        raise ValueError("These axes belong to no figure.")
    return figure
