"""Compares ways to draw from the same posterior: `make bench-engines` (half an hour; the rivals are slow).

All see the record to June 2023 and the same priors. The rivals sample the graph that `model/rates.py` states, as a
person would write it in PyMC; they are asked for PyMC's usual 4 chains of 1,000 draws after 1,000 of tuning. Each runs
in a process of its own, compiled code from before not used. Effective draws are those of the worst parameter (bulk).
"""

import argparse
import csv
import importlib.util
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

import harmattan as hm
from harmattan.case.opening import open_case
from harmattan.core.files import file_in_place
from harmattan.core.progress import peak_memory_mb

AS_OF = "2023-06"
DRAWS, TUNE, CHAINS, CORES = 1000, 1000, 4, 2
COLUMNS = (
    "engine",
    "seconds",
    "of_them_compiling",
    "effective_draws",
    "effective_per_second",
    "ratio",
    "peak_mb",
    "note",
)


def graph_model() -> Any:
    """Return the model as a plain PyMC graph: PyMC's own count distribution, weighted by recency."""
    import pymc as pm

    from harmattan.model.build import _parameters, coordinates, likelihood_data, series_anchor, shifts_within
    from harmattan.model.memory import memories_after
    from harmattan.model.rates import log_rate_graph, observation_graph
    from harmattan.model.specification import STANDARD

    panel, borders = open_case().record(as_of=AS_OF), open_case().geography.neighbour_weights()
    spec = STANDARD.of(panel["outcome"].values)
    data, shifts = likelihood_data(panel, borders, None, spec), shifts_within(panel, None, spec)
    counts, _, weights, neighbours, _, fast_rest, slow_rest, *kernels = (array.transpose() for array in data[:9])
    fast_kernel, slow_kernel = (kernel[:, -shifts.months :, None] for kernel in kernels)
    before = slice(None, -shifts.months)
    with pm.Model(coords=coordinates(panel, None, spec)) as model:
        parameters = _parameters(pm, series_anchor(memories_after(panel, borders, spec), spec), shifts, None, spec)
        shift = parameters["shift"].transpose((2, 1, 0))
        own = (counts[-shifts.months :] * pm.math.exp(-shift))[:, None]

        def remembered(rest: np.ndarray, kernel: np.ndarray) -> Any:
            return pm.math.concatenate([rest[before], rest[-shifts.months :] + (kernel * own).sum(axis=0)])

        fast, slow = remembered(fast_rest, fast_kernel), remembered(slow_rest, slow_kernel)
        still = log_rate_graph(parameters, fast, slow, neighbours, spec)
        log_rate = pm.math.concatenate([still[before], still[-shifts.months :] + shift])
        rate, size, zero = observation_graph(parameters, log_rate, occurrence_as_recorded(data), spec)
        distribution = pm.ZeroInflatedNegativeBinomial.dist(psi=1 - zero, mu=rate, alpha=size, shape=counts.shape)
        pm.Potential("deaths", (weights[..., None] * pm.logp(distribution, counts)).sum())
    return model


def occurrence_as_recorded(data: tuple[np.ndarray, ...]) -> np.ndarray:
    """Return how often there were deaths, shape (row, country, outcome), from the likelihood's arrays."""
    counts, rest, kernel = data[0], data[4], data[9]
    return (rest + np.einsum("krm,kcm->kcr", kernel, counts[..., -kernel.shape[-1] :] > 0)).transpose()


def plain_pymc() -> tuple[Any, float]:
    """`pm.sample()` as it comes; it does not say how much of its time is compiling."""
    import pymc as pm

    with graph_model():
        trace = pm.sample(draws=DRAWS, tune=TUNE, chains=CHAINS, cores=CORES, random_seed=1, progressbar=False)
    return trace, float("nan")


def nutpie_on_the_graph() -> tuple[Any, float]:
    """nutpie, numba backend, on the same graph."""
    import nutpie

    started = time.perf_counter()
    compiled = nutpie.compile_pymc_model(graph_model())
    compiling = time.perf_counter() - started
    trace = nutpie.sample(compiled, draws=DRAWS, tune=TUNE, chains=CHAINS, cores=CORES, seed=1, progress_bar=False)
    return trace, compiling


