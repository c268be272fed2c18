"""Times the steps of a forecast, a brief, an explanation and a what-if, and the memory they need: `make bench`.

Each job runs in a process of its own, so that its peak memory is its own. Times are also given as ratios to the job's
first simulation, which say more than seconds on whatever machine this runs. Nothing about the machine is written.
"""

import argparse
import csv
import io
import json
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np

import harmattan as hm
from harmattan.core.files import file_in_place
from harmattan.core.progress import Steps, Update, peak_memory_mb

JOBS = ("forecast", "brief", "explain", "what-if")
WHAT_IF_DRAWS = 1000
"""As in the notebook with sliders, over all 60 months."""

WHAT_IF_CALLS = 20
COLUMNS = ("job", "step", "seconds", "ratio_to_simulation", "peak_memory_mb")


@dataclass
class MeasuredSteps(Steps):
    """Steps that also note the process's peak memory when each one ends."""

    memory: dict[str, float] = field(default_factory=dict)

    def begin(self, name: str) -> Update:
        """Say which step begins."""
        print(f"  {name}", file=sys.stderr, flush=True)
        return super().begin(name)

    def end(self, name: str) -> None:
        """Note the peak so far; a step that comes again keeps the later one."""
        self.memory[name] = peak_memory_mb()


def measure(job: str, draws: int) -> list[dict[str, str | float]]:
    """Run one job and return a row per step; the last row is the whole."""
    print(job, file=sys.stderr, flush=True)
    steps, whole = MeasuredSteps(), Steps()
    with tempfile.TemporaryDirectory() as folder, whole.step("all"):
        if job == "forecast":
            run = hm.forecast("withdrawal", draws=draws, steps=steps)
            with steps.step("write the draws"):
                run.save(Path(folder) / "draws.parquet")
        elif job == "brief":
            hm.brief(out=Path(folder) / "brief", draws=draws, steps=steps)
        elif job == "explain":
            hm.explain("withdrawal", draws=draws, steps=steps)
        else:
            what_if(steps)
    simulation = next(seconds for name, seconds in steps.seconds.items() if name.startswith("simulate"))
    # tasks within a step leave their seconds alone
    rows = [(name, seconds, steps.memory[name]) for name, seconds in steps.seconds.items() if name in steps.memory]
    rows.append(("all", whole.seconds["all"], peak_memory_mb()))
    return [
        {
            "job": job,
            "step": name,
            "seconds": round(seconds, 3),
            "ratio_to_simulation": round(seconds / simulation, 2),
            "peak_memory_mb": round(memory),
        }
        for name, seconds, memory in rows
    ]


def what_if(steps: MeasuredSteps) -> None:
    """Move a slider again and again: a changed forecast and its fan chart, one after the other, without another fit."""
    run = hm.forecast("withdrawal", draws=WHAT_IF_DRAWS, steps=steps)

    def move(probability: float) -> float:
        start = time.perf_counter()
        changed = run.what_if(rights_monitoring={"probability": probability, "ratio": [1.2, 1.8]})["what if"]
        axes = hm.plots.fan(
            run.panel.sel(month=slice("2018-01", None)), run.deaths, exit_month=run.clock.exit,
            as_of=run.clock.as_of, country="MLI", scenario="as it was",
            second=changed.deaths, second_scenario="what if",
        )  # fmt: skip
        axes.get_figure().savefig(io.BytesIO(), format="png")
        plt.close("all")
        return time.perf_counter() - start

    with steps.step("what if, the first"):
        move(0.5)
    with steps.step(f"what if, {WHAT_IF_CALLS} more"):
        seconds = [move(float(probability)) for probability in np.linspace(0.05, 0.95, WHAT_IF_CALLS)]
    name = f"what if, median of these {WHAT_IF_CALLS}"
    steps.seconds[name], steps.memory[name] = statistics.median(seconds), peak_memory_mb()


def write(rows: list[dict[str, str | float]], facts: dict[str, str | int | bool], folder: Path) -> None:
    """Write the rows as CSV and, with what was run, as JSON."""
    with file_in_place(folder / "steps.csv") as path, path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    with file_in_place(folder / "steps.json") as path:
        path.write_text(json.dumps({**facts, "steps": rows}, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Measure, write and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--out", type=Path, default=Path("benchmarks/results"), help="folder for steps.csv and steps.json"
    )
    parser.add_argument("--draws", type=int, default=4000, help="number of futures")
    parser.add_argument("--fresh", action="store_true", help="fit anew instead of taking fits from the cache")
    parser.add_argument("jobs", nargs="*", metavar="JOB", help=f"one or more of {', '.join(JOBS)}; all by default")
    chosen = parser.parse_args()
    if unknown := sorted(set(chosen.jobs) - set(JOBS)):
        parser.error(f"no such job: {', '.join(unknown)}; choose from {', '.join(JOBS)}.")
    rows: list[dict[str, str | float]] = []
    with tempfile.TemporaryDirectory() as empty:
        if chosen.fresh:
            os.environ["HARMATTAN_CACHE"] = empty
        for job in chosen.jobs or JOBS:
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                rows += pool.apply(measure, (job, chosen.draws))
    write(rows, {"harmattan": hm.__version__, "draws": chosen.draws, "fresh_fits": chosen.fresh}, chosen.out)
    print(f"{'job':10}{'step':45}{'seconds':>10}{'x simulation':>14}{'peak MB':>10}")
    for row in rows:
        print(
            f"{row['job']:10}{row['step']:45}{row['seconds']:10.2f}{row['ratio_to_simulation']:14.2f}"
            f"{row['peak_memory_mb']:10.0f}"
        )


if __name__ == "__main__":
    main()
