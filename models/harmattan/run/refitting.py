"""A run under other priors: drawn anew where drivers were drawn from them, fitted anew where drivers were learnt."""

from collections.abc import Callable
from dataclasses import replace

import xarray as xr

from ..drivers.assumptions import priors_after_events
from ..model.fit import fit_model
from ..model.specification import STANDARD, SamplerSettings
from ..simulate.start import start_state_after_exit
from .forecasting import forecast_on, history_of_drivers
from .results import Forecast


def under_priors(
    run: Forecast,
    priors: xr.Dataset,
    months: int,
    *,
    settings: SamplerSettings | None = None,
    progress: Callable[[float], None] | None = None,
) -> Forecast:
    """Return a run's first months under other priors of its drivers, on the same noise.

    Parameters
    ----------
    run : Forecast
    priors : Dataset (driver, component)
        Of all drivers, by the claims.
    months : int
        Months to simulate.
    settings : SamplerSettings, optional
        Of the fit, where drivers were learnt; those of the run's own fit give the fairest comparison.
    progress : callable, optional
        Called with the share of the fit that is done.
    """
    ground = replace(run.ground, priors=priors)
    if ground.posterior.has_drivers:
        history = history_of_drivers(ground.register, run.scenario, ground.panel)
        assert history is not None, "a posterior with drivers has months after the exit"
        believed = priors_after_events(ground.register.drivers, priors, str(ground.panel["month"].values[-1]))
        posterior = fit_model(
            ground.panel, ground.borders, replace(history, priors=believed), settings=settings, progress=progress
        )
        parameters = posterior.take(ground.parameters.sizes["draw"], ground.seed)
        start = start_state_after_exit(
            ground.panel, ground.borders, parameters["driver_effect"], history.exposure, run.scenario.exit, STANDARD
        )
        ground = replace(ground, posterior=posterior, parameters=parameters, start=start)
    return forecast_on(ground, run.scenario.model_copy(update={"months": months}))
