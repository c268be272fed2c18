"""Panels that the model itself could have made: parameters from the prior, deaths from the numpy simulator."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import xarray as xr

from harmattan.case.opening import open_case
from harmattan.core.months import months_after, months_between
from harmattan.core.names import OUTCOMES
from harmattan.core.randomness import known_by
from harmattan.model.build import DriverHistory, build_model, series_anchor, shifts_within
from harmattan.model.drift import drift_variance, log_mean_of_turn
from harmattan.model.fit import _natural_scales
from harmattan.model.memory import memories_after
from harmattan.model.shifts import Shifts
from harmattan.model.specification import STANDARD, ModelSpecification
from harmattan.simulate.drift import drift_factor, turn_factor
from harmattan.simulate.luck import Lot, MonthOfLuck
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
    as_futures : bool
        Whether records drift and turn as futures do, month by month and by jumps; otherwise as the fit states it, by
        normals at nodes with straight lines between.
    """

    panel: xr.DataArray
    borders: xr.DataArray
    months: Sequence[str]
    drivers: DriverHistory | None = None
    as_futures: bool = False

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
        """The specification under which the likelihood sees the simulated months alone, and drift begins there."""
        return replace(UNWEIGHTED, window_months=len(self.months), drift_months=len(self.months))

    @property
    def simulation_specification(self) -> ModelSpecification:
        """The specification under which the simulator is the likelihood's: drift and turns, no analogue, no ceiling."""
        return replace(STANDARD, outcomes=STANDARD.as_likelihood().outcomes, rate_ceiling=UNBOUNDED)

    @property
    def shifts(self) -> Shifts:
        """How rates may wander in the simulated months: as widely as the real record's jumps say."""
        return shifts_within(self.panel, self.drivers, self.likelihood_specification)

    def model(self) -> Any:
        """Return the PyMC model of the real record, unweighted."""
        return build_model(self.panel, self.borders, self.drivers, self.likelihood_specification)


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


def natural_scales(raw: xr.Dataset, anchor: np.ndarray, shifts: Shifts | None = None) -> xr.Dataset:
    """Return raw draws as the fit hands them to the simulator, chains interleaved; without `shifts` nothing wanders."""
    return _natural_scales(xr.DataTree.from_dict({"posterior": raw}), anchor, STANDARD, shifts)


@dataclass(frozen=True)
class LotAsStated(Lot):
    """Luck in which rates wander as the fit states it.

    Attributes
    ----------
    away : array (month, country, outcome, draw)
        Drift and turns together, as drift of a series of average volatility, which is all that a rate sees of them.
    """

    away: np.ndarray

    def drawn(self, sizes: Sequence[int]) -> Iterator[Iterator[MonthOfLuck]]:
        """Yield the months of so many records, then those of so many more."""
        bounds = np.cumsum([0, *sizes])
        for part, luck in zip(pairwise(bounds), super().drawn(sizes), strict=True):
            yield self._stated(luck, slice(*part))

    def _stated(self, luck: Iterator[MonthOfLuck], part: slice) -> Iterator[MonthOfLuck]:
        for month, away in zip(luck, self.away, strict=True):
            yield replace(month, drift=away[..., part], turned=np.zeros_like(month.turned))


def lot_of(setting: Setting, seed: int) -> Lot:
    """Return what chance decides of records, which drift and turn as futures do."""
    outcomes = tuple(str(name) for name in setting.panel["outcome"].values)
    return Lot(seed, tuple(setting.months), known_by(setting.panel), outcomes, setting.simulation_specification)


def lot_as_stated(setting: Setting, shift: xr.DataArray, seed: int) -> LotAsStated:
    """Return luck that multiplies rates by the given log factors, dims draw, past_month, country and outcome."""
    lot, scale = lot_of(setting, seed), setting.shifts.scale.T
    factors = shift.transpose("past_month", "country", "outcome", "draw").values
    age = np.arange(len(factors))[:, None, None]
    # the simulator takes these from the log factors of any drift and turns, so that their means are one
    means = drift_variance(len(factors), lot.spec)[:, None, None] * scale**2 / 2 + age * log_mean_of_turn(lot.spec)
    return LotAsStated(**vars(lot), away=(factors + means[..., None]) / scale[..., None])


def wandered(setting: Setting, draws: int, seed: int) -> dict[str, xr.DataArray]:
    """Return what drift and turns did in records that go as futures do, as a posterior holds it."""
    spec, scale, last = setting.simulation_specification, setting.shifts.scale.T, len(setting.months)
    coords = {name: setting.panel[name].values for name in ("country", "outcome")}
    lot = replace(lot_of(setting, seed), months=(*setting.months, *months_after(setting.months[-1], 1)))
    variance, drifts, turns = drift_variance(last + 1, spec), [], []
    for age, luck in enumerate(next(lot.drawn([draws]))):
        drifts.append(np.log(drift_factor(luck.drift, scale, variance[age])))
        turns.append(np.log(turn_factor(luck.turned, age, spec)))
    found = {
        "shift": np.stack([a + b for a, b in zip(drifts[:-1], turns[:-1], strict=True)], axis=1),
        "drifted": drifts[-1] + variance[-1] * scale**2 / 2,
        "turned": turns[-1],
    }
    dims = ("draw", "country", "outcome")
    return {
        name: xr.DataArray(values, coords, dims if values.ndim == 3 else ("draw", "past_month", *dims[1:]))
        for name, values in found.items()
    }


def log_effects(setting: Setting, natural: xr.Dataset) -> np.ndarray | None:
    """Return the drivers' effect on the log rate in the simulated months, shape (draw, month, country, outcome)."""
    if setting.drivers is None:
        return None
    acting = np.tensordot(natural["driver_effect"].values, setting.drivers.exposure.values, axes=1)
    before = len(setting.months) - months_between(setting.drivers.exit_month, setting.months[-1])
    quiet = np.zeros((len(acting), before, len(open_case().units), len(OUTCOMES)))
    return np.concatenate([quiet, acting], axis=1)


def simulate_record(setting: Setting, natural: xr.Dataset, seed: int) -> Paths:
    """Return one simulated record per draw, made as the likelihood states it, and drifting from its first month on."""
    spec = setting.simulation_specification
    lot = None if setting.as_futures else lot_as_stated(setting, natural["shift"], seed)
    start = replace(start_state(setting.before, setting.borders, spec), drift_scale=setting.shifts.scale.T)
    effects = log_effects(setting, natural)
    return simulate_paths(natural, start, setting.borders, setting.months, spec, seed, effects, lot=lot)


def with_record(setting: Setting, deaths: xr.DataArray) -> xr.DataArray:
    """Return the real record with its last months replaced by simulated ones."""
    later = deaths.transpose("month", "country", "outcome").astype(float)
    return xr.concat([setting.before, later.drop_vars("draw", errors="ignore")], dim="month")
