"""Fits the model with nutpie, once: a fit is kept in a cache under the hash of everything that determines it."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import xarray as xr

from ..core.keeping import kept
from ..panel.ucdp import panel_digest
from .build import SERIES, SHAPES, DriverHistory, build_density, coordinates, shifts_within
from .diagnostics import diagnose
from .levels import bounded
from .posterior import Posterior
from .program import program_of_fits
from .sampling import sampled
from .shifts import Shifts
from .specification import STANDARD, WITH_DRIVERS, ModelSpecification, SamplerSettings


def fit_key(
    panel: xr.DataArray,
    border_weights: xr.DataArray,
    drivers: DriverHistory | None,
    spec: ModelSpecification,
    settings: SamplerSettings,
) -> str:
    """Return the SHA-256 of data, structure, priors, sampler, code and versions: equal keys mean equal draws."""
    parts = {
        "panel": panel_digest(panel),
        "borders": _array_digest(border_weights.values),
        "drivers": None if drivers is None else _driver_digest(drivers),
        "specification": spec.as_dict(),
        "sampler": settings.determining(),
        "program": program_of_fits(),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def fit_model(
    panel: xr.DataArray,
    border_weights: xr.DataArray,
    drivers: DriverHistory | None = None,
    *,
    spec: ModelSpecification = STANDARD,
    settings: SamplerSettings | None = None,
    cache: bool = True,
    progress: Callable[[float], None] | None = None,
    waits: Callable[[], None] = lambda: None,
) -> Posterior:
    """Return the posterior of a panel, from the cache when the same fit was made before.

    Parameters
    ----------
    panel : DataArray (month, country, outcome)
        Deaths per month up to `as_of`, nothing later.
    border_weights : DataArray (country, neighbour)
    drivers : DriverHistory, optional
        Given when drivers shall be learnt from months after the exit.
    spec : ModelSpecification
    settings : SamplerSettings, optional
        The standard ones by default. Where drivers are learnt these stand for `WITH_DRIVERS`, on the same cores,
        whether they are named or not.
    cache : bool
        Whether to read and write the cache.
    progress : callable, optional
        Called with the share of the sampling that is done.
    waits : callable
        Called where another process makes the same fit, before that is waited for.
    """
    settings = settings or SamplerSettings()
    if drivers is not None and settings == SamplerSettings():
        settings = replace(WITH_DRIVERS, cores=settings.cores)
    spec = spec.of(panel["outcome"].values)
    key = fit_key(panel, border_weights, drivers, spec, settings)

    def make() -> Posterior:
        scaled, unit = (None, np.zeros(0)) if drivers is None else drivers.in_units()
        density = build_density(panel, border_weights, scaled, spec)
        trace = sampled(density, settings, coordinates(panel, drivers, spec), progress)
        natural = _natural_scales(trace, density.anchor, spec, shifts_within(panel, drivers, spec), unit)
        return Posterior(natural, diagnose(trace), str(panel["month"].values[-1]), spec, key)

    if not cache:
        return make()
    return kept(f"posterior-{key[:32]}.nc", lambda path: Posterior.load(path, key), make, Posterior.save, waits)


def _natural_scales(
    trace: Any,
    anchor: np.ndarray,
    spec: ModelSpecification,
    shifts: Shifts | None = None,
    unit: np.ndarray | float = 1.0,
) -> xr.Dataset:
    """Return parameters by draw, chains interleaved, on the scales that a reader and the simulator use."""
    posterior = trace["posterior"].to_dataset().rename(draw="iteration")
    raw = posterior.stack(draw=("iteration", "chain"), create_index=False).drop_vars(["chain", "iteration"])
    offset = raw["offset"] - raw["offset"].mean("country")
    relative_to = xr.DataArray(anchor, dims=("series", "country", "outcome"))
    series = relative_to + raw["centre"] + raw["spread"] * offset
    level = {"series": SERIES.index("log_level")}
    above = bounded((series - relative_to).isel(level).values, np.log(spec.level_bound))
    series[level] = relative_to.isel(level) + series.isel(level).copy(data=above)
    shape = {name: raw["shape"].sel(shape_quantity=name, drop=True) for name in SHAPES}
    named = {name: series.sel(series=name, drop=True).transpose("draw", "country", "outcome") for name in SERIES}
    named |= {
        "memory_weight": _sigmoid(shape["memory_logit"]),
        "fast_share": _sigmoid(shape["fast_logit"]),
        "dispersion_slope": shape["dispersion_slope"],
        "dispersion_occurrence": shape["dispersion_occurrence"],
        "zero_base": shape["zero_base"],
        "zero_slope": np.exp(shape["log_zero_slope"]),
        "zero_occurrence": shape["zero_occurrence"],
        "coupling": np.exp(raw["log_coupling"]),
    }
    named["level_anchor"] = relative_to.isel(series=SERIES.index("log_level")).assign_coords(
        country=raw["country"], outcome=raw["outcome"]
    )
    if "log_likelihood" in raw:
        named["log_likelihood"] = raw["log_likelihood"]
    if shifts is not None and shifts.shape[-1]:
        named |= shifts.by_draw(raw["drift_normal"], raw["turn_normal"])
    if "driver_effect" in raw:
        named["driver_effect"] = raw["driver_effect"].transpose("draw", "driver") * unit
    dataset = xr.Dataset(
        {name: array.drop_vars(["series", "shape_quantity"], errors="ignore") for name, array in named.items()}
    )
    return dataset.assign(
        {n: dataset[n].transpose("draw", ..., missing_dims="ignore") for n in dataset.data_vars}
    ).astype("float64")


def _sigmoid(array: xr.DataArray) -> xr.DataArray:
    return array.copy(data=1.0 / (1.0 + np.exp(-array.values)))


def _array_digest(values: np.ndarray) -> str:
    return hashlib.sha256(np.ascontiguousarray(values, dtype="float64").tobytes()).hexdigest()


def _driver_digest(drivers: DriverHistory) -> dict:
    priors = {name: _array_digest(drivers.priors[name].values) for name in ("weight", "mean", "sd")}
    names = [str(name) for name in drivers.exposure["driver"].values]
    return {"names": names, "exposure": _array_digest(drivers.exposure.values), "exit": drivers.exit_month} | priors
