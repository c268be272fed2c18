"""Panels that the model itself could have made: parameters from the prior, deaths from the numpy simulator."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import xarray as xr

from harmattan.case.opening import open_case
from harmattan.core.months import months_between
from harmattan.core.names import OUTCOMES
from harmattan.model.build import DriverHistory, build_model, series_anchor
from harmattan.model.fit import _natural_scales
from harmattan.model.memory import memories_after
from harmattan.model.specification import STANDARD, ModelSpecification
from harmattan.simulate.paths import Paths, simulate_paths
from harmattan.simulate.start import start_state

UNWEIGHTED = replace(STANDARD, recency_half_life=np.inf)
"""All months speak alike: with weights below one the likelihood is not that of any way to make panels."""

UNBOUNDED = 1e8
"""Rate that stands for no ceiling, deaths per month; counts stay within 32 bits."""


@dataclass(frozen=True)
class Setting:
    """What is given when a panel is simulated and fitted.

    Attributes
    ----------
    panel : DataArray (month, country, outcome)
        The real record. What comes before `months` is remembered; all of it fixes what levels are relative to.
    borders : DataArray (country, neighbour)
    months : sequence of str
        The last months of the record, which the simulation replaces and the fit sees.
    drivers : DriverHistory, optional
    """

    panel: xr.DataArray
    borders: xr.DataArray
    months: Sequence[str]
    drivers: DriverHistory | None = None

    @property
    def before(self) -> xr.DataArray:
        """The record before the simulated months."""
        return self.panel.isel(month=slice(None, -len(self.months)))

    @property
    def anchor(self) -> np.ndarray:
        """What levels are relative to, as in the fit of the real record."""
        return series_anchor(memories_after(self.panel, self.borders, STANDARD), STANDARD)

    @property
    def likelihood_specification(self) -> ModelSpecification:
        """The specification under which the likelihood sees the simulated months and no others."""
        return replace(UNWEIGHTED, window_months=len(self.months))

    @property
    def simulation_specification(self) -> ModelSpecification:
        """The specification under which the simulator is the likelihood's: no dynamics of futures, and no ceiling."""
        return replace(STANDARD.as_likelihood(), rate_ceiling=UNBOUNDED)

    def model(self) -> Any:
        """Return the PyMC model of the real record, unweighted."""
        return build_model(self.panel, self.borders, self.drivers, UNWEIGHTED)


def prior_draws(model: Any, count: int, seed: int) -> xr.Dataset:
    """Return draws of the model's random variables, dims (chain, draw, ...); asking for more keeps the earlier ones."""
    import pymc as pm
    import pytensor

    mode = pytensor.compile.mode.Mode(linker="py", optimizer="fast_compile")
    values = pm.draw(model.free_RVs, draws=count, random_seed=seed, mode=mode)
    dims, coords = model.named_vars_to_dims, {name: list(labels) for name, labels in model.coords.items()}
    return xr.Dataset(
        {
            rv.name: (("chain", "draw", *dims.get(rv.name, ())), value[None])
            for rv, value in zip(model.free_RVs, values, strict=True)
        },
        coords={"chain": [0], "draw": np.arange(count), **coords},
    )


def natural_scales(raw: xr.Dataset, anchor: np.ndarray) -> xr.Dataset:
    """Return raw draws as the fit hands them to the simulator, chains interleaved."""
    return _natural_scales(xr.DataTree.from_dict({"posterior": raw}), anchor, STANDARD)


def log_effects(setting: Setting, natural: xr.Dataset) -> np.ndarray | None:
    """Return the drivers' effect on the log rate in the simulated months, shape (draw, month, country, outcome)."""
    if setting.drivers is None:
        return None
    acting = np.tensordot(natural["driver_effect"].values, setting.drivers.exposure.values, axes=1)
    before = len(setting.months) - months_between(setting.drivers.exit_month, setting.months[-1])
    quiet = np.zeros((len(acting), before, len(open_case().units), len(OUTCOMES)))
    return np.concatenate([quiet, acting], axis=1)


def simulate_record(setting: Setting, natural: xr.Dataset, seed: int) -> Paths:
    """Return one simulated record per draw, made as the likelihood states it."""
    spec = setting.simulation_specification
    start = start_state(setting.before, setting.borders, spec)
    effects = log_effects(setting, natural)
    return simulate_paths(natural, start, setting.borders, setting.months, spec, seed, effects)


def with_record(setting: Setting, deaths: xr.DataArray) -> xr.DataArray:
    """Return the real record with its last months replaced by simulated ones."""
    later = deaths.transpose("month", "country", "outcome").astype(float)
    return xr.concat([setting.before, later.drop_vars("draw", errors="ignore")], dim="month")
