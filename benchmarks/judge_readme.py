"""Writes the table by horizon of README.md anew from `seeds/scorecard/`: won and lost, whatever the files say."""

import argparse
from pathlib import Path

import pandas as pd

from harmattan.core.language import country_name, listed
from harmattan.core.names import OUTCOMES
from harmattan.evaluate.horizons import COUNTRIES, LATER_YEARS, Horizons, held_alone, load_horizons
from harmattan.evaluate.judge import SPANS, TOGETHER, YEARS
from harmattan.evaluate.judge_tables import EVERYWHERE

BEGIN, END = "<!-- by horizon: `make judge` writes what stands here -->\n", "<!-- to here -->\n"
HEADINGS = ("state-based", "non-state", "civilians", "all deaths")


def lines(found: Horizons) -> str:
    """Return what README says: a row for all regions and for the case's own, and span, and how often intervals held."""
    skill = found.skill[(found.skill["summary_events"] == "without") & (found.skill["places"] == COUNTRIES)]
    cells = skill.set_index(["region", "span", "outcome"])
    regions = [region for region in (EVERYWHERE, found.own) if region in set(skill["region"])]
    table = [f"| | {' | '.join(HEADINGS)} |", "| --- | --- | --- | --- | --- |"]
    for region in regions:
        for span in (*SPANS, *YEARS):
            told = [cell(cells, (region, span, outcome)) for outcome in (*OUTCOMES, TOGETHER)]
            table.append(f"| {region}, {span} | {' | '.join(told)} |")
    return "\n".join((said(found), "", *table, "", held(found, regions))) + "\n"


def said(found: Horizons) -> str:
    """Return what the table is of."""
    first = (
        f"To five years ahead, in six regions of the world (`benchmarks/judge_protocol.md`; version {found.version}):"
    )
    return "\n".join(
        (
            f"{first} by how much mean CRPS",
            "is better than that of the best of six simple rules of the same row, of months and of yearly totals. "
            "*Won* where the 90 %",
            "interval (resampled origin years) lies above nothing, *lost* where it lies below, else *open*.",
        )
    )


def cell(cells: pd.DataFrame, key: tuple[str, str, str]) -> str:
    """Return a skill with its verdict; a dash where none is scored."""
    if key not in cells.index:
        return "–"
    row = cells.loc[key]
    verdict = "won" if row["skill_low"] > 0 else "lost" if row["skill_high"] < 0 else "open"
    return f"{verdict} {per_cent(row['skill'], 1)}"


def per_cent(share: float, digits: int = 0) -> str:
    """Return a share in hundredths, with a minus sign that is one; nought has none."""
    return f"{100 * share:z.{digits}f} %".replace("-", "−")


def held(found: Horizons, regions: list[str]) -> str:
    """Return how often 80 % intervals of later years' totals held, in the focal countries, all of them and anywhere."""
    focal = listed([country_name(code) for code in found.focal])
    told = [(focal, found.own, found.focal_name), *((region, region, COUNTRIES) for region in reversed(regions))]
    parts = [
        f"{name} {' and '.join(per_cent(share(found, region, places, span)) for span in LATER_YEARS)}"
        for name, region, places in told
    ]
    told = "; ".join(parts)
    return f"80 % intervals of the totals of years 3 and 5 held: {told}.\n`harmattan scorecard` shows every region."


def share(found: Horizons, region: str, places: str, span: str) -> float:
    """Return how often intervals of single countries and outcomes held."""
    rows = found.coverage
    here = (rows["region"] == region) & (rows["places"] == places) & (rows["span"] == span)
    held = held_alone(rows[here])
    return float("nan") if held is None else held


def write_readme(page: Path, card: Path) -> None:
    """Put the table of the kept files in place of the one that a page has."""
    found, text = load_horizons(card), page.read_text(encoding="utf-8")
    if found is None:
        raise SystemExit(f"{card}: there are no tables by horizon. `make judge` makes them.")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}{lines(found)}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--card", type=Path, default=Path("seeds/scorecard"))
    parser.add_argument("--readme", type=Path, default=Path("README.md"))
    asked = parser.parse_args()
    write_readme(asked.readme, asked.card)
