"""How each source's expectations scored, and how little that rests on."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..core.language import decimal, phrase
from .frame import described, open_axes, tidy
from .numbers import joined
from .style import INK, MUTED, RULE, SERIES, SERIES_TEXT, SizeName, style


def source_scorecard(
    table: pd.DataFrame,
    *,
    as_of: str,
    title: str | None = None,
    source: str | None = None,
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw each source's Brier score with its interval, beside that of one who had known only the base rates.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per source, group or all: ``id``; ``brier`` (after trust), ``brier_low``, ``brier_high`` (95 in 100, NaN
        with fewer than two propositions), ``brier_stated`` (as the words are read), ``brier_base``; ``claims``,
        ``propositions``. Rows without a settled claim are left out and counted in the caption.

    Returns
    -------
    matplotlib.axes.Axes
        Tick labels are the ids; the right margin counts propositions and claims.
    """
    shown = table[table["claims"] > 0].reset_index(drop=True)
    silent = [str(name) for name in table.loc[table["claims"] == 0, "id"]]
    narrow, title = size == "column", title or phrase("figures.scorecard.title")
    n = len(shown)
    with style(size) as preset:
        longest = max((len(str(name)) for name in shown["id"]), default=1)
        ax = open_axes(
            ax,
            preset,
            title=title,
            subtitle=phrase("figures.scorecard.subtitle"),
            source=source or phrase("figures.scorecard.source"),
            as_of=as_of,
            body=n * 2.3 + 4.2,
            left=0.56 * longest + 1.6,
            right=8.0 if not narrow else 6.6,
            below=3.6,
            above=1.6,
        )
        for y, row in enumerate(shown.itertuples()):
            brier, low, high = (float(getattr(row, name)) for name in ("brier", "brier_low", "brier_high"))
            if np.isfinite(low):
                ax.plot([low, high], [y, y], color=SERIES[0], gid="interval", zorder=2)
            marks = (
                (brier, "o", SERIES[0], phrase("figures.scorecard.after_reliability")),
                (float(row.brier_stated), "D", SERIES[1], phrase("figures.scorecard.as_read")),
                (float(row.brier_base), "|", INK, phrase("figures.scorecard.base_rates")),
            )
            for x, mark, colour, label in marks:
                ax.plot(
                    [x], [y], mark, color=colour, label=label if y == 0 else "", zorder=3,
                    markersize=(9 if mark == "|" else 5) * preset.base / 9,
                )  # fmt: skip
            ax.annotate(
                f"{row.propositions} ({row.claims})",
                (1, y),
                (1.2 * preset.base, 0),
                ("axes fraction", "data"),
                "offset points",
                va="center",
                fontsize=preset.base * 0.94,
            )
        ax.annotate(
            phrase("figures.scorecard.head"),
            (1, -0.62),
            (1.2 * preset.base, 0),
            ("axes fraction", "data"),
            "offset points",
            va="bottom",
            color=MUTED,
            fontsize=preset.base * 0.84,
        )
        numbers = shown[["brier", "brier_high", "brier_stated", "brier_base"]].to_numpy(dtype=float)
        top = float(np.nanmax(numbers)) if n else 0.25
        ax.set_xlim(0, max(top * 1.08, 0.3))
        ax.set_ylim(max(n, 1) - 0.4, -0.7)
        ax.axvline(0.25, color=RULE, linewidth=1.0, zorder=0)
        tidy(ax, preset, grid="x", bare="y")
        ax.set_yticks(range(n), [str(name) for name in shown["id"]])
        ax.set_xlabel(phrase("figures.scorecard.axis"), fontsize=preset.base * 0.92)
        if n:
            ax.legend(
                loc="lower left", bbox_to_anchor=(0, 1), ncol=1 if narrow else 3, borderaxespad=0,
                fontsize=preset.base * 0.84, handlelength=1.0, columnspacing=1.2, labelcolor=SERIES_TEXT[0],
            )  # fmt: skip
    return described(ax, title, *_words(shown, silent))


def _words(shown: pd.DataFrame, silent: list[str]) -> tuple[str, str]:
    if shown.empty:
        caption = phrase("figures.scorecard.empty")
        return caption, phrase("figures.scorecard.empty_alternative", caption=caption)
    fewest, most = int(shown["propositions"].min()), int(shown["propositions"].max())
    caption = phrase("figures.scorecard.caption", fewest=fewest, most=most)
    if silent:
        caption += " " + phrase("figures.scorecard.silent", sources=", ".join(silent))
    parts = joined(
        phrase(
            "figures.scorecard.part",
            source=row.id,
            brier=decimal(float(row.brier), 2),
            propositions=row.propositions,
            base=decimal(float(row.brier_base), 2),
        )
        for row in shown.itertuples()
    )
    return caption, phrase("figures.scorecard.alternative", parts=parts, caption=caption)
