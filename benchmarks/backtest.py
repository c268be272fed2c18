"""Scores the model as `backtest_protocol.md` declares and keeps the tables that the brief's scorecard shows."""

import argparse
import json
from pathlib import Path

import pandas as pd

from harmattan import __version__
from harmattan.cli.progress import TerminalSteps
from harmattan.evaluate.scoreboard import coverage_of, skill_table, stacking_weights
from harmattan.run.backtesting import CHALLENGE_ORIGINS, backtest

WINDOWS = {"challenge": CHALLENGE_ORIGINS, "2024": ("2023-10",)}
SAHEL = ("MLI", "BFA", "NER")


def main() -> None:
    """Score both windows and write skill, coverage, stacking weights and wall times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("seeds/scorecard"))
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    steps, skills, covered, weights = TerminalSteps(), [], [], []
    for window, origins in WINDOWS.items():
        table = backtest(origins, horizon=14, first=3, steps=steps)
        skills.append(skill_table(table).assign(window=window))
        covered.append(coverage_of(table).assign(window=window, countries="all"))
        covered.append(coverage_of(table, SAHEL).assign(window=window, countries=" ".join(SAHEL)))
        if len(origins) > 1:
            weights.append(stacking_weights(table).assign(window=window))
    for name, parts in (("skill", skills), ("coverage", covered), ("stacking", weights)):
        pd.concat(parts, ignore_index=True).round(5).to_csv(out / f"{name}.csv", index=False, lineterminator="\n")
    made = {"version": __version__, "seconds": {name: round(value, 1) for name, value in steps.seconds.items()}}
    (out / "made.json").write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
