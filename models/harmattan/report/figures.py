"""Figures to files: the same figure gives the same bytes, on any day and under any name."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..core.files import file_in_place
from ..plots.figure_numbers import FigureNumbers
from ..plots.frame import describe
from ..plots.style import shipped_settings
from .content import BriefFigure
from .inline_svg import inline_svg

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
    with shipped_settings(_settings(name)):
        for kind, file in files.items():
            with file_in_place(file) as path:
                figure.savefig(path, format=kind, dpi=dpi, metadata=FORMATS[kind])
    return files


def _settings(name: str) -> dict[Any, Any]:
    """Return how files are written; text stays text, to be read and mended in what opens the file."""
    return {"svg.hashsalt": f"harmattan/{name}", "svg.fonttype": "none", "pdf.fonttype": 42}


def save_numbers(numbers: FigureNumbers, folder: Path, name: str) -> Path:
    """Write what a figure is drawn from as ``<folder>/<name>.json``, beside the figure.

    Parameters
    ----------
    numbers : FigureNumbers
    folder : Path
        Made where it is not there.
    name : str
        Of the figure.

    Returns
    -------
    Path
    """
    path = Path(folder) / f"{name}.json"
    with file_in_place(path) as new:
        new.write_text(numbers.to_json() + "\n", encoding="utf-8")
    return path


def save_as(path: Path, ax: Axes, *, dpi: int = 160) -> Path:
    """Write one figure to a file whose suffix says how."""
    return save_figure(_figure(ax), path.parent, path.stem, formats=[path.suffix[1:]], dpi=dpi)[path.suffix[1:]]


def png_of(figure: Figure, *, dpi: int = 200) -> bytes:
    """Return a figure as PNG, with the same bytes each time."""
    return _bytes(figure, "png", "", dpi)


def _inline(files: dict[str, Path], figure: Figure, name: str) -> str:
    """Return a figure as it stands inside a page, from its file where that was written."""
    drawn = files["svg"].read_text(encoding="utf-8") if "svg" in files else _bytes(figure, "svg", name).decode()
    return inline_svg(drawn, name)


def _bytes(figure: Figure, kind: str, name: str, dpi: int = 200) -> bytes:
    stream = BytesIO()
    with shipped_settings(_settings(name)):
        figure.savefig(stream, format=kind, dpi=dpi, metadata=FORMATS[kind])
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
        The same figure at ``size="column"``, which the brief shows on phones; its files are vectors alone.
    tables : tuple of str
        Ids of the tables that hold the figure's numbers.
    formats : sequence of str
        What the files are written as: png, svg, pdf.
    """
    wide, words = _figure(ax), describe(ax)
    files = save_figure(wide, folder, name, formats=formats)
    png = files["png"].read_bytes() if "png" in files else png_of(wide)
    svg = _inline(files, wide, name)
    small = ""
    if narrow is not None:
        column, drawn = f"{name}-column", [kind for kind in formats if kind != "png"]
        files = save_figure(_figure(narrow), folder, column, formats=drawn)
        small = _inline(files, _figure(narrow), column)
    return BriefFigure(name, words.title, png, words.caption, words.alternative, svg, small, tables)


def _figure(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    if figure is None:
        raise ValueError("These axes belong to no figure.")
    return figure
