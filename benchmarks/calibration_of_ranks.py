"""Fits simulated records with the model that made them and ranks the truth among the draws of each posterior."""

import hashlib
import itertools
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from simulated_panels import (
    Setting,
    natural_scales,
    prior_draws,
    simulate_record,
    wandered,
    with_record,
)

from harmattan.core.caches import fits_folder
from harmattan.core.files import file_in_place, sha256_of
from harmattan.core.turns import turn
from harmattan.evaluate.ranks import rank_of_truth
from harmattan.model.build import SERIES, build_density, coordinates, likelihood_data
from harmattan.model.density import Density
from harmattan.model.fit import fit_key
from harmattan.model.likelihood import likelihood_and_gradient
from harmattan.model.sampling import sampled
from harmattan.model.specification import STANDARD, SamplerSettings
from harmattan.simulate import paths

FEW_COUNTRIES = ("MLI", "BFA", "NGA")
HYPERPARAMETERS = ("centre", "spread", "shape", "log_coupling", "driver_effect")
THREADS = 2
RANKED_DRAWS = 19
FEWEST_EFFECTIVE_DRAWS = RANKED_DRAWS
"""Of the worst quantity. With fewer the draws that are ranked are not nearly independent; the fit is made again."""

QUICK = SamplerSettings(draws=500, tune=200, chains=1, cores=1, target_accept=0.8)
LONGER = 4
"""Times as many draws when there were too few effective ones."""


@dataclass(frozen=True)
class Truths:
    """Simulated records and what they were made from.

    Attributes
    ----------
    raw, natural : Dataset
        Parameters on the scales of the model and of the simulator, a draw per record.
    deaths : DataArray (draw, month, country, outcome)
    kept : array of int
        Draws whose record passes; the others are set aside.
    bounded_share : float
        Share of simulated rates that met the ceiling that stands for none.
    """

    raw: xr.Dataset
    natural: xr.Dataset
    deaths: xr.DataArray
    kept: np.ndarray
    bounded_share: float


def draw_truths(setting: Setting, model: Any, count: int, seed: int) -> Truths:
    """Return `count` simulated records and what they were made from.

    A record with a month of more deaths than the model's ceiling of a rate is set aside. That looks at the data alone,
    so it leaves the posterior of every record that is kept as it was, and ranks uniform (Modrák et al. 2023).
    """
    raw = prior_draws(model, count, seed)
    natural = natural_scales(raw, setting.anchor, setting.shifts)
    if setting.as_futures:
        natural = natural.assign(wandered(setting, count, seed))
    made = simulate_record(setting, natural, seed)
    largest = made.deaths.max(["month", "country", "outcome"]).values
    return Truths(raw, natural, made.deaths, np.flatnonzero(largest <= STANDARD.rate_ceiling), made.bounded_share)


def quantities(raw: xr.Dataset, natural: xr.Dataset) -> pd.DataFrame:
    """Return what is ranked, a row per draw (chains interleaved), a column per quantity."""
    flat = raw.rename(draw="iteration").stack(draw=("iteration", "chain"), create_index=False)
    columns = {}
    for name in HYPERPARAMETERS:
        if name in flat:
            columns |= _cells(name, flat[name])
    for name in SERIES:
        columns |= _cells(name, natural[name].sel(country=list(FEW_COUNTRIES)))
    few = natural[["drifted", "turned", "shift"]].sel(country=list(FEW_COUNTRIES))
    columns |= _cells("drifted", few["drifted"]) | _cells("shift", few["shift"].isel(past_month=-1))
    columns |= _cells("turned", few["turned"].isel(outcome=0))  # a turn is all outcomes'
    if "log_likelihood" in flat:
        columns["log_likelihood"] = flat["log_likelihood"].values
    return pd.DataFrame(columns)


def _cells(name: str, array: xr.DataArray) -> dict[str, np.ndarray]:
    others = [dim for dim in array.dims if dim != "draw"]
    labels = itertools.product(*(array[dim].values for dim in others))
    values = array.transpose("draw", *others).values.reshape(array.sizes["draw"], -1)
    return {" ".join((name, *map(str, label))): values[:, i] for i, label in enumerate(labels)}


