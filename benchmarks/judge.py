"""Judges long forecasts in six regions of the world, as `judge_protocol.md` declares; stopped, it goes on."""

import argparse
from pathlib import Path

import pandas as pd
from regions import OWN, REGIONS, records, world

from harmattan.cli.progress import TerminalSteps
from harmattan.evaluate.judge_tables import coverage_by_row, errors_together, occurrence, skill_by_row, wars_that_end
from harmattan.run.backtesting import QUICK
from harmattan.run.judging import judged_from
from harmattan.tasks.carrying import Where, carry_out
from harmattan.tasks.results import usual_folder
from harmattan.tasks.task import Task

SAHEL = {"central Sahel": ("MLI", "BFA", "NER")}
YEARS = range(1995, 2024)


def rows_of(part: str) -> list[tuple[str, int]]:
    """Return the regions and origin years by which a version is chosen, or confirmed."""
    every = [(region, year) for region in (OWN, *REGIONS) for year in YEARS]
    choosing = [(region, year) for region, year in every if region != OWN and year % 2 == 0]
    return choosing if part == "choosing" else [row for row in every if row not in choosing]


def main() -> None:
    """Score the rows asked for and write them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=["choosing", "confirming"])
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    parser.add_argument("--regions", nargs="+", choices=[OWN, *REGIONS], default=[OWN, *REGIONS])
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=usual_folder())
    asked = parser.parse_args()
    found, everywhere = records(), world()
    rows = [row for row in rows_of(asked.part) if row[0] in asked.regions]
    tasks = []
    for region, year in rows:
        record, borders = found[region]
        given = {"record": record, "world": everywhere, "borders": borders, "origin": f"{year}-10", "groups": SAHEL}
        given |= {"draws": 1000, "seed": 1, "settings": QUICK}
        tasks.append(Task(f"{region} from {year}-10", judged_from, given))
    tables = carry_out(
        f"judge, {asked.part}", tasks, keep=asked.keep, where=Where(asked.workers), steps=TerminalSteps()
    )
    labelled = [table.assign(region=region) for table, (region, _) in zip(tables, rows, strict=True)]
    write(pd.concat(labelled, ignore_index=True), asked.part, asked.out)


def write(table: pd.DataFrame, part: str, out: Path) -> None:
    """Write what the rows say together, with and without cells that a summary event touches."""
    plain = table[~table["summary"]]
    skill = [skill_by_row(rows).assign(summary_events=told) for rows, told in ((plain, "without"), (table, "with"))]
    tables = {"skill": pd.concat(skill), "coverage": coverage_by_row(plain)}
    tables |= {"wars": wars_that_end(table), "together": errors_together(plain), "occurrence": occurrence(table)}
    for name, found in tables.items():
        found.round(4).to_csv(out / f"judge_{part}_{name}.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
