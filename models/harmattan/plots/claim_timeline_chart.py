"""When each claim says that it will be so, and what the record says of it."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from ..core.language import phrase, translate
from .frame import described, open_axes, tidy
from .numbers import month_words
from .style import INK, MUTED, RULE, SERIES, SizeName, style

_LOOKS = {
    "true": ("o", SERIES[0]), "partly": ("D", SERIES[2]), "false": ("X", SERIES[1]), "open": ("|", RULE),
}  # fmt: skip


def claim_timeline(
    table: pd.DataFrame,
    *,
    as_of: str,
    exit_month: str,
    months_known: int,
    title: str | None = None,
    source: str | None = None,
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw the window of each claim that can be settled, by proposition, with its verdict.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per claim: ``claim``, ``proposition``, ``first``, ``last`` (months after the exit), ``verdict`` (`true`,
        `partly`, `false`, `open`; what has another verdict is left out). Claims of one proposition and window share a
        line and are counted.
    exit_month : str
        Month 0, `YYYY-MM`.
    months_known : int
        Months after the exit that the record holds; a line marks them.

    Returns
    -------
    matplotlib.axes.Axes
        One row per proposition and window; the lines of the windows carry the verdict as gid.
    """
    settled = table[table["verdict"].isin(list(_LOOKS))]
    rows = settled.groupby(["first", "last", "proposition", "verdict"], sort=True).size().rename("claims").reset_index()
    n, narrow = len(rows), size == "column"
    title = title or phrase("figures.timeline.title")
    with style(size) as preset:
        names = [_proposition(name) for name in rows["proposition"]]
        longest = max((len(name) for name in names), default=1)
        ax = open_axes(
            ax,
            preset,
            title=title,
            subtitle=phrase("figures.timeline.subtitle", month=month_words(exit_month)),
            source=source or phrase("figures.timeline.source"),
            as_of=as_of,
            body=n * 1.35 + 3.0,
            left=0.5 * longest + 1.6 if not narrow else 0.47 * longest + 1.2,
            right=4.4,
            below=3.4,
            above=2.8 if narrow else 1.6,
        )
        for y, row in enumerate(rows.itertuples()):
            verdict = str(row.verdict)
            mark, colour = _LOOKS[verdict]
            ax.plot(
                [float(row.first) - 0.4, float(row.last) + 0.4], [y, y], color=colour, gid=verdict,
                linewidth=2.4 * preset.base / 9, linestyle="-" if verdict != "open" else (0, (2, 1.2)),
                solid_capstyle="butt", zorder=2,
            )  # fmt: skip
            ax.plot([float(row.last) + 0.4], [y], mark, color=colour, markersize=5.5 * preset.base / 9, zorder=3)
            ax.annotate(
                _times(verdict, int(row.claims)),
                (1, y),
                (0.4 * preset.base, 0),
                ("axes fraction", "data"),
                "offset points",
                va="center",
                fontsize=preset.base * 0.8,
            )
        ax.axvline(months_known, color=INK, linewidth=1.0)
        ax.annotate(
            phrase("figures.timeline.known"),
            (months_known, 0),
            (3, 3),
            ("data", "axes fraction"),
            "offset points",
            va="bottom",
            color=MUTED,
            fontsize=preset.base * 0.84,
        )
        longest_window = float(rows["last"].max()) if n else 12.0
        ax.set_xlim(0, max(longest_window, months_known) + 2)
        ax.set_ylim(max(n, 1) - 0.3, -0.8)
        tidy(ax, preset, grid="x", bare="y")
        ax.set_yticks(range(n), names, fontsize=preset.base * 0.84)
        ax.set_xlabel(phrase("figures.timeline.axis"), fontsize=preset.base * 0.92)
        handles = [
            Line2D(
                [],
                [],
                color=colour,
                marker=mark,
                label=phrase(f"verdicts.{verdict}"),
                linestyle="-" if verdict != "open" else (0, (2, 1)),
            )
            for verdict, (mark, colour) in _LOOKS.items()
        ]
        ax.legend(
            handles=handles, loc="lower left", bbox_to_anchor=(0, 1), ncol=4 if not narrow else 2,
            borderaxespad=0.0 if not narrow else 1.2, fontsize=preset.base * 0.84, columnspacing=1.2,
        )  # fmt: skip
    return described(ax, title, *_words(table, settled))


def _proposition(name: object) -> str:
    return translate(str(name).replace("-", " "))


def _times(verdict: str, claims: int) -> str:
    word = phrase(f"verdicts.{verdict}")
    return word if claims == 1 else phrase("figures.timeline.verdict_times", verdict=word, count=claims)


def _words(table: pd.DataFrame, settled: pd.DataFrame) -> tuple[str, str]:
    counts = settled["verdict"].value_counts()
    said = ", ".join(
        phrase("figures.timeline.count", count=int(counts.get(name, 0)), verdict=phrase(f"verdicts.{name}"))
        for name in _LOOKS
    )
    caption = phrase("figures.timeline.caption", all=len(table), settled=len(settled), counts=said)
    names = ", ".join(dict.fromkeys(_proposition(name) for name in settled["proposition"]))
    return caption, phrase("figures.timeline.alternative", caption=caption, propositions=names)
