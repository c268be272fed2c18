"""What more units, months, draws, drivers and scenarios cost: `make bench` draws the curves.

The record of some units is the world's (`harmattan new case`), the rest the project's own case. By units a fit is one
of two short chains, as in a backtest. Ratios are to the smallest size of each kind.
"""

import argparse
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import pandas as pd
import xarray as xr
import yaml

import harmattan as hm
from harmattan.case.opening import Case, open_case
from harmattan.case.starting import start_case
from harmattan.core.files import file_in_place
from harmattan.core.months import months_after
from harmattan.core.progress import peak_memory_mb
from harmattan.core.resources import using_project
from harmattan.model.fit import fit_model
from harmattan.model.posterior import Posterior
from harmattan.model.specification import SamplerSettings
from harmattan.panel import world
from harmattan.panel.geography import renormalised
from harmattan.panel.ucdp import living
from harmattan.schema.driver import read_drivers
from harmattan.schema.scenario import scenario_names
from harmattan.simulate.paths import simulate_paths
from harmattan.simulate.start import start_state

AS_OF = "2023-06"
SHORT = SamplerSettings(draws=150, tune=150, chains=2)
UNITS, MONTHS, DRAWS, SCENARIOS = (16, 64, 126), (12, 24, 60, 120), (1000, 4000, 16000), (2, 4, 16)


@contextmanager
def world_case(units: int) -> Iterator[Case]:
    """Open a new case of so many of the world's countries with a record, the home of the project's own case first."""
    home = open_case().units[0]
    recorded = pd.read_csv(world.shipped_root() / "seeds/data/ucdp/country_month_world.csv")["gwno"]
    others = [one.iso3 for one in world.states().values() if one.gwno in set(recorded) and one.iso3 != home]
    with tempfile.TemporaryDirectory() as folder:
        made = start_case(Path(folder) / "world", home, AS_OF, AS_OF, neighbours=others[: units - 1])
        with using_project(made):
            yield open_case(made)


def record_of(case: Case) -> tuple[xr.DataArray, xr.DataArray]:
    """Return a case's record to `AS_OF` and its borders, units that did not live then left out."""
    record = case.record(as_of=AS_OF)
    record = record.sel(country=list(living(record)))
    return record, renormalised(case.geography.neighbour_weights(), [str(unit) for unit in record["country"].values])


def futures(posterior: Posterior, record: xr.DataArray, borders: xr.DataArray, draws: int, months: int) -> float:
    """Return the seconds that futures take."""
    ahead, spec = months_after(AS_OF, months), posterior.specification
    started = time.perf_counter()
    parameters = posterior.take(draws, 1)
    simulate_paths(parameters, start_state(record, borders, spec, parameters), borders, ahead, spec, 1)
    return time.perf_counter() - started


def by_units() -> Iterator[tuple[str, int, float]]:
    """Yield what a fit and futures cost for records of several widths."""
    for units in UNITS:
        with world_case(units) as case:
            record, borders = record_of(case)
            started = time.perf_counter()
            posterior = fit_model(record, borders, settings=SHORT, cache=False)
            yield "fit, by units", units, time.perf_counter() - started
            yield "1,000 futures of 24 months, by units", units, futures(posterior, record, borders, 1000, 24)


def by_length() -> Iterator[tuple[str, int, float]]:
    """Yield what futures cost by months and draws."""
    record, borders = record_of(open_case())
    posterior = fit_model(record, borders)
    for months in MONTHS:
        yield "4,000 futures, by months", months, futures(posterior, record, borders, 4000, months)
    for draws in DRAWS:
        yield "futures of 24 months, by draws", draws, futures(posterior, record, borders, draws, 24)


def with_drivers(names: list[str], folder: Path) -> Path:
    """Write a scenario in which these drivers happen and no other."""
    file, known = folder / f"with_{len(names)}.yaml", read_drivers()
    data = {
        "id": file.stem,
        "title": f"{len(names)} drivers",
        "extends": open_case().record_alone,
        "condition": "Made to be timed.",
        "drivers": {"do": {name: (*known[name].branch_ids, "happens")[0] for name in names}},
    }
    file.write_text(yaml.safe_dump(data), encoding="utf-8")
    return file


def by_drivers() -> Iterator[tuple[str, int, float]]:
    """Yield what a forecast costs by the number of drivers that act."""
    names = sorted(read_drivers())
    with tempfile.TemporaryDirectory() as folder:
        for count in (0, len(names) // 4, len(names) // 2, len(names)):
            file = with_drivers(names[:count], Path(folder))
            started = time.perf_counter()
            hm.forecast(file, draws=4000, months=24)
            yield "forecast of 4,000 futures of 24 months, by drivers", count, time.perf_counter() - started


def by_scenarios() -> Iterator[tuple[str, int, float]]:
    """Yield what a comparison costs by the number of scenarios."""
    names = scenario_names()
    for count in SCENARIOS:
        started = time.perf_counter()
        hm.compare(*names[:count], draws=1000, months=24)
        yield "comparison of 1,000 futures of 24 months, by scenarios", count, time.perf_counter() - started


KINDS: dict[str, Callable[[], Iterator[tuple[str, int, float]]]] = {
    "length": by_length,
    "drivers": by_drivers,
    "scenarios": by_scenarios,
    "units": by_units,
}


def measure(kind: str) -> list[dict[str, str | float]]:
    """Return a row for each size of one kind; the memory is the process's peak so far."""
    rows = []
    for what, size, seconds in KINDS[kind]():
        rows.append({"what": what, "size": size, "seconds": round(seconds, 2), "peak_mb": round(peak_memory_mb())})
        print(rows[-1], file=sys.stderr, flush=True)
    return rows


def drawn(table: pd.DataFrame) -> plt.Figure:
    """Return a panel for each curve, seconds against size on log scales; dotted: in proportion to size."""
    curves = list(table.groupby("what", sort=False))
    figure, axes = plt.subplots(2, (len(curves) + 1) // 2, figsize=(11, 6), layout="constrained")
    for (what, rows), ax in zip(curves, axes.flat, strict=False):
        rows = rows[rows["size"] > 0]
        ax.plot(rows["size"], rows["seconds"], "o-", color="#1f4e79")
        ax.plot(rows["size"], rows["seconds"].iloc[0] * rows["size"] / rows["size"].iloc[0], ":", color="0.6")
        ax.set(xscale="log", yscale="log", title=what, ylabel="seconds")
        ax.title.set_fontsize(8)
        ax.set_xticks(rows["size"], [str(size) for size in rows["size"]])
        ax.minorticks_off()
    for ax in axes.flat[len(curves) :]:
        ax.axis("off")
    return figure


def main() -> None:
    """Measure, write the table and draw the curves."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    chosen = parser.parse_args()
    fit_model(*record_of(open_case()))  # kept, and compiled, before anything is timed
    rows = []
    for kind in KINDS:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            rows += pool.apply(measure, (kind,))
    table = pd.DataFrame(rows)
    table["ratio"] = (table["seconds"] / table.groupby("what")["seconds"].transform("first")).round(2)
    with file_in_place(chosen.out / "cost.csv") as path:
        table.assign(version=hm.__version__).to_csv(path, index=False, lineterminator="\n")
    with file_in_place(chosen.out / "cost.png") as path:
        drawn(table).savefig(path, dpi=110, format="png")


if __name__ == "__main__":
    main()