def numpyro_on_the_graph() -> tuple[Any, float]:
    """NumPyro's NUTS on the same graph, by JAX."""
    import pymc as pm

    os.environ["XLA_FLAGS"] = f"--xla_force_host_platform_device_count={CORES}"
    with graph_model():
        trace = pm.sample(
            draws=DRAWS, tune=TUNE, chains=CHAINS, random_seed=1, nuts_sampler="numpyro", progressbar=False
        )
    return trace, float("nan")


def stan_program() -> tuple[Any, float]:
    """The same model as a Stan program, by PyStan."""
    import stan

    started = time.perf_counter()
    program = (Path(__file__).parent / "model.stan").read_text(encoding="utf-8")
    built = stan.build(program, data=stan_data(), random_seed=1)
    compiling = time.perf_counter() - started
    fit = built.sample(num_chains=CHAINS, num_samples=DRAWS, num_warmup=TUNE)
    names = {"centre": "centre", "spread": "log_spread", "offset": "apart", "shape": "shape"}
    values = {name: np.moveaxis(fit[stored], -1, 0) for name, stored in names.items()}
    values["log_coupling"] = fit["log_coupling"].reshape(-1)
    chains = {  # draws of the chains come interleaved
        name: ((*("chain", "draw"), *(f"{name}_{i}" for i in range(array.ndim - 1))), _by_chain(array))
        for name, array in values.items()
    }
    return {"posterior": xr.DataTree(xr.Dataset(chains))}, compiling


def _by_chain(draws: np.ndarray) -> np.ndarray:
    return np.stack([draws[chain::CHAINS] for chain in range(CHAINS)])


def stan_data() -> dict[str, Any]:
    """Return what `model.stan` asks for."""
    from harmattan.model import build, priors
    from harmattan.model.memory import memories_after
    from harmattan.model.specification import LEAST_RATE, OCCURRENCE_CENTRE, STANDARD

    panel, borders = open_case().record(as_of=AS_OF), open_case().geography.neighbour_weights()
    spec = STANDARD.of(panel["outcome"].values)
    data, shifts = build.likelihood_data(panel, borders, None, spec), build.shifts_within(panel, None, spec)
    counts, _, weights, neighbours, _, fast, slow = (array.transpose() for array in data[:7])
    wander = dict(
        zip(("by_drift", "by_turn", "together", "scale", "share", "shift_mean"), shifts.arrays(), strict=True)
    )
    feeding = spec.feeding()
    tables = {"centre": priors.CENTRE_PRIOR, "spread": priors.SPREAD_PRIOR, "shape": priors.SHAPE_PRIOR}
    outcomes = [outcome.name for outcome in spec.outcomes]
    moments = {
        f"{name}_{part}": values.tolist()
        for name, table in tables.items()
        for part, values in zip(("mean", "sd"), priors.moments_of(table, outcomes), strict=True)
    }
    lists = {name: values.tolist() for name, values in wander.items()}
    return (
        moments
        | lists
        | {
            "M": shifts.months,
            "N": shifts.shape[-1],
            "fast_kernel": data[7].tolist(),
            "slow_kernel": data[8].tolist(),
            "T": counts.shape[0],
            "C": counts.shape[1],
            "K": counts.shape[2],
            "counts": counts.astype(int).tolist(),
            "weights": weights.tolist(),
            "neighbours": neighbours.tolist(),
            "occurrence": occurrence_as_recorded(data).tolist(),
            "fast_rest": fast.tolist(),
            "slow_rest": slow.tolist(),
            "anchor": build.series_anchor(memories_after(panel, borders, spec), spec).tolist(),
            "exponent": spec.by_outcome("reversion_exponent").tolist(),
            "dispersion_centre": spec.by_outcome("dispersion_centre").tolist(),
            "fed": [int(k in feeding) for k in range(counts.shape[2])],
            "source": [feeding.get(k, 0) + 1 for k in range(counts.shape[2])],
            "coupling_mean": priors.COUPLING_PRIOR[0],
            "coupling_sd": priors.COUPLING_PRIOR[1],
            "log_bound": np.log(spec.level_bound),
            "small_rate": spec.small_rate,
            "least_rate": LEAST_RATE,
            "largest_zero": spec.largest_zero_share,
            "occurrence_centre": OCCURRENCE_CENTRE,
        }
    )


