"""A run under other priors: drawn anew where drivers were drawn from them, fitted anew where drivers were learnt."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import xarray as xr

from ..core.months import months_after
from ..drivers.effects import DriverDraws, draws_from_claims
from ..drivers.exposure import acting
from ..model.fit import fit_model
from ..model.specification import SamplerSettings
from ..schema.clock import Asking
from ..simulate.paths import simulate_paths
from ..simulate.start import start_state_after_exit
from .forecasting import forecast_on, history_of_drivers
from .results import Forecast


def deaths_under_priors(
    run: Forecast,
    priors: xr.Dataset,
    months: int,
    *,
    settings: SamplerSettings | None = None,
    progress: Callable[[float], None] | None = None,
) -> xr.DataArray:
    """Return the deaths of a run's first months under other priors of its drivers, on the same noise.

    Parameters
    ----------
    run : Forecast
    priors : Dataset (driver, component)
        Of all drivers, by the claims.
    months : int
        No more than were simulated.
    settings : SamplerSettings, optional
        Of the fit, where drivers were learnt; those of the run's own fit give the fairest comparison.
    progress : callable, optional
        Called with the share of the fit that is done.

    Returns
    -------
    DataArray (draw, month, country, outcome)
        Deaths per month.
    """
    if run.ground.posterior.has_drivers:
        return refitted(run, priors, months, settings=settings, progress=progress).deaths
    return _redrawn(run, priors, months)


def _redrawn(run: Forecast, priors: xr.Dataset, months: int) -> xr.DataArray:
    """Draw drivers anew, and simulate the futures in which they changed; the others are as they were, to the bit."""
    ground, before = run.ground, run.drivers
    drivers, labels = ground.register.drivers, months_after(run.clock.as_of, months)
    deaths = run.deaths.isel(month=slice(0, months)).copy()
    drawn = draws_from_claims(drivers, priors, run.scenario, deaths.sizes["draw"], ground.seed, as_of=run.clock.as_of)
    rows = np.flatnonzero(_differ(drawn, before))
    if rows.size:
        moved = acting(drawn.only(rows), drivers, run.scenario, labels, exit=run.clock.exit)
        spec = ground.posterior.specification
        paths = simulate_paths(
            ground.parameters, ground.start, ground.borders, labels, spec, ground.seed, moved, only=rows
        )
        deaths[rows] = paths.deaths.values
    return deaths


def _differ(one: DriverDraws, other: DriverDraws) -> np.ndarray:
    moved = (one.effects.values != other.effects.values) | (one.onsets.values != other.onsets.values)
    return moved.any(axis=1) | (one.rest.values != other.rest.values).any(axis=(1, 2))


def refitted(
    run: Forecast,
    priors: xr.Dataset,
    months: int,
    *,
    settings: SamplerSettings | None = None,
    progress: Callable[[float], None] | None = None,
) -> Forecast:
    """Return a run's first months after another fit, in which drivers are learnt from other priors.

    Parameters
    ----------
    run : Forecast
        Whose drivers were learnt.
    priors : Dataset (driver, component)
        Of all drivers, by the claims.
    months, settings, progress
        As in `deaths_under_priors`.
    """
    ground = replace(run.ground, priors=priors)
    history = history_of_drivers(ground.register, run.asked, ground.panel, priors)
    assert history is not None, "a posterior with drivers has months after the exit"
    posterior = fit_model(ground.panel, ground.borders, history, settings=settings, progress=progress)
    parameters = posterior.take(ground.parameters.sizes["draw"], ground.seed)
    start = start_state_after_exit(ground.panel, ground.borders, parameters, history.exposure, posterior.specification)
    ground = replace(ground, posterior=posterior, parameters=parameters, start=start)
    first = run.clock.asked(Asking(months=months))
    return forecast_on(ground, replace(run.asked, clock=first), priors=priors)
