"""Checks that the inference can be trusted, and keeps the tables that `hm.inference_checks()` shows.

About half an hour on two idle cores. What was fitted is kept one by one in the folder of cached fits, so a run that was
stopped goes on where it was.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import xarray as xr
from calibration_of_ranks import FEWEST_EFFECTIVE_DRAWS, RANKED_DRAWS, Experiment
from prior_bounds import bounds_table, prior_futures
from prior_or_data import power_scaling_table
from simulated_panels import Setting

from harmattan.case.opening import open_case
from harmattan.claims.register import load_register
from harmattan.cli.progress import TerminalSteps
from harmattan.core.files import file_in_place
from harmattan.evaluate.ranks import rank_calibration
from harmattan.model.build import DriverHistory
from harmattan.model.fit import fit_model
from harmattan.model.specification import STANDARD
from harmattan.run.asking import Ask
from harmattan.run.forecasting import history_of_drivers

AS_OF = "2024-12"
EXIT = "2023-06"
SIMULATED_MONTHS = 18
PRIOR_DRAWS = 1000
SEED = 1


@dataclass(frozen=True)
class Record:
    """The real record and what the fit with drivers knows of them."""

    panel: xr.DataArray
    borders: xr.DataArray
    drivers: DriverHistory


def read_record() -> Record:
    """Return the record to `AS_OF`."""
    panel = open_case().record(as_of=AS_OF)
    drivers = history_of_drivers(load_register(), Ask(as_of=AS_OF).of("withdrawal"), panel)
    if drivers is None:
        raise ValueError(f"the record to {AS_OF} does not reach beyond the exit, so no driver can be learnt")
    return Record(panel, open_case().geography.neighbour_weights(), drivers)


def calibration(record: Record, wanted: dict[str, int]) -> dict[str, pd.DataFrame]:
    """Return ranks, what they say of the fit, and the conditions under which they were found.

    Parameters
    ----------
    record : Record
    wanted : dict of str to int
        Simulated records to fit in each variant; none if 0. Those of `ranks` (no driver) and `ranks_with_drivers`
        drift and turn as the fit states it, those of `ranks_of_futures` as futures do.
    """
    months = [str(month) for month in record.panel["month"].values[-SIMULATED_MONTHS:]]
    plain = Setting(record.panel, record.borders, months)
    settings = {
        "ranks": plain,
        "ranks_of_futures": replace(plain, as_futures=True),
        "ranks_with_drivers": replace(plain, drivers=record.drivers),
    }
    tables, judged, conditions = {}, [], []
    for name, setting in settings.items():
        if not wanted[name]:
            continue
        known = 0 if setting.drivers is None else setting.drivers.exposure.sizes["driver"]
        variant = {"drivers": known, "as_futures": setting.as_futures}
        experiment = Experiment(setting, PRIOR_DRAWS, SEED)
        results = pd.DataFrame(experiment.results(wanted[name]))
        ranks = pd.DataFrame(results["ranks"].tolist())
        judged.append(rank_calibration(ranks, RANKED_DRAWS, SEED).assign(**variant))
        conditions.append({**variant, **conditions_of(experiment, results)})
        ranks.insert(0, "simulation", experiment.truths.kept[: wanted[name]])
        tables[name] = ranks
    return {**tables, "calibration": pd.concat(judged, ignore_index=True), "conditions": pd.DataFrame(conditions)}


def conditions_of(experiment: Experiment, results: pd.DataFrame) -> dict:
    """Return under which conditions records were simulated, and how their fits went."""
    truths, effective = experiment.truths, results["fewest_effective_draws"]
    return {
        "simulations": len(results),
        "ranked_draws": RANKED_DRAWS,
        "first_month": experiment.setting.months[0],
        "last_month": experiment.setting.months[-1],
        "records_drawn": PRIOR_DRAWS,
        "records_set_aside": PRIOR_DRAWS - len(truths.kept),
        "largest_month_of_a_record_kept": STANDARD.rate_ceiling,
        "bounded_share": truths.bounded_share,
        "fits_with_divergences": int((results["divergences"] > 0).sum()),
        "fits_with_few_effective_draws": int((effective < FEWEST_EFFECTIVE_DRAWS).sum()),
        "median_fewest_effective_draws": effective.median(),
        "median_largest_rhat": results["largest_rhat"].median(),
        "largest_rhat": results["largest_rhat"].max(),
    }


def sampler_and_power_scaling(record: Record) -> dict[str, pd.DataFrame]:
    """Return the sampler's diagnostics and the power scaling of fits at full draw counts.

    Without drivers to the exit and with drivers to `AS_OF` are the fits that a forecast makes by default.
    """
    before_exit = record.panel.sel(month=slice(None, EXIT))
    fits = {
        (EXIT, 0): fit_model(before_exit, record.borders),
        (AS_OF, record.drivers.exposure.sizes["driver"]): fit_model(record.panel, record.borders, record.drivers),
    }
    sampler = [{"as_of": at, "drivers": n, **fit.diagnostics.as_dict()} for (at, n), fit in fits.items()]
    scaled = [power_scaling_table(fit, SEED).assign(as_of=at, drivers=n) for (at, n), fit in fits.items()]
    return {"sampler": pd.DataFrame(sampler), "power_scaling": pd.concat(scaled, ignore_index=True)}


def keep(tables: dict[str, pd.DataFrame], folder: Path) -> None:
    """Write tables as CSV."""
    for name, table in tables.items():
        with file_in_place(folder / f"{name}.csv") as path:
            table.round(5).to_csv(path, index=False, lineterminator="\n")


def main() -> None:
    """Run the parts that were asked for and write their tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("seeds/inference"))
    parser.add_argument("--simulations", type=int, default=200, help="simulated records to fit")
    parser.add_argument("--of-futures", type=int, default=200, help="the same, drifting and turning as futures do")
    parser.add_argument("--with-drivers", type=int, default=80, help="the same, with all drivers")
    parser.add_argument("parts", nargs="*", metavar="PART", help="prior, ranks or fits; all by default")
    chosen = parser.parse_args()
    record, steps = read_record(), TerminalSteps()
    wanted = {
        "ranks": chosen.simulations,
        "ranks_of_futures": chosen.of_futures,
        "ranks_with_drivers": chosen.with_drivers,
    }
    parts: dict[str, Callable[[], dict[str, pd.DataFrame]]] = {
        "prior": lambda: {
            "prior_bounds": bounds_table(prior_futures(record.panel, record.borders, SEED), record.panel)
        },
        "ranks": lambda: calibration(record, wanted),
        "fits": lambda: sampler_and_power_scaling(record),
    }
    if unknown := sorted(set(chosen.parts) - set(parts)):
        parser.error(f"no such part: {', '.join(unknown)}; choose from {', '.join(parts)}.")
    for name in chosen.parts or parts:
        with steps.step(name):
            keep(parts[name](), chosen.out)


if __name__ == "__main__":
    main()
