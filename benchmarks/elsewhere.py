"""Scores the model on wars that it was not made for: sixteen African countries outside the panel.

The countries are those with the most months with deaths from 1989 to 2024, Rwanda left out for 1994. Their borders are
not in the data, so nothing crosses them. `backtest_protocol.md` says when this was declared and when it was run.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from harmattan.cli.progress import TerminalSteps
from harmattan.core.names import ISO3
from harmattan.core.resources import seeds_folder
from harmattan.evaluate.scoreboard import MODEL, coverage_of, skill_table
from harmattan.panel.geography import neighbour_weights
from harmattan.panel.ucdp import load_panel
from harmattan.run.backtesting import backtest_of

AFRICA = range(400, 627)
"""Gleditsch-Ward numbers."""
RWANDA = 517
ORIGINS = tuple(f"{year}-10" for year in range(2004, 2024))


def record_elsewhere() -> tuple[xr.DataArray, list[str]]:
    """Return the record of sixteen other countries and their names; the panel's codes only stand for their places."""
    panel = load_panel()
    folder = seeds_folder() / "data" / "ucdp"
    inside = set(pd.read_csv(folder / "country_month.csv")["gwno"])
    world = pd.read_csv(folder / "country_month_world.csv")
    africa = world[world["gwno"].isin(set(AFRICA) - inside - {RWANDA})]
    months_with_deaths = africa[africa["best"] > 0].groupby("gwno")["month"].nunique()
    chosen = months_with_deaths.sort_values(ascending=False, kind="stable").index[: len(ISO3)]
    deaths = africa.groupby(["month", "gwno", "type"])["best"].sum().to_xarray().fillna(0.0)
    whole = deaths.reindex(month=panel["month"].values, gwno=chosen, type=panel["outcome"].values, fill_value=0.0)
    names = africa.drop_duplicates("gwno").set_index("gwno")["country"].loc[chosen]
    return panel.copy(data=whole.transpose("month", "gwno", "type").values), list(names)


def main() -> None:
    """Score every origin and write the table of skill."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    asked = parser.parse_args()
    whole, names = record_elsewhere()
    print("Scored:", ", ".join(names))
    borders = neighbour_weights()
    nothing_crosses = borders.copy(data=np.zeros(borders.shape))
    table = backtest_of(whole, nothing_crosses, ORIGINS, horizon=14, first=3, steps=TerminalSteps())
    skill = skill_table(table)
    skill = skill[skill["model"] == MODEL].drop(columns="model")
    asked.out.mkdir(parents=True, exist_ok=True)
    skill.round(5).to_csv(asked.out / "elsewhere.csv", index=False, lineterminator="\n")
    shown = skill[skill["score"].isin(["crps", "log1p_crps", "rps"])].assign(skill=lambda rows: 100 * rows["skill"])
    print(shown.pivot_table(index=["cells", "outcome"], columns="score", values="skill", sort=False).round(1))
    print(coverage_of(table)[lambda rows: rows["model"] == MODEL].round(2).to_string())


if __name__ == "__main__":
    main()
