"""Scores the model as `backtest_protocol.md` declares and keeps the tables that the brief's scorecard shows."""

import argparse
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd
from elsewhere import record_elsewhere

from harmattan import __version__
from harmattan.case.opening import open_case
from harmattan.cli.progress import TerminalSteps
from harmattan.evaluate.scoreboard import (
    coverage_of,
    pit_flatness,
    pit_values,
    skill_by_country,
    skill_by_lead,
    skill_table,
    stacking_weights,
)
from harmattan.model.specification import SamplerSettings
from harmattan.run.backtesting import CHALLENGE_ORIGINS, QUICK, backtest, parse_origins
from harmattan.tasks.carrying import Where
from harmattan.tasks.results import usual_folder

SAHEL = ("MLI", "BFA", "NER")


@dataclass(frozen=True)
class Window:
    """Origins that are scored together, and how far ahead."""

    origins: tuple[str, ...]
    first: int = 3
    horizon: int = 14
    sampler: SamplerSettings = QUICK
    elsewhere: bool = False


WINDOWS = {  # elsewhere_2020 leaves out the origins whose months ahead or last 36 months hold Tigray's summary events
    "oldest": Window(tuple(f"{year}-10" for year in range(1997, 2004))),
    "older": Window(tuple(f"{year}-10" for year in range(2004, 2012))),
    "earlier": Window(tuple(f"{year}-10" for year in range(2012, 2017))),
    "challenge": Window(CHALLENGE_ORIGINS),
    "2024": Window(("2023-10",)),
    "elsewhere": Window(tuple(f"{year}-10" for year in range(2004, 2024)), elsewhere=True),
    "elsewhere_2020": Window(tuple(f"{year}-10" for year in range(2004, 2020)), elsewhere=True),
    "quarterly": Window(
        tuple(parse_origins("2015-03..2022-12")), 1, 24, SamplerSettings(draws=300, tune=300, chains=2)
    ),
}


def scored(window: Window, keep: Path | None, where: Where, steps: TerminalSteps) -> dict[str, pd.DataFrame]:
    """Return every kept table of one window, by name."""
    case = open_case()
    own = case.record(), case.geography.neighbour_weights()
    record, borders = record_elsewhere() if window.elsewhere else own
    table = backtest(
        record,
        borders,
        window.origins,
        horizon=window.horizon,
        first=window.first,
        settings=window.sampler,
        keep=keep,
        where=where,
        steps=steps,
    )
    pit, by_country = pit_values(table), skill_by_country(table)
    groups = {"all": None} if window.elsewhere else {"all": None, " ".join(SAHEL): SAHEL}
    tables = {
        "skill": skill_table(table),
        "coverage": pd.concat([coverage_of(table, chosen).assign(countries=name) for name, chosen in groups.items()]),
        "flatness": pd.concat(
            [
                pit_flatness(pit if chosen is None else pit[pit["country"].isin(chosen)]).assign(countries=name)
                for name, chosen in groups.items()
            ]
        ),
    }
    if window.elsewhere:  # the country codes stand for others
        return tables
    tables["by_country"] = by_country[by_country["score"].isin(["crps", "log1p_crps", "rps"])]
    if window.horizon > 14:
        return tables | {"by_lead": skill_by_lead(table)}
    return tables | {"pit": pit} | ({"stacking": stacking_weights(table)} if len(window.origins) > 1 else {})


def keep(out: Path, name: str, found: pd.DataFrame, window: str) -> None:
    """Put a window's rows in place of those that the kept table has of it."""
    path = out / f"{name}.csv"
    others = [pd.read_csv(path, dtype={"window": str})] if path.is_file() else []
    kept = [table[table["window"] != window] for table in others]
    table = pd.concat([*kept, found.assign(window=window)], ignore_index=True)
    table = table.sort_values("window", key=lambda names: names.map(list(WINDOWS).index), kind="stable")
    table.round(4 if name == "pit" else 5).to_csv(path, index=False, lineterminator="\n")


def main() -> None:
    """Score the windows asked for and write their tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("seeds/scorecard"))
    parser.add_argument("--windows", nargs="+", choices=list(WINDOWS), default=["challenge", "2024"])
    parser.add_argument("--workers", type=int, default=1, help="processes that share the origins")
    parser.add_argument("--scheduler", help="address of a Dask scheduler whose workers share them instead")
    parser.add_argument("--keep", type=Path, default=usual_folder(), help="folder of the scores of each origin")
    asked = parser.parse_args()
    where = Where(asked.workers, asked.scheduler)
    asked.out.mkdir(parents=True, exist_ok=True)
    made_path = asked.out / "made.json"
    made = json.loads(made_path.read_text(encoding="utf-8")) if made_path.is_file() else {}
    for name in asked.windows:  # what an interrupted run has scored is kept, and not scored again
        for table_name, found in scored(WINDOWS[name], asked.keep, where, TerminalSteps()).items():
            keep(asked.out, table_name, found, name)
        made[name] = {"version": __version__, **asdict(WINDOWS[name])}
    made_path.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
