"""A run under other priors where drivers were learnt, without another fit: what was learnt keeps its place.

Each driver's learnt effect goes to the value that stands at the same quantile of the changed prior. That is what
another fit would give where the record says little of a single driver, as it does of the drivers of one exit. The
months since the exit are then read anew: what drivers did more, the rest of what was recorded did less.
"""

from collections.abc import Callable

import numpy as np
import xarray as xr

from ..core.months import months_after
from ..drivers.assumptions import known_by, priors_after_events
from ..drivers.effects import draws_after_data
from ..drivers.exposure import acting
from ..drivers.graph import driver_graph
from ..schema.driver_setting import DriverSetting
from ..schema.scenario import Scenario
from ..simulate.paths import simulate_paths
from ..simulate.start import start_state_after_exit
from .forecasting import history_of_drivers
from .results import Forecast

GRID = np.linspace(-6.0, 6.0, 121)
"""Standard deviations of each part of a mixture at which its distribution is worked out."""


def carrier(run: Forecast, months: int, draws: int) -> Callable[[xr.Dataset], xr.DataArray]:
    """Return what gives the deaths of a run's first futures with its learnt drivers carried over to other priors.

    Parameters
    ----------
    run : Forecast
        Whose drivers were learnt.
    months, draws : int
        No more than were simulated.

    Returns
    -------
    callable
        Takes the priors of all drivers by the claims, Dataset (driver, component), and returns deaths per month on the
        luck of the run's own first futures, DataArray (draw, month, country, outcome). A driver that dated events have
        settled and that nothing in the priors supports has no effect.
    """
    ground, drivers, last = run.ground, run.ground.register.drivers, run.clock.as_of
    old, past = priors_after_events(drivers, ground.priors, last), _past(run, ground.priors)
    labels, spec = months_after(last, months), ground.posterior.specification
    parameters = ground.parameters.isel(draw=slice(0, draws))

    def deaths(priors: xr.Dataset) -> xr.DataArray:
        priors, scenario = _without_unsupported(run, priors)
        new, learnt = priors_after_events(drivers, priors, last), parameters["driver_effect"].copy()
        for name in old["driver"].values:
            values = learnt.sel(driver=name).values
            learnt.loc[{"driver": name}] = carried(values, old.sel(driver=name), new.sel(driver=name))
        own = parameters.assign(driver_effect=learnt)
        acted = past if priors["rest_factor"].equals(ground.priors["rest_factor"]) else _past(run, priors)
        start = start_state_after_exit(ground.panel, ground.borders, own, acted, spec)
        drawn = draws_after_data(drivers, priors, learnt, scenario, ground.seed, as_of=last)
        moved = acting(drawn, drivers, scenario, labels, exit=run.clock.exit)
        effects = moved if moved.any() else None
        return simulate_paths(own, start, ground.borders, labels, spec, ground.seed, effects).deaths

    return deaths


def _past(run: Forecast, priors: xr.Dataset) -> xr.DataArray:
    """Return how much drivers and rest could act in each month since the exit."""
    history = history_of_drivers(run.ground.register, run.asked, run.ground.panel, priors)
    assert history is not None, "drivers were learnt from months after the exit"
    return history.exposure


def carried(values: np.ndarray, old: xr.Dataset, new: xr.Dataset) -> np.ndarray:
    """Return the values that stand at the same quantiles of one mixture of normals as others do of another.

    Parameters
    ----------
    values : array (draw,)
        Log rate ratios of one driver.
    old, new : Dataset (component)
        `weight`, `mean` and `sd`.
    """
    if all(np.array_equal(old[name].values, new[name].values) for name in ("weight", "mean", "sd")):
        return values
    at, chance = _distribution(new)
    return np.interp(_below(values, old), chance, at)


def _below(values: np.ndarray, prior: xr.Dataset) -> np.ndarray:
    from scipy.stats import norm

    return (prior["weight"].values * norm.cdf(values[:, None], prior["mean"].values, prior["sd"].values)).sum(axis=1)


def _distribution(prior: xr.Dataset) -> tuple[np.ndarray, np.ndarray]:
    used = prior["weight"].values > 0
    grid = np.unique(prior["mean"].values[used] + prior["sd"].values[used] * GRID[:, None])
    return grid, np.maximum.accumulate(_below(grid, prior))


def _without_unsupported(run: Forecast, priors: xr.Dataset) -> tuple[xr.Dataset, Scenario]:
    """Return the priors as the run had them for drivers that events contradict, and the scenario without those."""
    ground, scenario = run.ground, run.scenario
    known = known_by(ground.register.drivers, driver_graph(ground.register.drivers, ground.priors), run.clock.as_of)
    left = [name for name, says in known.items() if not float((says * priors["weight"].sel(driver=name).values).sum())]
    if not left:
        return priors, scenario
    kept = {name: priors[name].copy() for name in ("weight", "mean", "sd", "branch")}
    for name, values in kept.items():
        for driver in left:
            values.loc[{"driver": driver}] = ground.priors[name].sel(driver=driver)
    silent = {**scenario.drivers.set, **{name: DriverSetting(state="absent") for name in left}}
    settings = scenario.drivers.model_copy(update={"set": silent})
    return priors.assign(kept), scenario.model_copy(update={"drivers": settings})
