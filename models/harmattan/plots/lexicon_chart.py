"""How people read the words of probability that the documents use, beside what official yardsticks prescribe."""

import pandas as pd
from matplotlib.axes import Axes

from ..core.language import phrase, translate
from .frame import described, open_axes, tidy
from .numbers import hundredths, joined
from .style import GRID, INK, MUTED, RULE, SERIES, SERIES_TEXT, Size, SizeName, style

_SHORT = {"UK PHIA probability yardstick": "PHIA", "US ICD 203": "ICD 203", "NATO AJP-2.1": "NATO"}


def lexicon(
    readings: pd.DataFrame,
    bands: pd.DataFrame,
    *,
    as_of: str | None = None,
    title: str | None = None,
    source: str | None = None,
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw the public's reading of each term, and the official bands of the same word below it.

    Parameters
    ----------
    readings : pandas.DataFrame
        Columns ``term``, ``claims``, ``hedges``, ``low``, ``middle``, ``high`` (0 to 1); drawn in this order.
    bands : pandas.DataFrame
        Columns ``term``, ``standard``, ``low``, ``high`` (0 to 1), ``contradicted`` (the middle reader lies outside).

    Returns
    -------
    matplotlib.axes.Axes
        Lines with the gid "readers", "official" or "contradicted".
    """
    narrow, title = size == "column", title or phrase("figures.lexicon.title")
    rows = _rows(readings, bands)
    with style(size) as preset:
        longest = max(len(str(term)) for term in readings["term"])
        ax = open_axes(
            ax,
            preset,
            title=title,
            subtitle=phrase("figures.lexicon.subtitle"),
            source=source or phrase("figures.lexicon.source"),
            as_of=as_of,
            left=1.0 if narrow else 0.62 * longest + 1.5,
            right=6.2,
            below=3.4,
            body=(1.7 if narrow else 1.15) * rows[-1][0] + 2.6,
        )
        for y, row in rows:
            _draw_row(ax, preset, y, row, narrow)
        ax.set_xlim(0, 100)
        ax.set_ylim(rows[-1][0] + 0.9, -1.0)
        terms = [(y, row) for y, row in rows if "standard" not in row]
        ax.set_yticks([y for y, _ in terms], ["" if narrow else str(row["term"]) for _, row in terms])
        ax.set_xticks(range(0, 101, 20))
        tidy(ax, preset, grid="x", bare="y")
        ax.set_xlabel(phrase("figures.lexicon.axis"), fontsize=preset.base * 0.92)
    return described(ax, title, *_words(readings, bands))


def _rows(readings: pd.DataFrame, bands: pd.DataFrame) -> list[tuple[float, dict[str, object]]]:
    """Return height and content of each row: a term, then its bands, closer together."""
    rows: list[tuple[float, dict[str, object]]] = []
    y = 0.0
    for reading in readings.to_dict("records"):
        rows.append((y, {str(key): value for key, value in reading.items()}))
        for band in bands[bands["term"] == reading["term"]].to_dict("records"):
            y += 0.8
            rows.append((y, {str(key): value for key, value in band.items()}))
        y += 1.6
    return rows


def _draw_row(ax: Axes, preset: Size, y: float, row: dict[str, object], narrow: bool) -> None:
    low, high = 100 * float(str(row["low"])), 100 * float(str(row["high"]))
    aside: dict[str, object] = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "va": "center"}
    if "standard" in row:
        wrong = bool(row["contradicted"])
        gid, colour = ("contradicted", SERIES[1]) if wrong else ("official", RULE)
        ax.plot([low, high], [y, y], color=colour, linewidth=4.5 * preset.base / 9, solid_capstyle="butt", gid=gid)
        name = _standard(row["standard"]) + (" ≠" if wrong else "")
        colour = SERIES_TEXT[1] if wrong else MUTED
        ax.annotate(name, (1, y), (0.6 * preset.base, 0), color=colour, fontsize=preset.base * 0.84, **aside)  # type: ignore[arg-type]
        return
    middle = 100 * float(str(row["middle"]))
    ax.axhline(y, color=GRID, linewidth=0.7, zorder=0)
    ax.plot([low, high], [y, y], color=SERIES[0], linewidth=1.8 * preset.base / 9, gid="readers")
    ax.plot([middle], [y], "o", color=SERIES[0], markersize=5.2 * preset.base / 9)
    ax.annotate(_claims(row["claims"]), (1, y), (0.6 * preset.base, 0), color=INK, fontsize=preset.base * 0.94, **aside)  # type: ignore[arg-type]
    if narrow:
        above = (0, 0.75 * preset.base)
        ax.annotate(str(row["term"]), (0, y), above, color=INK, fontsize=preset.base * 0.88, **aside)  # type: ignore[arg-type]


def _words(readings: pd.DataFrame, bands: pd.DataFrame) -> tuple[str, str]:
    wrong = bands[bands["contradicted"].astype(bool)]
    medians = dict(zip(readings["term"], readings["middle"], strict=True))
    told = [
        phrase(
            "figures.lexicon.contradiction",
            term=row.term,
            standard=_standard(row.standard),
            low=hundredths(float(row.low)),
            high=hundredths(float(row.high)),
            middle=hundredths(float(medians[row.term])),
        )
        for row in wrong.itertuples()
    ]
    contradictions = joined(told) or phrase("figures.lexicon.no_contradiction")
    parts = [
        phrase(
            "figures.lexicon.part",
            term=row.term,
            claims=_claims(row.claims),
            middle=hundredths(float(row.middle)),
            low=hundredths(float(row.low)),
            high=hundredths(float(row.high)),
        )
        for row in readings.itertuples()
    ]
    alternative = phrase("figures.lexicon.alternative", count=len(readings), parts=joined(parts))
    return phrase("figures.lexicon.caption", contradictions=contradictions), alternative


def _claims(count: object) -> str:
    return phrase("figures.lexicon.one_claim" if count == 1 else "figures.lexicon.claims", count=count)


def _standard(name: object) -> str:
    return translate(_SHORT.get(str(name), str(name)))