@dataclass(frozen=True)
class Experiment:
    """One model against many simulated records."""

    setting: Setting
    count: int
    seed: int
    settings: SamplerSettings = QUICK

    @cached_property
    def density(self) -> Density:
        """The density of the real record; its data are what a simulated record changes."""
        setting = self.setting
        real = build_density(setting.panel, setting.borders, setting.drivers, setting.likelihood_specification)
        return replace(real, anchor=setting.anchor)

    @cached_property
    def truths(self) -> Truths:
        """The simulated records."""
        return draw_truths(self.setting, self.setting.model(), self.count, self.seed)

    @cached_property
    def folder(self) -> Path:
        """Where results are kept one by one, under all that determines them."""
        setting = self.setting
        key = fit_key(setting.panel, setting.borders, setting.drivers, setting.likelihood_specification, self.settings)
        code = [Path(__file__), Path(__file__).with_name("simulated_panels.py")]
        code += sorted(Path(paths.__file__).parent.glob("*.py"))
        digest = hashlib.sha256("".join(sha256_of(path) for path in code).encode()).hexdigest()
        wandering = "as-futures" if setting.as_futures else "as-stated"
        return fits_folder() / f"calibration-{key[:16]}-{digest[:8]}-{wandering}-{self.count}-{self.seed}"

    def path(self, draw: int) -> Path:
        """Where the result of one record is kept."""
        return self.folder / f"{draw:05d}.json"

    def result(self, draw: int) -> dict:
        """Return the ranks of one record's truth and the sampler's diagnostics, from the folder if they are there."""
        path = self.path(draw)
        if not path.is_file():
            with file_in_place(path) as temporary:
                temporary.write_text(json.dumps(self._fit(draw)), encoding="utf-8")
        return json.loads(path.read_text(encoding="utf-8"))

    def results(self, wanted: int) -> list[dict]:
        """Return the results of the first records that passed; what was found before is not done again."""
        kept = self.truths.kept[:wanted].tolist()
        if len(kept) < wanted:
            raise ValueError(f"only {len(kept)} of {self.count} records passed; {wanted} are wanted")
        _ = self.density  # once, before the threads ask for it
        with turn(self.folder), ThreadPoolExecutor(THREADS) as pool:
            return list(pool.map(self.result, kept))

    def _fit(self, draw: int) -> dict:
        started = time.perf_counter()
        setting, truths = self.setting, self.truths
        record = with_record(setting, truths.deaths.isel(draw=draw))
        data = likelihood_data(record, setting.borders, setting.drivers, setting.likelihood_specification)
        truth = quantities(truths.raw.isel(draw=[draw]), truths.natural.isel(draw=[draw])).iloc[0].to_dict()
        truth["log_likelihood"] = self.log_likelihood(truths, draw, data)
        drawn, found = self._sample(data, replace(self.settings, seed=self.seed + draw))
        if found["fewest_effective_draws"] < FEWEST_EFFECTIVE_DRAWS:
            longer = replace(self.settings, seed=self.seed + draw, draws=LONGER * self.settings.draws)
            drawn, found = self._sample(data, longer)
        picked = np.linspace(0, len(drawn) - 1, RANKED_DRAWS).round().astype(int)
        ranks = rank_of_truth(drawn.iloc[picked], truth)
        return {"ranks": ranks, **found, "seconds": round(time.perf_counter() - started, 1)}

    def _sample(self, data: tuple[np.ndarray, ...], settings: SamplerSettings) -> tuple[pd.DataFrame, dict]:
        """Return the draws of what is ranked, in the order of the chain, and how well the chain went."""
        import arviz as az

        setting = self.setting
        labels = coordinates(setting.panel, setting.drivers, setting.likelihood_specification)
        trace = sampled(replace(self.density, data=data), settings, labels)
        raw = trace["posterior"].to_dataset()
        drawn = quantities(raw, natural_scales(raw, setting.anchor, setting.shifts))
        chain = drawn.to_numpy().T
        halves = chain.reshape(len(chain), 2, -1)  # one chain: its first half against its second
        found = {
            "largest_rhat": max(float(az.rhat(half)) for half in halves),
            "fewest_effective_draws": min(float(az.ess(draws)) for draws in chain[:, None]),
            "divergences": int(trace["sample_stats"]["diverging"].values.sum()),
            "draws": settings.draws,
        }
        return drawn, found

    @staticmethod
    def log_likelihood(truths: Truths, draw: int, data: tuple[np.ndarray, ...]) -> float:
        """Return how likely a record's data are under what it was made from."""
        raw, natural = truths.raw.isel(chain=0, draw=draw), truths.natural.isel(draw=draw)
        series = np.stack([natural[name].transpose("country", "outcome").values for name in SERIES])
        effect = raw["driver_effect"].values if "driver_effect" in raw else np.zeros(0)
        coupling = raw["log_coupling"].values.reshape(1)
        shift = np.ascontiguousarray(natural["shift"].transpose("outcome", "country", "past_month").values)
        return likelihood_and_gradient(series, raw["shape"].values, coupling, effect, shift, *data)[0]
