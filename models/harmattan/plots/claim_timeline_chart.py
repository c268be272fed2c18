"""When each claim says that it will be so, and what the record says of it."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from .frame import described, open_axes, tidy
from .numbers import month_words
from .style import INK, MUTED, RULE, SERIES, SizeName, style

_LOOKS = {"true": ("o", SERIES[0]), "false": ("X", SERIES[1]), "open": ("|", RULE)}


def claim_timeline(
    table: pd.DataFrame,
    *,
    as_of: str,
    exit_month: str,
    months_known: int,
    title: str = "What the documents expected, and when",
    source: str = "Source: claims of the documents, held against UCDP deaths and dated events, by Harmattan.",
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw the window of each claim that can be settled, by proposition, with its verdict.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per claim: ``claim``, ``proposition``, ``first``, ``last`` (months after the exit), ``verdict`` (`true`,
        `false`, `open`, `not resolvable`). Claims of one proposition and window share a line and are counted.
    exit_month : str
        Month 0, `YYYY-MM`.
    months_known : int
        Months after the exit that the record holds; a line marks them.

    Returns
    -------
    matplotlib.axes.Axes
        One row per proposition and window; the lines of the windows carry the verdict as gid.
    """
    settled = table[table["verdict"] != "not resolvable"]
    rows = settled.groupby(["first", "last", "proposition", "verdict"], sort=True).size().rename("claims").reset_index()
    n, narrow = len(rows), size == "column"
    with style(size) as preset:
        names = [str(name).replace("-", " ") for name in rows["proposition"]]
        longest = max((len(name) for name in names), default=1)
        ax = open_axes(
            ax,
            preset,
            title=title,
            subtitle=f"Window of each claim that can be settled, months after {month_words(exit_month)}",
            source=source,
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
                f"{verdict}{f' ×{row.claims}' if row.claims > 1 else ''}",
                (1, y),
                (0.4 * preset.base, 0),
                ("axes fraction", "data"),
                "offset points",
                va="center",
                fontsize=preset.base * 0.8,
            )
        ax.axvline(months_known, color=INK, linewidth=1.0)
        ax.annotate(
            "the record used ends here",
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
        ax.set_xlabel("months after the exit", fontsize=preset.base * 0.92)
        handles = [
            Line2D(
                [], [], color=colour, marker=mark, label=verdict, linestyle="-" if verdict != "open" else (0, (2, 1))
            )
            for verdict, (mark, colour) in _LOOKS.items()
        ]
        ax.legend(
            handles=handles, loc="lower left", bbox_to_anchor=(0, 1), ncol=3,
            borderaxespad=0.0 if not narrow else 1.2, fontsize=preset.base * 0.84, columnspacing=1.2,
        )  # fmt: skip
    return described(ax, title, *_words(table, settled))


def _words(table: pd.DataFrame, settled: pd.DataFrame) -> tuple[str, str]:
    counts = settled["verdict"].value_counts()
    said = ", ".join(f"{int(counts.get(name, 0))} {name}" for name in _LOOKS)
    caption = (
        f"Of {len(table)} claims {len(settled)} can be settled by deaths or dated events: {said}. "
        "Claims of one proposition and window share a line. What came true need not have come from the exit, and "
        "totals mix many mechanisms."
    )
    names = ", ".join(dict.fromkeys(str(name).replace("-", " ") for name in settled["proposition"]))
    return caption, f"Timeline of claims. {caption} Propositions: {names}."
