"""Fits the cases and the world with the standard settings and holds each fit against its gate: `make gate`.

The gate is `model/diagnostics.py`. Seconds of processors are given as ratios to the mean of the first fit's in the same
run, which say more than seconds on whatever machine this runs.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import xarray as xr
from regions import OWN, records

from harmattan.case.opening import open_case
from harmattan.claims.register import load_register
from harmattan.core.files import file_in_place
from harmattan.core.resources import using_project
from harmattan.model.build import DriverHistory
from harmattan.model.diagnostics import Diagnostics
from harmattan.model.fit import fit_model
from harmattan.model.specification import WITH_DRIVERS, SamplerSettings
from harmattan.panel.geography import renormalised
from harmattan.panel.ucdp import living
from harmattan.run.asking import Ask
from harmattan.run.forecasting import history_of_drivers, known_to

LAST = "2024-12"
CASES = Path("cases")
SEEDS = (1, 2, 3)
WARMING_UP = SamplerSettings(draws=10, tune=10, chains=1)


@dataclass(frozen=True)
class Fit:
    """What one fit sees."""

    name: str
    record: xr.DataArray
    borders: xr.DataArray
    history: DriverHistory | None = None

    def diagnostics(self, settings: SamplerSettings) -> Diagnostics:
        """Return the diagnostics of a new fit."""
        return fit_model(self.record, self.borders, self.history, settings=settings, cache=False).diagnostics

    def standard(self, seed: int) -> SamplerSettings:
        """Return the settings that this fit has where none are asked for, with another seed."""
        return replace(SamplerSettings() if self.history is None else WITH_DRIVERS, seed=seed)


def alive(record: xr.DataArray, borders: xr.DataArray, last: str) -> tuple[xr.DataArray, xr.DataArray]:
    """Return record and borders of the units that exist in a month, up to then."""
    known = record.sel(month=slice(None, last))
    known = known.sel(country=list(living(known)))
    return known, renormalised(borders, [str(unit) for unit in known["country"].values])


def of_case(last: str | None = None) -> Fit:
    """Return the fit of the record alone of the case in use, by default to its own `as_of`."""
    case = open_case()
    last = last or case.clock.as_of
    borders = case.geography.neighbour_weights()
    return Fit(f"{case.definition.id} to {last}", *alive(case.record(as_of=last), borders, last))


def of_drivers() -> Fit:
    """Return the fit that learns drivers of the case in use from the months up to `LAST`."""
    asked = Ask(as_of=LAST).of(str(open_case().definition.scenarios.first))
    register = known_to(load_register(), asked)
    panel = register.case.record(as_of=LAST)
    history = history_of_drivers(register.on(panel["country"].values), asked, panel)
    if history is None:
        raise ValueError(f"the record to {LAST} does not reach beyond the exit, so no driver can be learnt")
    borders = register.case.geography.neighbour_weights()
    return Fit(f"{register.case.definition.id} to {LAST}, with drivers", panel, borders, history)


def every_fit() -> Iterator[Fit]:
    """Yield the shipped case first, then the other cases, then the regions; the case's own region is the case's."""
    yield of_case()
    yield of_case(LAST)
    yield of_drivers()
    for folder in sorted(path.parent.resolve() for path in CASES.glob("*/case.yaml")):
        with using_project(folder):
            yield of_case()
    for name, (record, borders) in records().items():
        if name != OWN:
            yield Fit(f"{name} to {LAST}", *alive(record, borders, LAST))


def measured(fit: Fit, seed: int) -> dict[str, str | float]:
    """Return the row of one fit, with its seconds."""
    started = time.process_time()
    found = fit.diagnostics(fit.standard(seed))
    row = {
        "fit": fit.name,
        "seed": seed,
        "divergences": found.divergences,
        "largest_rhat": round(found.largest_rhat, 4),
        "worst_parameter": found.worst_parameter,
        "fewest_effective_draws": round(found.fewest_effective_draws),
        "lowest_bfmi": round(found.lowest_bfmi, 2),
        "passed": found.passed,
        "seconds": time.process_time() - started,
    }
    print(*row.values(), *(found.problems or ["passed"]), file=sys.stderr, flush=True)
    return row


def main() -> None:
    """Fit, write the table, and fail where a fit fails."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"), help="folder for gate.csv")
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS)
    asked = parser.parse_args()
    fits = list(every_fit())
    for fit in fits:
        fit.diagnostics(WARMING_UP)  # compiles
    table = pd.DataFrame([measured(fit, seed) for fit in fits for seed in asked.seeds])
    usual = table.loc[table["fit"] == fits[0].name, "seconds"].mean()
    table["seconds_to_first"] = (table.pop("seconds") / usual).round(2)
    with file_in_place(asked.out / "gate.csv") as path:
        table.to_csv(path, index=False, lineterminator="\n")
    if not table["passed"].all():
        sys.exit(1)


if __name__ == "__main__":
    main()