def ours() -> tuple[Any, float]:
    """What `harmattan forecast` does, with its own settings; everything compiled anew."""
    from harmattan.model.build import build_density, coordinates
    from harmattan.model.sampling import sampled
    from harmattan.model.specification import STANDARD, SamplerSettings

    panel, borders = open_case().record(as_of=AS_OF), open_case().geography.neighbour_weights()
    spec = STANDARD.of(panel["outcome"].values)
    density = build_density(panel, borders, None, spec)
    started = time.perf_counter()
    density.at(density.centre_of_prior())
    compiling = time.perf_counter() - started
    return sampled(density, SamplerSettings(), coordinates(panel, None, spec)), compiling


ENGINES: dict[str, tuple[str, Callable[[], tuple[Any, float]], tuple[str, ...]]] = {
    "pymc": ("plain pm.sample() on the graph", plain_pymc, ()),
    "nutpie": ("nutpie on the graph", nutpie_on_the_graph, ()),
    "numpyro": ("NumPyro on the graph", numpyro_on_the_graph, ("numpyro", "jax")),
    "stan": ("Stan program, by PyStan", stan_program, ("stan",)),
    "harmattan": ("harmattan", ours, ()),
}


def measure(name: str) -> dict[str, Any]:
    """Run one engine and return its row; nothing compiled before is used."""
    import arviz as az

    title, run, needs = ENGINES[name]
    if missing := [package for package in needs if importlib.util.find_spec(package) is None]:
        return {"engine": title, "note": f"not measured: {' and '.join(missing)} not installed"}
    started = time.perf_counter()
    trace, compiling = run()
    seconds = time.perf_counter() - started
    posterior = trace["posterior"].to_dataset()
    shared = posterior[["centre", "spread", "offset", "shape", "log_coupling"]]
    effective = min(float(values.min()) for values in az.ess(shared, method="bulk").values())
    return {
        "engine": title,
        "seconds": round(seconds, 1),
        "of_them_compiling": "" if np.isnan(compiling) else round(compiling, 1),
        "effective_draws": round(effective),
        "effective_per_second": round(effective / seconds, 2),
        "peak_mb": round(peak_memory_mb()),
        "note": f"mean of the first centre {_first_centre(posterior):.2f}",
    }


def _first_centre(posterior: xr.Dataset) -> float:
    """Return a mean on which engines must agree."""
    values = posterior["centre"].transpose("chain", "draw", ...).values
    return float(values[:, :, 0, 0].mean())


def main() -> None:
    """Measure the engines asked for, keep the others' rows, and write ratios to plain `pm.sample()`."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    parser.add_argument("engines", nargs="*", metavar="ENGINE", help=f"of {', '.join(ENGINES)}; all by default")
    chosen = parser.parse_args()
    rows = []
    for name in chosen.engines or ENGINES:
        with tempfile.TemporaryDirectory() as empty:
            os.environ |= {"NUMBA_CACHE_DIR": empty, "PYTENSOR_FLAGS": f"base_compiledir={empty}"}
            spawned = multiprocessing.get_context("spawn")
            with ProcessPoolExecutor(1, mp_context=spawned) as pool:  # not a Pool's: PyStan starts processes of its own
                rows.append(pool.submit(measure, name).result())
        print(rows[-1], flush=True)
    plain = next((row["effective_per_second"] for row in rows if row["engine"] == ENGINES["pymc"][0]), None)
    for row in rows:
        if plain and "effective_per_second" in row:
            row["ratio"] = round(row["effective_per_second"] / plain, 1)
    with file_in_place(chosen.out / "engines.csv") as path, path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, (*COLUMNS, "version"), lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows({**row, "version": hm.__version__} for row in rows)


if __name__ == "__main__":
    main()
