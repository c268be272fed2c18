"""Judges long forecasts in six regions of the world, as `judge_protocol.md` declares; stopped, it goes on.

What is confirmed is also kept by horizon for the brief, `harmattan scorecard` and README.md (`--card`, `--readme`).
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import pandas as pd
from judge_readme import write_readme
from regions import CALLED, OWN, REGIONS, records

from harmattan import __version__
from harmattan.case.opening import Case, open_case
from harmattan.cli.progress import TerminalSteps
from harmattan.evaluate.horizons import MADE, horizon_tables
from harmattan.evaluate.judge_tables import coverage_by_row, errors_together, occurrence, skill_by_row, wars_that_end
from harmattan.panel.world import record_of_the_world
from harmattan.run.backtesting import QUICK
from harmattan.run.judging import judged_from
from harmattan.tasks.carrying import Where, carry_out
from harmattan.tasks.results import usual_folder
from harmattan.tasks.task import Task

YEARS = range(1995, 2024)
DRAWS, SEED = 1000, 1


def rows_of(part: str) -> list[tuple[str, int]]:
    """Return the regions and origin years by which a version is chosen, or confirmed."""
    every = [(region, year) for region in (OWN, *REGIONS) for year in YEARS]
    choosing = [(region, year) for region, year in every if region != OWN and year % 2 == 0]
    return choosing if part == "choosing" else [row for row in every if row not in choosing]


def focal_groups(case: Case) -> dict[str, tuple[str, ...]]:
    """Return the case's groups of several units around its home, the first of which is focal; else home alone."""
    found = {
        name: units
        for name, units in case.groups.items()
        if case.home in units and 1 < len(units) < len(case.definition.units.list)
    }
    return found or {case.home: (case.home,)}


def main() -> None:
    """Score the rows asked for and write them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=["choosing", "confirming"])
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    parser.add_argument("--card", type=Path, default=Path("seeds/scorecard"), help="folder of the tables by horizon")
    parser.add_argument("--readme", type=Path, default=Path("README.md"), help="page whose table is written anew")
    parser.add_argument("--regions", nargs="+", choices=[OWN, *REGIONS], default=[OWN, *REGIONS])
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=usual_folder())
    asked = parser.parse_args()
    found, everywhere, groups = records(), record_of_the_world(), focal_groups(open_case())
    rows = [row for row in rows_of(asked.part) if row[0] in asked.regions]
    tasks = []
    for region, year in rows:
        record, borders = found[region]
        given = {"record": record, "world": everywhere, "borders": borders, "origin": f"{year}-10", "groups": groups}
        given |= {"draws": DRAWS, "seed": SEED, "settings": QUICK}
        tasks.append(Task(f"{region} from {year}-10", judged_from, given))
    tables = carry_out(
        f"judge, {asked.part}", tasks, keep=asked.keep, where=Where(asked.workers), steps=TerminalSteps()
    )
    labelled = [table.assign(region=region) for table, (region, _) in zip(tables, rows, strict=True)]
    every = pd.concat(labelled, ignore_index=True)
    write(every, asked.part, asked.out)
    if asked.part == "confirming" and OWN in asked.regions:
        countries = {region: [str(unit) for unit in found[region][0]["country"].values] for region in asked.regions}
        keep_by_horizon(every, countries, groups, asked.card)
        write_readme(asked.readme, asked.card)


def keep_by_horizon(
    table: pd.DataFrame, countries: Mapping[str, list[str]], groups: Mapping[str, Sequence[str]], card: Path
) -> None:
    """Write the tables by horizon, and beside them what they are of; rows of all regions where all were scored."""
    for name, found in horizon_tables(table, OWN, groups, {OWN, *REGIONS} <= set(countries)).items():
        found.round(4).to_csv(card / f"{name}.csv", index=False, lineterminator="\n")
    focal, *_ = groups
    regions = {
        region: {
            "called": CALLED[region],
            "countries": units,
            "origins": sorted(set(table.loc[table["region"] == region, "origin"])),
        }
        for region, units in countries.items()
    }
    made = {"version": __version__, "own": OWN, "focal": {"name": focal, "countries": list(groups[focal])}}
    made |= {"draws": DRAWS, "seed": SEED, "sampler": asdict(QUICK), "regions": regions}
    (card / MADE).write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


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
