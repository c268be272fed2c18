"""How claims become one driver's prior, claim by claim."""

import pandas as pd
from matplotlib.axes import Axes

from ..core.language import decimal, phrase, translate
from .frame import described, open_axes, tidy
from .numbers import hundredths, joined, short_in_hundred
from .style import GRID, INK, MUTED, NEUTRAL, RULE, SERIES, SERIES_TEXT, Size, SizeName, style

_LOOK = {"claim": 1.3, "group": 2.6, "pool": 3.8, "evidence": 3.8, "prior": 3.8}
"""Line width of each step, at nine points."""


def derivation(
    table: pd.DataFrame,
    *,
    driver: str,
    as_of: str | None = None,
    title: str | None = None,
    source: str | None = None,
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw every step from claims to a driver's prior: claims by group, pool, published evidence, weight in the prior.

    Parameters
    ----------
    table : pandas.DataFrame
        As `hm.derivation(driver)` returns it: columns ``branch``, ``step`` (claim, group, pool, evidence, prior),
        ``label``, ``side`` (for, against), ``term``, ``grade``, ``weight``, ``low``, ``mean``, ``high`` (0 to 1),
        ``words``.
    driver : str
        Name for the title.

    Returns
    -------
    matplotlib.axes.Axes
        One row a step; lines carry the step as gid, and dots the gid "mean".

    Raises
    ------
    ValueError
        If the table is empty.
    """
    if table.empty:
        raise ValueError(f"There is nothing to draw: no claim speaks on {driver}.")
    title = title or phrase("figures.derivation.title", driver=driver)
    narrow = size == "column"
    heights = _heights(table)
    with style(size) as preset:
        longest = max(len(_name(row)) for row in table.to_dict("records"))
        ax = open_axes(
            ax,
            preset,
            title=title,
            subtitle=phrase("figures.derivation.subtitle"),
            source=source or phrase("figures.derivation.source"),
            as_of=as_of,
            left=1.0 if narrow else min(0.54 * longest + 1.5, 28.0),
            right=7.5,
            below=3.4,
            body=(1.9 if narrow else 1.35) * (heights[-1] + 3.4),
        )
        for y, row in zip(heights, table.to_dict("records"), strict=True):
            _draw_row(ax, preset, y, {str(key): value for key, value in row.items()}, narrow)
        for branch, first in _first_rows(table, heights):
            above = first - (1.5 if narrow else 1.05)
            ax.annotate(
                translate(branch), (0, above), (0, 0), ("axes fraction", "data"), "offset points",
                va="center", fontweight="bold", color=INK, fontsize=preset.base,
            )  # fmt: skip
        ax.set_xlim(0, 100)
        ax.set_ylim(heights[-1] + 1.5, -2.1)
        names = ["" if narrow else _name(row) for row in table.to_dict("records")]
        ax.set_yticks(heights, names)
        ax.set_xticks(range(0, 101, 20))
        tidy(ax, preset, grid="x", bare="y")
        ax.set_xlabel(phrase("figures.derivation.axis"), fontsize=preset.base * 0.92)
    return described(ax, title, *_words(table, driver))


def _heights(table: pd.DataFrame) -> list[float]:
    """Return the height of each row: one apart, with room for the name of each branch."""
    heights, y, last = [], -1.0, str(table["branch"].iloc[0])
    for branch in table["branch"]:
        y += 1.0 if branch == last else 4.0
        heights.append(y)
        last = str(branch)
    return heights


def _first_rows(table: pd.DataFrame, heights: list[float]) -> list[tuple[str, float]]:
    branches = list(table["branch"])
    return [(str(b), heights[i]) for i, b in enumerate(branches) if i == 0 or branches[i - 1] != b]


def _name(row: dict[object, object] | dict[str, object]) -> str:
    step, label = str(row["step"]), str(row["label"])
    if step == "claim":
        key = "claim_against" if row["side"] == "against" else "claim"
        return phrase(f"figures.derivation.{key}", claim=label, term=row["term"], grade=row["grade"])
    return phrase(f"figures.derivation.{step}", **{step: label})


def _draw_row(ax: Axes, preset: Size, y: float, row: dict[str, object], narrow: bool) -> None:
    low, mean, high = (100 * float(str(row[part])) for part in ("low", "mean", "high"))
    step = str(row["step"])
    against = row["side"] == "against"
    colour = {"claim": NEUTRAL, "group": SERIES[2], "evidence": SERIES[3]}.get(step, SERIES[0])
    colour = SERIES[1] if against else colour
    ax.plot([low, high], [y, y], color=colour, linewidth=_LOOK[step] * preset.base / 9, solid_capstyle="butt", gid=step)
    mark = "D" if step == "prior" else "o"
    ax.plot([mean], [y], mark, color=colour, markersize=(4 + _LOOK[step] / 2) * preset.base / 9, gid="mean")
    said = short_in_hundred(float(str(row["mean"])))
    if step in ("claim", "group"):
        said += f"   × {decimal(float(str(row['weight'])), 3)}"
    aside: dict[str, object] = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "va": "center"}
    ax.annotate(
        said, (1, y), (0.6 * preset.base, 0), fontsize=preset.base * (0.84 if step == "claim" else 0.94),
        color=(SERIES_TEXT[1] if against else MUTED if step == "claim" else INK), **aside,  # type: ignore[arg-type]
    )  # fmt: skip
    if step == "prior":
        ax.axhline(y, color=RULE, linewidth=0.7, zorder=0)
        effect = _effects(row["words"])[0]
        ax.annotate(
            effect, (0, y + 0.85), (0, 0), color=MUTED, fontsize=preset.base * 0.84, **aside,  # type: ignore[arg-type]
        )  # fmt: skip
    elif step in ("group", "pool"):
        ax.axhline(y, color=GRID, linewidth=0.7, zorder=0)
    if narrow:
        ax.annotate(
            _name(row), (0, y - 0.48), (0, 0), color=INK, fontsize=preset.base * 0.8, **aside  # type: ignore[arg-type]
        )  # fmt: skip


def _effects(words: object) -> list[str]:
    """Return what stands behind a branch's weight in the prior, in the reader's language: its effect, then the rest."""
    return [translate(part.strip()) for part in str(words).split(";")]


def _words(table: pd.DataFrame, driver: str) -> tuple[str, str]:
    told = [_branch_words(str(branch), rows) for branch, rows in table.groupby("branch", sort=False)]
    alternative = phrase("figures.derivation.alternative", driver=driver, parts=". ".join(told))
    return phrase("figures.derivation.caption"), alternative


def _branch_words(branch: str, rows: pd.DataFrame) -> str:
    claims, prior = rows[rows["step"] == "claim"], rows[rows["step"] == "prior"].iloc[0]
    groups, pool = rows[rows["step"] == "group"], rows[rows["step"] == "pool"]
    if pool.empty:
        return phrase("figures.derivation.unasserted", branch=translate(branch))
    means = [
        phrase("figures.derivation.group_mean", group=row.label, mean=hundredths(float(row.mean)))
        for row in groups.itertuples()
    ]
    return phrase(
        "figures.derivation.part",
        branch=translate(branch),
        claims=len(claims),
        against=int((claims["side"] == "against").sum()),
        means=", ".join(means),
        pooled=hundredths(float(pool["mean"].iloc[0])),
        weight=hundredths(float(prior["mean"])),
        effect=joined(_effects(prior["words"])),
    )
